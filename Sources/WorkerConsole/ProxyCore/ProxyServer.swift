package import Logging
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization
package import WorkerDomain

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The proxy: listens, answers preflights, forwards, and reports every exchange.
///
/// The life of one is `start`, then `drain` with a deadline or not, then `stop`; it cannot be started again.
package final class ProxyServer: Sendable {
    private struct State: Sendable {
        var hasStarted = false
        var hasStopped = false
        var listeners: [any Channel] = []
        var listenTLS: NIOSSLContext?
        var loops: [ObjectIdentifier: NIOLoopBound<LoopContext>] = [:]
    }

    package let configuration: ProxyConfiguration
    package let backends: BackendRegistry
    private let shared: SharedContext
    private let group: MultiThreadedEventLoopGroup
    private let state = Mutex(State())
    private let logger: Logger

    /// - Parameters:
    ///   - configuration: Not changed while the proxy runs.
    ///   - registry: The backends, and which of them is active.
    ///   - sink: Gets the events of every exchange, on the event loops.
    ///   - eventLoopCount: Threads that serve; at least 1.
    ///   - logger: Gets what is no exchange's own.
    package convenience init(
        configuration: ProxyConfiguration, registry: BackendRegistry, sink: any TrafficSink, eventLoopCount: Int = 1,
        logger: Logger = Logger(label: "proxy")
    ) {
        self.init(
            configuration: configuration, registry: registry, sink: sink, eventLoopCount: eventLoopCount,
            logger: logger, lookup: AddressCache.system)
    }

    init(
        configuration: ProxyConfiguration, registry: BackendRegistry, sink: any TrafficSink, eventLoopCount: Int = 1,
        logger: Logger = Logger(label: "proxy"), lookup: @escaping AddressCache.Lookup
    ) {
        self.configuration = configuration
        self.backends = registry
        self.logger = logger
        self.group = MultiThreadedEventLoopGroup(numberOfThreads: max(1, eventLoopCount))
        self.shared = SharedContext(
            configuration: configuration, registry: registry, sink: sink, logger: logger,
            addresses: AddressCache(lifetime: configuration.upstream.addressLifetime, lookup: lookup))
    }

    /// As the other initialiser, with a registry that persists nothing.
    package convenience init(
        configuration: ProxyConfiguration, backends: [Backend], active: String? = nil, sink: any TrafficSink,
        eventLoopCount: Int = 1, logger: Logger = Logger(label: "proxy")
    ) {
        self.init(
            configuration: configuration, registry: BackendRegistry(backends: backends, active: active), sink: sink,
            eventLoopCount: eventLoopCount, logger: logger)
    }

    /// Exchanges that are being served now.
    package var inFlight: Int { self.shared.inFlight.load(ordering: .relaxed) }

    /// Client connections that are open now.
    package var connections: Int { self.shared.connections.load(ordering: .relaxed) }

    // MARK: - Life

    /// Listens on every configured address.
    ///
    /// - Returns: The addresses in configured order, with the port that the system chose where 0 was asked for.
    /// - Throws: ``ProxyError`` — `.addressInUse`, `.addressRefused`, `.certificate`, `.configuration`,
    ///   `.alreadyStarted`; nothing listens then.
    package func start() async throws(ProxyError) -> [ListenAddress] {
        let isFirst = self.state.withLock { state in
            defer { state.hasStarted = true }
            return !state.hasStarted
        }
        guard isFirst else {
            throw ProxyError(.alreadyStarted, operation: "start the proxy", reason: "it was started before")
        }
        do throws(ProxyError) {
            try self.check()
            await self.makeLoops()
            var addresses: [ListenAddress] = []
            for address in self.configuration.listen { addresses.append(try await self.listen(on: address)) }
            return addresses
        } catch {
            await self.stop()
            throw error
        }
    }

    /// Accepts nothing more, lets running exchanges finish and closes connections as they become idle.
    ///
    /// - Parameter deadline: When to return even though some are still running; ``stop()`` then cuts them.
    package func drain(deadline: Duration) async {
        self.shared.isDraining.store(true, ordering: .relaxed)
        await self.closeListeners()
        let loops = self.state.withLock { Array($0.loops.values) }
        let futures = loops.map { bound in
            let promise = bound.eventLoop.makePromise(of: Void.self)
            bound.eventLoop.execute { bound.value.drain(promise) }
            return promise.futureResult
        }
        let timer = self.group.next().makePromise(of: Void.self)
        let task = self.group.next().scheduleTask(in: .nanoseconds(max(0, deadline.nanoseconds))) { timer.succeed() }
        let all = EventLoopFuture.andAllComplete(futures, on: self.group.next())
        all.whenComplete { _ in
            task.cancel()
            timer.succeed()
        }
        try? await timer.futureResult.get()
    }

    /// Ends everything at once; every exchange that was running is reported as ended by the shutdown.
    package func stop() async {
        let isFirst = self.state.withLock { state in
            defer { state.hasStopped = true }
            return !state.hasStopped
        }
        guard isFirst else { return }
        self.shared.isDraining.store(true, ordering: .relaxed)
        await self.closeListeners()
        for bound in self.state.withLock({ Array($0.loops.values) }) {
            try? await bound.eventLoop.submit { bound.value.stop() }.get()
        }
        try? await self.group.shutdownGracefully()
    }

    // MARK: - Parts of starting

    private func check() throws(ProxyError) {
        let operation = "start the proxy"
        guard !self.configuration.listen.isEmpty else {
            throw ProxyError(.configuration, operation: operation, reason: "no address to listen on is configured")
        }
        for name in ProxyConfigurationCheck.fieldTexts(self.configuration)
        where !ProxyConfigurationCheck.isFieldText(name) {
            throw ProxyError(
                .configuration, operation: operation, reason: "a setting has control bytes: it cannot stand in a field")
        }
        if let settings = self.configuration.listenTLS {
            do {
                let context = try TLSContexts.serving(settings)
                self.state.withLock { $0.listenTLS = context }
            } catch {
                throw ProxyError(.certificate, operation: "prepare TLS to clients", reason: "\(error)")
            }
        }
        for entry in self.backends.table.entries where entry.backend.url.scheme == .https {
            do {
                _ = try self.shared.tls.context(for: entry.backend)
            } catch {
                throw ProxyError(
                    .certificate, operation: "prepare TLS to \(entry.backend.name)", reason: "\(error)")
            }
        }
    }

    private func makeLoops() async {
        let shared = self.shared
        var loops: [ObjectIdentifier: NIOLoopBound<LoopContext>] = [:]
        for loop in self.group.makeIterator() {
            let bound = try? await loop.submit {
                NIOLoopBound(LoopContext(shared: shared, loop: loop), eventLoop: loop)
            }.get()
            if let bound { loops[ObjectIdentifier(loop)] = bound }
        }
        self.state.withLock { $0.loops = loops }
    }

    private func listen(on address: ListenAddress) async throws(ProxyError) -> ListenAddress {
        let (loops, tls) = self.state.withLock { ($0.loops, $0.listenTLS) }
        let bootstrap = ServerBootstrap(group: self.group)
            .serverChannelOption(.backlog, value: 4_096)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelOption(.writeBufferWaterMark, value: BufferPlan.few.waterMark)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    guard let bound = loops[ObjectIdentifier(channel.eventLoop)] else { throw ChannelError.eof }
                    if let tls { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls)) }
                    try channel.pipeline.syncOperations.addHandler(DownstreamHandler(loop: bound.value))
                }
            }
        do {
            let channel = try await bootstrap.bind(host: address.host, port: address.port).get()
            self.state.withLock { $0.listeners.append(channel) }
            return ListenAddress(
                host: channel.localAddress?.ipAddress ?? address.host, port: channel.localAddress?.port ?? address.port)
        } catch let error as IOError where error.errnoCode == EADDRINUSE {
            throw .inUse(address, holder: PortHolder.find(port: address.port))
        } catch let error as IOError where error.errnoCode == EACCES {
            throw ProxyError(
                .addressRefused, operation: "listen on \(address)",
                reason: "this user may not use port \(address.port); choose one from 1024 on: --listen "
                    + "\(ListenAddress(host: address.host, port: 8_787))",
                address: address)
        } catch {
            throw ProxyError(
                .addressRefused, operation: "listen on \(address)",
                reason: "\(address.host) is no address of this machine (\(ConnectFailure.text(of: error)))",
                address: address)
        }
    }

    private func closeListeners() async {
        let listeners = self.state.withLock { state in
            defer { state.listeners = [] }
            return state.listeners
        }
        for listener in listeners { try? await listener.close().get() }
    }
}

/// Looks for settings that would break a head.
private enum ProxyConfigurationCheck {
    static func fieldTexts(_ configuration: ProxyConfiguration) -> [String] {
        let cors = configuration.cors
        var texts = cors.methods + cors.headers + cors.exposedHeaders + [configuration.location]
        if case .list(let origins) = cors.origins { texts += origins }
        return texts
    }

    static func isFieldText(_ text: String) -> Bool { text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F } }
}
