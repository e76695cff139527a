import Synchronization
import WorkerDomain

/// Computes figures from copies of the window, off the journal's lock, and remembers what can no longer change.
final class StatisticsReader: Sendable {
    private struct Cache {
        /// Times of the seconds that can no longer change.
        var settled = SlidingTimes()
        /// Their sum.
        var sum: LatencyHistogram?
        /// The steps of their 95th percentiles; of all seconds that the window still has.
        var p95: [UInt64: Duration] = [:]
    }

    private let cache = Mutex(Cache())

    /// Sets everything in `statistics` that covers a span of time.
    func fill(_ statistics: inout TrafficStatistics, from window: RateWindow, at instant: UInt64) {
        let current = max(instant / 1_000_000_000, window.newestSecond)
        let oldest = current - min(current, UInt64(RateWindow.length))
        statistics.seconds = []
        var mix = RateWindow.StatusMix(repeating: 0)
        var failures = 0
        let (times, p95) = self.times(oldest..<current, of: window)
        let longest = times?.longestCounted ?? .zero
        for second in oldest..<current {
            var figures = TrafficStatistics.Second()
            if let bucket = window.bucket(of: second) {
                figures.requests = bucket.requests
                figures.p95 = p95[second].map { min($0, longest) }
                for kind in mix.indices { mix[kind] += bucket.mix[kind] }
                failures += bucket.proxyFailures
            }
            statistics.seconds.append(figures)
        }
        var highest = statistics.seconds.compactMap(\.p95).max()
        if let bucket = window.bucket(of: current) {
            if let running = bucket.times?.step(of: 95) { highest = max(highest ?? .zero, min(running, longest)) }
            for kind in mix.indices { mix[kind] += bucket.mix[kind] }
            failures += bucket.proxyFailures
        }
        statistics.statusMix = [:]
        for kind in mix.indices where mix[kind] > 0 { statistics.statusMix[kind] = mix[kind] }
        statistics.proxyFailures = failures
        statistics.p50 = times?.percentile(50)
        statistics.p95 = times?.percentile(95)
        statistics.highestP95 = highest
        statistics.p99 = times?.percentile(99)
        // A journal that is younger than the span divides by its age.
        let age = Int(min(10, current - min(current, window.firstSecond ?? current)))
        let recent = statistics.seconds.suffix(age).reduce(0) { $0 + $1.requests }
        statistics.requestsPerSecond = age == 0 ? 0 : Double(recent) / Double(age)
    }

    /// The times of whole seconds and of the one after them, and the step of the 95th percentile of each whole one.
    private func times(
        _ seconds: Range<UInt64>, of window: RateWindow
    ) -> (all: LatencyHistogram?, p95: [UInt64: Duration]) {
        // The newest second that was written to still may be, by a writer that was held up, while the clock is already
        // past it.
        let current = seconds.upperBound
        let settled = min(current, max(window.newestSecond, current - min(current, 1)))
        return self.cache.withLock { cache in
            let known = cache.settled.seconds
            let span = seconds.lowerBound..<max(settled, seconds.lowerBound)
            if span != known {
                for second in span where !known.contains(second) {
                    cache.p95[second] = window.bucket(of: second)?.times?.step(of: 95)
                }
                for second in known where !span.contains(second) { cache.p95[second] = nil }
                cache.settled.slide(to: span) { window.bucket(of: $0)?.times }
                cache.sum = cache.settled.sum
            }
            var (all, p95) = (cache.sum, cache.p95)
            for second in span.upperBound...current {
                guard let times = window.bucket(of: second)?.times else { continue }
                if second < current { p95[second] = times.step(of: 95) }
                if all == nil { all = times } else { all?.add(times) }
            }
            return (all, p95)
        }
    }
}
