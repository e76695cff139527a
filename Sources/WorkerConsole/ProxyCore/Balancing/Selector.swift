import Synchronization
import WorkerDomain

/// A policy with its state, for all event loops.
final class Selector: Sendable {
    let name: String
    let isActiveOnly: Bool
    private let byWeight: Bool?
    private let policy: Mutex<any SelectionPolicy>

    init(_ name: SteeringSettings.Policy) {
        let type = SelectionPolicies.type(named: name)
        self.name = type.name.rawValue
        self.isActiveOnly = type == ActiveOnly.self
        self.byWeight = type.sharesByWeight
        self.policy = Mutex(type.init())
    }

    /// Every backend has a share that is known beforehand.
    var sharesByWeight: Bool { self.byWeight != nil }

    func weight(of entry: BackendEntry) -> Int { self.byWeight == true ? entry.backend.weight : 1 }

    func choose(among candidates: [BackendEntry], active: BackendEntry?, key: UInt64) -> BackendEntry? {
        guard candidates.count > 1 else { return candidates.first }
        let loads = candidates.map { entry in
            BackendLoad(
                nameHash: entry.nameHash, weight: max(1, entry.backend.weight),
                inFlight: entry.inFlight.load(ordering: .relaxed), isActive: entry === active)
        }
        let index = self.policy.withLock { $0.select(among: loads, key: key) }
        return candidates.indices.contains(index) ? candidates[index] : candidates.first
    }
}
