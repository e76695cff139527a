import WorkerDomain

/// Counts of the newest seconds of traffic, a bucket a second.
///
/// Writers fill it under the journal's lock and never compute; readers take a copy and do (``StatisticsReader``).
struct RateWindow {
    /// Whole seconds that figures cover.
    static let length = 60

    /// One second of traffic.
    struct Bucket {
        /// Whole seconds of the monotonic clock; tells an old bucket from a new one in the same place.
        var second: UInt64
        var requests = 0
        /// Exchanges that ended, by class of status; 0 for no status.
        var mix: StatusMix = [0, 0, 0, 0, 0, 0]
        /// Of the 5xx among them, those that the proxy itself sent.
        var proxyFailures = 0
        /// Total times of exchanges that ended; `nil` while none has.
        var times: LatencyHistogram?
    }
    typealias StatusMix = [6 of Int]

    /// The first second that was counted; `nil` before it.
    private(set) var firstSecond: UInt64?
    /// The newest second that was written to.
    private(set) var newestSecond: UInt64 = 0
    /// At `second % 64`.
    private var buckets = [Bucket](repeating: Bucket(second: .max), count: 64)

    mutating func countRequest(at instant: UInt64) {
        self.withBucket(at: instant) { $0.requests += 1 }
    }

    mutating func countEnd(statusClass: Int, isProxyFailure: Bool, nanoseconds: Int64, at instant: UInt64) {
        self.withBucket(at: instant) {
            $0.mix[statusClass] += 1
            if isProxyFailure { $0.proxyFailures += 1 }
            if $0.times == nil { $0.times = LatencyHistogram(precision: .hundredth) }
            $0.times?.record(nanoseconds: nanoseconds)
        }
    }

    /// The bucket of a second; `nil` when nothing happened in it or it is too old.
    func bucket(of second: UInt64) -> Bucket? {
        let bucket = self.buckets[Int(second % 64)]
        return bucket.second == second ? bucket : nil
    }

    private mutating func withBucket(at instant: UInt64, _ change: (inout Bucket) -> Void) {
        // The clock is read before the lock is taken: a writer that waited must not reopen a second that is closed.
        self.newestSecond = max(self.newestSecond, instant / 1_000_000_000)
        if self.firstSecond == nil { self.firstSecond = self.newestSecond }
        let place = Int(self.newestSecond % 64)
        if self.buckets[place].second != self.newestSecond { self.buckets[place] = Bucket(second: self.newestSecond) }
        change(&self.buckets[place])
    }
}
