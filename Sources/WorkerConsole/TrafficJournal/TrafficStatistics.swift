/// Figures over everything that passed, kept or not.
package struct TrafficStatistics: Sendable, Equatable {
    /// One second of traffic.
    package struct Second: Sendable, Equatable {
        package var requests: Int = 0
        /// 95th percentile of the total time of exchanges that ended in this second; `nil` when none did.
        package var p95: Duration?
        package init() {}
    }

    /// The last 60 whole seconds, oldest first.
    package var seconds: [Second] = []
    /// Requests a second over the last 10 whole seconds, or over all of them when the first request is younger.
    package var requestsPerSecond: Double = 0
    /// Over exchanges that ended in the last 60 seconds, to within one hundredth; `nil` when none did.
    package var p50: Duration?
    package var p95: Duration?
    package var p99: Duration?
    /// The highest ``Second/p95``, or that of the second that runs; never below ``p95``.
    package var highestP95: Duration?
    /// Exchanges that ended in the last 60 seconds, by class of status (1 to 5; 0 for no status sent).
    package var statusMix: [Int: Int] = [:]
    /// Of the 5xx among them, those that the proxy itself sent because no backend did; the rest is backends' own.
    package var proxyFailures: Int = 0
    /// Preflights since the start.
    package var preflights: Int = 0
    /// Exchanges since the start.
    package var total: Int = 0
    /// Kept exchanges that have not ended.
    package var inFlight: Int = 0
    /// Kept now.
    package var kept: Int = 0
    /// Memory that the kept ones hold: heads, captured bodies, and a fixed amount each.
    package var keptBytes: Int = 0
    /// Let go because of a bound, since the start.
    package var evicted: Int = 0
    /// Events that could not be recorded, since the start.
    package var dropped: Int = 0

    package init() {}
}
