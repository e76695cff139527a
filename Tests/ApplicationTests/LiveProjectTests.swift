import CommandLineArguments
import ConsoleUI
import FileWatching
import Foundation
import ProxyCore
import TestSupport
import Testing
import WorkerDomain
import WorkerProject

@testable import Application

/// A session whose files change while it runs. Each wait is for the change itself.
@Suite("Files that change while a session runs", .timeLimit(.minutes(2)))
struct LiveProjectTests {
    private static let wrangler = """
        name = "sample"
        main = "worker.py"
        compatibility_date = "2025-12-23"
        compatibility_flags = ["python_workers"]
        [[r2_buckets]]
        binding = "UPLOADS"
        bucket_name = "uploads"
        [[d1_databases]]
        binding = "DB"
        database_id = "one"

        """
    private static let console = "listen.port = 0\nactive = \"blue\"\n[backends]\nblue = \"http://127.0.0.1:9\"\n"

    /// A project in a folder of its own, a session on it, and what has been heard of its files.
    private final class Bench {
        let folder: String
        let session: Session
        private let running: Task<Void, Never>
        private(set) var revision = 0

        init(_ files: [String: String], _ arguments: [String] = []) async throws {
            self.folder = try temporaryFolder()
            for (name, text) in files { try Data(text.utf8).write(to: URL(fileURLWithPath: "\(self.folder)/\(name)")) }
            // Those of a project are older than a moment.
            let folder = self.folder
            let paths = files.keys.map { "\(folder)/\($0)" }
            while paths.contains(where: { FileStamp(of: $0).isRecent }) { sched_yield() }
            let request = Commands.program.request(["serve", self.folder] + arguments)
            guard case .run(let command) = request, let serve = command as? ServeCommand else {
                throw CocoaError(.formatting)
            }
            var settings = try ProjectSettings(folder: self.folder, environment: nil).session(with: serve.serving)
            settings.ledger = nil
            let session = try await Session.start(settings)
            self.session = session
            self.running = Task { await session.project?.run() }
        }

        func write(_ text: String, to name: String) throws {
            try Data(text.utf8).write(to: URL(fileURLWithPath: "\(self.folder)/\(name)"), options: .atomic)
        }

        /// The next change that `isIt` says is the one that is waited for.
        func next(_ isIt: (ProjectChange) -> Bool = { _ in true }) async throws -> ProjectChange {
            while true {
                let change = try #require(await self.session.project?.next(after: self.revision))
                self.revision = change.news.revision
                if isIt(change) { return change }
            }
        }

        var status: WorkerStatus { self.session.worker.status() }
        func end() async {
            self.running.cancel()
            await self.running.value
            await self.session.server.stop()
            try? FileManager.default.removeItem(atPath: self.folder)
        }
    }

    private static func names(_ resources: [BoundResource]) -> [String] { resources.map(\.binding.name) }

    @Test("bindings follow the wrangler file: names, ids, and what did not change stays the same reader")
    func bindings() async throws {
        let bench = try await Bench(["wrangler.toml": Self.wrangler, "worker-console.toml": Self.console])
        let before = bench.session.uiServices().resources
        #expect(Self.names(before) == ["DB", "UPLOADS"] && before.allSatisfy { $0.generation == 0 })
        try bench.write(
            Self.wrangler.replacing("\"one\"", with: "\"two\"")
                + "[[kv_namespaces]]\nbinding = \"CACHE\"\nid = \"c\"\n",
            to: "wrangler.toml")
        let change = try await bench.next()
        #expect(change.news.files == ["wrangler.toml"] && change.news.hasNewBindings)
        let after = bench.session.uiServices().resources
        #expect(Set(Self.names(after)) == ["DB", "UPLOADS", "CACHE"])
        let generations = Dictionary(uniqueKeysWithValues: after.map { ($0.binding.name, $0.generation) })
        #expect(generations["UPLOADS"] == 0 && generations["DB"] == 1 && generations["CACHE"] == 1)
        #expect(after.first { $0.binding.name == "DB" }?.binding.identifier == "two")
        try bench.write(Self.wrangler.replacing("sample", with: "other"), to: "wrangler.toml")
        let next = try await bench.next()
        #expect(Self.names(next.resources) == ["DB", "UPLOADS"])
        #expect(bench.status.name == "other" && bench.status.project.revision == 2)
        await bench.end()
    }

    @Test("the place of local state follows worker-console.toml")
    func persistPlace() async throws {
        let bench = try await Bench(["wrangler.toml": Self.wrangler, "worker-console.toml": Self.console])
        try bench.write(Self.console + "[bindings.DB]\npath = \"elsewhere\"\n", to: "worker-console.toml")
        let change = try await bench.next()
        let database = try #require(change.resources.first { $0.binding.name == "DB" })
        #expect(database.place.hasPrefix("elsewhere/v3") && database.generation == 1)
        #expect(change.news.applied == ["bindings.DB.path"] && change.news.needRestart.isEmpty)
        await bench.end()
    }

    /// What makes a wrangler file unusable for a moment.
    private static let breakings: [(String, String?, String)] = [
        ("a syntax error", "name = \"sample\nmain", "wrangler.toml:1"), ("an empty file", "", "is empty"),
        ("no file", nil, "is gone"), ("no text", "\u{0}\u{1}\u{2}[", "wrangler.toml:1"),
    ]

    @Test("a wrangler file that cannot be used takes nothing away, and that is said", arguments: Self.breakings)
    func broken(_ name: String, _ text: String?, _ words: String) async throws {
        let bench = try await Bench(["wrangler.toml": Self.wrangler, "worker-console.toml": Self.console])
        if let text {
            try bench.write(text, to: "wrangler.toml")
        } else {
            try FileManager.default.removeItem(atPath: bench.folder + "/wrangler.toml")
        }
        let change = try await bench.next()
        #expect(Self.names(change.resources) == ["DB", "UPLOADS"] && !change.news.hasNewBindings)
        #expect(bench.status.name == "sample" && bench.status.configurationPath?.hasSuffix("wrangler.toml") == true)
        #expect(bench.status.notices.isEmpty && change.news.unusable.map(\.file) == ["wrangler.toml"])
        let line = ProjectLines.line(change.news, notices: bench.status.notices)
        #expect(line.contains(words) && line.contains("the previous values stay in use"))
        try bench.write(Self.wrangler.replacing("sample", with: "well"), to: "wrangler.toml")
        let healed = try await bench.next()
        #expect(healed.news.unusable.isEmpty && bench.status.name == "well" && !healed.news.hasNewBindings)
        await bench.end()
    }

    @Test("a project folder that is moved away and back is one that was broken for a moment")
    func folderGone() async throws {
        let bench = try await Bench(["wrangler.toml": Self.wrangler, "worker-console.toml": Self.console])
        #expect(rename(bench.folder, bench.folder + "-away") == 0)
        let gone = try await bench.next()
        #expect(gone.news.unusable == [ProjectNews.Unusable(file: bench.folder, problem: .gone)])
        #expect(Self.names(gone.resources) == ["DB", "UPLOADS"])
        #expect(rename(bench.folder + "-away", bench.folder) == 0)
        #expect(try await bench.next().news.unusable.isEmpty)
        try bench.write(Self.wrangler.replacing("sample", with: "back"), to: "wrangler.toml")
        _ = try await bench.next()
        #expect(bench.status.name == "back")
        await bench.end()
    }

    @Test("a new wrangler file that wins over the old one, and the variables beside it, are read")
    func newFiles() async throws {
        let bench = try await Bench(["wrangler.toml": Self.wrangler, "worker-console.toml": Self.console])
        try bench.write("BACKEND_URL=http://127.0.0.1:7000\n", to: ".dev.vars")
        #expect(try await bench.next().news.files == [".dev.vars"])
        try bench.write(#"{"name": "json", "main": "worker.py"}"#, to: "wrangler.jsonc")
        let change = try await bench.next()
        #expect(bench.status.name == "json" && change.resources.isEmpty)
        await bench.end()
    }

    // MARK: worker-console.toml

    @Test(
        "each key is taken over, or named as one that waits for a restart",
        arguments: [
            ("", [], []),
            ("[cors]\norigins = [\"https://a.example\"]\nmax_age = 5\n", ["cors.origins", "cors.max_age"], []),
            ("[health]\ninterval_ms = 9000\nfall = 7\n", ["health.interval_ms", "health.fall"], []),
            (
                "[health]\npassive_window = 70\n[balance]\ndrain_ms = 5\n",
                ["health.passive_window", "balance.drain_ms"], []
            ),
            ("[canary]\nhold_ms = 5\npercent = 7\n", ["canary.hold_ms"], ["canary.percent"]),
            ("[proxy]\nroutes = [\"/api/*\"]\nengine = \"epoll\"\n", ["proxy.routes"], ["proxy.engine"]),
            (
                "[proxy]\nretries = 0\nmax_body_bytes = 5\n[journal]\nexchanges = 9\n", [],
                ["proxy.retries", "proxy.max_body_bytes", "journal.exchanges"]
            ),
            ("[ui]\ntheme = \"dark\"\n[redaction]\nheaders = [\"x-a\"]\n", [], ["redaction.headers", "ui.theme"]),
            ("[backends.green]\nurl = \"http://127.0.0.1:8\"\nweight = 3\n", ["backends.green"], []),
            ("[backends.green]\nurl = \"https://127.0.0.1:8\"\ninsecure = true\n", [], ["backends.green"]),
        ] as [(String, [String], [String])])
    func settings(_ text: String, _ applied: [String], _ restart: [String]) async throws {
        let bench = try await Bench(["wrangler.toml": Self.wrangler, "worker-console.toml": Self.console])
        try bench.write(Self.console + text, to: "worker-console.toml")
        let change = try await bench.next()
        #expect(change.news.applied == applied && change.news.needRestart == restart)
        // Written back, nothing waits any more, and what was taken over is taken back.
        try bench.write(Self.console + "# as before\n", to: "worker-console.toml")
        let back = try await bench.next()
        #expect(back.news.needRestart == applied.filter { $0.hasPrefix("backends.") })
        #expect(back.news.applied == applied.filter { !$0.hasPrefix("backends.") })
        await bench.end()
    }

    @Test("what was there at the start and is changed waits for a restart, by its key")
    func changedAtStart() async throws {
        let bench = try await Bench([
            "worker-console.toml": Self.console + "green = \"http://127.0.0.1:8\"\n"
        ])
        try bench.write(
            "listen.port = 8787\nactive = \"green\"\n[backends]\ngreen = \"http://127.0.0.1:7\"\n",
            to: "worker-console.toml")
        let change = try await bench.next()
        // The file alone never moves requests.
        #expect(Set(change.news.needRestart) == ["listen.port", "active", "backends.blue", "backends.green.url"])
        #expect(bench.session.backends.snapshot().active?.backend.name == "blue")
        // A person switches: what the file names is now so.
        try await bench.session.backends.activate("green")
        try bench.write(
            "listen.port = 0\nactive = \"green\"\n[backends]\ngreen = \"http://127.0.0.1:8\"\n"
                + "blue = \"http://127.0.0.1:9\"\n", to: "worker-console.toml")
        let switched = try await bench.next()
        #expect(switched.news.needRestart.isEmpty && switched.news.applied.isEmpty)
        await bench.end()
    }

    @Test("the preflight's answer and the routes follow the file, on connections that are open too")
    func cors() async throws {
        let bench = try await Bench(["worker-console.toml": Self.console])
        let port = try #require(bench.session.addresses.first).port
        let client = try LoopbackSocket.connected(to: port)
        func preflight(_ path: String, _ fields: String = "") throws -> String {
            try client.send(
                "OPTIONS \(path) HTTP/1.1\r\nHost: a\r\nOrigin: https://a.example\r\n"
                    + "Access-Control-Request-Method: PUT\r\n\(fields)\r\n")
            return client.receive(until: "\r\n\r\n")
        }
        #expect(try preflight("/x").contains("Access-Control-Allow-Origin: *"))
        try bench.write(
            Self.console + "[cors]\norigins = [\"https://a.example\"]\nmethods = [\"PUT\"]\nmax_age = 7\n",
            to: "worker-console.toml")
        _ = try await bench.next()
        let answer = try preflight("/x")
        #expect(answer.contains("Access-Control-Allow-Origin: https://a.example"))
        #expect(answer.contains("Access-Control-Allow-Methods: PUT\r\n") && answer.contains("Max-Age: 7"))
        #expect(bench.status.corsSummary.hasPrefix("https://a.example · PUT"))
        try bench.write(Self.console + "[proxy]\nroutes = [\"/api/*\"]\n", to: "worker-console.toml")
        _ = try await bench.next()
        #expect(try preflight("/x", "Connection: close\r\n").hasPrefix("HTTP/1.1 404"))
        #expect(bench.status.routesSummary == "/api/*")
        await bench.end()
    }

    @Test("a backend that the file adds gets requests after a switch, and its health is asked")
    func addedBackend() async throws {
        let bench = try await Bench(["worker-console.toml": "listen.port = 0\n"])
        #expect(bench.session.backends.snapshot().backends.isEmpty)
        try bench.write(Self.console + "green = \"http://127.0.0.1:8\"\n", to: "worker-console.toml")
        let change = try await bench.next()
        #expect(change.news.applied == ["backends.blue", "backends.green"] && change.news.needRestart.isEmpty)
        let snapshot = bench.session.backends.snapshot()
        #expect(snapshot.backends.map(\.backend.name) == ["blue", "green"])
        #expect(snapshot.active?.backend.name == "blue")
        await bench.end()
    }

    @Test("what the program itself writes into the file is no news")
    func ownWrites() async throws {
        let bench = try await Bench(["worker-console.toml": Self.console + "# end\n"])
        let green = Backend(name: "green", url: BackendURL(scheme: .http, host: "127.0.0.1", port: 8))
        try await bench.session.backends.add(green)
        let change = try await bench.next()
        #expect(change.news.applied.isEmpty && change.news.needRestart.isEmpty)
        await bench.end()
    }

    @Test("the command line goes before the file: what it gives waits for nothing")
    func commandLine() async throws {
        let bench = try await Bench(
            ["worker-console.toml": Self.console],
            ["--listen", "127.0.0.1:0", "--backend", "http://127.0.0.1:6"])
        try bench.write(
            "listen.port = 7777\nproxy.retries = 0\n[backends]\nred = \"http://127.0.0.1:5\"\n",
            to: "worker-console.toml")
        let change = try await bench.next()
        #expect(change.news.needRestart == ["proxy.retries"] && change.news.applied.isEmpty)
        #expect(bench.session.backends.snapshot().backends.count == 1)
        await bench.end()
    }

    @Test(
        "a file that is broken changes nothing of a running proxy; its mistake is said with its place",
        arguments: [
            "[cors\n", "", "= 3\n", "\u{FEFF}[!]\n",
        ])
    func brokenSettings(_ text: String) async throws {
        let bench = try await Bench(["worker-console.toml": Self.console])
        try bench.write(Self.console + "[cors]\nmax_age = 9\n", to: "worker-console.toml")
        _ = try await bench.next()
        try bench.write(text, to: "worker-console.toml")
        let change = try await bench.next()
        #expect(change.news.unusable.map(\.file) == ["worker-console.toml"])
        #expect(change.news.applied.isEmpty && change.news.needRestart.isEmpty)
        #expect(bench.status.corsSummary.hasSuffix("9 s") && bench.status.notices.isEmpty)
        let line = ProjectLines.line(change.news, notices: [])
        #expect(line.contains("worker-console.toml:1:") || text.isEmpty)
        await bench.end()
    }

    @Test("a table with a wrong value stays as it was, and says which of its keys wait for that")
    func wrongValue() async throws {
        let bench = try await Bench(["worker-console.toml": Self.console])
        try bench.write(
            Self.console + "[cors]\nmax_age = 9\nmethods = 3\n[health]\nfall = 5\n", to: "worker-console.toml")
        let change = try await bench.next()
        #expect(change.news.heldBack == ["cors.max_age"] && change.news.applied == ["health.fall"])
        #expect(bench.status.corsSummary.hasSuffix("86400 s"))
        #expect(bench.status.notices.count == 1 && bench.status.notices[0].contains("worker-console.toml:7:"))
        try bench.write(Self.console + "[cors]\nmax_age = 9\n", to: "worker-console.toml")
        let healed = try await bench.next()
        #expect(healed.news.applied == ["cors.max_age", "health.fall"] && bench.status.notices.isEmpty)
        await bench.end()
    }

    @Test("a wrong value of one table does not take over the other, nor lead a binding elsewhere")
    func wrongNeighbours() async throws {
        let bindings = "[bindings.UPLOADS]\nstore = \"none\"\n"
        let bench = try await Bench(["wrangler.toml": Self.wrangler, "worker-console.toml": Self.console + bindings])
        let before = bench.session.backends.snapshot().canaryRule
        try bench.write(
            Self.console + bindings + "[balance]\ndrain_ms = 5000\n[canary]\nmax_slowdown = 9\nhold_ms = \"x\"\n",
            to: "worker-console.toml")
        let change = try await bench.next()
        #expect(change.news.applied == ["balance.drain_ms"] && change.news.heldBack == ["canary.max_slowdown"])
        #expect(bench.session.backends.snapshot().canaryRule == before)
        try bench.write(Self.console + "[bindings.UPLOADS]\nstore = \"nome\"\n", to: "worker-console.toml")
        let mistyped = try await bench.next()
        #expect(!mistyped.news.hasNewBindings)
        await bench.end()
    }

    @Test("a line names a few files, keys and mistakes, and counts the rest")
    func longLines() {
        var news = ProjectNews()
        news.files = (0..<4_000).map { "module\($0).py" }
        news.applied = (0..<4_000).map { "backends.b\($0)" }
        let line = ProjectLines.line(news, notices: (0..<4_000).map { "mistake \($0)" })
        #expect(line.utf8.count < 1_000 && line.contains("module7.py, +3992 changed on disk: mistake 0; "))
        #expect(line.contains("backends.b7, +3992") && line.contains("and 3992 more"))
    }

    @Test("many changes make few readings, and the last one is the one that counts")
    func bursts() async throws {
        let bench = try await Bench(["wrangler.toml": Self.wrangler, "worker-console.toml": Self.console])
        for index in 0..<2_000 {
            try bench.write(Self.wrangler.replacing("sample", with: "sample-\(index)"), to: "wrangler.toml")
        }
        while bench.status.name != "sample-1999" { _ = try await bench.next() }
        // Two thousand files in a row take seconds at most; a few readings a second are made of them.
        #expect(bench.revision < 40)
        await bench.end()
    }
}
