package import WorkerDomain

/// How much the journal keeps.
package struct JournalLimits: Sendable, Equatable {
    /// Exchanges kept at most; the oldest ended ones go first.
    package var exchanges: Int
    /// Bytes kept at most, heads and bodies together.
    package var bytes: Int

    package init(exchanges: Int = 20_000, bytes: Int = 64 << 20) {
        self.exchanges = exchanges
        self.bytes = bytes
    }
}

/// Where a reader of the journal last was; opaque.
package struct JournalCursor: Sendable, Equatable {
    package let version: UInt64

    package init(version: UInt64) {
        self.version = version
    }
}

/// What changed in the journal since a cursor.
package struct JournalDelta: Sendable {
    /// Exchanges that are new or have changed, by ascending id; each stands here once, as it is now.
    package let changed: [Exchange]
    /// Exchanges below this id are no longer kept.
    package let oldest: ExchangeID
    package let statistics: TrafficStatistics
    package let cursor: JournalCursor

    package init(changed: [Exchange], oldest: ExchangeID, statistics: TrafficStatistics, cursor: JournalCursor) {
        self.changed = changed
        self.oldest = oldest
        self.statistics = statistics
        self.cursor = cursor
    }
}

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
    /// Requests a second over the last 10 seconds.
    package var requestsPerSecond: Double = 0
    /// Over exchanges that ended in the last 60 seconds; `nil` when none did.
    package var p50: Duration?
    package var p95: Duration?
    package var p99: Duration?
    /// Exchanges that ended in the last 60 seconds, by class of status (1 to 5; 0 for no status sent).
    package var statusMix: [Int: Int] = [:]
    package var preflights: Int = 0
    /// Since the start.
    package var total: Int = 0
    package var inFlight: Int = 0
    /// Kept now.
    package var kept: Int = 0
    package var keptBytes: Int = 0
    /// Let go because of a bound, since the start.
    package var evicted: Int = 0
    /// Events that could not be recorded, since the start.
    package var dropped: Int = 0

    package init() {}
}

/// Keeps the newest exchanges and counts all of them.
package final class Journal: TrafficSink {
    package init(limits: JournalLimits = JournalLimits()) {}

    package func record(_ event: ExchangeEvent, of id: ExchangeID) {}

    /// What changed since `cursor`; everything that is kept for `nil`.
    package func delta(since cursor: JournalCursor?) -> JournalDelta {
        JournalDelta(
            changed: [], oldest: ExchangeID(rawValue: 0), statistics: TrafficStatistics(),
            cursor: JournalCursor(version: 0))
    }
}
