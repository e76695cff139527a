package import CLinux

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

    /// Pieces of this size and more are sent at once from where they are: copying them and letting them grow cold in the
    /// cache costs more than a wake-up of the peer.
    private static let directSize = 8_192
    /// When so much waits, it is sent at once.
    private static let gatheredSize = 32_768
    /// Encrypted bytes that wait at most: what comes behind them is encrypted when it can leave.
    private static let encryptedLimit = 131_072
    /// On a TLS connection, pieces of this size and more are encrypted from where they are: smaller ones share a record.
    private static let recordSize = 8_192

    package unowned let loop: EventLoop
    package let remoteAddress: SocketAddress?
    package var limits = BufferLimits.ordinary
    private var handler: (any ConnectionHandler)?
    private let wire: any Wire
    private var tls: TLSSession?
    /// Who is told how connecting without a handler has ended.
    private var whenSettled: ((TransportError?) -> Void)?
    private var state: State
    /// What the handler has sent: on a TLS connection not yet encrypted.
    private var output: OutboundQueue
    /// What TLS has made of it, and its own messages; unused without TLS.
    private var encrypted: OutboundQueue
    private var failure: TransportError?
    private var isWatched = false
    // What the loop has to tell or to do, at the end of the turn.
    private var isDirty = false
    private var isDue = false
    private var mustTellOpened = false
    private var mustTellEnded = false
    private var mustTellDrained = false
    private var closesWithReset = false
    // What has happened.
    private var hasEndedInput = false
    private var hasWireEnded = false
    private var endsOutput = false
    private var hasEndedOutput = false
    private var isPaused = false
    private var isBlocked = false
    private var isSending = false
    private var tellsWhenEmpty = false
    private var rate: RateLimit?
    private var isWaitingForRate = false
    /// Takes what arrives for ``relayTarget``; `nil` when it is handed over.
    private(set) var relaySource: Relay?
    private var relayTarget: Connection?
    /// Brings what arrives on another connection. What is sent otherwise meanwhile comes behind it.
    private var relayed: Relay?
    /// Bytes that the system has taken since the beginning, on a TLS connection encrypted.
    package private(set) var sentBytes = 0
    /// When the system last took some, in nanoseconds of the loop's clock; 0 for never.
    package private(set) var lastSent: Int64 = 0
    /// The peer took nothing when something was sent last, and has not made room since.
    package var isStalled: Bool { self.isBlocked }
    /// More waits to be sent than ``BufferLimits/high``: whoever makes it should wait for ``ConnectionHandler/drained()``.
    package private(set) var isCongested = false

    init(loop: EventLoop, wire: any Wire, remoteAddress: SocketAddress?, tls: TLSSession?, isConnecting: Bool) {
        self.loop = loop
        self.wire = wire
        self.remoteAddress = remoteAddress
        self.tls = tls
        self.state = isConnecting ? .connecting : tls == nil ? .open : .handshaking
        self.output = OutboundQueue(memory: loop.pieces)
        self.encrypted = OutboundQueue(memory: loop.pieces)
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
        self.tls = tls
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

    /// The handshake's facts; `nil` without TLS.
    package var tlsFacts: TLSFacts? { self.tls?.facts }

    /// Bytes that wait to be sent.
    package var pendingBytes: Int { self.output.count + self.encrypted.count + (self.relayed?.held ?? 0) }

    /// The connection stands and nothing has ended it.
    package var isOpen: Bool { self.state == .open && !self.hasEndedInput }

    /// Something has arrived, or the peer has closed, that the handler was not told yet: a pooled connection with news
    /// must not carry a request.
    package var hasNews: Bool { self.state != .open || self.wire.hasNews }

    /// The same of what the loop's last wait has brought, which costs no system call.
    package var hasFetchedNews: Bool { self.state != .open || self.wire.hasFetchedNews }

    // MARK: - Sending

    /// Sends bytes: small ones at the end of the turn with others, large ones at once from where they are.
    @inline(__always)
    package func send(_ bytes: RawSpan) {
        bytes.withUnsafeBytes { self.send($0) }
    }

    package func send(_ bytes: UnsafeRawBufferPointer) {
        guard self.takesOutput, bytes.count > 0 else { return }
        if bytes.count >= Self.directSize, self.tls == nil, self.state == .open, !self.isBlocked, self.rate == nil,
            self.relayed == nil, self.sendsAtOnce()
        {
            self.sendDirectly(bytes)
        } else if bytes.count >= Self.recordSize, self.tls != nil {
            self.encryptDirectly(bytes)
        } else {
            self.output.append(bytes)
        }
        self.noteOutput()
    }

    package func send(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { self.send($0) }
    }

    package func send(_ text: StaticString) {
        self.send(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Lets `body` write up to `capacity` bytes where they will be sent from; it returns how many it wrote.
    @inline(__always)
    package func send(atMost capacity: Int, _ body: (UnsafeMutableRawBufferPointer) -> Int) {
        guard self.takesOutput else { return }
        self.output.write(atMost: capacity, body)
        self.noteOutput()
    }

    private var takesOutput: Bool {
        switch self.state {
        case .connecting, .established, .handshaking, .open: !self.endsOutput
        case .closing, .closed: false
        }
    }

    @inline(__always)
    private func noteOutput() {
        if self.pendingBytes >= Self.gatheredSize, self.state == .open { self.flush(mayWait: false) }
        if self.pendingBytes > self.limits.high { self.isCongested = true }
        if self.pendingBytes > 0 { self.flushSoon() }
    }

    @inline(__always)
    private func flushSoon() {
        guard !self.isDirty else { return }
        self.isDirty = true
        self.loop.flushLater(self)
    }

    private func sendDirectly(_ bytes: UnsafeRawBufferPointer) {
        var rest = bytes
        while rest.count > 0 {
            switch self.output.withPieces(tail: rest, { self.wire.send($0) }) {
            case .sent(let count):
                self.noteSent(count)
                let queued = min(count, self.output.count)
                self.output.consume(queued)
                rest = UnsafeRawBufferPointer(rebasing: rest[(count - queued)...])
            case .blocked:
                self.isBlocked = true
                self.output.append(rest)
                return
            case .failed(let error):
                self.fail(error)
                return
            }
        }
    }

    /// Calls ``ConnectionHandler/drained()`` once when nothing waits to be sent any more, at the earliest at the end of this
    /// turn.
    package func tellWhenEmpty() {
        guard self.state != .closed else { return }
        self.tellsWhenEmpty = true
        self.flushSoon()
    }

    /// Tells the peer that nothing more will be sent, when all that waits has left.
    package func closeOutput() {
        guard self.takesOutput else { return }
        self.endsOutput = true
        self.flushSoon()
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
        target.relayed = relay
        return true
    }

    /// Nothing waits to be sent, and what is relayed can leave as it comes.
    private var isFreeForRelay: Bool {
        guard self.state == .open, self.tls == nil, self.rate == nil, self.relayed == nil, !self.endsOutput else {
            return false
        }
        if self.pendingBytes > 0, !self.isBlocked, self.sendsAtOnce() { self.flushOutput(mayWait: false) }
        return self.pendingBytes == 0 && self.state == .open
    }

    /// What arrives is handed over again; what was taken still goes on.
    func endRelay() {
        self.relaySource.take()?.stop()
        if let target = self.relayTarget.take() { target.giveBackRelay() }
    }

    /// The relay has taken so many bytes.
    func wireRelayed(_ count: Int) {
        guard let relay = self.relaySource, let target = self.relayTarget else { return }
        if relay.left == 0 { (self.relaySource, self.relayTarget) = (nil, nil) }
        target.sendRelayed()
        target.outputMoved()
        // What comes next is for the handler, which has to know that nobody takes it any more.
        if target.state != .open { self.endRelay() }
        if count > 0 { self.handler?.relayed(count) }
    }

    /// The relay takes nothing before some of what it holds has left.
    func wireRelayIsFull() {
        // The handler was told, and is told when there is room again.
        guard let target = self.relayTarget, target.state == .open else { return self.endRelay() }
        target.isCongested = true
        self.handler?.relayed(0)
    }

    private func sendRelayed() {
        while let relay = self.relayed, relay.held > 0, !self.isBlocked, self.state == .open {
            switch self.wire.send(relay) {
            case .sent(let count): self.noteSent(count)
            case .blocked: self.isBlocked = true
            case .failed(let error): self.fail(error)
            }
        }
        if let relay = self.relayed, relay.held > 0, self.state == .open { self.isCongested = true }
        self.giveBackRelay()
    }

    private func giveBackRelay() {
        guard let relay = self.relayed, relay.isDone else { return }
        self.relayed = nil
        self.loop.giveBack(relay)
        if !self.output.isEmpty { self.flushSoon() }
    }

    // MARK: - Ending

    /// Sends what can be sent at once and ends the connection.
    /// - Parameter isOrderly: On a TLS connection, tells the peer that it got everything.
    package func close(isOrderly: Bool = true) {
        guard self.state != .closing, self.state != .closed else { return }
        if self.state == .open {
            if let tls = self.tls {
                self.encrypt()
                // Without all of the output this would be no orderly end.
                if isOrderly, self.output.isEmpty { tls.close(sending: &self.encrypted) }
            }
            if self.sendsAtOnce() { self.flushOutput(mayWait: false) }
        }
        self.endNow()
    }

    /// Ends the connection without an orderly end, so that the peer cannot take what it got for whole.
    package func reset() {
        guard self.state != .closing, self.state != .closed else { return }
        self.closesWithReset = true
        self.endNow()
    }

    private func fail(_ error: TransportError) {
        guard self.state != .closing, self.state != .closed else { return }
        self.failure = error
        self.endNow()
    }

    private func endNow() {
        self.state = .closing
        self.makeDue()
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

    private func stand() {
        guard self.tls != nil else {
            self.state = .open
            if !self.output.isEmpty { self.flushSoon() }
            self.tellOpened()
            return
        }
        self.state = .handshaking
        self.pumpTLS()
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
        guard self.state != .closing, self.state != .closed else { return }
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
        self.isBlocked = false
        if self.pendingBytes > 0 { self.flushSoon() }
    }

    /// What ``Wire/sendLater(_:)`` began has taken so many bytes.
    package func wireSent(_ outcome: WireOutcome) {
        self.isSending = false
        switch outcome {
        case .sent(let count):
            self.noteSent(count)
            if self.tls == nil { self.output.consume(count) } else { self.encrypted.consume(count) }
            if self.pendingBytes > 0 || self.endsOutput { self.flushSoon() }
            self.outputMoved()
        case .blocked: self.isBlocked = true
        case .failed(let error): self.fail(error)
        }
    }

    /// Calls `body` with the bytes that are to be sent next, in their pieces.
    package func withOutput<Result>(_ body: (UnsafeBufferPointer<iovec>) -> Result) -> Result {
        self.tls == nil ? self.output.withPieces(body) : self.encrypted.withPieces(body)
    }

    /// Something has to be done as soon as so many bytes have left.
    @inline(__always)
    func awaitsMoreThan(_ bytes: Int) -> Bool {
        self.endsOutput || self.tellsWhenEmpty || self.isCongested || self.pendingBytes > bytes
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
        self.flush(mayWait: true)
    }

    private func flush(mayWait: Bool) {
        guard self.state == .open || self.state == .handshaking else { return }
        guard mayWait ? !self.isSending : self.sendsAtOnce() else {
            // What came after that cannot wait for an event.
            self.loop.later { self.flushSoon() }
            return
        }
        if self.tls != nil { self.encrypt() }
        if !self.isBlocked { self.flushOutput(mayWait: mayWait) }
        if self.pendingBytes == 0, self.endsOutput, !self.hasEndedOutput, self.state == .open { self.endOutput() }
        self.outputMoved()
    }

    private func endOutput() {
        if let tls = self.tls {
            tls.close(sending: &self.encrypted)
            self.flushOutput(mayWait: true)
            guard self.pendingBytes == 0, self.state == .open else { return }
        }
        self.hasEndedOutput = true
        self.wire.endOutput()
    }

    /// Makes sure that the wire has nothing half sent; false when that is not possible.
    private func sendsAtOnce() -> Bool {
        if self.isSending, self.wire.withdrawSend() { self.isSending = false }
        return !self.isSending
    }

    /// Sends what is ready for the wire; with `mayWait` the wire may do it by and by.
    private func flushOutput(mayWait: Bool) {
        if self.relayed != nil {
            guard self.sendsAtOnce() else { return }
            self.sendRelayed()
            guard self.relayed == nil else { return }
        }
        let isEmpty = self.tls == nil ? self.output.isEmpty : self.encrypted.isEmpty
        guard !isEmpty, !self.isSending else { return }
        if mayWait, self.rate == nil, self.wire.sendLater(self) {
            self.isSending = true
        } else if self.tls == nil {
            self.sendAll(&self.output)
        } else {
            self.sendAll(&self.encrypted)
        }
    }

    private func sendAll(_ queue: inout OutboundQueue) {
        while !queue.isEmpty {
            let most = self.rate?.allowance ?? .max
            guard most > 0 else { return self.waitForRate() }
            switch queue.withPieces(atMost: most, { self.wire.send($0) }) {
            case .sent(let count):
                self.noteSent(count)
                queue.consume(count)
            case .blocked:
                self.isBlocked = true
                return
            case .failed(let error):
                self.fail(error)
                return
            }
        }
    }

    private func noteSent(_ count: Int) {
        self.sentBytes += count
        self.lastSent = self.loop.now
        self.rate?.spend(count)
    }

    /// Bytes a second that are sent at most; `nil` sends as fast as the peer takes it.
    package var outputRate: Int? {
        get { self.rate?.bytesPerSecond }
        set {
            guard newValue != self.rate?.bytesPerSecond else { return }
            self.rate = newValue.map { RateLimit(bytesPerSecond: $0) }
            if self.pendingBytes > 0 { self.flushSoon() }
        }
    }

    private func waitForRate() {
        guard !self.isWaitingForRate else { return }
        self.isWaitingForRate = true
        self.loop.schedule(after: RateLimit.interval) { [weak self] in
            guard let self else { return }
            self.isWaitingForRate = false
            self.rate?.renew()
            if self.pendingBytes > 0 { self.flushSoon() }
        }
    }

    private func outputMoved() {
        let pending = self.pendingBytes
        if self.isCongested, pending <= self.limits.low {
            self.isCongested = false
            self.mustTellDrained = true
        }
        if self.tellsWhenEmpty, pending == 0 {
            self.tellsWhenEmpty = false
            self.mustTellDrained = true
        }
        if self.mustTellDrained { self.makeDue() }
    }

    private func settleOpened() {
        self.mustTellOpened = false
        self.handler?.opened()
    }

    func tellFromLoop() {
        self.isDue = false
        if self.state == .established { self.tellSettled(nil) }
        if self.mustTellOpened { self.settleOpened() }
        if self.tls != nil, self.state == .open, !self.isPaused { self.pumpTLS() }
        if self.mustTellEnded, self.state == .open, !self.isPaused {
            self.mustTellEnded = false
            self.handler?.inputEnded()
        }
        if self.mustTellDrained, self.state == .open {
            self.mustTellDrained = false
            self.handler?.drained()
        }
        if self.state == .closing { self.finish() }
    }

    private func finish() {
        self.state = .closed
        let isSending = !self.sendsAtOnce()
        self.wire.close(reset: self.closesWithReset)
        if self.isWatched { self.loop.connectionCount -= 1 }
        self.tellSettled(self.failure ?? .closed)
        self.endRelay()
        let handler = self.handler
        self.handler = nil
        // Whoever is told may ask what has not left.
        handler?.closed(self.failure)
        if !isSending {
            self.output.discard()
            self.encrypted.discard()
            self.relayed = nil
        }
    }

    private func tellSettled(_ error: TransportError?) {
        let settled = self.whenSettled
        self.whenSettled = nil
        settled?(error)
    }

    /// Tells a handler that came too late.
    private func tellClosed() {
        self.loop.later {
            let handler = self.handler
            self.handler = nil
            handler?.closed(self.failure)
        }
    }

    // MARK: - TLS

    /// Moves bytes between the wire and the handler, through TLS.
    private func pumpTLS() {
        guard let tls = self.tls else { return }
        while self.state == .handshaking || (self.state == .open && !self.isPaused && !self.hasEndedInput) {
            let event = tls.next(into: self.loop.plaintext, sending: &self.encrypted)
            if !self.encrypted.isEmpty { self.flushSoon() }
            switch event {
            case .handshakeDone:
                self.state = .open
                self.settleOpened()
                if !self.output.isEmpty { self.flushSoon() }
            case .plaintext(let count):
                self.handler?.received(UnsafeRawBufferPointer(rebasing: self.loop.plaintext[..<count]).bytes)
            case .ended:
                self.endInput()
                return
            case .needsMore:
                if self.hasWireEnded { self.wireEnded() }
                return
            case .failed(let reason):
                // The alert that says why goes out first.
                self.flushOutput(mayWait: false)
                self.fail(.tls(reason))
                return
            }
        }
    }

    /// Encrypts what the handler has sent, as far as ``encryptedLimit`` allows.
    private func encrypt() {
        guard let tls = self.tls else { return }
        while self.state == .open, !self.output.isEmpty, self.encrypted.count < Self.encryptedLimit {
            self.output.consume(self.output.withFirstPiece { self.encrypt($0, tls) })
        }
    }

    /// - Returns: The bytes taken: all of them.
    private func encrypt(_ bytes: UnsafeRawBufferPointer, _ tls: TLSSession) -> Int {
        if !tls.write(bytes, sending: &self.encrypted) { self.fail(.tls(tls.failure ?? "it has ended")) }
        return bytes.count
    }

    /// Encrypts bytes from where they are, and sends them while they are in the cache.
    private func encryptDirectly(_ bytes: UnsafeRawBufferPointer) {
        var rest = bytes
        self.encrypt()
        while let tls = self.tls, rest.count > 0 {
            guard self.state == .open, self.output.isEmpty, self.encrypted.count < Self.encryptedLimit else {
                self.output.append(rest)
                return
            }
            let count = min(rest.count, Self.gatheredSize)
            _ = self.encrypt(UnsafeRawBufferPointer(rebasing: rest[..<count]), tls)
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            guard rest.count > 0, !self.isBlocked else { continue }
            if self.sendsAtOnce() { self.flushOutput(mayWait: false) }
        }
    }
}
