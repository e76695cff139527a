package import WorkerDomain

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The same backend for the same client; when one leaves or comes, only its own clients move.
///
/// Weighted rendezvous hashing: each backend draws a number from client and name, the best one has the client.
package struct ClientHash: SelectionPolicy {
    package static let name = SteeringSettings.Policy.clientHash
    package static let sharesByWeight: Bool? = true

    package init() {}

    package mutating func select(among candidates: [BackendLoad], key: UInt64) -> Int {
        var best = 0
        var bestScore = -Double.infinity
        for (index, candidate) in candidates.enumerated() {
            let draw = StableHash.mix(key ^ candidate.nameHash)
            // In (0, 1): a logarithm of zero would beat everybody.
            let fraction = (Double(draw >> 11) + 0.5) / 9_007_199_254_740_992
            let score = -Double(candidate.weight) / log(fraction)
            if score > bestScore { (best, bestScore) = (index, score) }
        }
        return best
    }
}
