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
    /// Told of the next event, by whom they tell.
    private var watchers: [ObjectIdentifier: @Sendable () -> Void] = [:]
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

    mutating func begin(_ id: ExchangeID, _ beginning: ExchangeBeginning, head: RawSpan, at instant: UInt64) {
        self.version += 1
        guard self.seen.insert(id.rawValue) else {
            self.dropped += 1
            return
        }
        self.total += 1
        self.highestID = max(self.highestID, id.rawValue)
        if beginning.route == .preflight { self.preflights += 1 }
        self.window.countRequest(at: instant)
        self.store.insert(id, beginning, head: head, at: instant, version: self.version)
        self.evictBeyondLimits()
    }

    mutating func addWatcher(_ watcher: ObjectIdentifier, _ tell: @escaping @Sendable () -> Void) {
        self.watchers[watcher] = tell
    }

    @inline(__always)
    mutating func takeWatchers() -> [@Sendable () -> Void] {
        if self.watchers.isEmpty { return [] }
        defer { self.watchers = [:] }
        return Array(self.watchers.values)
    }

    /// Changes a kept exchange that is in flight; the event is dropped when there is none.
    mutating func update(_ id: ExchangeID, _ change: (inout Exchange) -> Void) {
        guard let slot = self.slotInFlight(of: id) else { return }
        self.store.update(slot, version: self.version, change)
    }

    mutating func route(_ id: ExchangeID, to route: ExchangeRoute) {
        var isNewPreflight = false
        self.update(id) { exchange in
            isNewPreflight = route == .preflight && exchange.route != .preflight
            exchange.route = route
        }
        if isNewPreflight { self.preflights += 1 }
    }

    mutating func respond(_ id: ExchangeID, _ response: ExchangeResponse, head: RawSpan) {
        guard let slot = self.slotInFlight(of: id) else { return }
        guard self.store.respond(slot, response, head: head, version: self.version) else {
            self.dropped += 1
            return
        }
        self.evictBeyondLimits()
    }

    mutating func end(
        _ id: ExchangeID, _ summary: ExchangeSummary, head: RawSpan, requestBody: [UInt8], responseBody: [UInt8],
        at instant: UInt64
    ) {
        guard let slot = self.slotInFlight(of: id) else { return }
        if let response = summary.response { self.store.respond(slot, response, head: head, version: self.version) }
        let status = self.store.end(
            slot, summary, requestBody: requestBody, responseBody: responseBody, version: self.version)
        let statusClass = (100..<600).contains(status) ? status / 100 : 0
        var total = summary.timers.totalNanoseconds
        if total == .min { total = Int64(clamping: instant - min(instant, self.store.beganAt(slot))) }
        self.window.countEnd(
            statusClass: statusClass, isProxyFailure: statusClass == 5 && summary.ending.isProxyAnswer,
            nanoseconds: total, at: instant)
        self.evictBeyondLimits()
    }

    /// The slot of an exchange that is in flight; `nil` when there is none, which is counted.
    private mutating func slotInFlight(of id: ExchangeID) -> Int32? {
        self.version += 1
        let slot = self.store.slot(of: id)
        guard slot != SlotList.none, self.store.isInFlight(slot) else {
            self.dropped += 1
            return nil
        }
        return slot
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
