import Synchronization
import TerminalCanvas
import TestSupport
import TrafficJournal
import WorkerDomain

@testable import ConsoleUI
@testable import StorageScreens

/// A world and fakes with known content.
enum Pilot {
    static let now = WallTime(millisecondsSinceEpoch: 1_763_812_871_000)

    static func status(name: String = "x12523-site") -> WorkerStatus {
        WorkerStatus(
            state: .serving, name: name, main: "worker.py", compatibilityDate: "2025-12-23",
            compatibilityFlags: ["python_workers"], configurationPath: "wrangler.toml",
            listening: ["127.0.0.1:8787"], engine: "io_uring", startedAt: self.time(-7_500),
            corsSummary: "* · GET POST PUT · 24 h",
            routesSummary: "all paths to the backend", residentBytes: 48_200_000)
    }

    static func time(_ seconds: Double) -> WallTime {
        WallTime(nanosecondsSinceEpoch: self.now.nanosecondsSinceEpoch + Int64(seconds * 1e9))
    }

    static func backends() -> BackendsSnapshot {
        func backend(_ name: String, _ port: Int) -> Backend {
            Backend(name: name, url: BackendURL(scheme: .http, host: "127.0.0.1", port: port))
        }
        let refused = HealthProbeResult(
            code: "L4CON", detail: "connection refused", passed: false, latency: .milliseconds(1), at: self.time(-20))
        let fine = HealthProbeResult(
            code: "L7OK", detail: "200 in 12 ms", passed: true, latency: .milliseconds(12), at: self.time(-4))
        return BackendsSnapshot(
            backends: [
                BackendStatus(
                    backend: backend("blue", 9001), isActive: true, health: .up, probes: [fine], inFlight: 3,
                    requests: 120),
                BackendStatus(backend: backend("green", 9002), health: .down, probes: [refused]),
            ], switches: [BackendSwitch(from: "green", to: "blue", at: self.time(-210), by: "alice")])
    }

    struct NoNames: KeyValueStore {
        func list(prefix: String, cursor: String?, limit: Int) async throws(StorageError) -> KeyValuePage {
            KeyValuePage()
        }
        func value(of key: String, maximumBytes: Int) async throws(StorageError) -> KeyValueContent? { nil }
    }

    static func resources() -> [BoundResource] {
        [("DB", Binding.Kind.d1), ("UPLOADS_BUCKET", .r2), ("EXPORTS_BUCKET", .r2), ("CACHE", .kv)].map {
            BoundResource(
                binding: Binding(name: $0.0, kind: $0.1), reader: .namespace(NoNames()), place: ".wrangler/state/v3")
        }
    }

    static func health() -> [String: BindingHealth] {
        [
            "d1:DB": BindingHealth(
                state: .healthy, latency: .milliseconds(1), items: 18, bytes: 4_200_000, probedAt: self.time(-4)),
            "r2:UPLOADS_BUCKET": BindingHealth(state: .failed("metadata is damaged"), probedAt: self.time(-4)),
            "r2:EXPORTS_BUCKET": BindingHealth(state: .empty, probedAt: self.time(-4)),
            "kv:CACHE": BindingHealth(state: .locked, probedAt: self.time(-4)),
        ]
    }

    static func delta(_ exchanges: [Exchange]) -> JournalDelta {
        var statistics = TrafficStatistics()
        for index in 0..<60 {
            var second = TrafficStatistics.Second()
            second.requests = (index * 7) % 13
            second.p95 = index % 9 == 0 ? nil : .milliseconds(10 + (index * 37) % 300)
            statistics.seconds.append(second)
        }
        if !exchanges.isEmpty {
            statistics.requestsPerSecond = 12.4
            statistics.p50 = .milliseconds(11)
            statistics.p95 = .milliseconds(84)
            statistics.p99 = .milliseconds(312)
            statistics.highestP95 = statistics.seconds.compactMap(\.p95).max()
            statistics.statusMix = [2: 702, 3: 31, 4: 9, 5: 5]
            statistics.preflights = 118
        } else {
            statistics.seconds = []
        }
        statistics.kept = exchanges.count
        statistics.keptBytes = exchanges.count * 1_024
        statistics.inFlight = exchanges.count { $0.isInFlight }
        return JournalDelta(
            changed: exchanges, isComplete: true, oldest: ExchangeID(rawValue: 1), statistics: statistics,
            cursor: JournalCursor(version: 1))
    }

    static func exchange(
        _ id: UInt64, _ method: String = "GET", _ target: String = "/api/projects", status: Int? = 200,
        at seconds: Double = -10, fields: [String] = [], cause: ExchangeEnding.Cause = .completed,
        reason: String? = nil, answer: String = #"{"ok":true}"#, isInFlight: Bool = false
    ) -> Exchange {
        let head = (["\(method) \(target) HTTP/1.1", "Host: 127.0.0.1:8787"] + fields).joined(separator: "\r\n")
        var exchange = Exchange(
            id: ExchangeID(rawValue: id), startedAt: self.time(seconds), downstream: "127.0.0.1:51934",
            requestHead: Array((head + "\r\n\r\n").utf8))
        exchange.route = method == "OPTIONS" ? .preflight : .backend("blue")
        exchange.status = status
        guard !isInFlight else { return exchange }
        exchange.timers = ExchangeTimers(
            requestHead: .microseconds(200), queue: .zero, connect: .milliseconds(3), response: .milliseconds(58),
            data: .milliseconds(5), total: .milliseconds(66))
        exchange.reusedConnection = false
        if let status {
            exchange.responseHead = Array(
                "HTTP/1.1 \(status) X\r\nContent-Type: application/json\r\nSet-Cookie: sid=abcdef; Path=/\r\n\r\n".utf8)
            exchange.responseBody = CapturedBody(bytes: Array(answer.utf8), totalBytes: answer.utf8.count)
        }
        exchange.ending = ExchangeEnding(
            cause: cause, phase: cause == .completed ? .done : .responseHead, reason: reason)
        return exchange
    }

    static func exchanges() -> [Exchange] {
        [
            self.exchange(1, "GET", "/api/projects/88/timeline", status: 304, at: -29),
            self.exchange(2, "POST", "/api/login", status: 401, at: -26),
            self.exchange(3, "GET", "/api/照片/二〇二五/list?token=s3cr3t&page=2", at: -20),
            self.exchange(
                4, "POST", "/api/upload?kind=avatar", status: 504, at: -8,
                fields: ["Authorization: Bearer s3cr3t", "Cookie: sid=s3cr3t"], cause: .backendTimeout,
                reason: "no answer in 250 ms"),
            self.exchange(5, "OPTIONS", "/api/report", status: 204, at: -2, answer: ""),
            self.exchange(6, "GET", "/api/slow", status: nil, at: -1.5, cause: .clientAborted),
            self.exchange(7, "GET", "/api/me", status: nil, at: -1, isInFlight: true),
        ]
    }

    /// These screens and no other: whole frames that are recorded with them stay as they are when the console gets
    /// another screen. ``TabLineTests`` looks at the tabs of all of them.
    static func only(_ ids: ScreenID...) -> ScreenCatalog {
        ScreenCatalog(ScreenCatalog.all.screens.filter { ids.contains($0.id) })
    }

    /// The key that brings a screen to the front.
    static func key(of screen: ScreenID) -> KeyEvent {
        .character(Character("\(ScreenCatalog.all.number(of: screen) ?? 0)"))
    }

    static func model(
        columns: Int = 80, rows: Int = 24, screen: ScreenID = .overview, language: Language = .english,
        glyphs: GlyphSet = .unicode, exchanges: [Exchange] = Pilot.exchanges(), isEmpty: Bool = false,
        catalog: ScreenCatalog = .all
    ) -> ConsoleModel {
        var world = World(language: language, now: self.now, status: self.status())
        if !isEmpty {
            world.backends = self.backends()
            world.resources = self.resources()
            world.health = self.health()
        }
        let now = self.now
        let options = ConsoleOptions(language: language, glyphs: glyphs, initialScreen: screen, now: { now })
        var model = ConsoleModel(
            world: world, options: options, size: Size(columns: columns, rows: rows), catalog: catalog)
        _ = model.take(self.delta(isEmpty ? [] : exchanges))
        _ = model.start()
        return model
    }

    static func text(_ canvas: Canvas) -> String {
        (0..<canvas.size.rows).map { row in
            (0..<canvas.size.columns).map { canvas[row, $0].text }.joined()
        }.joined(separator: "\n")
    }
}

extension ConsoleModel {
    mutating func press(_ text: String) -> [ConsoleCommand] {
        text.flatMap { self.take(TerminalEvent.key(.character($0))) }
    }
    mutating func press(_ key: KeyEvent) -> [ConsoleCommand] { self.take(TerminalEvent.key(key)) }
    var picture: String { Pilot.text(Frame(model: self).draw()) }
}

// Contents are opened as work: it is done here, and what it asks for in turn.
extension ConsoleModel {
    mutating func send(_ text: String) async {
        for character in text { await self.send(.character(character)) }
    }

    mutating func send(_ key: KeyEvent) async { await self.settle(self.press(key)) }

    mutating func settle(_ commands: [ConsoleCommand]) async {
        var waiting = commands
        while !waiting.isEmpty {
            guard case .work(let owner, let work) = waiting.removeFirst(), case .screen(.traffic) = owner else {
                continue
            }
            let services = Services(
                journal: Journal(), backends: ScriptedBackends(), worker: ScriptedWorker(), resources: [],
                checks: ScriptedChecks(report: ChecksSample.report))
            waiting += self.receive(await work.run(services), for: owner)
        }
    }
}
