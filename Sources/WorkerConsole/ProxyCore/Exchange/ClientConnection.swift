import NetworkIO
import Synchronization
import WorkerDomain

/// One client connection: finds the requests in what arrives, one after the other, and ends the connection as HTTP asks.
final class ClientConnection: ConnectionHandler {
    /// What follows an exchange.
    enum ExchangeEnd {
        /// The connection may carry another one.
        case keep
        /// The connection ends when all has left; with `linger` the client may still be sending.
        case close(linger: Bool)
        /// The response breaks off: what there is of it goes out, and its missing end tells.
        case cut
        /// The response breaks off in a way that only a reset tells.
        case reset
        /// Nobody is there any more.
        case drop
    }

    private enum Phase {
        /// Between exchanges.
        case idle
        /// A part of a head is here.
        case head
        case exchange
        /// The response is complete but not yet taken by the system; then the connection carries on, or not.
        case finishing(keep: Bool)
        /// There will be no other exchange: see ``ClientEnding``.
        case ending
    }

    /// Received and not used: from so many bytes on nothing more is read.
    private static let bodyHeld = 65_536
    private static let requestsHeld = 16_384

    let connection: Connection
    let identity: ClientIdentity
    /// More connections than allowed are open: every request is refused.
    let isSurplus: Bool
    /// Its place in the loop's list of connections.
    var index = 0
    private let loop: LoopContext
    private let shared: SharedContext
    private var phase = Phase.idle
    private var ending: ClientEnding
    private var exchange: ActiveExchange?
    private var held = HeldBytes()
    /// Bytes of a head that were looked at already.
    private var searched = 0
    private var isConsuming = false
    /// Bytes behind a head that the exchange has taken by itself.
    private var tookExtra = 0
    private var exchanges = 0
    private var started: Int64 = 0
    private var wallTime = WallTime(nanosecondsSinceEpoch: 0)
    /// When something last moved, in nanoseconds of the loop's clock.
    private var since: Int64 = 0
    /// When the client closed its sending side; `nil` while it has not.
    private var inputEndedAt: Int64?

    init(_ connection: Connection, loop: LoopContext) {
        self.connection = connection
        self.ending = ClientEnding(connection)
        self.loop = loop
        self.shared = loop.shared
        self.identity = loop.clients.identity(of: connection.remoteAddress)
        let count = loop.shared.connections.wrappingAdd(1, ordering: .relaxed).newValue
        self.isSurplus = count > loop.shared.configuration.limits.connections
        self.since = loop.loop.now
        connection.limits = BufferPlan.beside(loop.connections.count).limits
        loop.add(self)
    }

    /// The slot of the backend that its exchange is with; `nil` without one.
    var backendSlot: Int? { self.exchange?.isOpen == true ? self.exchange?.entry?.slot : nil }

    /// Between exchanges, with nothing under way.
    var isIdle: Bool {
        if case .idle = self.phase { true } else { false }
    }

    /// The connection may carry another exchange after this one.
    var mayPersist: Bool {
        // A client that has closed its side gets the responses to what it has sent until then.
        (self.inputEndedAt == nil || !self.held.isEmpty) && !self.shared.isDraining.load(ordering: .relaxed)
            && self.exchanges < self.shared.configuration.limits.exchangesPerConnection
    }

    // MARK: - What the connection tells

    func opened() {
        self.since = self.loop.loop.now
        if self.shared.isDraining.load(ordering: .relaxed) { self.closeNow() }
    }

    func received(_ bytes: RawSpan) {
        self.loop.loop.tick()
        bytes.withUnsafeBytes { self.received($0) }
    }

    @inline(__always)
    private func received(_ bytes: UnsafeRawBufferPointer) {
        if self.held.isEmpty {
            self.isConsuming = true
            let used = self.consume(bytes)
            self.isConsuming = false
            if used < bytes.count { self.hold(UnsafeRawBufferPointer(rebasing: bytes[used...])) }
        } else {
            self.held.append(bytes)
            self.consumeHeld()
        }
        self.holdReadingIfNeeded()
    }

    private func hold(_ rest: UnsafeRawBufferPointer) {
        switch self.phase {
        case .idle, .head, .exchange, .finishing: self.held.append(rest)
        case .ending: break
        }
    }

    func drained() {
        switch self.phase {
        case .exchange: self.exchange?.clientDrained()
        case .finishing(let keep):
            guard self.connection.pendingBytes == 0 else { return self.connection.tellWhenEmpty() }
            self.exchange?.delivered(keep: keep)
        case .ending: self.ending.drained(hasInputEnded: self.inputEndedAt != nil, now: self.loop.loop.now)
        case .idle, .head: break
        }
    }

    func inputEnded() {
        self.loop.loop.tick()
        self.inputEndedAt = self.loop.loop.now
        switch self.phase {
        case .idle: self.closeNow()
        case .head: self.abortHead(.clientAborted)
        case .exchange:
            guard let exchange = self.exchange else { return }
            // Who closes right after a whole request wants the response; who closes later does not wait any more.
            let isHalfClose =
                exchange.isRequestComplete && !exchange.hasResponded
                && .nanoseconds(self.loop.loop.now - exchange.headAt) < self.shared.configuration.halfCloseWindow
            exchange.clientEnded(isHalfClose: isHalfClose || !self.held.isEmpty)
        case .finishing: break
        case .ending: self.ending.inputEnded()
        }
    }

    func closed(_: TransportError?) {
        self.loop.loop.tick()
        switch self.phase {
        case .head: self.abortHead(.clientAborted)
        case .exchange:
            self.exchange?.clientGone()
            // Only the rest of its request was waited for.
            if case .finishing = self.phase { self.exchangeIsCutShort() }
        case .finishing: self.exchangeIsCutShort()
        case .idle, .ending: break
        }
        self.phase = .ending
        self.ending.closed()
        self.held.removeAll()
        self.shared.connections.wrappingSubtract(1, ordering: .relaxed)
        self.loop.remove(self)
    }

    /// The connection is gone while the last of a whole response was leaving.
    private func exchangeIsCutShort() {
        if self.connection.pendingBytes == 0 {
            self.exchange?.delivered(keep: false)
        } else {
            self.exchange?.notDelivered(.clientAborted)
        }
    }

    // MARK: - Input

    /// Uses what has been held until now, as far as it can be used.
    private func consumeHeld() {
        guard !self.isConsuming, !self.held.isEmpty else { return }
        self.isConsuming = true
        var bytes = HeldBytes()
        swap(&bytes, &self.held)
        let used = bytes.withBytes { self.consume($0) }
        self.isConsuming = false
        bytes.consume(used)
        switch self.phase {
        case .idle, .head, .exchange, .finishing: self.held = bytes
        case .ending: break
        }
    }

    /// Reads as many requests as are here, one after the other; a loop, so that a thousand of them cost no stack.
    /// - Returns: The bytes that were used.
    private func consume(_ bytes: UnsafeRawBufferPointer) -> Int {
        var position = 0
        while position < bytes.count {
            let rest = position == 0 ? bytes : UnsafeRawBufferPointer(rebasing: bytes[position...])
            switch self.phase {
            case .idle, .head:
                guard let used = self.readHead(rest) else { return position }
                position += used
            case .exchange:
                guard let exchange = self.exchange, exchange.isTunnelling || !exchange.isRequestComplete else {
                    return position
                }
                let used = exchange.takeInput(rest)
                position += used
                if used == 0 { return position }
            case .finishing: return position
            case .ending: return bytes.count
            }
        }
        return position
    }

    /// - Returns: The bytes of a whole head, or of what was refused; `nil` when it is not whole yet.
    private func readHead(_ bytes: UnsafeRawBufferPointer) -> Int? {
        if case .idle = self.phase {
            self.loop.noteActivity()
            self.phase = .head
            self.searched = 0
            self.started = self.loop.loop.now
            self.wallTime = SystemTime.wall()
            self.since = self.started
        }
        switch self.loop.requestParser.parse(bytes, searched: self.searched) {
        case .incomplete:
            self.searched = bytes.count
            // Empty lines alone are no exchange.
            if bytes.count <= 8, bytes.allSatisfy({ $0 == ASCII.carriageReturn || $0 == ASCII.lineFeed }) {
                self.phase = .idle
            }
            return nil
        case .refused(let refusal):
            let head = bytes.prefix(self.shared.configuration.limits.head)
            self.refuse(LocalResponse(refusal), cause: .requestRefused, headBytes: Array(head))
            return bytes.count
        case .complete(let head):
            self.phase = .exchange
            self.exchanges += 1
            self.tookExtra = 0
            let exchange = self.loop.takeExchange()
            self.exchange = exchange
            exchange.begin(head, bytes, client: self, started: self.started, wallTime: self.wallTime)
            return head.end + self.tookExtra
        }
    }

    /// The exchange has taken bytes behind its head by itself.
    func took(_ bytes: Int) { self.tookExtra = bytes }

    private func refuse(
        _ response: LocalResponse, cause: ExchangeEnding.Cause, reason: String? = nil, headBytes: [UInt8]
    ) {
        self.held.removeAll()
        self.phase = .exchange
        let exchange = self.loop.takeExchange()
        self.exchange = exchange
        exchange.refuse(
            response, ExchangeEnding(cause: cause, phase: .requestHead, reason: reason ?? response.message),
            headBytes: headBytes, client: self, started: self.started, wallTime: self.wallTime)
    }

    /// Ends a connection whose last head never became whole.
    private func abortHead(_ cause: ExchangeEnding.Cause) {
        let bytes = self.held.array
        self.held.removeAll()
        let exchange = self.loop.takeExchange()
        exchange.abort(cause, headBytes: bytes, client: self, started: self.started, wallTime: self.wallTime)
        self.phase = .idle
        self.closeNow()
    }

    /// What is held may be used now: a connection to the backend stands, or takes more.
    func inputMayGoOn() {
        self.consumeHeld()
        if !self.mustHoldReading { self.connection.resumeReading() }
    }

    @inline(__always)
    private func holdReadingIfNeeded() {
        if self.mustHoldReading { self.connection.pauseReading() }
    }

    /// This is the back-pressure on the client.
    private var mustHoldReading: Bool {
        switch self.phase {
        case .exchange:
            guard let exchange = self.exchange else { return false }
            if exchange.isTunnelling || !exchange.isRequestComplete {
                if exchange.isWaitingForUpstream { return self.held.count >= Self.bodyHeld }
                return exchange.isUpstreamCongested
            }
            return self.held.count >= Self.requestsHeld
        case .finishing: return self.held.count >= Self.requestsHeld
        case .idle, .head, .ending: return false
        }
    }

    // MARK: - What the exchange tells

    /// The response is complete; the exchange ends when the system has taken all of it.
    func exchangeFinishes(keep: Bool) {
        self.phase = .finishing(keep: keep)
        self.since = self.loop.loop.now
        self.connection.tellWhenEmpty()
    }

    func exchangeEnded(_ end: ExchangeEnd) {
        self.exchange = nil
        self.since = self.loop.loop.now
        switch end {
        case .keep where self.mayBecomeIdle:
            self.phase = .idle
            self.connection.resumeReading()
            self.consumeHeld()
            self.closeIfDone()
        case .keep: self.closeAfterFlush(linger: false)
        case .close(let linger): self.closeAfterFlush(linger: linger)
        case .cut: self.closeAfterFlush(linger: false, isOrderly: false)
        case .reset: self.reset()
        case .drop: self.closeNow()
        }
    }

    private var mayBecomeIdle: Bool { self.inputEndedAt == nil || !self.held.isEmpty || self.isConsuming }

    /// Nothing more comes, or is wanted.
    private func closeIfDone() {
        guard !self.isConsuming else { return }
        switch self.phase {
        case .idle where self.inputEndedAt != nil || self.shared.isDraining.load(ordering: .relaxed):
            self.closeAfterFlush(linger: false)
        case .head where self.inputEndedAt != nil: self.abortHead(.clientAborted)
        default: break
        }
    }

    // MARK: - The end

    /// Ends what has lasted too long.
    func check(now: Int64) {
        func elapsed(since moment: Int64) -> Duration { .nanoseconds(now - moment) }
        let limits = self.loop.timeouts
        switch self.phase {
        case .idle:
            if elapsed(since: self.since) > limits.idle { self.closeNow() }
        case .head:
            guard elapsed(since: self.since) > limits.requestHead else { return }
            let bytes = self.held.array
            self.refuse(
                LocalResponse(cause: .clientTimeout, phase: .requestHead), cause: .clientTimeout,
                reason: "the request head did not arrive in time", headBytes: bytes)
        case .exchange:
            if let ended = self.inputEndedAt, self.exchange?.hasResponded == false,
                elapsed(since: ended) > limits.halfClosed
            {
                self.exchange?.clientGone(reason: "the client gave up while waiting")
            } else {
                self.exchange?.check(now: now)
            }
        case .finishing:
            self.exchange?.endSlowness()
            guard elapsed(since: max(self.since, self.connection.lastSent)) > limits.write else { return }
            self.exchange?.notDelivered(.clientTimeout)
        case .ending: self.ending.check(now: now, limits: limits)
        }
    }

    /// Closes when nothing is going on; otherwise the exchange's response will be the last one.
    func drain() {
        if case .idle = self.phase { self.closeNow() }
    }

    /// Ends at once, whatever is going on.
    func stop() {
        self.loop.loop.tick()
        switch self.phase {
        case .head: self.abortHead(.shutdown)
        case .exchange: self.exchange?.shutDown()
        case .finishing: self.exchange?.notDelivered(.shutdown)
        case .idle, .ending: break
        }
        self.closeNow()
    }

    /// Ends what a person no longer waits for.
    func cutExchange() {
        let reason = "closed by the user while the backend was draining"
        if case .finishing = self.phase {
            self.exchange?.notDelivered(.shutdown, reason: reason)
        } else {
            self.exchange?.shutDown(status: 503, reason: reason)
        }
    }

    private func closeAfterFlush(linger: Bool, isOrderly: Bool = true) {
        self.loop.noteActivity()
        self.phase = .ending
        self.held.removeAll()
        self.ending.begin(linger: linger, isOrderly: isOrderly, now: self.loop.loop.now)
    }

    private func closeNow() {
        self.loop.noteActivity()
        self.phase = .ending
        self.ending.close()
    }

    private func reset() {
        self.loop.noteActivity()
        self.phase = .ending
        self.ending.reset()
    }
}
