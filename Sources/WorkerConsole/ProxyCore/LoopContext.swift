import Logging
import NIOCore
import Synchronization
import WorkerDomain

/// What all event loops share; nothing in it changes but atomics.
final class SharedContext: Sendable {
    let configuration: ProxyConfiguration
    let registry: BackendRegistry
    let sink: any TrafficSink
    let logger: Logger
    let cors: CORSFields
    let routes: RouteTable
    let tls: TLSContexts
    let addresses: AddressCache
    let lastID = Atomic<UInt64>(0)
    let connections = Atomic<Int>(0)
    let inFlight = Atomic<Int>(0)
    let isDraining = Atomic<Bool>(false)
    /// Makes `CF-Ray` values differ between runs.
    let raySeed = UInt64.random(in: 1...UInt64.max)

    init(
        configuration: ProxyConfiguration, registry: BackendRegistry, sink: any TrafficSink, logger: Logger,
        addresses: AddressCache
    ) {
        self.configuration = configuration
        self.registry = registry
        self.sink = sink
        self.logger = logger
        self.cors = CORSFields(configuration.cors)
        self.routes = RouteTable(configuration.routes)
        self.tls = TLSContexts(configuration.upstream.tls)
        self.addresses = addresses
    }

    @inline(__always)
    func nextID() -> ExchangeID {
        ExchangeID(rawValue: self.lastID.wrappingAdd(1, ordering: .relaxed).newValue)
    }
}

/// What belongs to one event loop: its connections, its pool, its parsers and its one timer.
final class LoopContext {
    let shared: SharedContext
    let loop: any EventLoop
    let timeouts: TimeoutTable
    let captureLimit: Int
    let pool: UpstreamPool
    let requestWriter: RequestHeadWriter
    var requestParser: RequestHeadParser
    var responseParser: ResponseHeadParser
    /// Nanoseconds of the monotonic clock when what is being handled arrived: one look at the clock an arrival.
    private(set) var now: Int64 = 0
    private(set) var connections: [DownstreamHandler] = []
    private var buffers: [ByteBuffer] = []
    private var flushingDownstream: [DownstreamHandler] = []
    private var flushingUpstream: [UpstreamHandler] = []
    private var isFlushScheduled = false
    private var isSweeping = false
    private let sweepInterval: TimeAmount
    private var whenEmpty: EventLoopPromise<Void>?

    init(shared: SharedContext, loop: any EventLoop) {
        let configuration = shared.configuration
        self.shared = shared
        self.loop = loop
        self.timeouts = TimeoutTable(configuration)
        self.captureLimit = configuration.captureLimit
        self.pool = UpstreamPool(configuration: configuration.upstream, connect: configuration.timeouts.connect)
        self.requestWriter = RequestHeadWriter(configuration)
        self.requestParser = RequestHeadParser(
            requestLineLimit: configuration.limits.requestLine, headLimit: configuration.limits.head,
            isTLS: configuration.listenTLS != nil)
        self.responseParser = ResponseHeadParser(headLimit: configuration.limits.head)
        // Eight looks within the shortest time limit keep every limit within an eighth of what was asked for.
        let interval = min(
            configuration.timeouts.shortest.nanoseconds, configuration.upstream.idleTimeout.nanoseconds)
        self.sweepInterval = .nanoseconds(min(max(interval / 8, 5_000_000), 500_000_000))
        shared.registry.join(self)
    }

    /// Looks at the clock, and remembers what it said for everything that follows from this event.
    @discardableResult
    @inline(__always)
    func tick() -> Int64 {
        self.now = SystemTime.now()
        return self.now
    }

    // MARK: - Buffers

    /// A cleared buffer; its memory has served before, when nothing else uses it any more.
    @inline(__always)
    func takeBuffer(capacity: Int) -> ByteBuffer {
        if var buffer = self.buffers.popLast() {
            buffer.clear(minimumCapacity: capacity)
            return buffer
        }
        return ByteBufferAllocator().buffer(capacity: max(capacity, 2_048))
    }

    @inline(__always)
    func giveBack(_ buffer: ByteBuffer) {
        if self.buffers.count < 64, buffer.capacity <= 16_384 { self.buffers.append(buffer) }
    }

    // MARK: - Flushing

    /// Sends what this connection has written when all that has arrived is read.
    ///
    /// A write wakes the peer's process, which then takes the processor at once; to read everything first and write then
    /// halves these changes.
    @inline(__always)
    func flushSoon(_ handler: DownstreamHandler) {
        guard !handler.isFlushDue else { return }
        handler.isFlushDue = true
        self.flushingDownstream.append(handler)
        self.scheduleFlush()
    }

    @inline(__always)
    func flushSoon(_ handler: UpstreamHandler) {
        guard !handler.isFlushDue else { return }
        handler.isFlushDue = true
        self.flushingUpstream.append(handler)
        self.scheduleFlush()
    }

    private func scheduleFlush() {
        guard !self.isFlushScheduled else { return }
        self.isFlushScheduled = true
        self.loop.assumeIsolated().execute { self.flushAll() }
    }

    private func flushAll() {
        self.isFlushScheduled = false
        // What a flush brings about may ask for another one.
        var downstream: [DownstreamHandler] = []
        var upstream: [UpstreamHandler] = []
        swap(&downstream, &self.flushingDownstream)
        swap(&upstream, &self.flushingUpstream)
        for handler in upstream where handler.isFlushDue { handler.flushNow() }
        for handler in downstream where handler.isFlushDue { handler.flushNow() }
        if self.flushingDownstream.isEmpty {
            downstream.removeAll(keepingCapacity: true)
            self.flushingDownstream = downstream
        }
        if self.flushingUpstream.isEmpty {
            upstream.removeAll(keepingCapacity: true)
            self.flushingUpstream = upstream
        }
    }

    // MARK: - Connections

    /// Adds a client's connection.
    func add(_ handler: DownstreamHandler) {
        handler.index = self.connections.count
        self.connections.append(handler)
        self.startSweeping()
    }

    func remove(_ handler: DownstreamHandler) {
        guard handler.index < self.connections.count, self.connections[handler.index] === handler else { return }
        let last = self.connections.removeLast()
        if last !== handler {
            last.index = handler.index
            self.connections[handler.index] = last
        }
        if self.connections.isEmpty { self.succeedWhenEmpty() }
    }

    /// Closes idle connections, lets the others finish their exchange, and completes `promise` when none is left.
    func drain(_ promise: EventLoopPromise<Void>) {
        self.whenEmpty = promise
        for handler in self.connections { handler.drain() }
        if self.connections.isEmpty { self.succeedWhenEmpty() }
    }

    /// Ends every exchange and closes every connection now.
    func stop() {
        for handler in self.connections { handler.stop() }
        self.pool.closeIdle()
        self.succeedWhenEmpty()
    }

    private func succeedWhenEmpty() {
        self.whenEmpty?.succeed()
        self.whenEmpty = nil
    }

    // MARK: - Timer

    /// One timer a loop looks at every connection: far cheaper than one timer a request.
    func startSweeping() {
        guard !self.isSweeping else { return }
        self.isSweeping = true
        self.scheduleSweep()
    }

    private func scheduleSweep() {
        self.loop.assumeIsolated().scheduleTask(in: self.sweepInterval) { self.sweep() }
    }

    private func sweep() {
        let now = self.tick()
        for handler in self.connections { handler.check(now: now) }
        self.pool.closeExpired(now: now)
        if self.connections.isEmpty, self.pool.isEmpty {
            self.isSweeping = false
        } else {
            self.scheduleSweep()
        }
    }
}

/// The time limits in nanoseconds.
struct TimeoutTable {
    let requestHead: Int64
    let requestBody: Int64
    let idle: Int64
    let connect: Int64
    let queue: Int64
    let responseHead: Int64
    let responseBody: Int64
    let write: Int64
    let tunnel: Int64
    let linger: Int64
    let halfClose: Int64
    let halfClosed: Int64
    let tunnelEnd: Int64

    init(_ configuration: ProxyConfiguration) {
        let timeouts = configuration.timeouts
        self.requestHead = timeouts.requestHead.nanoseconds
        self.requestBody = timeouts.requestBody.nanoseconds
        self.idle = timeouts.idle.nanoseconds
        self.connect = timeouts.connect.nanoseconds
        self.queue = timeouts.queue.nanoseconds
        self.responseHead = timeouts.responseHead.nanoseconds
        self.responseBody = timeouts.responseBody.nanoseconds
        self.write = timeouts.write.nanoseconds
        self.tunnel = timeouts.tunnel.nanoseconds
        self.linger = timeouts.linger.nanoseconds
        self.halfClose = timeouts.halfClose.nanoseconds
        self.halfClosed = timeouts.halfClosed.nanoseconds
        self.tunnelEnd = timeouts.tunnelEnd.nanoseconds
    }
}
