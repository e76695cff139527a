import WorkerDomain

/// Collects a delta in several short looks at the journal's state.
struct JournalReading {
    private let cursor: JournalCursor?
    /// Changes up to here are known to the reader already.
    private var start: UInt64 = 0
    /// Removals up to here concern nothing that is collected or that the reader has.
    private var removalStart: UInt64 = 0
    private var isComplete = false
    private var looks = 0
    private var place: ExchangeStore.Place?
    private var changed: [Exchange] = []
    private var removed: [ExchangeID] = []
    private var oldest = ExchangeID(rawValue: 0)
    private var counts = TrafficStatistics()
    private var window = RateWindow()
    private var version: UInt64 = 0

    init(since cursor: JournalCursor?) {
        self.cursor = cursor
    }

    /// Copies some more.
    /// - Parameters:
    ///   - state: The journal's state, now.
    ///   - limit: Exchanges copied at most.
    /// - Returns: True when there is nothing more.
    mutating func readMore(of state: borrowing JournalState, limit: Int) -> Bool {
        if self.looks == 0 {
            if let cursor, state.removals(since: cursor.version) != nil {
                self.start = cursor.version
                self.removalStart = cursor.version
            } else {
                self.startOver(state)
            }
        }
        self.looks += 1
        guard state.store.appendChanges(since: self.start, place: &self.place, limit: limit, to: &self.changed) else {
            return false
        }
        guard let removed = state.removals(since: self.removalStart) else {
            // More was let go between the looks than the journal remembers.
            self.startOver(state)
            return self.readMore(of: state, limit: .max)
        }
        self.removed = removed
        self.oldest = state.oldest
        self.counts = state.counts
        self.window = state.window
        self.version = state.version
        return true
    }

    /// The finished delta; to be called without the lock.
    consuming func delta(with reader: StatisticsReader, at instant: UInt64) -> JournalDelta {
        var statistics = self.counts
        reader.fill(&statistics, from: self.window, at: instant)
        return JournalDelta(
            changed: self.sorted(), removed: self.isComplete ? [] : self.removed, isComplete: self.isComplete,
            oldest: self.oldest, statistics: statistics, cursor: JournalCursor(version: self.version))
    }

    private mutating func startOver(_ state: borrowing JournalState) {
        self.isComplete = true
        self.start = 0
        self.removalStart = state.version
        self.place = nil
        self.changed = []
    }

    /// Ascending ids, each once in its latest state, without what was let go between two looks.
    private func sorted() -> [Exchange] {
        if self.looks == 1 {
            let isAscending = zip(self.changed, self.changed.dropFirst()).allSatisfy { $0.id < $1.id }
            return isAscending ? self.changed : self.changed.sorted { $0.id < $1.id }
        }
        let gone = Set(self.removed)
        let order = self.changed.indices.sorted {
            (self.changed[$0].id, $0) < (self.changed[$1].id, $1)
        }
        var list: [Exchange] = []
        list.reserveCapacity(order.count)
        for index in order {
            let exchange = self.changed[index]
            if list.last?.id == exchange.id {
                list[list.count - 1] = exchange
            } else if !gone.contains(exchange.id) {
                list.append(exchange)
            }
        }
        return list
    }
}
