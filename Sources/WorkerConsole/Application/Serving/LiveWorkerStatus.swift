import NetworkIO
import Synchronization
import WorkerDomain

/// The status of the running program, and the newest health of every binding.
final class LiveWorkerStatus: WorkerStatusSource {
    private struct State {
        var status: WorkerStatus
        var health: [String: BindingHealth] = [:]
    }
    private let state: Mutex<State>
    private let resources: [BoundResource]
    private let probe: @Sendable (BoundResource) async -> BindingHealth

    /// - Parameters:
    ///   - status: What is known at the start.
    ///   - resources: The bindings to probe.
    ///   - probe: Reads one binding cheaply.
    init(
        _ status: WorkerStatus, resources: [BoundResource],
        probe: @escaping @Sendable (BoundResource) async -> BindingHealth
    ) {
        self.state = Mutex(State(status: status))
        self.resources = resources
        self.probe = probe
    }

    func status() -> WorkerStatus {
        var status = self.state.withLock { $0.status }
        status.residentBytes = ProcessMemory.residentBytes()
        status.exhaustedDescriptors = DescriptorReserve.process.isShort ? DescriptorReserve.process.limit : nil
        return status
    }

    func bindingHealth() -> [String: BindingHealth] { self.state.withLock { $0.health } }

    func update(_ change: (inout WorkerStatus) -> Void) {
        self.state.withLock { change(&$0.status) }
    }

    func probeBindings() async {
        await withTaskGroup(of: (String, BindingHealth).self) { group in
            for resource in self.resources {
                group.addTask { (resource.binding.id, await self.probe(resource)) }
            }
            for await (id, health) in group {
                self.state.withLock { $0.health[id] = health.continuing($0.health[id]) }
            }
        }
    }
}
