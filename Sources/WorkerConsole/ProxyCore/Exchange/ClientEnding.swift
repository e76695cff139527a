import NetworkIO
import WorkerDomain

/// The end of a client's connection: what was sent leaves, then it closes, at once or when the client has stopped sending.
struct ClientEnding {
    private enum Phase {
        case none
        /// The last response is being written, then the connection ends; without an orderly end of TLS, when what came is
        /// not all.
        case closing(linger: Bool, isOrderly: Bool)
        /// The sending side is closed; what the client still sends is thrown away.
        case lingering
        case closed
    }

    private let connection: Connection
    private var phase = Phase.none
    /// When the phase began, in nanoseconds of the loop's clock.
    private var since: Int64 = 0

    init(_ connection: Connection) {
        self.connection = connection
    }

    /// Sends what is there, then closes.
    ///
    /// With `linger` the client may still be sending. Closing then would make its system throw away the response before
    /// it is read (RFC 9112 section 9.6), so only the sending side is closed at first.
    mutating func begin(linger: Bool, isOrderly: Bool, now: Int64) {
        self.phase = .closing(linger: linger, isOrderly: isOrderly)
        self.since = now
        self.connection.tellWhenEmpty()
    }

    mutating func close(isOrderly: Bool = true) {
        if case .closed = self.phase { return }
        self.phase = .closed
        self.connection.close(isOrderly: isOrderly)
    }

    mutating func reset() {
        if case .closed = self.phase { return }
        self.phase = .closed
        self.connection.reset()
    }

    // MARK: - What the connection tells

    /// The connection has drained; `hasInputEnded` says that the client sends nothing more.
    mutating func drained(hasInputEnded: Bool, now: Int64) {
        guard case .closing(let linger, let isOrderly) = self.phase else { return }
        guard self.connection.pendingBytes == 0 else { return self.connection.tellWhenEmpty() }
        guard linger, !hasInputEnded else { return self.close(isOrderly: isOrderly) }
        self.phase = .lingering
        self.since = now
        self.connection.closeOutput()
        self.connection.resumeReading()
    }

    /// The client sends nothing more.
    mutating func inputEnded() {
        if case .lingering = self.phase { self.close() }
    }

    /// The connection is gone.
    mutating func closed() { self.phase = .closed }

    /// Ends what has lasted too long.
    mutating func check(now: Int64, limits: ProxyTimeouts) {
        let elapsed = Duration.nanoseconds(now - self.since)
        switch self.phase {
        case .closing: if elapsed > min(limits.write, limits.linger) { self.reset() }
        case .lingering: if elapsed > limits.linger { self.close() }
        case .none, .closed: break
        }
    }
}
