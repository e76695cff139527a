import Synchronization
import TerminalCanvas
import TrafficJournal
import WorkerDomain

@testable import ConsoleUI

/// A terminal without a screen: keeps what was presented, and lets a test wait for a picture.
actor PilotTerminal: Terminal {
    nonisolated let events: AsyncStream<TerminalEvent>
    private nonisolated let feed: AsyncStream<TerminalEvent>.Continuation
    private nonisolated let pictures: AsyncStream<String>
    private nonisolated let show: AsyncStream<String>.Continuation
    private(set) var isClosed = false

    init() {
        (self.events, self.feed) = AsyncStream.makeStream()
        (self.pictures, self.show) = AsyncStream.makeStream()
    }

    func open() async throws(TerminalError) -> Size { Size(columns: 80, rows: 24) }
    func present(_ canvas: Canvas) async { self.show.yield(Pilot.text(canvas)) }
    func copy(_ text: String) async {}
    func useMouse(_ isOn: Bool) async {}
    func suspend() async {}
    func close() async {
        self.isClosed = true
        self.feed.finish()
        self.show.finish()
    }

    nonisolated func press(_ key: KeyEvent) { self.feed.yield(.key(key)) }

    /// Waits for a picture that holds `text`.
    nonisolated func sees(_ text: String) async -> Bool {
        for await picture in self.pictures where picture.contains(text) { return true }
        return false
    }
}

final class PilotBackends: BackendControl {
    private let state = Mutex(Pilot.backends())
    func snapshot() -> BackendsSnapshot { self.state.withLock { $0 } }
    func activate(_ name: String) async throws(BackendControlError) {
        self.state.withLock { state in
            for index in state.backends.indices {
                state.backends[index].isActive = state.backends[index].backend.name == name
            }
        }
    }
    func add(_ backend: Backend) async throws(BackendControlError) {
        throw BackendControlError(.notSaved, operation: "add", reason: "read-only folder")
    }
    func probe(_ name: String?) async {}
}

struct PilotWorker: WorkerStatusSource {
    func status() -> WorkerStatus { Pilot.status() }
    func bindingHealth() -> [String: BindingHealth] { Pilot.health() }
    func probeBindings() async {}
}

struct PilotChecks: CheckRunner {
    func run() async -> CheckReport { CheckReport(results: [], startedAt: Pilot.now, duration: .zero) }
}
