import Synchronization

/// Computes figures from copies of the window, off the journal's lock, and remembers what can no longer change.
final class StatisticsReader: Sendable {
    private struct Cache {
        /// The second that was the current one when `closed` was made.
        var second: UInt64?
        /// Times of the whole seconds of the window.
        var closed = LatencyHistogram()
        /// 95th percentiles of whole seconds, oldest first.
        var p95: [Duration?] = []
    }

    private let cache = Mutex(Cache())

    /// Sets everything in `statistics` that covers a span of time.
    func fill(_ statistics: inout TrafficStatistics, from window: RateWindow, at instant: UInt64) {
        let current = max(instant / 1_000_000_000, window.newestSecond)
        let oldest = current - min(current, UInt64(RateWindow.length))
        let (closed, p95) = self.closedSeconds(oldest..<current, of: window)
        statistics.seconds = []
        var mix = RateWindow.StatusMix(repeating: 0)
        for (index, second) in (oldest..<current).enumerated() {
            var figures = TrafficStatistics.Second()
            if let bucket = window.bucket(of: second) {
                figures.requests = bucket.requests
                figures.p95 = p95[index]
                for kind in mix.indices { mix[kind] += bucket.mix[kind] }
            }
            statistics.seconds.append(figures)
        }
        var times = closed
        if let bucket = window.bucket(of: current) {
            for kind in mix.indices { mix[kind] += bucket.mix[kind] }
            if let newest = bucket.times { times.add(newest) }
        }
        statistics.statusMix = [:]
        for kind in mix.indices where mix[kind] > 0 { statistics.statusMix[kind] = mix[kind] }
        statistics.p50 = times.percentile(50)
        statistics.p95 = times.percentile(95)
        statistics.p99 = times.percentile(99)
        // A journal that is younger than the span divides by its age.
        let age = Int(min(10, current - min(current, window.firstSecond ?? current)))
        let recent = statistics.seconds.suffix(age).reduce(0) { $0 + $1.requests }
        statistics.requestsPerSecond = age == 0 ? 0 : Double(recent) / Double(age)
    }

    private func closedSeconds(
        _ seconds: Range<UInt64>, of window: RateWindow
    ) -> (times: LatencyHistogram, p95: [Duration?]) {
        self.cache.withLock { cache in
            if cache.second == seconds.upperBound { return (cache.closed, cache.p95) }
            cache.closed = LatencyHistogram()
            cache.p95 = []
            for second in seconds {
                guard let times = window.bucket(of: second)?.times else {
                    cache.p95.append(nil)
                    continue
                }
                cache.closed.add(times)
                cache.p95.append(times.percentile(95))
            }
            cache.second = seconds.upperBound
            return (cache.closed, cache.p95)
        }
    }
}
