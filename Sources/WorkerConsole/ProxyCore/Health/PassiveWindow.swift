/// Finds that many of the newest requests to a backend failed. Pure; it is asked only when one fails.
struct PassiveWindow: Sendable, Equatable {
    /// The ordinals of the newest failures, oldest first.
    private var failed: [Int] = []

    /// Counts a failed request.
    ///
    /// - Parameters:
    ///   - ordinal: How many requests the backend has had so far, this one included.
    ///   - failures: How many of the newest `window` requests must have failed.
    ///   - window: In requests.
    /// - Returns: True when they have; counting then begins anew.
    mutating func add(ordinal: Int, failures: Int, window: Int) -> Bool {
        guard failures > 0 else { return false }
        self.failed.append(ordinal)
        if self.failed.count > failures { self.failed.removeFirst(self.failed.count - failures) }
        guard self.failed.count == failures, let oldest = self.failed.first, ordinal - oldest < window else {
            return false
        }
        self.failed.removeAll()
        return true
    }
}
