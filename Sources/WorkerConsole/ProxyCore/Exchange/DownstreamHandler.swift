import NIOCore
import Synchronization
import WorkerDomain

/// One client connection and the exchange that it carries now; requests that follow it wait in the receive buffer.
final class DownstreamHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// What the connection is doing.
    enum Phase {
        /// Between exchanges.
        case idle
        /// A part of a head is here.
        case head
        /// An exchange is with the state machine.
        case exchange
        /// The answer is complete but not yet taken by the system.
        case finishing
        /// The last answer is being written, then the connection ends.
        case closing
        /// The sending side is closed; what the client still sends is thrown away.
        case lingering
        case closed
    }

    let loop: LoopContext
    let shared: SharedContext
    /// Its place in the loop's list of connections.
    var index = 0
    var context: ChannelHandlerContext?
    var client: ClientIdentity
    var phase = Phase.idle
    var machine: ExchangeStateMachine
    var exchange = CurrentExchange()
    /// Received and not yet taken: part of a head, a body that cannot be passed on yet, requests that follow.
    var received: ByteBuffer?
    var searched = 0
    let output = OutputBuffer()
    var upstream: UpstreamHandler?
    var connecting: UpstreamHandler?
    /// When something last moved, in nanoseconds of the monotonic clock; time limits count from here.
    var since: Int64 = 0
    var isWritable = true
    private var isReadHeld = false
    var isReading = false
    /// Waits in the loop's list to be flushed.
    var isFlushDue = false
    var isProcessing = false
    /// The client has closed its sending side.
    var hasEnded = false
    /// When it did.
    var endedAt: Int64 = 0
    var exchanges = 0
    private var isSurplus = false

    init(loop: LoopContext) {
        self.loop = loop
        self.shared = loop.shared
        self.machine = ExchangeStateMachine(retryLimit: loop.shared.configuration.upstream.retryLimit)
        self.client = ClientIdentity(nil, configuration: loop.shared.configuration)
    }

    // MARK: - Events of the channel

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context _: ChannelHandlerContext) {
        self.context = nil
    }

    func channelActive(context: ChannelHandlerContext) {
        self.client = ClientIdentity(context.remoteAddress, configuration: self.shared.configuration)
        let count = self.shared.connections.wrappingAdd(1, ordering: .relaxed).newValue
        self.isSurplus = count > self.shared.configuration.limits.connections
        self.since = SystemTime.now()
        let plan = BufferPlan.beside(self.loop.connections.count)
        if plan != .few { try? context.channel.syncOptions?.setOption(.writeBufferWaterMark, value: plan.waterMark) }
        self.loop.add(self)
    }

    func channelInactive(context _: ChannelHandlerContext) {
        self.loop.tick()
        self.shared.connections.wrappingSubtract(1, ordering: .relaxed)
        self.clientGone()
        self.phase = .closed
        self.received = nil
        self.output.discard()
        self.loop.remove(self)
    }

    func channelRead(context _: ChannelHandlerContext, data: NIOAny) {
        var buffer = self.unwrapInboundIn(data)
        self.isReading = true
        self.loop.tick()
        switch self.phase {
        case .closing, .closed:
            return
        case .lingering:
            return
        case .exchange where self.machine.isTunnelling:
            self.tunnelBytesFromClient(buffer)
            return
        case .idle, .head, .exchange, .finishing:
            break
        }
        if self.received == nil {
            self.received = buffer
        } else {
            self.received?.writeBuffer(&buffer)
        }
        if self.phase == .exchange {
            if !self.machine.isRequestComplete, self.upstream != nil { self.pumpBody() }
        } else {
            self.processInput()
        }
    }

    func channelReadComplete(context _: ChannelHandlerContext) {
        self.isReading = false
        self.upstream?.flush()
    }

    /// Reads only while what is read can go on: this is the back-pressure on the client.
    func read(context: ChannelHandlerContext) {
        if self.mustHoldReading {
            self.isReadHeld = true
        } else {
            context.read()
        }
    }

    private var mustHoldReading: Bool {
        guard self.phase == .exchange || self.phase == .finishing else { return false }
        if self.machine.isTunnelling || !self.machine.isRequestComplete {
            guard let upstream = self.upstream else { return (self.received?.readableBytes ?? 0) >= 65_536 }
            return !upstream.isWritable
        }
        // Reading goes on after the request, because that is how one learns that the client has left.
        return (self.received?.readableBytes ?? 0) >= 16_384
    }

    func resumeReading() {
        guard self.isReadHeld, !self.mustHoldReading else { return }
        self.isReadHeld = false
        self.context?.read()
    }

    /// The client can take more of its answer.
    var takesMore: Bool { self.isWritable }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        self.isWritable = context.channel.isWritable
        self.since = SystemTime.now()
        if self.isWritable { self.upstream?.resumeReading() }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? ChannelEvent, event == .inputClosed { self.inputClosed() }
    }

    func errorCaught(context: ChannelHandlerContext, error _: any Error) {
        context.close(promise: nil)
    }

    // MARK: - Input

    /// Reads as many requests as are here, one after the other; a loop, so that a thousand of them cost no stack.
    func processInput() {
        guard !self.isProcessing else { return }
        self.isProcessing = true
        defer { self.isProcessing = false }
        while self.phase == .idle || self.phase == .head, let buffer = self.received, buffer.readableBytes > 0 {
            if self.phase == .idle {
                self.phase = .head
                self.searched = 0
                self.exchange = CurrentExchange()
                self.exchange.startedAt = self.loop.now
                self.exchange.wallTime = SystemTime.wall()
                self.since = self.exchange.startedAt
            }
            let searched = self.searched
            let outcome = buffer.withUnsafeReadableBytes { self.loop.requestParser.parse($0, searched: searched) }
            switch outcome {
            case .incomplete:
                self.searched = buffer.readableBytes
                self.forgetEmptyLines(buffer)
                return
            case .refused(let refusal):
                self.refuse(LocalAnswer(refusal), head: nil)
            case .complete(let head):
                self.begin(head, in: buffer)
            }
        }
        if let buffer = self.received, buffer.readableBytes == 0 { self.received = nil }
        if self.phase == .idle, self.hasEnded || self.shared.isDraining.load(ordering: .relaxed) { self.closeNow() }
    }

    /// Empty lines alone are no exchange.
    private func forgetEmptyLines(_ buffer: ByteBuffer) {
        guard buffer.readableBytes <= 8, buffer.readableBytesView.allSatisfy({ $0 == 0x0D || $0 == 0x0A }) else {
            return
        }
        self.phase = .idle
    }

    /// Refuses before the head is known; the rest of the connection cannot be understood.
    private func refuse(_ answer: LocalAnswer, head: RequestHead?) {
        let limit = self.shared.configuration.limits.head
        let bytes = self.received.map { Array($0.readableBytesView.prefix(head?.end ?? limit)) } ?? []
        self.open(head: bytes)
        self.report(.local)
        self.received = nil
        self.answer(
            answer, ending: ExchangeEnding(cause: .requestRefused, phase: .requestHead, reason: answer.message),
            keep: false)
    }

    /// Begins an exchange; it is reported as soon as it is known where it goes.
    func open(head: [UInt8]) {
        self.exchange.id = self.shared.nextID()
        self.exchange.isOpen = true
        self.exchange.unreported = head
        self.exchanges += 1
        self.shared.inFlight.wrappingAdd(1, ordering: .relaxed)
    }

    /// Reports where the exchange goes, with its beginning when that was not reported yet.
    func report(_ route: ExchangeRoute?, connection: ExchangeConnection? = nil) {
        let sink = self.shared.sink
        if let head = self.exchange.unreported.take() {
            sink.record(
                .began(
                    ExchangeBeginning(
                        startedAt: self.exchange.wallTime, downstream: self.client.text, requestHead: head,
                        route: route, connection: connection)),
                of: self.exchange.id)
        } else {
            if let route { sink.record(.routed(route), of: self.exchange.id) }
            if let connection { sink.record(.connected(connection), of: self.exchange.id) }
        }
    }

    private func begin(_ head: RequestHead, in buffer: ByteBuffer) {
        let shared = self.shared
        self.phase = .exchange
        self.exchange.headAt = self.loop.now
        self.since = self.exchange.headAt
        self.exchange.head = head
        self.exchange.decoder = BodyDecoder(head.framing, trailerLimit: self.loop.requestParser.headLimit)
        self.open(head: buffer.withUnsafeReadableBytes { Array($0[head.start..<head.end]) })
        if shared.cors.variesByOrigin, let origin = self.loop.requestParser.scanner.first(.origin) {
            self.exchange.origin = buffer.withUnsafeReadableBytes { Array($0[origin.value]) }
        }
        let isRouted = buffer.withUnsafeReadableBytes {
            head.isAsterisk
                || shared.routes.matches(UnsafeRawBufferPointer(rebasing: $0[head.targetStart..<head.targetEnd]))
        }
        if head.method == .options, isRouted {
            self.beginLocal(.preflight, route: .preflight, ending: .completed)
            return
        }
        if let answer = self.refusal(of: head, in: buffer, isRouted: isRouted) {
            self.beginLocal(
                answer, route: .local,
                ending: ExchangeEnding(cause: .requestRefused, phase: .requestHead, reason: answer.message))
            return
        }
        guard let entry = shared.registry.direct else { return self.steer(head, in: buffer) }
        self.forward(head, in: buffer, to: entry)
    }

    private func refusal(of head: RequestHead, in buffer: ByteBuffer, isRouted: Bool) -> LocalAnswer? {
        if self.isSurplus { return .tooManyConnections }
        guard isRouted else { return .noRoute }
        let limit = self.shared.configuration.limits.body
        if case .length(let length) = head.framing, length > limit {
            return LocalAnswer(
                status: 413, error: "request_refused", message: "the request body is longer than \(limit) bytes")
        }
        guard self.shared.configuration.setsCloudflareFields,
            let field = self.loop.requestParser.scanner.first(.loop)
        else { return nil }
        // Cloudflare gives up after 16 hops (error 1019).
        var hops = 0
        buffer.withUnsafeReadableBytes { bytes in
            ASCII.forEachListItem(bytes, from: field.value.lowerBound, to: field.value.upperBound) {
                if ASCII.equals(bytes, $0, $1, "cloudflare") { hops += 1 }
            }
        }
        return hops >= 16 ? .loop : nil
    }

    /// Answers without a backend; a body that is here already is taken off, else the connection ends.
    func beginLocal(_ answer: LocalAnswer, route: ExchangeRoute, ending: ExchangeEnding) {
        self.report(route)
        self.received?.moveReaderIndex(forwardBy: self.exchange.head.end)
        var isMalformed = false
        while !self.exchange.decoder.hasEnded, !isMalformed, var buffer = self.received.take() {
            let event = self.exchange.decoder.next(&buffer)
            self.received = buffer
            switch event {
            case .data(let slice): self.exchange.requestBody.add(slice, limit: self.loop.captureLimit)
            case .end, .trailers: continue
            case .needsMore, .malformed: isMalformed = true
            }
        }
        let mayKeep = self.exchange.decoder.hasEnded && !self.isSurplus
        self.answer(answer, ending: ending, keep: mayKeep)
    }
}
