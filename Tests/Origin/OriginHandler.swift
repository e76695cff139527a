import NIOCore
import Synchronization
import WorkerDomain

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// One connection of a ``ScriptedOrigin``.
final class OriginHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let box: ScriptedOrigin.Box
    private let trigger: ScriptedOrigin.Trigger
    private let readsBody: Bool
    private let closesWithPeer: Bool
    private let script: ScriptedOrigin.Script
    private var received: [UInt8] = []
    private var connection = 0
    private var isBusy = false
    private var isEcho = false
    private var sink: (left: Int, rest: ArraySlice<ScriptedOrigin.Step>)?

    init(
        box: ScriptedOrigin.Box, trigger: ScriptedOrigin.Trigger, readsBody: Bool,
        closesWithPeer: Bool, script: @escaping ScriptedOrigin.Script
    ) {
        self.closesWithPeer = closesWithPeer
        self.box = box
        self.trigger = trigger
        self.readsBody = readsBody
        self.script = script
    }

    func channelActive(context _: ChannelHandlerContext) {
        self.connection = self.box.state.withLock { state in
            state.open += 1
            defer { state.connections += 1 }
            return state.connections
        }
    }

    func channelInactive(context _: ChannelHandlerContext) {
        self.box.state.withLock { $0.open -= 1 }
        if !self.isBusy, let (head, rest) = self.split() { self.record(head: head, body: rest, payload: nil) }
        self.received = []
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = self.unwrapInboundIn(data)
        if self.isEcho {
            context.writeAndFlush(self.wrapOutboundOut(buffer), promise: nil)
            return
        }
        if let sink = self.sink {
            self.sink = nil
            self.box.state.withLock { $0.sunk += buffer.readableBytes }
            if buffer.readableBytes < sink.left {
                self.sink = (sink.left - buffer.readableBytes, sink.rest)
            } else {
                self.run(sink.rest, context)
            }
            return
        }
        self.received += buffer.readableBytesView
        self.serve(context)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard let event = event as? ChannelEvent, event == .inputClosed, self.closesWithPeer else { return }
        context.close(promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error _: any Error) {
        context.close(promise: nil)
    }

    private func serve(_ context: ChannelHandlerContext) {
        guard !self.isBusy, let (head, rest) = self.split() else { return }
        let payload = RawMessage.payload(of: rest, head: MessageHead(head))
        if self.trigger == .wholeRequest, payload == nil { return }
        self.isBusy = true
        self.received.removeFirst(head.count + (payload?.length ?? rest.count))
        let request = self.record(head: head, body: rest, payload: payload)
        if !self.readsBody { context.channel.setOption(.autoRead, value: false).whenComplete { _ in } }
        self.run(self.script(request)[...], context)
    }

    private func split() -> (head: [UInt8], rest: [UInt8])? {
        guard let end = RawMessage.headEnd(self.received) else { return nil }
        return (Array(self.received[..<end]), Array(self.received[end...]))
    }

    @discardableResult
    private func record(
        head: [UInt8], body: [UInt8], payload: (bytes: [UInt8], length: Int)?
    ) -> ScriptedOrigin.Request {
        let request = ScriptedOrigin.Request(
            head: head, rawBody: Array(body.prefix(payload?.length ?? body.count)), body: payload?.bytes ?? [],
            isComplete: payload != nil, connection: self.connection)
        self.box.state.withLock { $0.requests.append(request) }
        return request
    }

    private func run(_ steps: ArraySlice<ScriptedOrigin.Step>, _ context: ChannelHandlerContext) {
        guard let step = steps.first else {
            self.isBusy = false
            self.serve(context)
            return
        }
        let rest = steps.dropFirst()
        switch step {
        case .send(let text):
            self.write(Array(text.utf8), context)
            self.run(rest, context)
        case .bytes(let bytes):
            self.write(bytes, context)
            self.run(rest, context)
        case .flood(let count):
            self.flood(count, rest, context)
        case .sink(let count):
            guard count > 0 else { return self.run(rest, context) }
            self.sink = (count, rest)
            context.channel.setOption(.autoRead, value: true).whenComplete { _ in }
        case .wait(let time):
            let loop = context.eventLoop.assumeIsolated()
            _ = loop.scheduleTask(in: TimeAmount(time)) { self.run(rest, context) }
        case .hold:
            let gate = context.eventLoop.makePromise(of: Void.self)
            let isReleased = self.box.state.withLock { state in
                if !state.isReleased { state.gates.append(gate) }
                return state.isReleased
            }
            gate.futureResult.assumeIsolated().whenSuccess { self.run(rest, context) }
            if isReleased { gate.succeed() }
        case .close:
            self.afterWriting(context) { context.close(promise: nil) }
        case .finish:
            self.afterWriting(context) {
                context.close(mode: .output, promise: nil)
                self.run(rest, context)
            }
        case .reset:
            self.afterWriting(context) {
                _ = (context.channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
                context.close(promise: nil)
            }
        case .echo:
            self.isEcho = true
            if !self.received.isEmpty { self.write(self.received, context) }
            self.received = []
        }
    }

    private func write(_ bytes: [UInt8], _ context: ChannelHandlerContext) {
        context.writeAndFlush(self.wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
    }

    private func afterWriting(_ context: ChannelHandlerContext, _ action: @escaping () -> Void) {
        let promise = context.eventLoop.makePromise(of: Void.self)
        promise.futureResult.assumeIsolated().whenComplete { _ in action() }
        context.writeAndFlush(self.wrapOutboundOut(ByteBuffer()), promise: promise)
    }

    private func flood(_ left: Int, _ rest: ArraySlice<ScriptedOrigin.Step>, _ context: ChannelHandlerContext) {
        guard left > 0 else { return self.run(rest, context) }
        let count = min(left, 65_536)
        let promise = context.eventLoop.makePromise(of: Void.self)
        promise.futureResult.assumeIsolated().whenSuccess {
            self.box.state.withLock { $0.flooded += count }
            self.flood(left - count, rest, context)
        }
        context.writeAndFlush(
            self.wrapOutboundOut(ByteBuffer(repeating: 0x78, count: count)), promise: promise)
    }
}
