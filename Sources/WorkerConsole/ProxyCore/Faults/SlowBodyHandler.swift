import NIOCore
import WorkerDomain

/// Lets what is written to a client out at a limited rate, and holds the backend back meanwhile.
///
/// It stands between the handler of the exchanges and the socket. It leaves when its exchange's answer is through, and
/// holds nothing back any more when the fault has ended.
final class SlowBodyHandler: ChannelOutboundHandler, RemovableChannelHandler {
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// What goes out at once, so that the head of an answer is not slow.
    private static let burst = 1_024
    /// More than this waits in the backend's socket.
    private static let bufferLimit = 32_768
    private static let interval = TimeAmount.milliseconds(100)

    private let bytesPerSecond: Int
    private let entry: BackendEntry
    private weak var downstream: DownstreamHandler?
    private var pending: [(buffer: ByteBuffer, promise: EventLoopPromise<Void>?)] = []
    private var pendingBytes = 0
    private var allowance = SlowBodyHandler.burst
    private var isTicking = false
    private var hasLeft = false

    private init(bytesPerSecond: Int, entry: BackendEntry, downstream: DownstreamHandler) {
        self.bytesPerSecond = bytesPerSecond
        self.entry = entry
        self.downstream = downstream
    }

    /// Puts one into the client's pipeline unless it has one.
    static func insert(
        before downstream: DownstreamHandler, context: ChannelHandlerContext, bytesPerSecond: Int, entry: BackendEntry
    ) {
        let pipeline = context.pipeline.syncOperations
        guard (try? pipeline.handler(type: SlowBodyHandler.self)) == nil else { return }
        let handler = SlowBodyHandler(bytesPerSecond: bytesPerSecond, entry: entry, downstream: downstream)
        try? pipeline.addHandler(handler, position: .before(downstream))
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let buffer = self.unwrapOutboundIn(data)
        self.pendingBytes += buffer.readableBytes
        self.pending.append((buffer, promise))
        if self.pendingBytes >= Self.bufferLimit { self.downstream?.isWritable = false }
    }

    func flush(context: ChannelHandlerContext) {
        self.release(context)
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        self.fail()
        context.close(mode: mode, promise: promise)
    }

    func handlerRemoved(context _: ChannelHandlerContext) {
        self.hasLeft = true
        self.fail()
    }

    /// The fault goes on, and the answer is one of the backend that has it.
    private var isSlow: Bool {
        guard let downstream = self.downstream, downstream.exchange.entry === self.entry else { return false }
        let registry = downstream.shared.registry
        guard let rule = registry.table.faults[self.entry.slot], case .slowBody = rule.kind else { return false }
        return registry.settings.time.now() < rule.until
    }

    /// Sends what the allowance covers, then waits for more of it.
    private func release(_ context: ChannelHandlerContext) {
        var hasWritten = false
        let isSlow = self.isSlow
        while !self.pending.isEmpty {
            let size = self.pending[0].buffer.readableBytes
            if !isSlow || size <= self.allowance {
                let (buffer, promise) = self.pending.removeFirst()
                self.pendingBytes -= size
                self.allowance = max(0, self.allowance - size)
                context.write(self.wrapOutboundOut(buffer), promise: promise)
            } else {
                guard self.allowance > 0, let part = self.pending[0].buffer.readSlice(length: self.allowance) else {
                    break
                }
                self.pendingBytes -= part.readableBytes
                self.allowance = 0
                context.write(self.wrapOutboundOut(part), promise: nil)
            }
            hasWritten = true
        }
        if hasWritten {
            // Bytes move: no time limit of a client that takes nothing may end this.
            self.downstream?.since = SystemTime.now()
            context.flush()
        }
        self.letMoreIn(context)
        if !self.pending.isEmpty { self.wait(context) } else { self.leaveWhenDone(context) }
    }

    /// Not at once: a handler that is being called stays where it is.
    private func leaveWhenDone(_ context: ChannelHandlerContext) {
        guard self.downstream?.exchange.isOpen != true else { return }
        context.eventLoop.assumeIsolated().execute {
            guard self.pending.isEmpty, self.downstream?.exchange.isOpen != true, !self.hasLeft else { return }
            self.hasLeft = true
            context.pipeline.syncOperations.removeHandler(self, promise: nil)
        }
    }

    private func letMoreIn(_ context: ChannelHandlerContext) {
        guard self.pendingBytes < Self.bufferLimit / 2, let downstream = self.downstream, !downstream.isWritable,
            context.channel.isWritable
        else { return }
        downstream.isWritable = true
        downstream.upstream?.resumeReading()
    }

    private func wait(_ context: ChannelHandlerContext) {
        guard !self.isTicking else { return }
        self.isTicking = true
        context.eventLoop.assumeIsolated().scheduleTask(in: Self.interval) {
            self.isTicking = false
            self.allowance = min(max(1, self.bytesPerSecond / 10), 1_000_000)
            self.release(context)
        }
    }

    private func fail() {
        let waiting = self.pending
        self.pending = []
        self.pendingBytes = 0
        for (_, promise) in waiting { promise?.fail(ChannelError.ioOnClosedChannel) }
    }
}
