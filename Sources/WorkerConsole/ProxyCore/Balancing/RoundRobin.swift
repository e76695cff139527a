package import WorkerDomain

/// Each backend in turn.
package struct RoundRobin: SelectionPolicy {
    package static let name = SteeringSettings.Policy.roundRobin
    package static let sharesByWeight: Bool? = false
    private var next = 0

    package init() {}

    package mutating func select(among candidates: [BackendLoad], key _: UInt64) -> Int {
        let index = self.next % candidates.count
        self.next = index + 1
        return index
    }
}
