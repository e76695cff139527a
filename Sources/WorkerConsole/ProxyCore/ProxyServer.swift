import Glibc
package import NetworkIO
import Synchronization
package import WorkerDomain

/// The proxy: listens, handles preflights, forwards, and reports every exchange.
///
/// The life of one is `start`, then `drain` with a deadline or not, then `stop`; it cannot be started again.
package final class ProxyServer: Sendable {
    private struct Loop: Sendable {
        let thread: LoopThread
        let context: LoopBound<LoopContext>
    }

    private struct State: Sendable {
        var hasStarted = false
        var hasStopped = false
        var listeners: [ListeningSocket] = []
        var listenTLS: TLSContext?
        var loops: [Loop] = []
    }

    package let configuration: ProxyConfiguration
    package let backends: BackendRegistry
    private let shared: SharedContext
    private let loopCount: Int
    private let clock: LoopThread.MakeClock
    private let state = Mutex(State())

    /// - Parameters:
    ///   - configuration: Not changed while the proxy runs.
    ///   - registry: The backends, and which of them is active.
    ///   - sink: Gets the events of every exchange, on the event loops.
    ///   - eventLoopCount: Threads that serve; at least 1.
    ///   - lookup: Finds the addresses of names; it may block.
    ///   - clock: Makes the clock of each event loop, on its thread.
    package init(
        configuration: ProxyConfiguration, registry: BackendRegistry, sink: any TrafficSink, eventLoopCount: Int = 1,
        lookup: @escaping HostResolver.Lookup = HostResolver.system,
        clock: @escaping LoopThread.MakeClock = { SystemClock() }
    ) {
        self.configuration = configuration
        self.backends = registry
        self.loopCount = max(1, eventLoopCount)
        self.clock = clock
        self.shared = SharedContext(
            configuration: configuration, registry: registry, sink: sink,
            addresses: AddressCache(
                lifetime: configuration.upstream.addressLifetime.nanoseconds, resolver: HostResolver(lookup)))
    }

    /// As the other initialiser, with a registry that persists nothing.
    package convenience init(
        configuration: ProxyConfiguration, backends: [Backend], active: String? = nil, sink: any TrafficSink,
        eventLoopCount: Int = 1
    ) {
        self.init(
            configuration: configuration, registry: BackendRegistry(backends: backends, active: active), sink: sink,
            eventLoopCount: eventLoopCount)
    }

    /// Uses other CORS rules and routes from the next request on; everything else stays as configured.
    /// - Returns: False when a rule has bytes that cannot stand in a field: nothing changes then.
    package func use(cors: CORSConfiguration, routes: [String]) -> Bool {
        var configuration = self.configuration
        configuration.cors = cors
        guard ProxyConfigurationCheck.isSound(configuration) else { return false }
        let (fields, table) = (CORSFields(cors), RouteTable(routes))
        for loop in self.state.withLock({ $0.loops }) {
            loop.context.execute { context in
                context.cors = fields
                context.routes = table
            }
        }
        return true
    }

    /// Exchanges that are being served now.
    package var inFlight: Int { self.shared.inFlight.load(ordering: .relaxed) }

    /// Client connections that are open now.
    package var connections: Int { self.shared.connections.load(ordering: .relaxed) }

    /// `epoll` or `io_uring`; `nil` before the start.
    package var engineName: String? { self.state.withLock { $0.loops.first?.thread.engineName } }

    // MARK: - Life

    /// Listens on every configured address.
    ///
    /// - Returns: The addresses in configured order, with the port that the system chose where 0 was asked for; a name
    ///   or `*` may stand for several.
    /// - Throws: ``ProxyError`` — `.addressInUse`, `.addressRefused`, `.certificate`, `.configuration`,
    ///   `.noDescriptors`, `.alreadyStarted`; nothing listens then.
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
            var addresses: [ListenAddress] = []
            for address in self.configuration.listen { addresses += try await self.bind(address) }
            try await self.startLoops()
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
        let loops = self.state.withLock { state in
            for listener in state.listeners { listener.refuse() }
            state.listeners = []
            return state.loops
        }
        await withDiscardingTaskGroup { group in
            for loop in loops {
                group.addTask {
                    _ = await loop.context.submit(resuming: { context, continuation in
                        context.drain(deadline: max(0, deadline.nanoseconds)) { continuation.resume(returning: ()) }
                    })
                }
            }
        }
    }

    /// Ends everything at once; every exchange that was running is reported as ended by the shutdown.
    package func stop() async {
        let loops: [Loop]? = self.state.withLock { state in
            guard !state.hasStopped else { return nil }
            state.hasStopped = true
            for listener in state.listeners { listener.refuse() }
            state.listeners = []
            defer { state.loops = [] }
            return state.loops
        }
        guard let loops else { return }
        self.shared.isDraining.store(true, ordering: .relaxed)
        for loop in loops {
            loop.context.execute { $0.stop() }
            await loop.thread.stop()
        }
    }

    // MARK: - Parts of starting

    private func check() throws(ProxyError) {
        let operation = "start the proxy"
        guard !self.configuration.listen.isEmpty else {
            throw ProxyError(.configuration, operation: operation, reason: "no address to listen on is configured")
        }
        guard ProxyConfigurationCheck.isSound(self.configuration) else {
            throw ProxyError(
                .configuration, operation: operation,
                reason: "a setting contains control bytes, which a header field cannot carry")
        }
        if let settings = self.configuration.listenTLS {
            do throws(TLSFileError) {
                let context = try TLSContexts.serving(settings)
                self.state.withLock { $0.listenTLS = context }
            } catch {
                throw ProxyError(.certificate, operation: "prepare TLS to clients", reason: "\(error)")
            }
        }
        for entry in self.backends.table.entries where entry.backend.url.scheme == .https {
            do throws(TLSFileError) {
                _ = try self.shared.tls.context(for: entry.backend)
            } catch {
                throw ProxyError(
                    .certificate, operation: "prepare TLS to \(entry.backend.name)", reason: "\(error)")
            }
        }
    }

    private func bind(_ address: ListenAddress) async throws(ProxyError) -> [ListenAddress] {
        do throws(ListenFailure) {
            let bound = try await address.bind()
            self.state.withLock { $0.listeners += bound }
            return bound.map {
                ListenAddress(host: $0.address.ipAddress ?? address.host, port: $0.address.port)
            }
        } catch {
            throw ProxyError(listening: address, error.error)
        }
    }

    private func startLoops() async throws(ProxyError) {
        let (listeners, tls) = self.state.withLock { ($0.listeners, $0.listenTLS) }
        for _ in 0..<self.loopCount {
            let shared = self.shared
            do throws(TransportError) {
                let (thread, context) = try await LoopThread.start(
                    name: "proxy", engine: EngineChoice(self.configuration.engine), clock: self.clock
                ) { loop in
                    let context = LoopContext(shared: shared, loop: loop)
                    for listener in listeners { context.accept(on: listener, tls: tls) }
                    return context
                }
                self.state.withLock { $0.loops.append(Loop(thread: thread, context: context)) }
            } catch {
                let operation = "start an event loop"
                guard error != .noDescriptors else { throw .noDescriptors(operation: operation) }
                throw ProxyError(.configuration, operation: operation, reason: "\(error)")
            }
        }
    }
}

/// Looks for settings that would break a head.
private enum ProxyConfigurationCheck {
    static func isSound(_ configuration: ProxyConfiguration) -> Bool {
        self.fieldTexts(configuration).allSatisfy { self.isFieldText($0) }
    }

    private static func fieldTexts(_ configuration: ProxyConfiguration) -> [String] {
        let cors = configuration.cors
        var texts = cors.methods + cors.headers + cors.exposedHeaders + [configuration.location]
        if case .list(let origins) = cors.origins { texts += origins }
        return texts
    }

    private static func isFieldText(_ text: String) -> Bool { text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F } }
}
