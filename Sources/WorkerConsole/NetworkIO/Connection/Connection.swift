/// One connection of an event loop: what is sent is gathered and leaves at the end of the turn, what arrives is handed to
/// the handler where it lies.
///
/// Confined to its loop's thread. Every method may be called at any time, also after the end: then nothing happens.
package final class Connection {
    private enum State {
        case connecting
        /// The transport stands, and nothing is read before there is a handler.
        case established
        case handshaking, open, closing, closed
    }

    package unowned let loop: EventLoop
    package let remoteAddress: SocketAddress?
    private let wire: any Wire
    private var handler: (any ConnectionHandler)?
    /// Who is told how connecting without a handler has ended.
    private var whenSettled: ((TransportError?) -> Void)?
    private var state: State
    private var output: ConnectionOutput
    private var failure: TransportError?
    private var isWatched = false
    // What the loop has to do or to tell, at the end of the turn.
    private var isDirty = false
    private var isDue = false
    private var mustTellOpened = false
    private var mustTellEnded = false
    // What has happened.
    private var hasEndedInput = false
    private var hasWireEnded = false
    private var isPaused = false
    private var closesWithReset = false
    /// Takes what arrives for ``relayTarget``; `nil` when it is handed over.
    private(set) var relaySource: Relay?
    private var relayTarget: Connection?

    init(loop: EventLoop, wire: any Wire, remoteAddress: SocketAddress?, tls: TLSSession?, isConnecting: Bool) {
        self.loop = loop
        self.wire = wire
        self.remoteAddress = remoteAddress
        self.state = isConnecting ? .connecting : tls == nil ? .open : .handshaking
        self.output = ConnectionOutput(loop: loop, wire: wire, tls: tls)
        if self.state == .open { self.output.open() }
    }

    /// Begins to tell `handler` what happens, and keeps it until the end.
    package func start(_ handler: any ConnectionHandler) {
        precondition(self.handler == nil, "a connection has one handler")
        self.handler = handler
        switch self.state {
        case .connecting: self.watch()
        case .established: self.takeOver()
        case .handshaking:
            self.watch()
            self.pumpTLS()
        case .open:
            self.watch()
            self.tellOpened()
        case .closing: break
        case .closed: self.tellClosed()
        }
    }

    private func watch() {
        self.isWatched = true
        self.loop.connectionCount += 1
        self.wire.start(self)
    }

    // MARK: - Connecting without a handler

    /// Connects before there is a handler, and reads nothing until one has been started.
    /// - Parameter settled: Called once, at the end of a turn: `nil` when the connection stands.
    func establish(_ settled: @escaping (TransportError?) -> Void) {
        precondition(self.state == .connecting && !self.isWatched, "only a new connection can be established")
        self.whenSettled = settled
        self.wire.pauseReading()
        self.watch()
    }

    /// Speaks TLS on an established connection, from its start on.
    func secure(with tls: TLSSession?) {
        precondition(self.state != .open && self.state != .handshaking, "TLS comes before everything else")
        self.output.secure(with: tls)
    }

    /// Ends a connection whose outcome nobody waits for any more.
    func abandon() {
        self.whenSettled = nil
        self.close()
    }

    private func takeOver() {
        self.stand()
        if !self.isPaused { self.wire.resumeReading() }
    }

    private func stand() {
        guard self.tls != nil else {
            self.open()
            self.tellOpened()
            return
        }
        self.state = .handshaking
        self.pumpTLS()
    }

    private func open() {
        self.state = .open
        self.output.open()
        self.followOutput()
    }

    // MARK: - What is known of it

    @inline(__always)
    private var tls: TLSSession? { self.output.tls }

    /// The handshake's facts; `nil` without TLS.
    package var tlsFacts: TLSFacts? { self.tls?.facts }

    /// How long the peer's certificate is still valid, in seconds; `nil` without TLS, and when it brought none.
    package var certificateSeconds: Int? { self.tls?.certificateSeconds }

    /// The connection stands and nothing has ended it.
    package var isOpen: Bool { self.state == .open && !self.hasEndedInput }

    private var hasEnded: Bool { self.state == .closing || self.state == .closed }

    /// Something has arrived, or the peer has closed, that the handler was not told yet: a pooled connection with news
    /// must not carry a request.
    package var hasNews: Bool { self.state != .open || self.wire.hasNews }

    /// The same of what the loop's last wait has brought, which costs no system call.
    package var hasFetchedNews: Bool { self.state != .open || self.wire.hasFetchedNews }

    /// Bytes that wait to be sent.
    package var pendingBytes: Int { self.output.pendingBytes }

    /// Bytes that the system has taken since the beginning, on a TLS connection encrypted.
    package var sentBytes: Int { self.output.sentBytes }

    /// When the system last took some, in nanoseconds of the loop's clock; 0 for never.
    package var lastSent: Int64 { self.output.lastSent }

    /// The peer took nothing when something was sent last, and has not made room since.
    package var isStalled: Bool { self.output.isBlocked }

    /// More waits to be sent than ``BufferLimits/high``: whoever makes it should wait for ``ConnectionHandler/drained()``.
    package var isCongested: Bool { self.output.isCongested }

    package var limits: BufferLimits {
        get { self.output.limits }
        set { self.output.limits = newValue }
    }

    // MARK: - Sending

    /// Sends bytes: small ones at the end of the turn with others, large ones at once from where they are.
    package func send(_ bytes: UnsafeRawBufferPointer) {
        self.output.send(bytes)
        self.followOutput()
    }

    /// Lets `body` write up to `capacity` bytes where they will be sent from; it returns how many it wrote.
    @inline(__always)
    package func send(atMost capacity: Int, _ body: (UnsafeMutableRawBufferPointer) -> Int) {
        self.output.send(atMost: capacity, body)
        self.followOutput()
    }

    /// Calls ``ConnectionHandler/drained()`` once when nothing waits to be sent any more, at the earliest at the end of this
    /// turn.
    package func tellWhenEmpty() {
        guard self.state != .closed else { return }
        self.output.awaitEmpty()
        self.followOutput()
    }

    /// Tells the peer that nothing more will be sent, when all that waits has left.
    package func closeOutput() {
        self.output.close()
        self.followOutput()
    }

    /// Bytes a second that are sent at most; `nil` sends as fast as the peer takes it.
    package var outputRate: Int? {
        get { self.output.bytesPerSecond }
        set {
            self.output.bytesPerSecond = newValue
            self.followOutput()
        }
    }

    /// Does what the last call of the output has left to the connection.
    @inline(__always)
    private func followOutput() {
        let needs = self.output.takeNeeds()
        if needs.contains(.flush) { self.flushSoon() }
        if !needs.isSubset(of: .flush) { self.follow(needs) }
    }

    private func follow(_ needs: OutputNeeds) {
        if needs.contains(.nextFlush) { self.loop.later { self.flushSoon() } }
        if needs.contains(.telling) { self.makeDue() }
        if needs.contains(.end), let failure = self.output.failure { self.fail(failure) }
        guard needs.contains(.allowance) else { return }
        self.loop.schedule(after: RateLimit.interval) { [weak self] in
            self?.output.renewAllowance()
            self?.followOutput()
        }
    }

    @inline(__always)
    private func flushSoon() {
        guard !self.isDirty else { return }
        self.isDirty = true
        self.loop.flushLater(self)
    }

    // MARK: - Reading

    /// Hands nothing over until ``resumeReading()``: the peer is held back when its system's buffers are full.
    package func pauseReading() {
        guard !self.isPaused else { return }
        self.isPaused = true
        self.wire.pauseReading()
    }

    package func resumeReading() {
        guard self.isPaused else { return }
        self.isPaused = false
        // Before there is a handler nothing is read.
        guard self.whenSettled == nil, self.state != .established else { return }
        if self.tls != nil { self.makeDue() }
        self.wire.resumeReading()
    }

    /// Moves bytes between the wire and the handler, through TLS.
    private func pumpTLS() {
        guard let tls = self.tls else { return }
        while self.state == .handshaking || (self.state == .open && !self.isPaused && !self.hasEndedInput) {
            let event = self.output.nextTLSEvent(of: tls)
            self.followOutput()
            switch event {
            case .handshakeDone:
                self.open()
                self.settleOpened()
            case .plaintext(let count):
                self.handler?.received(UnsafeRawBufferPointer(rebasing: self.loop.plaintext[..<count]).bytes)
            case .ended: return self.endInput()
            case .needsMore:
                if self.hasWireEnded { self.wireEnded() }
                return
            case .failed: return
            }
        }
    }

    // MARK: - Relaying

    /// Moves the next `count` bytes that arrive to another connection of this loop without handing them over; the handler
    /// is told how many (``ConnectionHandler/relayed(_:)``), and gets what comes after them as always.
    /// - Returns: False when that is not possible now: over TLS, for a slow connection, for few bytes, or because something
    ///   waits to be sent.
    package func relay(_ count: Int, to target: Connection) -> Bool {
        guard count >= Relay.leastBytes, self.state == .open, self.tls == nil, self.relaySource == nil,
            target.isFreeForRelay, self.wire.prepareToRelay(.source), target.wire.prepareToRelay(.target),
            let relay = self.loop.takeRelay()
        else { return false }
        relay.begin(count)
        self.relaySource = relay
        self.relayTarget = target
        target.output.begin(relay)
        return true
    }

    private var isFreeForRelay: Bool {
        defer { self.followOutput() }
        return self.output.isFreeForRelay()
    }

    /// What arrives is handed over again; what was taken still goes on.
    func endRelay() {
        self.relaySource.take()?.stop()
        guard let target = self.relayTarget.take() else { return }
        target.output.giveBackRelay()
        target.followOutput()
    }

    /// The relay has taken so many bytes.
    func wireRelayed(_ count: Int) {
        guard let relay = self.relaySource, let target = self.relayTarget else { return }
        if relay.left == 0 { (self.relaySource, self.relayTarget) = (nil, nil) }
        target.output.sendRelayed()
        target.followOutput()
        // What comes next is for the handler, which has to know that nobody takes it any more.
        if target.state != .open { self.endRelay() }
        if count > 0 { self.handler?.relayed(count) }
    }

    /// The relay takes nothing before some of what it holds has left.
    func wireRelayIsFull() {
        guard let target = self.relayTarget, target.output.relayIsFull() else { return self.endRelay() }
        // The handler was told, and is told when there is room again.
        self.handler?.relayed(0)
    }

    // MARK: - Ending

    /// Sends what can be sent at once and ends the connection.
    /// - Parameter isOrderly: On a TLS connection, tells the peer that it got everything.
    package func close(isOrderly: Bool = true) {
        guard !self.hasEnded else { return }
        if self.state == .open {
            self.output.sendLast(isOrderly: isOrderly)
            self.followOutput()
        }
        self.endNow()
    }

    /// Ends the connection without an orderly end, so that the peer cannot take what it got for whole.
    package func reset() {
        guard !self.hasEnded else { return }
        self.closesWithReset = true
        self.endNow()
    }

    private func fail(_ error: TransportError) {
        guard !self.hasEnded else { return }
        self.failure = error
        self.endNow()
    }

    private func endNow() {
        self.state = .closing
        self.output.stop()
        self.makeDue()
    }

    private func finish() {
        self.state = .closed
        let isStillSending = self.output.isStillSending()
        self.wire.close(reset: self.closesWithReset)
        if self.isWatched { self.loop.connectionCount -= 1 }
        self.tellSettled(self.failure ?? .closed)
        self.endRelay()
        // Whoever is told may ask what has not left.
        self.handler.take()?.closed(self.failure)
        if !isStillSending { self.output.discard() }
    }

    /// The loop has ended: nobody is told, and what would hold this connection is let go.
    func loopEnded() {
        self.state = .closed
        (self.handler, self.whenSettled) = (nil, nil)
        (self.relaySource, self.relayTarget) = (nil, nil)
    }

    // MARK: - What the wire tells

    /// The transport stands.
    package func wireOpened() {
        guard self.state == .connecting else { return }
        guard self.whenSettled == nil else {
            self.state = .established
            self.makeDue()
            return
        }
        self.stand()
    }

    @inline(__always)
    package func wireReceived(_ bytes: UnsafeRawBufferPointer) {
        if let tls = self.tls {
            guard self.state == .open || self.state == .handshaking else { return }
            tls.feed(bytes) { self.pumpTLS() }
            return
        }
        guard self.state == .open, let handler = self.handler else { return }
        // What was not told yet comes first.
        if self.mustTellOpened { self.settleOpened() }
        if self.relaySource != nil { self.endRelay() }
        handler.received(bytes.bytes)
    }

    /// The peer has closed its sending side.
    package func wireEnded() {
        guard !self.hasEnded else { return }
        if let tls = self.tls, !tls.hasReceivedEnd {
            // What came before it may wait for the handler to read on.
            self.hasWireEnded = tls.hasInput
            guard !tls.hasInput else { return }
            self.fail(self.state == .handshaking ? .closed : .truncated)
            return
        }
        guard self.state == .open else { return self.fail(.closed) }
        self.endInput()
    }

    package func wireFailed(_ error: TransportError) {
        self.fail(error)
    }

    /// The wire takes bytes again.
    package func wireWritable() {
        self.output.unblock()
        self.followOutput()
    }

    /// What ``Wire/sendLater(_:quietFrom:)`` began has come to this.
    package func wireSent(_ outcome: WireOutcome) {
        self.output.sent(outcome)
        self.followOutput()
    }

    private func endInput() {
        guard !self.hasEndedInput else { return }
        self.hasEndedInput = true
        self.mustTellEnded = true
        self.makeDue()
    }

    // MARK: - What the loop calls at the end of a turn

    func flushFromLoop() {
        self.isDirty = false
        guard self.state == .open || self.state == .handshaking else { return }
        self.output.flush(mayWait: true)
        self.followOutput()
    }

    func tellFromLoop() {
        self.isDue = false
        if self.state == .established { self.tellSettled(nil) }
        if self.mustTellOpened { self.settleOpened() }
        if self.state == .open, !self.isPaused, self.tls != nil { self.pumpTLS() }
        if self.mustTellEnded, self.state == .open, !self.isPaused {
            self.mustTellEnded = false
            self.handler?.inputEnded()
        }
        if self.state == .open, self.output.takeDrained() { self.handler?.drained() }
        if self.state == .closing { self.finish() }
    }

    private func makeDue() {
        guard !self.isDue else { return }
        self.isDue = true
        self.loop.tellLater(self)
    }

    private func tellOpened() {
        self.mustTellOpened = true
        self.makeDue()
    }

    private func settleOpened() {
        self.mustTellOpened = false
        self.handler?.opened()
    }

    private func tellSettled(_ error: TransportError?) {
        self.whenSettled.take()?(error)
    }

    /// Tells a handler that came too late.
    private func tellClosed() {
        self.loop.later { self.handler.take()?.closed(self.failure) }
    }
}
