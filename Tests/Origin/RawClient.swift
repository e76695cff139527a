import NIOCore
import NIOPosix
import Synchronization
package import WorkerDomain

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A client that sends exactly these bytes and sees exactly what comes; every wait ends after ten seconds.
package final class RawClient: Sendable {
    /// How the other side ended the connection.
    package enum Ending: Sendable, Equatable { case open, closed, reset }

    /// One answer.
    package struct Answer: Sendable, Equatable {
        /// Status line and fields, final empty line included.
        package let head: [UInt8]
        /// The payload; what came of it, when the connection ended early.
        package let body: [UInt8]
        /// False when the connection ended before the body did.
        package let isComplete: Bool

        package var fields: MessageHead { MessageHead(self.head) }
        package var status: Int { Int(self.fields.startLine.dropFirst(9).prefix(3)) ?? 0 }
        package var text: String { String(decoding: self.body, as: UTF8.self) }
        package func field(_ name: String) -> String? { self.fields.value(of: name) }
    }

    /// A wait that took too long.
    package struct Timeout: Error {}

    struct State: Sendable {
        var received: [UInt8] = []
        /// Bytes that were thrown away, once that was asked for.
        var discarded: Int?
        var flooded = 0
        var ending = Ending.open
        var waiters: [@Sendable (inout State) -> Bool] = []

        mutating func changed() {
            let waiters = self.waiters
            self.waiters = []
            for waiter in waiters where !waiter(&self) { self.waiters.append(waiter) }
        }
    }

    final class Box: Sendable {
        let state = Mutex(State())
    }

    private let channel: any Channel
    private let box: Box

    private init(channel: any Channel, box: Box) {
        self.channel = channel
        self.box = box
    }

    package static func connect(port: Int, host: String = "127.0.0.1") async throws -> RawClient {
        let box = Box()
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(ClientHandler(box: box))
                }
            }
            .connect(host: host, port: port).get()
        return RawClient(channel: channel, box: box)
    }

    /// Sends and reads one answer on a connection of its own.
    package static func exchange(port: Int, _ request: String, toHead: Bool = false) async throws -> Answer {
        let client = try await self.connect(port: port)
        defer { client.close() }
        try await client.send(request)
        return try await client.answer(toHead: toHead)
    }

    package func send(_ text: String) async throws { try await self.send(Array(text.utf8)) }

    package func send(_ bytes: [UInt8]) async throws {
        try await self.channel.writeAndFlush(ByteBuffer(bytes: bytes)).get()
    }

    /// Sends without waiting until the system has taken it.
    package func post(_ bytes: [UInt8]) {
        self.channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
    }

    /// Closes only the sending side.
    package func finish() async throws { try await self.channel.close(mode: .output).get() }

    package func close() { self.channel.close(promise: nil) }

    /// Closes with a reset.
    package func reset() async throws {
        try await (self.channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
        try await self.channel.close().get()
    }

    /// Reads, or leaves what comes in the socket.
    package func setReading(_ isReading: Bool) async throws {
        try await self.channel.setOption(.autoRead, value: isReading).get()
    }

    /// What has come and was not taken by ``answer(toHead:)``.
    package var received: [UInt8] { self.box.state.withLock { $0.received } }

    /// Waits for one answer and takes it; a 1xx counts as one.
    package func answer(toHead: Bool = false) async throws -> Answer {
        try await self.wait { state in
            guard let end = RawMessage.headEnd(state.received) else {
                return state.ending == .open ? nil : Answer(head: state.received, body: [], isComplete: false)
            }
            let head = Array(state.received[..<end])
            let fields = MessageHead(head)
            let rest = Array(state.received[end...])
            let status = Int(fields.startLine.dropFirst(9).prefix(3)) ?? 0
            if toHead || status < 200 || status == 204 || status == 304 {
                state.received = rest
                return Answer(head: head, body: [], isComplete: true)
            }
            let hasLength = fields.value(of: "Content-Length") != nil || fields.value(of: "Transfer-Encoding") != nil
            if hasLength, let payload = RawMessage.payload(of: rest, head: fields) {
                state.received = Array(rest[payload.length...])
                return Answer(head: head, body: payload.bytes, isComplete: true)
            }
            guard state.ending != .open else { return nil }
            state.received = []
            return Answer(head: head, body: rest, isComplete: !hasLength && state.ending == .closed)
        }
    }

    /// Waits until so many bytes have come.
    package func bytes(_ count: Int) async throws -> [UInt8] {
        try await self.wait { state in
            guard state.received.count >= count else { return nil }
            let bytes = Array(state.received[..<count])
            state.received.removeFirst(count)
            return bytes
        }
    }

    /// Sends so many bytes of `x` as fast as they are taken.
    package func flood(_ count: Int) async throws {
        var left = count
        let block = ByteBuffer(repeating: 0x78, count: 65_536)
        while left > 0 {
            let size = min(left, block.readableBytes)
            try await self.channel.writeAndFlush(block.getSlice(at: block.readerIndex, length: size) ?? block).get()
            self.box.state.withLock { $0.flooded += size }
            left -= size
        }
    }

    /// Bytes that ``flood(_:)`` has handed to the system.
    package var floodedBytes: Int { self.box.state.withLock { $0.flooded } }

    /// Keeps nothing of what comes from now on.
    package func startDiscarding() {
        self.box.state.withLock { state in
            state.discarded = (state.discarded ?? 0) + state.received.count
            state.received = []
        }
    }

    /// Waits until so many bytes have come and been thrown away.
    package func discard(_ count: Int) async throws {
        self.startDiscarding()
        _ = try await self.wait(atMost: .seconds(60)) { ($0.discarded ?? 0) >= count ? true : nil }
    }

    /// Waits until the other side ends the connection.
    package func ending() async throws -> Ending {
        try await self.wait { $0.ending == .open ? nil : $0.ending }
    }

    private func wait<Value: Sendable>(
        atMost limit: TimeAmount = .seconds(10), _ condition: @escaping @Sendable (inout State) -> Value?
    ) async throws -> Value {
        let promise = self.channel.eventLoop.makePromise(of: Value.self)
        let timer = self.channel.eventLoop.scheduleTask(in: limit) { promise.fail(Timeout()) }
        self.box.state.withLock { state in
            state.waiters.append { state in
                guard let value = condition(&state) else { return false }
                promise.succeed(value)
                return true
            }
            state.changed()
        }
        defer { timer.cancel() }
        return try await promise.futureResult.get()
    }
}

/// Collects what a ``RawClient`` receives.
private final class ClientHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let box: RawClient.Box

    init(box: RawClient.Box) {
        self.box = box
    }

    func channelRead(context _: ChannelHandlerContext, data: NIOAny) {
        let buffer = self.unwrapInboundIn(data)
        self.change { state in
            if let discarded = state.discarded {
                state.discarded = discarded + buffer.readableBytes
            } else {
                state.received += buffer.readableBytesView
            }
        }
    }

    func userInboundEventTriggered(context _: ChannelHandlerContext, event: Any) {
        if let event = event as? ChannelEvent, event == .inputClosed { self.end(.closed) }
    }

    func errorCaught(context: ChannelHandlerContext, error _: any Error) {
        self.end(.reset)
        context.close(promise: nil)
    }

    func channelInactive(context _: ChannelHandlerContext) { self.end(.closed) }

    private func end(_ ending: RawClient.Ending) {
        self.change { if $0.ending == .open { $0.ending = ending } }
    }

    private func change(_ body: (inout RawClient.State) -> Void) {
        self.box.state.withLock { state in
            body(&state)
            state.changed()
        }
    }
}
