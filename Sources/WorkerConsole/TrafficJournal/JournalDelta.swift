package import WorkerDomain

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
    /// Exchanges that were let go since the cursor, in that order; ids that the reader never saw may be among them.
    package let removed: [ExchangeID]
    /// True when `changed` is everything that is kept: a reader then forgets what it had.
    package let isComplete: Bool
    /// Exchanges below this id are no longer kept.
    package let oldest: ExchangeID
    package let statistics: TrafficStatistics
    package let cursor: JournalCursor

    package init(
        changed: [Exchange], removed: [ExchangeID] = [], isComplete: Bool = false, oldest: ExchangeID,
        statistics: TrafficStatistics, cursor: JournalCursor
    ) {
        self.changed = changed
        self.removed = removed
        self.isComplete = isComplete
        self.oldest = oldest
        self.statistics = statistics
        self.cursor = cursor
    }
}
