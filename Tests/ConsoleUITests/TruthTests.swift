import TerminalCanvas
import TestSupport
import Testing
import TextSafety
import TrafficJournal
import Widgets
import WorkerDomain

@testable import ConsoleUI
@testable import StorageScreens

/// What is said must be what is so.
@Suite("truth")
struct TruthTests {
    @Test(
        "Enter on a failure leads to the exchange that failed, and the filter beside it to its like",
        arguments: [
            (nil, ExchangeEnding.Cause.backendAborted), (nil, .backendTimeout), (200, .backendAborted),
            (504, .backendTimeout),
            (500, .completed),
        ] as [(Int?, ExchangeEnding.Cause)])
    func failureFilter(status: Int?, cause: ExchangeEnding.Cause) throws {
        let failed = Pilot.exchange(9, "POST", "/api/broken", status: status, at: -1, cause: cause)
        let fine = Pilot.exchange(8, "GET", "/api/fine", status: 200, at: -2)
        var model = Pilot.model(exchanges: [fine, failed])
        let items = AttentionItem.all(in: model.world)
        let item = try #require(items.first { $0.text.contains("/api/broken") })
        guard case .exchange(let id, let text) = item.place else {
            Issue.record("it does not lead to the traffic")
            return
        }
        #expect(id.rawValue == 9)
        _ = model.perform(.filter(text))
        let screen = try #require(model.screen as? TrafficScreen)
        #expect(screen.filterError == nil)
        #expect(screen.rows.count(in: model.world) == 1, "\(text)")
        #expect(screen.rows.id(at: 0, in: model.world)?.rawValue == 9)
    }

    @Test("the first backend that is added gets the requests, and that is said; a further one is only there")
    func firstBackend() {
        let backend = Backend(name: "blue", url: BackendURL(scheme: .http, host: "127.0.0.1", port: 9_001))
        var model = Pilot.model(isEmpty: true)
        // The registry has it, and made it active, before the answer is looked at.
        model.world.backends = BackendsSnapshot(backends: [BackendStatus(backend: backend, isActive: true)])
        model.tell(added: backend, .success(()))
        #expect(model.notice?.text == ChromePhrases.addedActive(.english, "blue"))
        let other = Backend(name: "green", url: BackendURL(scheme: .http, host: "127.0.0.1", port: 9_002))
        model.world.backends.backends.append(BackendStatus(backend: other))
        model.tell(added: other, .success(()))
        #expect(model.notice?.text == ChromePhrases.added(.english, "green"))
    }

    @Test("what the proxy answers itself waited for no backend")
    func ownAnswer() {
        var preflight = Pilot.exchange(1, "OPTIONS", "/api/report", status: 204, answer: "")
        preflight.timers.connectNanoseconds = 0
        preflight.timers.responseNanoseconds = 0
        preflight.timers.dataNanoseconds = 0
        let phases = TrafficTiming.phases(of: preflight)
        #expect(phases.map(\.code) == ["TR", "Tw", "Tc", "Tr", "Td"])
        #expect(phases.map { $0.time != nil } == [true, false, false, false, false])
        let forwarded = TrafficTiming.phases(of: Pilot.exchange(2))
        #expect(forwarded.allSatisfy { $0.time != nil })
        var refused = Pilot.exchange(3, "POST", "/api/huge", status: 413)
        refused.route = .local
        #expect(TrafficTiming.phases(of: refused).map { $0.time != nil } == [true, false, false, false, true])
    }

    @Test("the phase in which an exchange broke off lasted for the rest of its time")
    func brokenOff() {
        func phases(_ phase: ExchangeEnding.Phase, _ change: (inout ExchangeTimers) -> Void) -> [Duration?] {
            var exchange = Pilot.exchange(1, status: nil, cause: .clientAborted)
            exchange.ending = ExchangeEnding(cause: .clientAborted, phase: phase)
            exchange.timers = ExchangeTimers(requestHead: .milliseconds(1), total: .seconds(1))
            change(&exchange.timers)
            return TrafficTiming.phases(of: exchange).map(\.time)
        }
        #expect(phases(.requestHead) { $0.requestHeadNanoseconds = .min } == [.seconds(1), nil, nil, nil, nil])
        #expect(phases(.connect) { _ in } == [.milliseconds(1), nil, .milliseconds(999), nil, nil])
        let waited = phases(.responseHead) {
            $0.queueNanoseconds = 0
            $0.connectNanoseconds = 2_000_000
        }
        #expect(waited == [.milliseconds(1), .zero, .milliseconds(2), .milliseconds(997), nil])
        // A timer that was kept says more than what is left.
        #expect(phases(.responseBody) { $0.dataNanoseconds = 5_000_000 }[4] == .milliseconds(5))
    }

    @Test("a check's Chinese comes with its result")
    func chinese() throws {
        let result = try #require(ChecksSample.report.results.first { $0.id == "entrypoint" })
        #expect(ChecksText.title(of: result, .simplifiedChinese) == result.chinese?.title)
        #expect(ChecksText.title(of: result, .english) == "Entrypoint")
        let world = BackendsSample.world(.simplifiedChinese)
        let lines = ChecksText.explanation(of: result, columns: 60, GlyphSet.unicode.glyphs, world)
        let text = lines.flatMap { $0 }.map(\.text)
        #expect(text.contains { $0.contains("把处理函数放进") })
        let bare = CheckResult(id: "x", title: "X", outcome: .pass, summary: "seen")
        #expect(ChecksText.title(of: bare, .simplifiedChinese) == "X")
        #expect(ChecksText.summary(of: bare, .simplifiedChinese) == "seen")
    }
}

@Suite("secrets and finding in D1")
struct DatabaseSecretsTests {
    private static let table = MemoryDatabase.Table(
        name: "accounts",
        columns: [
            SQLColumn(name: "id", declaredType: "INTEGER"), SQLColumn(name: "password_hash", declaredType: "TEXT"),
            SQLColumn(name: "profile", declaredType: "TEXT"), SQLColumn(name: "max_tokens", declaredType: "INTEGER"),
        ],
        rows: [
            [.integer(1), .text("$2b$12$abcdef"), .text(#"{"name":"张三","api_key":"sk-12345"}"#), .integer(4_096)],
            [.integer(2), .null, .text("plain"), .integer(8)],
        ], sql: "CREATE TABLE accounts (id INTEGER)")

    private func bench() async -> ScreenBench<DatabaseScreen> {
        let database = MemoryDatabase([Self.table])
        var bench = ScreenBench<DatabaseScreen>(
            world: BackendsSample.world(resources: DatabaseSample.resources(database)))
        await bench.send(.shown)
        await bench.press(.enter)
        return bench
    }

    private func picture(_ bench: ScreenBench<DatabaseScreen>, columns: Int = 120) -> String {
        var canvas = Canvas(columns: columns, rows: 30)
        _ = bench.screen.draw(into: &canvas, area: canvas.bounds, world: bench.world)
        return canvas.lines.joined(separator: "\n")
    }

    @Test("credentials are hidden in rows, a row, a value and copies until * is pressed", arguments: [40, 80, 160])
    func hidden(columns: Int) async {
        var bench = await self.bench()
        await bench.press(.character("l"))
        #expect(!self.picture(bench, columns: columns).contains("$2b$"))
        await bench.press(.character("y"), .character("Y"))
        await bench.press(.enter)
        #expect(!self.picture(bench, columns: columns).contains("$2b$"))
        await bench.press(.enter)
        #expect(bench.screen.cell != nil)
        #expect(!self.picture(bench, columns: columns).contains("$2b$"))
        #expect(
            !bench.copied.isEmpty && !bench.copied.contains { $0.contains("$2b$") || $0.contains("sk-1") })
        await bench.press(.character("*"))
        #expect(self.picture(bench, columns: columns).contains("$2b$"))
        #expect(bench.screen.stateLine(in: bench.world).contains { $0.role == .danger })
        await bench.press(.character("y"))
        #expect(bench.told.contains { if case .copy("$2b$12$abcdef") = $0 { true } else { false } })
    }

    @Test("counts and NULL are no secrets, members of JSON are")
    func rules() async {
        let bench = await self.bench()
        let world = bench.world
        func shown(_ value: SQLValue, _ column: String) -> SQLValue {
            bench.screen.shown(value, at: 0, of: SQLRows(columns: [column], rows: []), in: world)
        }
        #expect(shown(.integer(4_096), "max_tokens") == .integer(4_096))
        #expect(shown(.null, "token") == .null)
        #expect(shown(.blob([1]), "token") == .text(Redaction.mask))
        #expect(shown(.text("张三"), "name") == .text("张三"))
        guard case .text(let profile) = shown(Self.table.rows[0][2], "profile") else {
            Issue.record("no text")
            return
        }
        #expect(profile.contains("张三") && !profile.contains("sk-12345"))
    }

    @Test("/ finds in a value and in the answer to a statement, n and N go on")
    func finding() async {
        let database = MemoryDatabase([DatabaseSample.large(3)])
        var bench = ScreenBench<DatabaseScreen>(
            world: BackendsSample.world(resources: DatabaseSample.resources(database)))
        await bench.send(.shown)
        database.answer(
            .success(
                SQLRows(
                    columns: ["id", "note"],
                    rows: [
                        [.integer(1), .text("first")], [.integer(2), .text("the Needle")],
                        [.integer(3), .text("needle\nand hay\nneedle again")],
                    ])))
        await bench.press(.character("i"))
        await bench.type("select 1")
        await bench.press(.function(5))
        await bench.press(.character("/"))
        #expect(bench.screen.isTyping)
        await bench.type("needle")
        #expect(self.picture(bench, columns: 80).contains("needle"))
        await bench.press(.enter)
        #expect(bench.screen.result?.grid.row == 1)
        #expect(bench.screen.result?.grid.column == 1)
        await bench.press(.character("n"))
        #expect(bench.screen.result?.grid.row == 2)
        await bench.press(.character("N"))
        #expect(bench.screen.result?.grid.row == 1)
        await bench.press(.character("n"), .character("v"), .character("/"))
        await bench.type("AGAIN")
        await bench.press(.enter)
        #expect(bench.screen.cell?.line == 2)
        await bench.press(.character("/"))
        await bench.type("x")
        await bench.press(.enter)
        #expect(bench.told.contains { if case .toast(_, true) = $0 { true } else { false } })
        await bench.press(.escape)
        #expect(bench.screen.cell != nil)
        await bench.press(.escape)
        #expect(bench.screen.cell == nil)
    }
}
