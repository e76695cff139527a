package import WorkerDomain

/// Every request goes to the target of the last switch.
package struct ActiveOnly: SelectionPolicy {
    package static let name = SteeringSettings.Policy.active
    package static let sharesByWeight: Bool? = nil

    package init() {}

    package mutating func select(among candidates: [BackendLoad], key _: UInt64) -> Int {
        candidates.firstIndex { $0.isActive } ?? 0
    }
}
