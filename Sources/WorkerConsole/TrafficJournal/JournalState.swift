import WorkerDomain

/// What the journal's lock protects: the kept exchanges, what was let go, and the counts.
struct JournalState {
    private struct Removal {
        let version: UInt64
        let id: ExchangeID
    }

    /// Rises with every event, dropped ones included.
    private(set) var version: UInt64 = 0
    private(set) var store = ExchangeStore()
    private(set) var window = RateWindow()
    private let limits: JournalLimits
    private var seen = SeenWindow()
    /// The newest removals, as many as ``removalLimit``.
    private var removals = Ring<Removal>()
    private let removalLimit: Int
    /// Of the newest removal that is no longer remembered.
    private var forgottenVersion: UInt64 = 0
    private var highestID: UInt64 = 0
    private var preflights = 0
    private var total = 0
    private var evicted = 0
    private var dropped = 0

    init(limits: JournalLimits) {
        self.limits = limits
        self.removalLimit = min(max(limits.exchanges, 1_024), 65_536)
    }

    mutating func begin(_ exchange: Exchange, at instant: UInt64) {
        self.version += 1
        guard self.seen.insert(exchange.id.rawValue) else {
            self.dropped += 1
            return
        }
        self.total += 1
        self.highestID = max(self.highestID, exchange.id.rawValue)
        if exchange.route == .preflight { self.preflights += 1 }
        self.window.countRequest(at: instant)
        self.store.insert(exchange, at: instant, version: self.version)
        self.evictBeyondLimits()
    }

    /// Changes a kept exchange that is in flight; the event is dropped when there is none or `change` returns false.
    mutating func update(_ id: ExchangeID, _ change: (inout Exchange) -> Bool) {
        self.version += 1
        let slot = self.store.slot(of: id)
        guard slot != SlotList.none, self.store.update(slot, version: self.version, { $0.isInFlight && change(&$0) })
        else {
            self.dropped += 1
            return
        }
        self.evictBeyondLimits()
    }

    mutating func route(_ id: ExchangeID, to route: ExchangeRoute) {
        var isNewPreflight = false
        self.update(id) { exchange in
            isNewPreflight = route == .preflight && exchange.route != .preflight
            exchange.route = route
            return true
        }
        if isNewPreflight { self.preflights += 1 }
    }

    mutating func end(_ id: ExchangeID, _ summary: ExchangeSummary, at instant: UInt64) {
        self.version += 1
        let slot = self.store.slot(of: id)
        var status = 0
        guard slot != SlotList.none,
            self.store.update(
                slot, version: self.version,
                { exchange in
                    guard exchange.isInFlight else { return false }
                    if let answer = summary.answer { _ = exchange.note(answer) }
                    status = exchange.status ?? 0
                    exchange.end(with: summary)
                    return true
                })
        else {
            self.dropped += 1
            return
        }
        let statusClass = (1...5).contains(status / 100) ? status / 100 : 0
        let time =
            summary.timers.total
            ?? .nanoseconds(Int64(clamping: instant - min(instant, self.store.beganAt(slot))))
        self.window.countEnd(
            statusClass: statusClass, isProxyFailure: statusClass == 5 && summary.ending.isProxyAnswer, time: time,
            at: instant)
        self.evictBeyondLimits()
    }

    /// Ids that were let go after a version; `nil` when some are no longer remembered.
    func removals(since version: UInt64) -> [ExchangeID]? {
        guard version >= self.forgottenVersion, version <= self.version else { return nil }
        var ids: [ExchangeID] = []
        var offset = self.removals.count
        while offset > 0, self.removals[offset - 1].version > version { offset -= 1 }
        while offset < self.removals.count {
            ids.append(self.removals[offset].id)
            offset += 1
        }
        return ids
    }

    /// No kept exchange has an id below this one.
    var oldest: ExchangeID {
        self.store.lowestID ?? ExchangeID(rawValue: self.total == 0 ? 0 : self.highestID &+ 1)
    }

    /// The counts, without what covers a span of time.
    var counts: TrafficStatistics {
        var statistics = TrafficStatistics()
        statistics.preflights = self.preflights
        statistics.total = self.total
        statistics.inFlight = self.store.inFlightCount
        statistics.kept = self.store.count
        statistics.keptBytes = self.store.bytes
        statistics.evicted = self.evicted
        statistics.dropped = self.dropped
        return statistics
    }

    private mutating func evictBeyondLimits() {
        while self.store.count > self.limits.exchanges || self.store.bytes > self.limits.bytes {
            guard let id = self.store.evict() else { return }
            self.evicted += 1
            if self.removals.count == self.removalLimit, let forgotten = self.removals.first {
                self.forgottenVersion = forgotten.version
                self.removals.removeFirst(1)
            }
            self.removals.append(Removal(version: self.version, id: id))
        }
    }
}

extension Exchange {
    /// Takes over what is known at the end; a timer that the summary leaves out keeps what an event had said.
    fileprivate mutating func end(with summary: ExchangeSummary) {
        var timers = summary.timers
        timers.requestHead = timers.requestHead ?? self.timers.requestHead
        timers.queue = timers.queue ?? self.timers.queue
        timers.connect = timers.connect ?? self.timers.connect
        timers.response = timers.response ?? self.timers.response
        self.timers = timers
        self.requestBody = summary.requestBody
        self.responseBody = summary.responseBody
        self.ending = summary.ending
    }
}
