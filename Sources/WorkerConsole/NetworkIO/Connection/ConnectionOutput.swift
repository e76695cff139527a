/// What one connection sends, on its way from the handler to the wire: gathered, encrypted, behind what is relayed.
///
/// It calls nobody but the wire and its loop. What else a call brings about (``OutputNeeds``) is left to the connection, which
/// looks after every call.
struct ConnectionOutput: ~Copyable {
    private enum Stage {
        /// What the handler sends is kept; only messages of TLS's handshake leave.
        case preparing
        case open, over
    }

    /// Pieces of this size and more are sent at once from where they are: copying them and letting them grow cold in the
    /// cache costs more than a wake-up of the peer. On a TLS connection they are encrypted from there: smaller ones share
    /// a record.
    private static let directSize = 8_192
    /// When so much waits, it is sent at once.
    private static let gatheredSize = 32_768

    private unowned let loop: EventLoop
    private let wire: any Wire
    private var sender: WireSender
    private var queue: EncryptingQueue
    private var marks = WaterMarks()
    /// Brings what arrives on another connection. What is sent otherwise meanwhile comes behind it.
    private var relayed: Relay?
    private var stage = Stage.preparing
    private var isEnding = false
    private var hasEnded = false
    private var needs: OutputNeeds = []
    /// Why nothing more can be sent.
    private(set) var failure: TransportError?

    init(loop: EventLoop, wire: any Wire, tls: TLSSession?) {
        self.loop = loop
        self.wire = wire
        self.sender = WireSender(wire, loop: loop)
        self.queue = EncryptingQueue(memory: loop.pieces, tls: tls)
    }

    /// The session that encrypts; `nil` without TLS.
    @inline(__always)
    var tls: TLSSession? { self.queue.tls }

    /// Bytes that wait.
    @inline(__always)
    var pendingBytes: Int { self.queue.count + (self.relayed?.held ?? 0) }

    /// Something may still be sent.
    @inline(__always)
    var takesMore: Bool { !self.isEnding && self.stage != .over }

    var isBlocked: Bool { self.sender.isBlocked }
    var isCongested: Bool { self.marks.isCongested }
    var sentBytes: Int { self.sender.sentBytes }
    var lastSent: Int64 { self.sender.lastSent }

    var limits: BufferLimits {
        get { self.marks.limits }
        set { self.marks.limits = newValue }
    }

    @inline(__always)
    mutating func takeNeeds() -> OutputNeeds {
        defer { self.needs = [] }
        return self.needs
    }

    // MARK: - From the beginning to the end

    /// Speaks TLS from the start on.
    mutating func secure(with tls: TLSSession?) { self.queue.secure(with: tls) }

    /// What the handler has sent can leave.
    mutating func open() {
        self.stage = .open
        if self.queue.hasPlain { self.needs.insert(.flush) }
    }

    /// Tells the peer that nothing more will be sent, when all that waits has left.
    mutating func close() {
        guard self.takesMore else { return }
        self.isEnding = true
        self.needs.insert(.flush)
    }

    /// Sends what can be sent at once, before the connection ends.
    /// - Parameter isOrderly: On a TLS connection, tells the peer that it got everything.
    mutating func sendLast(isOrderly: Bool) {
        self.encrypt()
        // Without all of the output this would be no orderly end.
        if isOrderly, !self.queue.hasPlain { self.queue.closeTLS() }
        if self.sender.sendsAtOnce() { self.push(mayWait: false) }
    }

    /// Takes nothing more.
    mutating func stop() { self.stage = .over }

    /// The wire is sending by and by, and what waits has to stay.
    mutating func isStillSending() -> Bool { !self.sender.sendsAtOnce() }

    /// Forgets what waits.
    mutating func discard() {
        self.queue.discard()
        self.relayed = nil
    }

    private mutating func fail(_ error: TransportError) {
        guard self.stage != .over else { return }
        self.stage = .over
        self.failure = error
        self.needs.insert(.end)
    }

    // MARK: - What the handler sends

    mutating func send(_ bytes: UnsafeRawBufferPointer) {
        guard self.takesMore, bytes.count > 0 else { return }
        if bytes.count >= Self.directSize, self.stage == .open {
            self.sendLarge(bytes)
        } else {
            self.queue.append(bytes)
        }
        self.added()
    }

    /// Lets `body` write up to `capacity` bytes; it returns how many it wrote.
    @inline(__always)
    mutating func send(atMost capacity: Int, _ body: (UnsafeMutableRawBufferPointer) -> Int) {
        guard self.takesMore else { return }
        self.queue.write(atMost: capacity, body)
        self.added()
    }

    @inline(__always)
    private mutating func added() {
        if self.pendingBytes >= Self.gatheredSize, self.stage == .open { self.flush(mayWait: false) }
        let pending = self.pendingBytes
        self.marks.rose(to: pending)
        if pending > 0 { self.needs.insert(.flush) }
    }

    private mutating func sendLarge(_ bytes: UnsafeRawBufferPointer) {
        if self.tls != nil {
            self.encryptDirectly(bytes)
        } else if !self.isBlocked, self.bytesPerSecond == nil, self.relayed == nil, self.sender.sendsAtOnce() {
            self.follow(self.sender.send(bytes, behind: &self.queue))
        } else {
            self.queue.append(bytes)
        }
    }

    /// Encrypts bytes from where they are, and sends them while they are in the cache.
    private mutating func encryptDirectly(_ bytes: UnsafeRawBufferPointer) {
        var rest = bytes
        self.encrypt()
        while rest.count > 0 {
            guard self.stage == .open, self.queue.mayEncrypt else { return self.queue.append(rest) }
            let count = min(rest.count, Self.gatheredSize)
            if let reason = self.queue.encrypt(UnsafeRawBufferPointer(rebasing: rest[..<count])) {
                self.fail(.tls(reason))
            }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            guard rest.count > 0, !self.isBlocked else { continue }
            if self.sender.sendsAtOnce() { self.push(mayWait: false) }
        }
    }

    // MARK: - To the wire

    /// Sends what waits; with `mayWait` the wire may do it by and by.
    mutating func flush(mayWait: Bool) {
        guard mayWait ? !self.sender.isSending : self.sender.sendsAtOnce() else {
            self.needs.insert(.nextFlush)
            return
        }
        self.encrypt()
        if !self.isBlocked { self.push(mayWait: mayWait) }
        if self.isEnding, !self.hasEnded, self.pendingBytes == 0, self.stage == .open { self.end() }
        self.fell()
    }

    private mutating func end() {
        if self.tls != nil {
            self.queue.closeTLS()
            self.push(mayWait: true)
            guard self.pendingBytes == 0, self.stage == .open else { return }
        }
        self.hasEnded = true
        self.wire.endOutput()
    }

    /// Encrypts what the handler has sent, as far as it can leave.
    @inline(__always)
    private mutating func encrypt() {
        guard self.tls != nil, self.stage == .open, let reason = self.queue.encrypt() else { return }
        self.fail(.tls(reason))
    }

    /// Sends what is ready for the wire; with `mayWait` the wire may do it by and by.
    private mutating func push(mayWait: Bool) {
        if self.relayed != nil {
            guard self.sender.sendsAtOnce() else { return }
            self.pushRelayed()
            guard self.relayed == nil else { return }
        }
        self.follow(self.sender.send(&self.queue, quietFrom: mayWait ? self.quietFrom : nil))
    }

    /// Nothing has to be done at once when so many bytes have left.
    @inline(__always)
    private var quietFrom: Int { self.isEnding || self.marks.areAwaited ? .max : self.pendingBytes }

    @inline(__always)
    private mutating func follow(_ outcome: WireSender.Outcome) {
        switch outcome {
        case .done: break
        case .hasSpentRate: self.needs.insert(.allowance)
        case .failed(let error): self.fail(error)
        }
    }

    /// What the wire was sending by and by has come to this.
    mutating func sent(_ outcome: WireOutcome) {
        self.follow(self.sender.sent(outcome, of: &self.queue))
        guard case .sent = outcome else { return }
        if self.pendingBytes > 0 || self.isEnding { self.needs.insert(.flush) }
        self.fell()
    }

    /// The wire takes bytes again.
    mutating func unblock() {
        self.sender.unblock()
        if self.pendingBytes > 0 { self.needs.insert(.flush) }
    }

    @inline(__always)
    private mutating func fell() {
        self.marks.fell(to: self.pendingBytes)
        if self.marks.hasDrained { self.needs.insert(.telling) }
    }

    /// Will have drained when nothing waits any more, after the next flush at the earliest.
    mutating func awaitEmpty() {
        self.marks.awaitEmpty()
        self.needs.insert(.flush)
    }

    /// - Returns: True once when what waits has fallen to ``BufferLimits/low``, or to nothing when that was awaited.
    @inline(__always)
    mutating func takeDrained() -> Bool { self.marks.takeDrained() }

    /// Bytes a second that are sent at most; `nil` sends as fast as the peer takes it.
    var bytesPerSecond: Int? {
        get { self.sender.bytesPerSecond }
        set {
            guard newValue != self.sender.bytesPerSecond else { return }
            self.sender.bytesPerSecond = newValue
            if self.pendingBytes > 0 { self.needs.insert(.flush) }
        }
    }

    mutating func renewAllowance() {
        self.sender.renewAllowance()
        if self.pendingBytes > 0 { self.needs.insert(.flush) }
    }

    // MARK: - Relaying

    /// Nothing waits to be sent, and what is relayed can leave as it comes.
    mutating func isFreeForRelay() -> Bool {
        guard self.stage == .open, self.tls == nil, self.bytesPerSecond == nil, self.relayed == nil, !self.isEnding
        else { return false }
        if self.pendingBytes > 0, !self.isBlocked, self.sender.sendsAtOnce() { self.push(mayWait: false) }
        return self.pendingBytes == 0 && self.stage == .open
    }

    /// What this relay brings comes before anything that is sent from now on.
    mutating func begin(_ relay: Relay) { self.relayed = relay }

    /// Sends what the relay has taken.
    mutating func sendRelayed() {
        self.pushRelayed()
        self.fell()
    }

    private mutating func pushRelayed() {
        guard let relay = self.relayed else { return }
        if self.stage == .open { self.follow(self.sender.send(relay)) }
        if relay.held > 0, self.stage == .open { self.marks.block() }
        self.giveBackRelay()
    }

    /// Lets go of a relay that is done.
    mutating func giveBackRelay() {
        guard let relay = self.relayed, relay.isDone else { return }
        self.relayed = nil
        self.loop.giveBack(relay)
        if self.queue.hasPlain { self.needs.insert(.flush) }
    }

    /// The relay takes nothing before some of what it holds has left.
    /// - Returns: False when nothing leaves any more.
    mutating func relayIsFull() -> Bool {
        guard self.stage == .open else { return false }
        self.marks.block()
        return true
    }

    // MARK: - TLS

    /// Takes the session's next step with what the peer has sent; what that has to say to the peer is sent.
    mutating func nextTLSEvent(of tls: TLSSession) -> TLSSession.Event {
        let event = self.queue.nextTLSEvent(of: tls, into: self.loop.plaintext)
        if self.queue.hasReady { self.needs.insert(.flush) }
        // The alert that says why goes out first.
        if case .failed(let reason) = event {
            self.push(mayWait: false)
            self.fail(.tls(reason))
        }
        return event
    }
}
