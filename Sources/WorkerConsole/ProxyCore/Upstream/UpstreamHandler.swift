import NIOCore
import NIOTLS
import WorkerDomain

/// One connection to a backend: reads answers strictly and hands them to the exchange that it serves.
final class UpstreamHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum State { case connecting, idle, head, body, finished, tunnel, closed }

    let loop: LoopContext
    let entry: BackendEntry
    /// Who waits for the connection to stand.
    var awaiting: DownstreamHandler?
    /// Nanoseconds of the monotonic clock when it was last used.
    var idleSince: Int64 = 0
    /// The transport was established at some time.
    private(set) var wasActive = false
    private(set) var isWritable = true
    /// Waits in the loop's list to be flushed.
    var isFlushDue = false

    private var peer: DownstreamHandler?
    private var context: ChannelHandlerContext?
    private var state = State.connecting
    private var received: ByteBuffer?
    private var searched = 0
    private var decoder = BodyDecoder.ended
    private let output = OutputBuffer()
    private var isAnswerToHead = false
    private var hasLeftover = false
    private var hasEnded = false
    private var isReadHeld = false
    private var failure: String?

    init(loop: LoopContext, entry: BackendEntry) {
        self.loop = loop
        self.entry = entry
    }

    // MARK: - Commands of the exchange

    /// Serves this exchange from now on.
    @inline(__always)
    func attach(_ peer: DownstreamHandler, toHead: Bool) {
        self.peer = peer
        self.state = .head
        self.isAnswerToHead = toHead
    }

    /// Writes the request's head; it is sent with what follows or with the next flush.
    @inline(__always)
    func send(head: ByteBuffer) {
        guard let context = self.context else { return }
        self.output.append(owned: head, to: context)
    }

    @inline(__always)
    func send(_ body: ByteBuffer, chunked: Bool) {
        guard let context = self.context else { return }
        if chunked {
            self.output.append(loop: self.loop) { ChunkedEncoder.writeSize(body.readableBytes, into: &$0) }
            self.output.append(body, to: context)
            self.output.append(loop: self.loop) { $0.writeStaticString("\r\n") }
        } else {
            self.output.append(body, to: context)
        }
    }

    /// Ends a chunked body; `trailers` are field lines, each with its line end.
    func sendLastChunk(trailers: [UInt8]) {
        self.output.append(loop: self.loop) { ChunkedEncoder.writeEnd(trailers: trailers, into: &$0) }
    }

    /// Sends what was written, soon.
    @inline(__always)
    func flush() {
        if self.output.isFull { self.flushNow() } else { self.loop.flushSoon(self) }
    }

    func flushNow() {
        self.isFlushDue = false
        guard let context = self.context else { return }
        self.output.flush(to: context)
    }

    /// Bytes go both ways untouched from now on.
    func openTunnel() {
        self.state = .tunnel
    }

    /// The client will send nothing more into the tunnel.
    func endTunnelInput() {
        self.flushNow()
        self.context?.close(mode: .output, promise: nil)
    }

    /// The exchange is over.
    @inline(__always)
    func release(keep: Bool, now: Int64) {
        self.peer = nil
        if keep, !self.hasLeftover, !self.hasEnded, self.state == .finished {
            self.state = .idle
            self.resumeReading()
            self.loop.pool.release(self, now: now)
        } else {
            self.close()
        }
    }

    func close() {
        self.peer = nil
        self.output.discard()
        self.context?.close(promise: nil)
    }

    /// The client can take more.
    @inline(__always)
    func resumeReading() {
        guard self.isReadHeld else { return }
        self.isReadHeld = false
        self.context?.read()
    }

    // MARK: - Events of the channel

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        // Of a name's addresses one has won by now.
        if context.channel.isActive { self.connected() }
    }

    func handlerRemoved(context _: ChannelHandlerContext) {
        self.context = nil
    }

    func channelActive(context: ChannelHandlerContext) {
        self.connected()
        context.fireChannelActive()
    }

    private func connected() {
        self.wasActive = true
        if self.entry.backend.url.scheme == .http {
            self.becomeReady()
        } else if self.awaiting == nil {
            // Nothing limits how long a handshake lasts that nobody waits for.
            self.close()
        }
    }

    /// Who waited for the connection to stand does not any longer: what comes of an open one is kept for others, but a
    /// handshake ends.
    func abandon() {
        self.awaiting = nil
        if self.wasActive { self.close() }
    }

    private func becomeReady() {
        guard self.state == .connecting else { return }
        if let handler = self.awaiting.take() {
            handler.upstreamReady(self, reused: false)
        } else {
            self.state = .idle
            self.loop.pool.release(self, now: self.loop.tick())
        }
    }

    func channelRead(context _: ChannelHandlerContext, data: NIOAny) {
        var buffer = self.unwrapInboundIn(data)
        self.loop.tick()
        switch self.state {
        case .body:
            self.readBody(&buffer)
        case .head:
            if var known = self.received.take() {
                known.writeBuffer(&buffer)
                buffer = known
            }
            self.readHeads(&buffer)
        case .tunnel:
            self.peer?.tunnelBytesFromBackend(buffer)
        case .connecting, .idle, .finished:
            // A backend that speaks without being asked has lost count of its messages.
            self.hasLeftover = true
            if self.state != .finished { self.close() }
        case .closed:
            break
        }
    }

    func channelReadComplete(context _: ChannelHandlerContext) {
        self.peer?.upstreamReadComplete()
    }

    func read(context: ChannelHandlerContext) {
        if let peer = self.peer, !peer.takesMore {
            self.isReadHeld = true
        } else {
            context.read()
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        self.isWritable = context.channel.isWritable
        if self.isWritable { self.peer?.resumeReading() }
    }

    func userInboundEventTriggered(context _: ChannelHandlerContext, event: Any) {
        if let event = event as? ChannelEvent, event == .inputClosed {
            self.inputClosed()
        } else if case .handshakeCompleted? = event as? TLSUserEvent {
            self.becomeReady()
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if self.failure == nil { self.failure = ConnectFailure.text(of: error) }
        context.close(promise: nil)
    }

    func channelInactive(context _: ChannelHandlerContext) {
        self.loop.tick()
        let state = self.state
        let isOrderly = self.failure == nil
        if state == .body, isOrderly, !self.hasEnded, self.decoder == .untilClose {
            self.hasEnded = true
            self.finishBody()
        }
        self.state = .closed
        self.received = nil
        self.output.discard()
        self.loop.pool.closed(self, wasIdle: state == .idle)
        if let handler = self.awaiting.take() {
            handler.upstreamFailed(self, reason: self.failure ?? "the connection was closed")
        }
        self.peer.take()?.upstreamClosed(self, reason: self.failure)
    }

    private func inputClosed() {
        self.loop.tick()
        switch self.state {
        case .tunnel:
            self.peer?.tunnelBackendEnded()
            return
        case .body where self.decoder == .untilClose && self.failure == nil:
            self.hasEnded = true
            self.finishBody()
        case .connecting, .idle, .head, .body, .finished, .closed:
            break
        }
        self.context?.close(promise: nil)
    }

    // MARK: - Reading answers

    private func readHeads(_ buffer: inout ByteBuffer) {
        while self.state == .head, let peer = self.peer {
            let toHead = self.isAnswerToHead
            let searched = self.searched
            let outcome = buffer.withUnsafeReadableBytes {
                self.loop.responseParser.parse($0, searched: searched, toHead: toHead)
            }
            switch outcome {
            case .incomplete:
                self.searched = buffer.readableBytes
                self.received = buffer.readableBytes > 0 ? buffer : nil
                if self.received != nil { peer.machine.responseBegan() }
                return
            case .malformed(let reason):
                self.hasLeftover = true
                peer.upstreamMalformed(reason)
                return
            case .complete(let head):
                self.searched = 0
                peer.answerHead(head, in: buffer)
                buffer.moveReaderIndex(forwardBy: head.end)
                if self.state == .tunnel {
                    if buffer.readableBytes > 0 { peer.tunnelBytesFromBackend(buffer) }
                    return
                }
                guard self.state == .head, self.peer != nil else { return }
                if head.isInformational { continue }
                self.decoder = BodyDecoder(head.framing, trailerLimit: self.loop.responseParser.headLimit)
                self.state = .body
                self.readBody(&buffer)
                return
            }
        }
    }

    @inline(__always)
    private func readBody(_ buffer: inout ByteBuffer) {
        while self.state == .body, let peer = self.peer {
            if self.decoder.hasEnded {
                self.hasLeftover = buffer.readableBytes > 0
                self.finishBody()
                return
            }
            switch self.decoder.next(&buffer) {
            case .needsMore: return
            case .data(let slice): peer.answerBody(slice)
            case .end: continue
            case .trailers(let lines): peer.answerTrailers(lines)
            case .malformed(let reason):
                peer.upstreamMalformed(reason)
                return
            }
        }
    }

    private func finishBody() {
        self.state = .finished
        self.peer?.answerEnded()
    }
}
