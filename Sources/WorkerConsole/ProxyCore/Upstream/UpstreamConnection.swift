import NetworkIO
import WorkerDomain

/// One connection to a backend: reads responses strictly and hands them to the exchange that it serves.
final class UpstreamConnection: ConnectionHandler {
    private enum State { case handshaking, idle, head, body, finished, tunnel, closed }

    let connection: Connection
    let entry: BackendEntry
    /// Nanoseconds of the loop's clock when it was last used.
    private(set) var idleSince: Int64 = 0
    /// The loop's turn in which it was last used.
    private(set) var idleTurn: UInt64 = 0
    private let loop: LoopContext
    /// Told when the connection stands, TLS included; `nil` when nobody waits for it.
    private var established: ((Result<UpstreamConnection, TransportError>) -> Void)?
    private var exchange: ActiveExchange?
    private var state = State.handshaking
    private var held = HeldBytes()
    /// Bytes of a head that were looked at already.
    private var searched = 0
    private var decoder = BodyDecoder.ended
    private var respondsToHead = false
    /// The backend has said more than it was asked for.
    private var hasLeftover = false
    private var hasEnded = false
    /// ``Connection/sentBytes`` when the exchange began.
    private var sentBefore = 0

    /// `established` is called once, when the connection can carry an exchange or has failed before.
    init(
        _ connection: Connection, entry: BackendEntry, loop: LoopContext,
        established: @escaping (Result<UpstreamConnection, TransportError>) -> Void
    ) {
        self.connection = connection
        self.entry = entry
        self.loop = loop
        self.established = established
        connection.limits = BufferPlan.beside(loop.connections.count).limits
    }

    // MARK: - What the exchange asks

    /// Serves this exchange from now on.
    @inline(__always)
    func serve(_ exchange: ActiveExchange, toHead: Bool) {
        self.exchange = exchange
        self.state = .head
        self.respondsToHead = toHead
        self.sentBefore = self.connection.sentBytes
    }

    /// Bytes go both ways untouched from now on.
    func openTunnel() { self.state = .tunnel }

    /// The exchange is over; with `keep` the connection may carry another one.
    func release(keep: Bool) {
        self.exchange = nil
        if keep, !self.hasLeftover, !self.hasEnded, self.state == .finished {
            self.becomeIdle()
        } else {
            self.close()
        }
    }

    /// Nobody waits for the handshake any more.
    func abandon() {
        self.established = nil
        self.close()
    }

    func close() {
        self.exchange = nil
        self.connection.close()
    }

    private func becomeIdle() {
        self.state = .idle
        self.idleSince = self.loop.loop.now
        self.idleTurn = self.loop.loop.turns
        self.connection.resumeReading()
        self.loop.pool.release(self)
    }

    // MARK: - What the connection tells

    func opened() {
        self.loop.loop.tick()
        guard self.state == .handshaking else { return }
        self.state = .idle
        self.idleSince = self.loop.loop.now
        self.established.take()?(.success(self))
    }

    func received(_ bytes: RawSpan) {
        self.loop.loop.tick()
        bytes.withUnsafeBytes { self.received($0) }
        self.exchange?.upstreamReadComplete()
    }

    @inline(__always)
    private func received(_ bytes: UnsafeRawBufferPointer) {
        switch self.state {
        case .head:
            guard !self.held.isEmpty else { return self.readHeads(bytes) }
            var all = HeldBytes()
            swap(&all, &self.held)
            all.append(bytes)
            all.withBytes { self.readHeads($0) }
        case .body:
            var position = 0
            self.readBody(bytes, &position)
        case .tunnel:
            self.exchange?.tunnelReceived(bytes)
        case .handshaking, .idle, .finished:
            // A backend that speaks without being asked has lost count of its messages.
            self.hasLeftover = true
            if self.state != .finished { self.close() }
        case .closed:
            break
        }
    }

    func relayed(_ count: Int) {
        self.loop.loop.tick()
        self.decoder.skip(count)
        self.exchange?.responseRelayed(count)
        if self.decoder.hasEnded { self.finishBody() }
        self.exchange?.upstreamReadComplete()
    }

    func drained() { self.exchange?.upstreamDrained() }

    func inputEnded() {
        self.loop.loop.tick()
        switch self.state {
        case .tunnel:
            self.exchange?.tunnelBackendEnded()
            return
        case .body where self.decoder == .untilClose:
            self.hasEnded = true
            self.finishBody()
        case .handshaking, .idle, .head, .body, .finished, .closed:
            break
        }
        self.hasEnded = true
        self.connection.close()
    }

    func closed(_ error: TransportError?) {
        self.loop.loop.tick()
        let wasIdle = self.state == .idle
        self.state = .closed
        self.held.removeAll()
        self.loop.pool.closed(self, wasIdle: wasIdle, loop: self.loop)
        if let established = self.established.take() { return established(.failure(error ?? .closed)) }
        let wasDelivered = self.connection.sentBytes > self.sentBefore
        self.exchange.take()?.upstreamClosed(self, reason: error?.description, wasDelivered: wasDelivered)
    }

    // MARK: - Reading responses

    private func readHeads(_ bytes: UnsafeRawBufferPointer) {
        var position = 0
        while self.state == .head, let exchange = self.exchange {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[position...])
            switch self.loop.responseParser.parse(rest, searched: self.searched, toHead: self.respondsToHead) {
            case .incomplete:
                self.searched = rest.count
                self.held.append(rest)
                if rest.count > 0 { exchange.responseBegan() }
                return
            case .malformed(let reason):
                self.hasLeftover = true
                exchange.upstreamMalformed(reason)
                return
            case .complete(let head):
                self.searched = 0
                exchange.responseHead(head, rest)
                position += head.end
                if self.state == .tunnel {
                    if position < bytes.count {
                        exchange.tunnelReceived(UnsafeRawBufferPointer(rebasing: bytes[position...]))
                    }
                    return
                }
                guard self.state == .head, self.exchange != nil else { return }
                if head.isInformational { continue }
                self.decoder = BodyDecoder(head.framing, trailerLimit: self.loop.responseParser.headLimit)
                self.state = .body
                self.readBody(bytes, &position)
                return
            }
        }
    }

    @inline(__always)
    private func readBody(_ bytes: UnsafeRawBufferPointer, _ position: inout Int) {
        while self.state == .body, let exchange = self.exchange {
            if self.decoder.hasEnded {
                self.hasLeftover = position < bytes.count
                self.finishBody()
                return
            }
            switch self.decoder.next(bytes, &position) {
            case .needsMore: return
            case .data(let place):
                exchange.responseBody(UnsafeRawBufferPointer(rebasing: bytes[place]))
                if position == bytes.count, self.decoder.left > 0,
                    exchange.relayResponse(self.decoder.left, from: self.connection)
                {
                    return
                }
            case .end: continue
            case .trailers(let lines): exchange.responseTrailers(lines)
            case .malformed(let reason):
                exchange.upstreamMalformed(reason)
                return
            }
        }
    }

    private func finishBody() {
        self.state = .finished
        self.exchange?.responseEnded()
    }
}
