import NetworkIO
import Synchronization
import WorkerDomain

/// What belongs to one event loop: its client connections, its pool, its parsers and its one timer.
final class LoopContext {
    /// Finished exchanges whose memory is kept for the next ones.
    private static let keptExchanges = 256

    let shared: SharedContext
    let loop: EventLoop
    let timeouts: ProxyTimeouts
    let connector: Connector
    let pool: UpstreamPool
    let requestWriter: RequestHeadWriter
    /// Where clients came from lately.
    var clients: ClientAddresses
    /// What preflights get, and the paths that are forwarded; they may be others for the next request.
    var cors: CORSFields
    var routes: RouteTable
    var requestParser: RequestHeadParser
    var responseParser: ResponseHeadParser
    private(set) var connections: [ClientConnection] = []
    private var exchanges: [ActiveExchange] = []
    private var sources: [any AcceptSource] = []
    private var isSweeping = false
    /// Nothing was under way at the last sweep: the next one is far away, and comes nearer with the next request.
    private var restingSweep: LoopTimer?
    private var isStopped = false
    private let sweepInterval: Int64
    private let restInterval: Int64
    private var whenEmpty: (() -> Void)?

    init(shared: SharedContext, loop: EventLoop) {
        let configuration = shared.configuration
        self.shared = shared
        self.loop = loop
        self.timeouts = configuration.timeouts
        self.connector = Connector(loop: loop, addresses: shared.addresses)
        self.pool = UpstreamPool(configuration: configuration.upstream, connect: configuration.timeouts.connect)
        self.requestWriter = RequestHeadWriter(configuration)
        self.clients = ClientAddresses(configuration)
        self.cors = shared.cors
        self.routes = shared.routes
        self.requestParser = RequestHeadParser(
            requestLineLimit: configuration.limits.requestLine, headLimit: configuration.limits.head,
            isTLS: configuration.listenTLS != nil, keepsLookalikes: configuration.lookalikes == .keep)
        self.responseParser = ResponseHeadParser(headLimit: configuration.limits.head)
        // Eight looks within the shortest time limit keep every limit within an eighth of what was asked for.
        let interval = min(
            configuration.timeouts.shortest.nanoseconds, configuration.upstream.idleTimeout.nanoseconds)
        self.sweepInterval = min(max(interval / 8, 5_000_000), 500_000_000)
        // Connections without a request have only this limit.
        let rest = min(configuration.timeouts.idle.nanoseconds, configuration.upstream.idleTimeout.nanoseconds)
        self.restInterval = max(self.sweepInterval, min(rest / 8, 5_000_000_000))
        shared.registry.join(self)
    }

    /// Bytes of each body that are kept for the journal: fewer, the more exchanges there are at one time.
    var captureLimit: Int {
        let limit = self.shared.configuration.captureLimit
        return min(limit, BufferPlan.beside(self.connections.count).captured)
    }

    /// Large bodies may go through pipes, of which each is two descriptors and a piece of the kernel's memory.
    var mayRelay: Bool { BufferPlan.beside(self.connections.count) == .few }

    // MARK: - Connections

    /// Accepts clients on this socket.
    func accept(on listener: ListeningSocket, tls: TLSContext?) {
        self.sources.append(
            self.loop.accept(on: listener, tls: tls) { [unowned self] connection in
                connection.start(ClientConnection(connection, loop: self))
            })
    }

    func closeListeners() {
        for source in self.sources { source.cancel() }
        self.sources = []
    }

    /// Adds a client's connection.
    func add(_ connection: ClientConnection) {
        connection.index = self.connections.count
        self.connections.append(connection)
        self.startSweeping()
    }

    func remove(_ connection: ClientConnection) {
        guard connection.index < self.connections.count, self.connections[connection.index] === connection else {
            return
        }
        let last = self.connections.removeLast()
        if last !== connection {
            last.index = connection.index
            self.connections[connection.index] = last
        }
        if self.connections.isEmpty { self.tellEmpty() }
    }

    // MARK: - Exchanges

    @inline(__always)
    func takeExchange() -> ActiveExchange { self.exchanges.popLast() ?? ActiveExchange(loop: self) }

    @inline(__always)
    func giveBack(_ exchange: ActiveExchange) {
        if self.exchanges.count < Self.keptExchanges, !self.isStopped { self.exchanges.append(exchange) }
    }

    /// Ends every exchange with the backend of this slot.
    /// - Returns: How many.
    func cut(slot: Int) -> Int {
        self.loop.tick()
        let running = self.connections.filter { $0.backendSlot == slot }
        for connection in running { connection.cutExchange() }
        return running.count
    }

    // MARK: - The end

    /// Closes idle connections, lets the others finish their exchange, and calls `done` once: when none is left, or after
    /// so many nanoseconds.
    func drain(deadline: Int64, _ done: @escaping () -> Void) {
        self.closeListeners()
        self.whenEmpty = done
        for connection in self.connections { connection.drain() }
        if self.connections.isEmpty { return self.tellEmpty() }
        self.loop.schedule(after: deadline) { [weak self] in self?.tellEmpty() }
    }

    /// Ends every exchange and closes every connection now.
    func stop() {
        self.closeListeners()
        for connection in self.connections { connection.stop() }
        self.pool.close()
        // They hold this loop.
        self.isStopped = true
        self.exchanges = []
        self.tellEmpty()
    }

    private func tellEmpty() {
        let done = self.whenEmpty
        self.whenEmpty = nil
        done?()
    }

    // MARK: - Timer

    /// One timer a loop looks at every connection: far cheaper than one timer a request.
    func startSweeping() {
        guard !self.isSweeping else { return }
        self.isSweeping = true
        self.scheduleSweep()
    }

    /// Something that has a time limit of its own begins.
    @inline(__always)
    func noteActivity() {
        if self.restingSweep != nil { self.endRest() }
    }

    private func endRest() {
        guard let timer = self.restingSweep.take() else { return }
        self.loop.cancel(timer)
        self.scheduleSweep()
    }

    private func scheduleSweep() {
        self.loop.schedule(after: self.sweepInterval) { [weak self] in self?.sweep() }
    }

    private func sweep() {
        self.restingSweep = nil
        let now = self.loop.tick()
        // A check may end a connection, which is taken out of the list later, when its end is told.
        for connection in self.connections { connection.check(now: now) }
        self.pool.closeExpired(now: now)
        if self.connections.isEmpty, self.pool.isEmpty {
            self.isSweeping = false
        } else if self.restInterval > self.sweepInterval, self.connections.allSatisfy(\.isIdle) {
            self.restingSweep = self.loop.schedule(after: self.restInterval) { [weak self] in self?.sweep() }
        } else {
            self.scheduleSweep()
        }
    }
}
