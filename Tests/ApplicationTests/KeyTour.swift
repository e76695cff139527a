import ConsoleUI
import ProxyCore
import TerminalCanvas
import TrafficJournal
import WorkerDomain

@testable import Application

/// The sample project, for consoles that open every pane of every screen on it.
struct KeyTour {
    /// A pane, and the way to it from the screen's start.
    struct Stop: Sendable {
        let screen: ScreenID
        /// As the reference of keys names it: `traffic.list`.
        let pane: String
        let path: [KeyEvent]
    }

    let world: World
    let services: Services

    /// - Parameter folder: Where the sample project is made; it must not be there yet.
    /// - Throws: A file error when it cannot be made.
    init(folder: String) throws {
        let names = ["blue", "green"]
        let backends = names.map {
            Backend(name: $0, url: BackendURL(scheme: .http, host: "127.0.0.1", port: $0 == "blue" ? 9_000 : 9_001))
        }
        _ = try DemoProject.create(in: folder, backends: backends)
        var options = ServingOptions()
        options.isReadOnly = false
        let settings = try ProjectSettings(folder: folder, environment: "").session(with: options)
        // Nobody writes to the sample: a wait for a change would have no end.
        let resources = settings.resources.map {
            var resource = BoundResource(binding: $0.binding, reader: $0.reader, place: $0.place)
            resource.writer = $0.writer
            return resource
        }
        let journal = Journal()
        Self.record(in: journal)
        let registry = BackendRegistry(backends: backends)
        self.services = Services(
            journal: journal, backends: registry,
            worker: LiveWorkerStatus(settings.status, resources: resources) { _ in BindingHealth() },
            resources: resources, checks: SampleChecks(),
            files: ConsoleFiles(folder: folder, home: nil, trash: ObjectTrash(stateFolder: folder + "/state")))
        var world = World(
            language: .english, now: Self.start, status: settings.status, resources: resources)
        let delta = journal.delta(since: nil)
        world.traffic.apply(delta)
        world.statistics = delta.statistics
        world.checks = SampleChecks.report
        world.backends = BackendsSnapshot(
            backends: registry.snapshot().backends,
            switches: [BackendSwitch(from: "green", to: "blue", at: Self.start, by: "you")])
        self.world = world
    }

    private static let start = WallTime(millisecondsSinceEpoch: 1_766_448_000_000)

    /// Three exchanges, of which the one in the middle failed.
    private static func record(in journal: Journal) {
        for number in 1...3 {
            let id = ExchangeID(rawValue: UInt64(number))
            // Fields enough to scroll.
            let fields = (1...40).map { "X-Line-\($0): \($0)\r\n" }.joined()
            let head = Array("GET /api/resumes/\(number) HTTP/1.1\r\nHost: localhost\r\n\(fields)\r\n".utf8)
            journal.begin(
                id,
                ExchangeBeginning(startedAt: self.start, downstream: "127.0.0.1:50000", route: .backend("blue")),
                head: head.span.bytes, at: nil)
            let ending =
                number == 2 ? ExchangeEnding(cause: .backendTimeout, phase: .responseHead) : ExchangeEnding.completed
            journal.end(
                id, ExchangeSummary(ending: ending, timers: ExchangeTimers()), head: RawSpan(), requestBody: [],
                responseBody: [], at: nil)
        }
    }
}

/// Reports one failing check that has a fix and an example that is long enough to scroll.
private struct SampleChecks: CheckRunner {
    static let report = CheckReport(
        results: [
            CheckResult(
                id: "config.main", title: "Main", outcome: .fail, summary: "main is not set", fix: "set main",
                example: (1...40).map { "# line \($0)\n" }.joined() + "main = \"worker.py\"")
        ], startedAt: WallTime(millisecondsSinceEpoch: 0), duration: .zero)

    func run() async -> CheckReport { Self.report }
}
