import NetworkIO
import WorkerDomain

/// The connections of one event loop to the backends: those in use are counted, the unused ones kept.
final class UpstreamPool {
    /// Which connection will do for a request.
    enum Use {
        /// Any that is open.
        case any
        /// One that was used a moment ago: the request must not be repeated, and a backend closes what has been idle.
        case recent
        /// A new one, because a kept one has just turned out to be dead.
        case fresh
    }

    private struct Place {
        /// Oldest first; the newest is used next, so that the others can grow old and be closed.
        var idle: [UpstreamConnection] = []
        /// Established and being established, in use or not.
        var total = 0
        var waiting: [ActiveExchange] = []
    }

    /// A connection that has been idle for longer may be closed by its backend at any moment.
    private static let recentTime: Int64 = 1_000_000_000
    /// Within this time after its last use the system is not asked about a connection, which costs a call: what the loop
    /// was told until now is enough for a request that may be repeated, and for others when it has waited for events since,
    /// because the backend's end would have been told before a request that came after it.
    private static let trustedTime: Int64 = 100_000_000

    /// Until the next try when no descriptor was left, and connections that are tried for then, for each backend.
    private static let retryTime: Int64 = 20_000_000
    private static let retriesAtOnce = 8

    private let idleLimit: Int
    private let connectionLimit: Int
    private let idleTimeout: Int64
    private let connectTimeout: Int64
    private var places: [Place] = []
    /// Those that are still connecting.
    private var attempts: [ObjectIdentifier: UpstreamAttempt] = [:]
    private var isClosed = false
    private var isRetrying = false

    init(configuration: UpstreamConfiguration, connect: Duration) {
        self.idleLimit = configuration.idleLimit
        self.connectionLimit = max(1, configuration.connectionLimit)
        self.idleTimeout = configuration.idleTimeout.nanoseconds
        // Establishing includes TLS, which the exchange's own limit covers; this one ends the bare connect a bit later.
        self.connectTimeout = max(connect.nanoseconds, 1_000_000) + 500_000_000
    }

    var isEmpty: Bool { self.places.allSatisfy { $0.total == 0 } }

    /// Gets a connection for an exchange: a kept one at once, else `upstreamReady` or `upstreamFailed` is called.
    func acquire(
        _ entry: BackendEntry, for exchange: ActiveExchange, loop: LoopContext, _ use: Use
    ) -> UpstreamConnection? {
        self.grow(to: entry.slot)
        if let upstream = self.takeIdle(entry.slot, use, loop.loop) { return upstream }
        if self.places[entry.slot].total >= self.connectionLimit {
            self.places[entry.slot].waiting.append(exchange)
        } else {
            self.connect(entry, for: exchange, loop: loop)
        }
        return nil
    }

    @inline(__always)
    private func takeIdle(_ slot: Int, _ use: Use, _ loop: EventLoop) -> UpstreamConnection? {
        if use == .fresh { return nil }
        while let upstream = self.places[slot].idle.last {
            let idle = loop.now - upstream.idleSince
            // The newest is too old already: so are the others. They stay for requests that may be repeated.
            if use == .recent, idle > Self.recentTime { return nil }
            self.places[slot].idle.removeLast()
            let isTrusted = idle < Self.trustedTime && (use == .any || upstream.idleTurn != loop.turns)
            let connection = upstream.connection
            let isKnownToEnd = use == .any ? !connection.isOpen : connection.hasFetchedNews
            let hasNews = isTrusted ? isKnownToEnd : connection.hasNews
            if !hasNews { return upstream }
            upstream.close()
        }
        return nil
    }

    /// The exchange does not wait any longer.
    func cancel(_ entry: BackendEntry, for exchange: ActiveExchange) {
        self.grow(to: entry.slot)
        self.places[entry.slot].waiting.removeAll { $0 === exchange }
    }

    /// Takes a connection back that may be used again.
    func release(_ upstream: UpstreamConnection) {
        let slot = upstream.entry.slot
        if !self.places[slot].waiting.isEmpty {
            self.places[slot].waiting.removeFirst().upstreamReady(upstream, reused: true)
        } else if self.isClosed || self.places[slot].idle.count >= self.idleLimit {
            upstream.close()
        } else {
            self.places[slot].idle.append(upstream)
        }
    }

    /// An established connection is gone, whatever it was doing.
    func closed(_ upstream: UpstreamConnection, wasIdle: Bool, loop: LoopContext) {
        if wasIdle { self.places[upstream.entry.slot].idle.removeAll { $0 === upstream } }
        self.gone(upstream.entry, loop: loop)
    }

    func closeExpired(now: Int64) {
        for slot in self.places.indices {
            let expired = self.places[slot].idle.prefix { now - $0.idleSince > self.idleTimeout }
            guard !expired.isEmpty else { continue }
            self.places[slot].idle.removeFirst(expired.count)
            for upstream in expired { upstream.close() }
        }
    }

    /// Closes what is kept, gives up connecting, and keeps nothing more.
    func close() {
        self.isClosed = true
        let attempts = self.attempts
        self.attempts = [:]
        for attempt in attempts.values { attempt.cancel() }
        for slot in self.places.indices {
            let idle = self.places[slot].idle
            self.places[slot].idle = []
            for upstream in idle { upstream.close() }
        }
    }

    /// No descriptor was left for a connection: `exchange` waits for one of the others, or for the next try.
    func starved(_ entry: BackendEntry, _ exchange: ActiveExchange?, loop: LoopContext) {
        self.places[entry.slot].total -= 1
        if let exchange {
            exchange.upstreamStarved()
            self.places[entry.slot].waiting.append(exchange)
        }
        guard !self.isRetrying else { return }
        self.isRetrying = true
        loop.loop.schedule(after: Self.retryTime) { [weak self, weak loop] in
            guard let self, let loop else { return }
            self.isRetrying = false
            for place in self.places where place.total < self.connectionLimit {
                for exchange in place.waiting.prefix(Self.retriesAtOnce) {
                    guard let entry = exchange.entry else { continue }
                    self.cancel(entry, for: exchange)
                    self.connect(entry, for: exchange, loop: loop)
                }
            }
        }
    }

    private func grow(to slot: Int) {
        while self.places.count <= slot { self.places.append(Place()) }
    }

    /// It connects no longer, whatever came of it.
    func settled(_ attempt: UpstreamAttempt) { self.attempts[ObjectIdentifier(attempt)] = nil }

    /// One connection less: who waits may have a new one.
    func gone(_ entry: BackendEntry, loop: LoopContext) {
        self.places[entry.slot].total -= 1
        guard !self.places[entry.slot].waiting.isEmpty else { return }
        self.connect(entry, for: self.places[entry.slot].waiting.removeFirst(), loop: loop)
    }

    private func connect(_ entry: BackendEntry, for exchange: ActiveExchange, loop: LoopContext) {
        self.places[entry.slot].total += 1
        let attempt = UpstreamAttempt(entry: entry, exchange: exchange, loop: loop)
        self.attempts[ObjectIdentifier(attempt)] = attempt
        exchange.upstreamConnecting(attempt)
        attempt.start(timeout: self.connectTimeout)
    }
}
