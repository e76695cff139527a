import Synchronization
import TrafficJournal
import WorkerDomain

@testable import ConsoleUI

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

extension Pilot {
    static func services() -> Services {
        Services(
            journal: Journal(), backends: PilotBackends(), worker: PilotWorker(), resources: [], checks: PilotChecks())
    }
}
