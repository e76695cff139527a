import Executors
import Glibc
import Synchronization
package import WorkerDomain

/// Keeps the newest exchanges and counts all of them.
///
/// Event loops write, any number of readers pull. Every event is O(1) under one lock; reading holds it for a few hundred
/// exchanges at a time. One exchange is one row, whatever the order of its events: events of an unknown one, and those
/// after its end, are counted as dropped.
package final class Journal: TrafficSink {
    /// Exchanges that a reader copies before it lets the writers in again.
    private static let copiesAtOnce = 256

    private let state: Mutex<JournalState>
    private let published = Atomic<UInt64>(0)
    private let reader = StatisticsReader()
    private let clock: @Sendable () -> UInt64

    /// Makes an empty journal.
    /// - Parameters:
    ///   - limits: What it keeps at most.
    ///   - clock: Monotonic nanoseconds, for the spans of time that figures cover; asked when an event comes without a time.
    package init(
        limits: JournalLimits = JournalLimits(), clock: @escaping @Sendable () -> UInt64 = Journal.monotonicNanoseconds
    ) {
        var limits = limits
        limits.exchanges = min(max(1, limits.exchanges), 1 << 24)
        self.state = Mutex(JournalState(limits: limits))
        self.clock = clock
    }

    /// Rises with every event; read without a lock, so that a poller can see at no cost that nothing is new.
    ///
    /// Figures that cover a span of time change without it: read them once a second all the same.
    package var version: UInt64 { self.published.load(ordering: .acquiring) }

    package func begin(_ id: ExchangeID, _ beginning: ExchangeBeginning, head: RawSpan, at instant: UInt64?) {
        let instant = instant ?? self.clock()
        self.change { $0.begin(id, beginning, head: head, at: instant) }
    }

    package func route(_ id: ExchangeID, to route: ExchangeRoute) {
        self.change { $0.route(id, to: route) }
    }

    package func connect(_ id: ExchangeID, _ connection: ExchangeConnection) {
        self.change { state in state.update(id) { $0.note(connection) } }
    }

    package func retry(_ id: ExchangeID, reason: String) {
        self.change { state in state.update(id) { $0.retries += 1 } }
    }

    package func respond(_ id: ExchangeID, _ response: ExchangeResponse, head: RawSpan) {
        self.change { $0.respond(id, response, head: head) }
    }

    package func end(
        _ id: ExchangeID, _ summary: ExchangeSummary, head: RawSpan, requestBody: [UInt8], responseBody: [UInt8],
        at instant: UInt64?
    ) {
        let instant = instant ?? self.clock()
        self.change {
            $0.end(id, summary, head: head, requestBody: requestBody, responseBody: responseBody, at: instant)
        }
    }

    /// What changed since `cursor`; everything that is kept for `nil`, or when the reader fell too far behind.
    package func delta(since cursor: JournalCursor?) -> JournalDelta {
        let now = self.clock()
        var reading = JournalReading(since: cursor)
        // Writers that are faster than this reader would keep it here for ever: in the end it takes all at once.
        var rounds = 1
        while !self.state.withLock({ reading.readMore(of: $0, limit: rounds < 1_000 ? Self.copiesAtOnce : .max) }) {
            rounds += 1
            giveWay()
        }
        return reading.delta(with: self.reader, at: now)
    }

    /// Appends some of the exchanges that have ended, for ``EndedExchanges``, which keeps its place.
    /// - Returns: The version when there are no more; `nil` when there may be.
    func appendEnded(after place: inout ExchangeStore.Place?, to list: inout [Exchange]) -> UInt64? {
        self.state.withLock { state in
            state.store.appendEnded(after: &place, limit: Self.copiesAtOnce, to: &list) ? state.version : nil
        }
    }

    /// Nanoseconds of the monotonic clock.
    package static func monotonicNanoseconds() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    /// Calls `tell` once, on the thread of the event, when the version is no longer `version`: at once when it is another one
    /// already. It must not wait.
    ///
    /// - Parameters:
    ///   - version: What `watcher` knows of.
    ///   - watcher: Whom it tells: what it asked for before is forgotten, so that asking often costs nothing.
    ///   - tell: Called.
    package func whenChanged(
        from version: UInt64, for watcher: AnyObject, _ tell: @escaping @Sendable () -> Void
    ) {
        let watcher = ObjectIdentifier(watcher)
        let isOver = self.state.withLock { state in
            if state.version == version { state.addWatcher(watcher, tell) }
            return state.version != version
        }
        if isOver { tell() }
    }

    /// Versions are published in their order, under the lock.
    @inline(__always)
    private func change(_ body: (inout JournalState) -> Void) {
        let watchers = self.state.withLock { state in
            body(&state)
            self.published.store(state.version, ordering: .releasing)
            return state.takeWatchers()
        }
        for tell in watchers { tell() }
    }
}
