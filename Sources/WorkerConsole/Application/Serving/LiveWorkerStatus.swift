import NetworkIO
import Synchronization
import WorkerDomain

/// The status of the running program, and the newest health of every binding.
final class LiveWorkerStatus: WorkerStatusSource {
    private struct State {
        var status: WorkerStatus
        var resources: [BoundResource]
        var health: [String: BindingHealth] = [:]
    }
    private let state: Mutex<State>
    private let probe: @Sendable (BoundResource) async -> BindingHealth

    /// - Parameters:
    ///   - status: What is known at the start.
    ///   - resources: The bindings to probe.
    ///   - probe: Reads one binding cheaply.
    init(
        _ status: WorkerStatus, resources: [BoundResource],
        probe: @escaping @Sendable (BoundResource) async -> BindingHealth
    ) {
        self.state = Mutex(State(status: status, resources: resources))
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

    /// Probes these from now on; what is known of those that read something else now is forgotten.
    func use(_ resources: [BoundResource]) {
        self.state.withLock { state in
            let known = Dictionary(state.resources.map { ($0.binding.id, $0.generation) }) { first, _ in first }
            let kept = Set(resources.filter { known[$0.binding.id] == $0.generation }.map(\.binding.id))
            state.resources = resources
            state.health = state.health.filter { kept.contains($0.key) }
        }
    }

    func probeBindings() async {
        await withTaskGroup(of: (BoundResource, BindingHealth).self) { group in
            for resource in self.state.withLock({ $0.resources }) {
                group.addTask { (resource, await self.probe(resource)) }
            }
            for await (resource, health) in group {
                self.state.withLock { state in
                    // It may have been configured anew meanwhile.
                    let isKnown = state.resources.contains {
                        $0.binding.id == resource.binding.id && $0.generation == resource.generation
                    }
                    guard isKnown else { return }
                    state.health[resource.binding.id] = health.continuing(state.health[resource.binding.id])
                }
            }
        }
    }
}
