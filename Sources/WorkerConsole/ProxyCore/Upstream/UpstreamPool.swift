import NIOCore
import NIOPosix
import WorkerDomain

/// The connections of one event loop to the backends, those in use counted, the unused ones kept.
final class UpstreamPool {
    private struct Place {
        /// Oldest first; the newest is used next, so that the others can grow old and be closed.
        var idle: [UpstreamHandler] = []
        /// Established and being established, in use or not.
        var total = 0
        var waiting: [DownstreamHandler] = []
    }

    private let idleLimit: Int
    private let connectionLimit: Int
    private let idleTimeout: Int64
    private let connectTimeout: TimeAmount
    private var places: [Place] = []
    /// Takes the place of the network where there is none; `nil` establishes real connections.
    var connector: ((UpstreamHandler) -> EventLoopFuture<any Channel>.Isolated)?

    init(configuration: UpstreamConfiguration, connect: Duration) {
        self.idleLimit = configuration.idleLimit
        self.connectionLimit = max(1, configuration.connectionLimit)
        self.idleTimeout = configuration.idleTimeout.nanoseconds
        // Establishing includes TLS, which the exchange's own limit covers; this one ends the bare connect a bit later.
        self.connectTimeout = .nanoseconds(max(connect.nanoseconds, 1_000_000) + 500_000_000)
    }

    var isEmpty: Bool { self.places.allSatisfy { $0.total == 0 } }

    /// Gets a connection for an exchange: an unused one at once, else `upstreamReady` or `upstreamFailed` is called.
    ///
    /// With `fresh` an unused one will not do, because one has just turned out to be dead.
    @inline(__always)
    func acquire(_ entry: BackendEntry, for handler: DownstreamHandler, fresh: Bool) -> UpstreamHandler? {
        self.grow(to: entry.slot)
        if !fresh, let upstream = self.places[entry.slot].idle.popLast() { return upstream }
        if self.places[entry.slot].total >= self.connectionLimit {
            self.places[entry.slot].waiting.append(handler)
        } else {
            self.connect(entry, for: handler)
        }
        return nil
    }

    /// The exchange does not wait any longer.
    func cancel(_ entry: BackendEntry, for handler: DownstreamHandler) {
        self.grow(to: entry.slot)
        self.places[entry.slot].waiting.removeAll { $0 === handler }
    }

    /// Takes a connection back that may be used again.
    @inline(__always)
    func release(_ upstream: UpstreamHandler, now: Int64) {
        let slot = upstream.entry.slot
        if !self.places[slot].waiting.isEmpty {
            self.places[slot].waiting.removeFirst().upstreamReady(upstream, reused: true)
        } else if self.places[slot].idle.count >= self.idleLimit {
            upstream.close()
        } else {
            upstream.idleSince = now
            self.places[slot].idle.append(upstream)
        }
    }

    /// A connection is gone, whatever it was doing.
    func closed(_ upstream: UpstreamHandler, wasIdle: Bool) {
        let slot = upstream.entry.slot
        if wasIdle { self.places[slot].idle.removeAll { $0 === upstream } }
        self.gone(upstream.entry)
    }

    func closeExpired(now: Int64) {
        for slot in self.places.indices {
            while let oldest = self.places[slot].idle.first, now - oldest.idleSince > self.idleTimeout {
                self.places[slot].idle.removeFirst()
                oldest.close()
            }
        }
    }

    func closeIdle() {
        for slot in self.places.indices {
            let idle = self.places[slot].idle
            self.places[slot].idle = []
            for upstream in idle { upstream.close() }
        }
    }

    private func grow(to slot: Int) {
        while self.places.count <= slot { self.places.append(Place()) }
    }

    /// One connection less: who waits may have a new one.
    private func gone(_ entry: BackendEntry) {
        self.places[entry.slot].total -= 1
        guard !self.places[entry.slot].waiting.isEmpty else { return }
        self.connect(entry, for: self.places[entry.slot].waiting.removeFirst())
    }

    private func connect(_ entry: BackendEntry, for handler: DownstreamHandler) {
        self.places[entry.slot].total += 1
        let loop = handler.loop
        let upstream = UpstreamHandler(loop: loop, entry: entry)
        upstream.awaiting = handler
        handler.upstreamConnecting(upstream)
        let future = self.connector?(upstream) ?? self.establish(upstream, on: loop)
        future.whenFailure { error in
            // A channel that was established and then failed its TLS has told so already.
            guard !upstream.wasActive else { return }
            self.gone(entry)
            let waiting = upstream.awaiting
            upstream.awaiting = nil
            waiting?.upstreamFailed(upstream, reason: ConnectFailure.text(of: error))
        }
    }

    private func establish(
        _ upstream: UpstreamHandler, on loop: LoopContext
    ) -> EventLoopFuture<any Channel>.Isolated {
        let url = upstream.entry.backend.url
        let bound = NIOLoopBound(upstream, eventLoop: loop.loop)
        let tls = loop.shared.tls
        let plan = BufferPlan.beside(loop.connections.count)
        let bootstrap = ClientBootstrap(group: loop.loop)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelOption(.writeBufferWaterMark, value: .init(low: 65_536, high: 131_072))
            .channelOption(.maxMessagesPerRead, value: UInt(plan.pieces))
            .channelOption(.recvAllocator, value: plan.receiving)
            .connectTimeout(self.connectTimeout)
        let direct = bootstrap.channelInitializer { channel in
            channel.eventLoop.makeCompletedFuture { try Self.prepare(channel, for: bound.value, tls: tls) }
        }
        if let path = url.socketPath {
            return direct.connect(unixDomainSocketPath: path).assumeIsolated()
        }
        if let address = upstream.entry.address {
            return direct.channelOption(.tcpOption(.tcp_nodelay), value: 1).connect(to: address).assumeIsolated()
        }
        // Races the addresses of a name as RFC 8305 says: IPv6 first, the next one after 250 ms or a failure. Every
        // attempt is a channel of its own, so only the winner gets the handler.
        return
            bootstrap
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .resolver(CachedResolver(cache: loop.shared.addresses, loop: loop.loop))
            .connect(host: url.host, port: url.port)
            .assumeIsolated()
            .flatMapThrowing { channel in
                do {
                    try Self.prepare(channel, for: upstream, tls: tls)
                } catch {
                    channel.close(promise: nil)
                    throw error
                }
                return channel
            }
    }

    private static func prepare(_ channel: any Channel, for upstream: UpstreamHandler, tls: TLSContexts) throws {
        let backend = upstream.entry.backend
        if backend.url.scheme == .https {
            try channel.pipeline.syncOperations.addHandler(tls.handler(for: backend))
        }
        try channel.pipeline.syncOperations.addHandler(upstream)
    }
}
