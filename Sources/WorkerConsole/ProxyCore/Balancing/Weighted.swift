package import WorkerDomain

/// In the proportion of the weights, spread evenly: with 3 and 1, `a a b a`.
///
/// The rule is nginx's smooth weighted round-robin: each gains its weight, the richest is chosen and pays the sum.
package struct Weighted: SelectionPolicy {
    package static let name = SteeringSettings.Policy.weighted
    package static let sharesByWeight: Bool? = true
    private var credit: [UInt64: Int] = [:]

    package init() {}

    package mutating func select(among candidates: [BackendLoad], key _: UInt64) -> Int {
        var best = 0
        var bestCredit = Int.min
        var total = 0
        for (index, candidate) in candidates.enumerated() {
            let credit = self.credit[candidate.nameHash, default: 0] + candidate.weight
            self.credit[candidate.nameHash] = credit
            total += candidate.weight
            if credit > bestCredit { (best, bestCredit) = (index, credit) }
        }
        self.credit[candidates[best].nameHash] = bestCredit - total
        return best
    }
}
