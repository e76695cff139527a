import Synchronization
import Testing
import WorkerDomain

@testable import WorkerProject

/// Checks that ask backends, with scripted ones.
@Suite("Checks that ask backends")
struct AskedChecksTests {
    private static func backend(_ name: String, _ scheme: BackendURL.Scheme = .http) -> Backend {
        Backend(name: name, url: BackendURL(scheme: scheme, host: "\(name).example", port: 443))
    }

    private static func response(
        _ status: Int, _ fields: String = "", _ body: String = "", days: Int? = nil
    ) -> CheckResponse {
        CheckResponse(
            status: status, head: Array("HTTP/1.1 \(status) X\r\n\(fields)\r\n".utf8), body: Array(body.utf8),
            certificateSeconds: days.map { $0 * 86_400 + 60 })
    }

    private static func context(
        _ backends: [Backend],
        _ ask: @escaping @Sendable (Backend, CheckRequest) async -> Result<CheckResponse, CheckRequestFailure>
    ) -> CheckContext {
        var context = CheckContext(folder: "/nowhere", backends: backends)
        context.ask = ask
        return context
    }

    private func expectChinese(_ result: CheckResult) {
        #expect(result.chinese?.summary != nil, "\(result.summary)")
        if let fix = result.fix { #expect(result.chinese?.fix != nil, "\(fix)") }
        if let rule = result.rule { #expect(result.chinese?.rule != nil, "\(rule)") }
    }

    // MARK: - TLS

    @Test(
        "a certificate that ends soon, or is not valid, is a warning",
        arguments: [(63, .pass), (14, .pass), (13, .warn), (0, .warn)] as [(Int, CheckResult.Outcome)])
    func days(days: Int, outcome: CheckResult.Outcome) async {
        let context = Self.context([Self.backend("a", .https)]) { _, _ in .success(Self.response(200, days: days)) }
        let result = await BackendTLSCheck().run(context)[0]
        #expect(result.outcome == outcome && result.summary.contains("\(days) day"), "\(result.summary)")
        self.expectChinese(result)
    }

    @Test("a handshake that fails is a warning, a backend that is down is not; without verification it is said")
    func handshake() async {
        let failing = Self.context([Self.backend("a", .https)]) { _, _ in
            .failure(CheckRequestFailure(code: "L6RSP", reason: "certificate verify failed"))
        }
        let result = await BackendTLSCheck().run(failing)[0]
        #expect(result.outcome == .warn && result.summary == "a: the TLS handshake fails: certificate verify failed")
        let down = Self.context([Self.backend("a", .https)]) { _, _ in
            .failure(CheckRequestFailure(code: "L4CON", reason: "connection refused"))
        }
        #expect(await BackendTLSCheck().run(down)[0].outcome == .skip)
        var insecure = Self.backend("a", .https)
        insecure.isInsecure = true
        let unverified = Self.context([insecure]) { _, _ in .success(Self.response(200, days: 90)) }
        #expect(await BackendTLSCheck().run(unverified)[0].outcome == .warn)
        let plain = Self.context([Self.backend("a")]) { _, _ in .success(Self.response(200)) }
        #expect(await BackendTLSCheck().run(plain)[0].outcome == .skip)
    }

    // MARK: - Health path

    @Test(
        "the path of probes says something of the backend, or what is wrong with it",
        arguments: [
            ("/health", Self.response(200, "Content-Type: application/json\r\n", "{\"ok\": true}"), nil),
            ("/health", Self.response(204), nil),
            ("/", Self.response(200, "Content-Type: text/html\r\n", "hello"), nil),
            ("/health", Self.response(404), "status 404: the path does not exist"),
            ("/health", Self.response(301, "Location: /login\r\n"), "it redirects to /login"),
            ("/health", Self.response(401), "status 401: it asks for credentials"),
            ("/health", Self.response(405), "status 405: the method is not allowed there"),
            ("/health", Self.response(503), "status 503, which health.expect does not list"),
            ("/", Self.response(200, "", "\n<!DOCTYPE html><html>"), "it is a page of HTML"),
            (
                "/health.json", Self.response(200, "Content-Type: text/html; charset=utf-8\r\n", "x"),
                "it is a page of HTML"
            ),
            ("/health.json", Self.response(200, "", "not json"), "its body is not valid JSON"),
            (
                "/health", Self.response(200, "Content-Type: application/health+json\r\n", "{"),
                "its body is not valid JSON"
            ),
        ])
    func health(path: String, response: CheckResponse, problem: String?) async {
        var context = Self.context([Self.backend("a")]) { _, request in
            request == CheckRequest("GET", path)
                ? .success(response) : .failure(CheckRequestFailure(code: "L7RSP", reason: "another request"))
        }
        context.health.method = .http(method: "GET", path: path)
        let result = await HealthPathCheck().run(context)[0]
        #expect(result.outcome == (problem == nil ? .pass : .warn), "\(result.summary)")
        if let problem { #expect(result.summary.contains(problem), "\(result.summary)") }
        self.expectChinese(result)
        context.health.method = .tcp
        #expect(await HealthPathCheck().run(context)[0].outcome == .skip)
    }

    // MARK: - Same responses

    private static func exchange(_ line: String, _ fields: String = "", id: UInt64 = 1) -> Exchange {
        var exchange = Exchange(
            id: ExchangeID(rawValue: id), startedAt: WallTime(nanosecondsSinceEpoch: 0), downstream: "127.0.0.1:1",
            requestHead: Array("\(line) HTTP/1.1\r\nHost: a\r\n\(fields)\r\n".utf8))
        exchange.status = 200
        return exchange
    }

    @Test(
        "what differs between two backends is named",
        arguments: [
            (Self.response(200, "", "x"), Self.response(200, "Date: b\r\n", "x"), []),
            (
                Self.response(200, "Vary: Origin, Accept\r\nAccess-Control-Allow-Methods: GET, PUT\r\n"),
                Self.response(200, "vary: accept\r\nvary: origin\r\nAccess-Control-Allow-Methods: PUT,GET\r\n"), []
            ),
            (Self.response(200), Self.response(404), ["status 404 instead of 200"]),
            (
                Self.response(200, "A: 1\r\nB: 2\r\n"), Self.response(200, "a: 1\r\nC: 3\r\n"),
                ["the field b is missing: 2", "the field c is additional: 3"]
            ),
            (Self.response(200, "A: 1\r\n"), Self.response(200, "A: 2\r\n"), ["the field a is 2 instead of 1"]),
            (Self.response(200, "", "abc"), Self.response(200, "", "ab"), ["the body differs: 2 bytes instead of 3"]),
            (
                Self.response(200, "", #"{"a":1,"b":[1,{"c":"x"}],"time":5}"#),
                Self.response(200, "", #"{ "b": [1, {"c": "x"}], "a": 1, "time": 6 }"#), []
            ),
            (
                Self.response(200, "", #"{"a":1,"b":[1,{"c":"x"}]}"#),
                Self.response(200, "", #"{"b":[1,{"c":"y"}],"d":0}"#),
                [
                    "the member a is missing", "the member b[1].c is \"y\" instead of \"x\"",
                    "the member d is additional",
                ]
            ),
            (Self.response(200, "", "[1,2]"), Self.response(200, "", "[1]"), ["$ has 1 elements instead of 2"]),
            (
                Self.response(200, "X-Auth-Token: hunter2hunter2\r\n", #"{"user":{"password":"hunter2hunter2"}}"#),
                Self.response(200, "X-Auth-Token: hunter3hunter3\r\n", #"{"user":{"password":"hunter3hunter3"}}"#),
                [
                    "the field x-auth-token is •••••••• instead of ••••••••",
                    "the member user.password is •••••••• instead of ••••••••",
                ]
            ),
            (
                Self.response(200, "", "{\"\u{E9}\":1}"), Self.response(200, "", "{\"e\u{301}\":1}"),
                ["the member e\u{301} is additional", "the member \u{E9} is missing"]
            ),
        ])
    func comparison(left: CheckResponse, right: CheckResponse, differences: [String]) {
        let found = ResponseComparison(ignoredKeys: ["time"]).differences(left, right)
        #expect(found == differences)
        for words in found { #expect(Sentences.chinese(words) != nil, "\(words)") }
    }

    @Test("recorded safe requests are repeated without what identifies the user, each once")
    func same() async {
        let asked = Mutex<[String]>([])
        var context = Self.context([Self.backend("a"), Self.backend("b")]) { backend, request in
            asked.withLock {
                $0.append("\(backend.name) \(request.method) \(request.target) \(request.fields.map(\.name))")
            }
            return .success(Self.response(backend.name == "a" || request.target == "/same" ? 200 : 500))
        }
        context.exchanges = {
            [
                Self.exchange("GET /same", "Cookie: a=1\r\nAuthorization: x\r\nAccept-Language: en\r\n"),
                Self.exchange("GET /same", id: 2), Self.exchange("POST /write", id: 3),
                Self.exchange("GET /other", id: 4), Self.exchange("GET /login?token=hunter2hunter2", id: 5),
            ]
        }
        let result = await SameResponsesCheck().run(context)[0]
        #expect(result.outcome == .warn && result.summary == "GET /other b: status 500 instead of 200, unlike a")
        self.expectChinese(result)
        #expect(
            Set(asked.withLock { $0 }) == [
                "a GET /other []", "b GET /other []", "a GET /same []", "b GET /same []",
            ])
        context.backends = [Self.backend("a")]
        #expect(await SameResponsesCheck().run(context)[0].outcome == .skip)
    }

    // MARK: - CORS

    private static func cors(_ fields: String) -> CheckContext {
        var context = Self.context([Self.backend("a")]) { backend, request in
            #expect(backend.name == "core")
            return .success(Self.response(request.method == "OPTIONS" ? 204 : 502, fields))
        }
        context.startCore = { _ in EmbeddedCore(backend: Self.backend("core")) {} }
        return context
    }

    @Test(
        "what the embedded proxy responds is judged as a browser does",
        arguments: [
            (
                "Access-Control-Allow-Origin: *\r\nAccess-Control-Allow-Methods: POST\r\nAccess-Control-Allow-Headers: Content-Type\r\nAccess-Control-Max-Age: 600\r\n",
                nil
            ),
            ("", "the response has no Access-Control-Allow-Origin"),
            (
                "Access-Control-Allow-Origin: *\r\nAccess-Control-Max-Age: 600\r\n",
                "the header content-type was asked for and is not allowed"
            ),
            (
                "Access-Control-Allow-Origin: *\r\nAccess-Control-Allow-Credentials: true\r\nAccess-Control-Allow-Headers: content-type\r\n",
                "Access-Control-Allow-Credentials is not valid together with the origin *"
            ),
        ])
    func live(fields: String, problem: String?) async {
        let result = await LiveCORSCheck().run(Self.cors(fields))[0]
        #expect(result.outcome == (problem == nil ? .pass : .warn), "\(result)")
        if let problem { #expect(result.summary == "a browser refuses a response: \(problem)") }
        #expect(result.evidence.contains("OPTIONS /, Origin: https://page.example: status 204"), "\(result.evidence)")
        self.expectChinese(result)
    }

    @Test("a stranger's page that may read with credentials is a warning")
    func stranger() async {
        var context = Self.context([Self.backend("a")]) { _, request in
            let origin = request.fields.first { $0.name == "Origin" }?.value ?? ""
            let fields =
                "Access-Control-Allow-Origin: \(origin)\r\nVary: Origin\r\nAccess-Control-Allow-Credentials: true\r\n"
                + "Access-Control-Allow-Headers: content-type\r\nAccess-Control-Max-Age: 5\r\n"
            return .success(Self.response(request.method == "OPTIONS" ? 204 : 200, fields))
        }
        context.startCore = { _ in EmbeddedCore(backend: Self.backend("core")) {} }
        let result = await LiveCORSCheck().run(context)[0]
        #expect(
            result.summary == "a browser refuses a response: any page may read responses with the user's credentials")
        self.expectChinese(result)
        context.startCore = nil
        #expect(await LiveCORSCheck().run(context)[0].outcome == .skip)
    }

    // MARK: - Bindings

    private struct Database: SQLDatabase {
        var tables: [String] = ["d1_migrations"]
        var exists = true
        var bytes: Int64 = 4_096
        var rows: [[SQLValue]] = []
        var failure: StorageError?

        func overview() async throws(StorageError) -> DatabaseOverview {
            DatabaseOverview(
                exists: self.exists, tables: self.tables.map { .init(name: $0, kind: .table, rows: nil) },
                bytes: self.bytes)
        }
        func columns(of _: String) async throws(StorageError) -> [SQLColumn] { [] }
        func rows(of _: String, order _: SQLOrder?, offset _: Int, limit _: Int) async throws(StorageError) -> SQLRows {
            SQLRows(columns: [], rows: [])
        }
        func page(_: SQLPageRequest) async throws(StorageError) -> SQLPage {
            SQLPage(rows: SQLRows(columns: [], rows: []))
        }
        func relations(of _: String) async throws(StorageError) -> SQLRelations { SQLRelations() }
        func count(of _: String) async throws(StorageError) -> Int { 0 }
        func query(_: String, limit _: Int) async throws(StorageError) -> SQLRows {
            if let failure { throw failure }
            return SQLRows(columns: ["x"], rows: self.rows)
        }
    }

    private static func reading(
        _ reader: BoundResource.Reader, _ kind: Binding.Kind, folder: String = "/nowhere", findings: [StoreFinding] = []
    ) -> CheckContext {
        let binding = Binding(name: "B", kind: kind, resource: "site")
        var context = CheckContext(folder: folder, bindings: [binding])
        let resource = BoundResource(binding: binding, reader: reader, place: "x", findings: { findings })
        context.resource = { _ in resource }
        return context
    }

    @Test("a database is whole, damaged, or not checked, and why")
    func databases() async {
        func result(_ database: Database) async -> CheckResult {
            await DatabaseCheck().run(Self.reading(.database(database), .d1))[0]
        }
        let whole = await result(Database(rows: [[.text("ok")]]))
        #expect(whole.outcome == .pass && whole.summary == "B: quick_check ok, 1 table")
        let damaged = await result(Database(rows: [[.text("wrong # of entries in index a")]]))
        #expect(damaged.outcome == .warn && damaged.summary.contains("wrong # of entries in index a"))
        let late = await result(Database(failure: StorageError(.limit, operation: "x", reason: "too long")))
        #expect(late.outcome == .skip && late.summary == "B: not checked within 3 seconds")
        let broken = await result(
            Database(failure: StorageError(.malformed, operation: "x", reason: "file is not a database")))
        #expect(broken.outcome == .warn)
        let large = await result(Database(bytes: 1 << 40))
        #expect(large.outcome == .skip)
        #expect(await result(Database(exists: false)).outcome == .skip)
        for result in [whole, damaged, late, broken, large] { self.expectChinese(result) }
    }

    private struct Migrations: MigrationReader {
        var outcome: Result<MigrationReport, StorageError>

        func report() async throws(StorageError) -> MigrationReport { try self.outcome.get() }
    }

    @Test("migrations that are pending or gone, and what none of them makes, are named")
    func migrations() async throws {
        func result(_ outcome: Result<MigrationReport, StorageError>?) async -> CheckResult {
            let binding = Binding(name: "B", kind: .d1, resource: "site")
            var context = CheckContext(folder: "/nowhere", bindings: [binding])
            var resource = BoundResource(binding: binding, reader: .database(Database()), place: "x")
            resource.migrations = outcome.map { Migrations(outcome: $0) }
            let found = resource
            context.resource = { _ in found }
            return await MigrationsCheck().run(context)[0]
        }
        func report(
            _ states: [MigrationReport.State], drift: [MigrationReport.Drift] = []
        ) -> Result<MigrationReport, StorageError> {
            let names = ["0001_a.sql", "0002_b.sql", "0003_c.sql"]
            let migrations = zip(names, states).map { MigrationReport.Migration(name: $0, state: $1) }
            return .success(
                MigrationReport(folder: "/x/migrations", table: "d1_migrations", migrations: migrations, drift: drift))
        }
        let extra = [MigrationReport.Drift(kind: .extra, type: "table", name: "t")]
        let all = await result(report([.applied, .applied]))
        #expect(all.outcome == .pass && all.summary == "B: 2 migrations applied, 0 pending")
        let pending = await result(report([.applied, .pending], drift: extra))
        #expect(pending.outcome == .warn && pending.summary == "B: 1 migration is not applied locally: 0002_b.sql")
        #expect(pending.fix == "run `wrangler d1 migrations apply site --local`" && pending.evidence.count == 1)
        let none = await result(report([.pending, .pending]))
        #expect(none.summary == "B: 2 migrations are not applied locally: 0001_a.sql, 0002_b.sql")
        let gone = await result(report([.applied, .applied, .missing]))
        #expect(
            gone.outcome == .warn && gone.summary == "B: applied and not in the folder of migrations: 0003_c.sql")
        let drift = await result(report([.applied], drift: extra))
        #expect(drift.outcome == .warn && drift.summary == "B: differs from what its migrations make: table t")
        let broken = await result(.failure(StorageError(.malformed, operation: "x", reason: "file is not a database")))
        #expect(broken.outcome == .skip)
        for result in [all, pending, none, gone, drift] { self.expectChinese(result) }
        #expect(await result(nil).outcome == .skip)
        #expect(await result(report([])).outcome == .skip)
    }

    @Test("state under another name is a warning with both names")
    func names() async {
        let found: [StoreFinding] = [
            .oldName(stored: "old", current: "new"), .otherName("x"), .otherFile("f.sqlite"), .otherLayout("d1/x"),
            .elsewhere("../state"),
        ]
        for finding in found {
            let result = await StateNamesCheck().run(Self.reading(.database(Database()), .d1, findings: [finding]))[0]
            #expect(result.outcome == .warn, "\(finding)")
            self.expectChinese(result)
        }
        #expect(await StateNamesCheck().run(Self.reading(.database(Database()), .d1))[0].outcome == .pass)
    }

    private struct Bucket: ObjectStore {
        var sizes: [Int64] = []
        var readable: Int64 = .max
        private func object(_ index: Int) -> StoredObject {
            StoredObject(
                key: "\(index)", bytes: self.sizes[index], etag: "", version: "",
                uploadedAt: WallTime(millisecondsSinceEpoch: 0))
        }
        func list(_: ObjectListRequest) async throws(StorageError) -> ObjectPage {
            ObjectPage(entries: self.sizes.indices.map { .object(self.object($0)) })
        }
        func head(_: String) async throws(StorageError) -> StoredObject? { nil }
        func read(_ key: String, offset: Int64, length: Int) async throws(StorageError) -> ObjectPart {
            guard self.readable > 0 else {
                throw StorageError(.malformed, operation: "read", reason: "its file is missing")
            }
            return ObjectPart(object: self.object(Int(key) ?? 0), bytes: offset < self.readable ? [0] : [])
        }
        func usage() async throws(StorageError) -> BucketUsage { BucketUsage(objects: 0, bytes: 0, isComplete: true) }
    }

    @Test("objects are read at both ends")
    func objects() async {
        func result(_ bucket: Bucket) async -> CheckResult {
            await ObjectsCheck().run(Self.reading(.bucket(bucket), .r2))[0]
        }
        let whole = await result(Bucket(sizes: [10, 0, 3]))
        #expect(whole.outcome == .pass && whole.summary == "B: 3 objects read")
        let short = await result(Bucket(sizes: [10], readable: 9))
        #expect(short.outcome == .warn && short.summary == "B: 0 cannot be read: it is shorter than 10 bytes")
        let missing = await result(Bucket(sizes: [10], readable: 0))
        #expect(missing.outcome == .warn && missing.summary == "B: 0 cannot be read: its file is missing")
        #expect(await result(Bucket()).outcome == .skip)
        for result in [whole, short] { self.expectChinese(result) }
    }
}
