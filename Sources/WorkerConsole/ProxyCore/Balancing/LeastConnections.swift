package import WorkerDomain

/// The backend with the fewest exchanges in flight for its weight; the first configured one wins a tie.
package struct LeastConnections: SelectionPolicy {
    package static let name = SteeringSettings.Policy.leastConnections
    package static let sharesByWeight: Bool? = nil

    package init() {}

    package mutating func select(among candidates: [BackendLoad], key _: UInt64) -> Int {
        var best = 0
        for index in candidates.indices.dropFirst() {
            // Cross-multiplied, so that 3 with weight 2 and 2 with weight 1 compare without rounding.
            let (this, that) = (candidates[index], candidates[best])
            if this.inFlight * that.weight < that.inFlight * this.weight { best = index }
        }
        return best
    }
}
