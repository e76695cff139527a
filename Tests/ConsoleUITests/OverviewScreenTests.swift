import TerminalCanvas
import TestSupport
import Testing
import TrafficJournal
import Widgets
import WorkerDomain

@testable import ConsoleUI

@Suite struct OverviewScreenTests {
    private static func resource(_ name: String, _ kind: Binding.Kind) -> BoundResource {
        BoundResource(
            binding: Binding(name: name, kind: kind), reader: .namespace(Pilot.NoNames()), place: ".wrangler/state/v3")
    }

    private static func healthy(_ items: Int, _ bytes: Int64, _ latency: Duration) -> BindingHealth {
        BindingHealth(state: .healthy, latency: latency, items: items, bytes: bytes, probedAt: Pilot.time(-4))
    }

    /// The user's own bindings, and what they hold.
    private static func model(
        columns: Int = 80, rows: Int = 24, language: Language = .english, further: [String] = []
    ) -> ConsoleModel {
        var model = Pilot.model(
            columns: columns, rows: rows, language: language, catalog: Pilot.only(.overview))
        model.world.resources =
            [("DB", Binding.Kind.d1), ("UPLOADS_BUCKET", .r2), ("EXPORTS_BUCKET", .r2)].map { self.resource($0, $1) }
            + further.map { self.resource($0, .kv) }
        model.world.health = [
            "d1:DB": self.healthy(6, 94_000, .milliseconds(4)),
            "r2:UPLOADS_BUCKET": self.healthy(3_214, 1_900_000_000, .milliseconds(14)),
            "r2:EXPORTS_BUCKET": self.healthy(100_000, 736_000_000, .milliseconds(612)),
        ]
        for name in further { model.world.health["kv:\(name)"] = self.healthy(12, 4_096, .milliseconds(1)) }
        model.world.status.corsSummary = "* · GET POST PUT DELETE PATCH OPTIONS · 86400 s"
        model.world.status.configurationPath = "/home/somebody/projects/x12523-site/wrangler.toml"
        _ = model.worldChanged()
        return model
    }

    @Test("long binding names leave every figure whole", arguments: [(80, 24), (160, 45), (40, 10)])
    func wholeFigures(columns: Int, rows: Int) {
        let model = Self.model(columns: columns, rows: rows)
        let picture = model.picture
        for line in picture.split(separator: "\n") where line.contains("UPLOADS_BUCKET") {
            #expect(line.contains("14 ms") || line.contains("14ms"))
            #expect(line.contains("1.9 GB") || line.contains("1.9GB"))
        }
        #expect(picture.contains("612 ms") || picture.contains("612ms"))
        #expect(goldenMismatch(Frame(model: model).draw(), "overview-bindings-\(columns)x\(rows)") == nil)
    }

    @Test(
        "columns fit any width, and a name or a note that is shortened says so",
        arguments: [Language.english, .simplifiedChinese])
    func anyWidth(language: Language) {
        let model = Self.model(language: language, further: ["CACHE"])
        let lines = OverviewLines(language: language, glyphs: GlyphSet.unicode.glyphs)
        for columns in 20...80 {
            for line in lines.lines(of: model.world.resources, health: model.world.health, columns: columns) {
                #expect(line.reduce(0) { $0 + Sanitizer.columns(of: $1.text) } <= columns)
            }
        }
    }

    @Test("with many bindings the backends keep two rows, and the last line says how many are left out")
    func manyBindings() {
        let model = Self.model(further: ["CACHE", "SESSIONS", "FLAGS"])
        let picture = model.picture
        #expect(picture.contains("▸blue"))
        #expect(picture.contains("green"))
        #expect(picture.contains("+3 more"))
        #expect(goldenMismatch(Frame(model: model).draw(), "overview-many-80x24") == nil)
    }

    @Test("CORS methods go whole, the path keeps its end, the legend has no half word")
    func wholeWords() {
        var model = Self.model()
        #expect(model.picture.contains("* · GET POST PUT… · 24 h"))
        #expect(OverviewWorker.cors("", columns: 20, ellipsis: "…") == "—")
        #expect(OverviewWorker.cors("* · GET", columns: 3, ellipsis: "…") == "* · GET")
        model.world.statistics.statusMix = [0: 5, 1: 1, 2: 7_020, 3: 3_100, 4: 912, 5: 555]
        let legend = model.picture.split(separator: "\n").first { $0.contains("2xx") }.map(String.init) ?? ""
        for part in ["2xx 7,020  ", "3xx 3,100  ", "4xx 912  ", "5xx 555  ", "1xx 1  ", "none 5  "] {
            #expect(legend.contains(part), "\(part) in \(legend)")
        }
        model.world.statistics.statusMix = [2: 912, 5: 46]
        model.world.statistics.proxyFailures = 3
        #expect(model.picture.contains("░ 5xx 46 4.8 % (3 by proxy)   preflight 118 "))
        let wide = Self.model(columns: 120, rows: 40)
        #expect(wide.picture.contains("…"))
        #expect(wide.picture.contains("wrangler.toml"))
    }

    @Test("the wide screen shows routes of what was kept, and o sorts them")
    func routes() {
        var exchanges = (1...4).map { Pilot.exchange(UInt64($0), "GET", "/api/resumes/\($0)", at: -5) }
        exchanges.append(Pilot.exchange(5, "POST", "/api/report", status: 500, at: -4))
        var model = Pilot.model(columns: 160, rows: 45, exchanges: exchanges)
        #expect(model.picture.contains("/api/resumes/:id"))
        #expect(model.draw().lines.joined().contains("5 kept · o sort: P95"))
        _ = model.press("oo")
        #expect(model.picture.contains("o sort: ERR"))
        let lines = model.picture.split(separator: "\n")
        let report = lines.firstIndex { $0.contains("POST   ") && $0.contains("✖1") }
        let resumes = lines.firstIndex { $0.contains("/api/resumes/:id") }
        #expect(report != nil && resumes != nil && report! < resumes!)
    }

    @Test("the failures of the last minute move on while nothing comes, and leave after it")
    func ageing() throws {
        let exchanges = [
            Pilot.exchange(1, "POST", "/api/report", status: 500, at: -40),
            Pilot.exchange(2, "POST", "/api/report", status: 502, at: -4),
        ]
        var digest = TrafficDigest(
            of: Pilot.model(exchanges: exchanges).world.traffic, now: Pilot.time(0), order: .busiest)
        for (after, places) in [(0.0, [19, 55]), (15, [4, 40]), (25, [30]), (70, [])] {
            digest.age(to: Pilot.time(after))
            #expect(digest.failures.indices.filter { digest.failures[$0] > 0 } == places, "after \(after) s")
        }
        // The screen does so at each tick, without looking through the exchanges again.
        var model = Pilot.model(exchanges: exchanges)
        _ = model.tick(now: Pilot.time(0))
        #expect((model.screen as? OverviewScreen)?.digest.failures[55] == 1)
        _ = model.tick(now: Pilot.time(5))
        #expect((model.screen as? OverviewScreen)?.digest.failures[50] == 1)
        #expect((model.screen as? OverviewScreen)?.digest.failures[55] == 0)
    }

    @Test("coming back within a second shows what was looked through, and the next tick looks again")
    func comingBack() {
        let exchanges = [Pilot.exchange(1, "POST", "/api/report", status: 500, at: -4)]
        var model = Pilot.model(exchanges: exchanges)
        func failures() -> Int? { (model.screen as? OverviewScreen)?.digest.failures.reduce(0, +) }
        _ = model.tick(now: Pilot.now)
        #expect(failures() == 1)
        _ = model.press(Pilot.key(of: .traffic))
        _ = model.take(Pilot.delta(exchanges + [Pilot.exchange(2, "POST", "/api/report", status: 502, at: -1)]))
        _ = model.press(Pilot.key(of: .overview))
        #expect(failures() == 1)
        _ = model.tick(now: Pilot.time(1))
        #expect(failures() == 2)
        _ = model.press(Pilot.key(of: .traffic))
        _ = model.take(Pilot.delta(exchanges))
        _ = model.tick(now: Pilot.time(2))
        _ = model.press(Pilot.key(of: .overview))
        #expect(failures() == 1)
        // The rules may be others now: what was found by the old ones is not shown again.
        _ = model.press(Pilot.key(of: .traffic))
        _ = model.take(Pilot.delta([]))
        _ = model.worldChanged()
        _ = model.press(Pilot.key(of: .overview))
        #expect(failures() == 0)
    }

    @Test("lines that read alike are one, whatever their bytes, and have an id of their own")
    func alike() {
        var latin = Pilot.exchange(2, "GET", "/x", status: 500, at: -1)
        latin.requestHead = Array("GET /caf".utf8) + [0xE9] + Array(" HTTP/1.1\r\n\r\n".utf8)
        let exchanges = [
            Pilot.exchange(1, "GET", "/caf\u{E9}", status: 500, at: -2), latin,
            Pilot.exchange(3, "GET", "/cafe\u{301}?a", status: 500, at: -3),
        ]
        let items = TrafficAttention.items(in: Pilot.model(exchanges: exchanges).world)
        let ids = items.map { Array($0.id.utf8) }.filter { $0.starts(with: Array("exchange".utf8)) }
        #expect(ids.count == 2 && Set(ids).count == 2, "\(items.map(\.id))")
        #expect(items.contains { $0.text.contains("×2") }, "\(items.map(\.text))")
    }

    // MARK: Needs attention

    @Test("what needs attention is listed newest first, whatever its level")
    func order() {
        var model = Pilot.model()
        model.world.statistics.dropped = 3
        _ = model.tick(now: Pilot.now)
        let overview = model.screen as? OverviewScreen
        let times = overview?.items.map { $0.at ?? model.world.now } ?? []
        #expect(times.count >= 5)
        #expect(times == times.sorted(by: >))
    }

    @Test("no backend, an open address, dropped events, failing checks and downed backends are all there")
    func everything() {
        var model = Pilot.model()
        model.world.status.isExposed = true
        model.world.status.listening = ["0.0.0.0:8787"]
        model.world.statistics.dropped = 3
        model.world.checks = CheckReport(
            results: [CheckResult(id: "entrypoint", title: "Entrypoint", outcome: .fail, summary: "10068")],
            startedAt: Pilot.time(-60), duration: .zero)
        _ = model.worldChanged()
        let ids = (model.screen as? OverviewScreen)?.items.map(\.id) ?? []
        for id in ["exposed", "dropped", "check entrypoint", "backend green"] { #expect(ids.contains(id)) }
        model.world.backends = BackendsSnapshot()
        model.world.status.state = .failed("port 8787 is in use")
        _ = model.worldChanged()
        let more = (model.screen as? OverviewScreen)?.items.map(\.id) ?? []
        #expect(more.contains("no backend") && more.contains("state"))
    }

    @Test("an outage keeps the moment when it began, in what needs attention, in the changes and on Backends")
    func outageStart() throws {
        var model = Pilot.model(columns: 160, rows: 45)
        let began = Pilot.time(-3_600)
        let down = model.world.backends.backends.firstIndex { $0.health == .down }
        let index = try #require(down)
        var history = ProbeHistory()
        for second in 0..<1_800 {
            history.add(
                HealthProbeResult(
                    code: "L4CON", detail: "connection refused", passed: false, latency: .zero,
                    at: Pilot.time(Double(second * 2) - 3_600)))
            guard second.isMultiple(of: 300) || second == 1_799 else { continue }
            model.world.backends.backends[index].history = history
            _ = model.worldChanged()
            let overview = try #require(model.screen as? OverviewScreen)
            let item = try #require(overview.items.first { $0.id.hasPrefix("backend ") })
            #expect(item.at == began)
            let changes = OverviewLists.changes(in: model.world, glyphs: GlyphSet.unicode.glyphs)
            #expect(changes.filter { $0.runs.contains { $0.text.contains("L4CON") } }.map(\.at) == [began])
            let why = BackendsScreen().why(in: model.world, GlyphSet.unicode.glyphs)
            #expect(why?.contains("\(ScreenFormat.count(second + 1)) in a row") == true)
        }
    }

    @Test("a binding that fails and a check that finds something keep the moment when they first did")
    func firstFound() throws {
        var model = Self.model()
        func report(_ second: Double, _ outcome: CheckResult.Outcome) -> CheckReport {
            CheckReport(
                results: [CheckResult(id: "entrypoint", title: "Entrypoint", outcome: outcome, summary: "10068")],
                startedAt: Pilot.time(second), duration: .zero)
        }
        func moment(_ id: String) -> WallTime? {
            _ = model.worldChanged()
            return (model.screen as? OverviewScreen)?.items.first { $0.id == id }?.at
        }
        var health = BindingHealth(state: .failed("read 1"), probedAt: Pilot.time(-600))
        for second in stride(from: -600.0, to: 0, by: 60) {
            health = BindingHealth(state: .failed("read \(second)"), probedAt: Pilot.time(second)).continuing(health)
            model.world.health["d1:DB"] = health
            model.world.checks = report(second, .fail)
            #expect(moment("d1:DB") == Pilot.time(-600) && moment("check entrypoint") == Pilot.time(-600))
        }
        // What was well in between begins anew.
        model.world.checks = report(-2, .pass)
        model.world.checks = report(-1, .fail)
        health = BindingHealth(state: .healthy, probedAt: Pilot.time(-2)).continuing(health)
        health = BindingHealth(state: .failed("again"), probedAt: Pilot.time(-1)).continuing(health)
        model.world.health["d1:DB"] = health
        #expect(moment("d1:DB") == Pilot.time(-1) && moment("check entrypoint") == Pilot.time(-1))
    }

    @Test("the selection stays with its item when newer ones come; unmoved it stays on the newest")
    func selection() {
        var model = Pilot.model()
        _ = model.press("j")
        func selected() -> String? {
            guard let overview = model.screen as? OverviewScreen, let row = overview.list.selected else { return nil }
            return overview.items[row].id
        }
        let before = selected()
        let failure = Pilot.exchange(90, "PUT", "/api/new", status: 500, at: 0)
        _ = model.take(Pilot.delta(Pilot.exchanges() + [failure]))
        _ = model.tick(now: Pilot.time(1))
        #expect(selected() == before)
        _ = model.press("g")
        _ = model.take(Pilot.delta(Pilot.exchanges() + [failure, Pilot.exchange(91, "PUT", "/b", status: 502, at: 1)]))
        _ = model.tick(now: Pilot.time(2))
        #expect(selected()?.contains("/b") == true)
    }

    @Test("an answer without Access-Control-Allow-Origin is told where the rules would add it, else not")
    func missingCORS() {
        var model = Pilot.model(exchanges: [Pilot.exchange(1, "GET", "/api/x", fields: ["Origin: https://a.example"])])
        func told() -> Bool {
            _ = model.worldChanged()
            return (model.screen as? OverviewScreen)?.items.contains { $0.id.hasPrefix("cors") } ?? false
        }
        model.world.status.corsSummary = ""
        #expect(!told())
        model.world.status.corsSummary = "https://b.example · GET"
        #expect(!told())
        model.world.status.corsSummary = "https://a.example https://b.example · GET"
        #expect(told())
        model.world.status.corsSummary = "* · GET"
        #expect(told())
    }

    @Test("b says that it probes, and then what answered")
    func probing() async throws {
        var model = Pilot.model()
        let commands = model.press("b")
        #expect(model.picture.contains("▸ probing bindings and backends…"))
        let works = commands.compactMap { if case .work(let owner, let work) = $0 { (owner, work) } else { nil } }
        let (owner, work) = try #require(works.first)
        let services = Services(
            journal: Journal(), backends: PilotBackends(), worker: PilotWorker(), resources: [], checks: PilotChecks())
        _ = model.receive(await work.run(services), for: owner)
        #expect(model.picture.contains("✓ probed: 1 of 2 backends responds"))
    }

    @Test("an answer that was made here is not said to have gone anywhere")
    func answeredHere() {
        var model = Pilot.model(screen: .traffic, exchanges: [Pilot.exchange(1, "OPTIONS", "/api/report", status: 204)])
        #expect(model.picture.contains("local response · #1"))
        _ = model.press(.enter)
        #expect(model.picture.contains("local response"))
        #expect(!model.picture.contains("→ —"))
    }

    // MARK: State line

    @Test("a state line that is too long loses whole items from the right")
    func stateLine() {
        let spans = [
            Span(" "), Span("● live", .ok), Span(" · "), Span("ring 7"), Span(" (7 kB)"), Span(" · redaction on"),
        ]
        func text(_ columns: Int) -> String { StateLine.fitting(spans, columns: columns).map(\.text).joined() }
        #expect(text(80) == "● live · ring 7 (7 kB) · redaction on")
        #expect(text(33) == "● live · ring 7 (7 kB)")
        #expect(text(21) == "● live")
        #expect(text(3) == "● live")
    }
}
