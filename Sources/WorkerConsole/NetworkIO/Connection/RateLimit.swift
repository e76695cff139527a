/// How many bytes may leave now, of so many a second.
struct RateLimit {
    /// What leaves at once, so that the head of a response is not slow.
    private static let burst = 1_024
    /// Nanoseconds between two allowances.
    static let interval: Int64 = 100_000_000

    let bytesPerSecond: Int
    private(set) var allowance = RateLimit.burst

    init(bytesPerSecond: Int) {
        self.bytesPerSecond = bytesPerSecond
    }

    mutating func spend(_ bytes: Int) { self.allowance = max(0, self.allowance - bytes) }

    /// A tenth of a second has passed.
    mutating func renew() { self.allowance = min(max(1, self.bytesPerSecond / 10), 1_000_000) }
}
