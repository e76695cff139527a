package import CLinux

/// What lies below a connection's buffers: a socket of one of the engines, or a test's memory.
///
/// A wire tells its connection what happens (``Connection/wireReceived(_:)`` and its siblings), on the event loop; it
/// never does so from within one of these methods.
package protocol Wire: AnyObject {
    /// Begins to tell this connection what happens.
    func start(_ connection: Connection)
    /// Tells nothing more of what arrives, until ``resumeReading()``; what arrives meanwhile is kept by the peer's system
    /// or by the wire.
    func pauseReading()
    func resumeReading()
    /// Sends the pieces, or a part of them, at once.
    func send(_ pieces: UnsafeBufferPointer<iovec>) -> WireOutcome
    /// Some of what is sent may be sent by ``sendLater(_:quietFrom:)``.
    var sendsLater: Bool { get }
    /// Begins to send the pieces, which stay where they are until ``Connection/wireSent(_:)`` or ``withdrawSend()``;
    /// nothing has to be done at once when `quietFrom` bytes or more have left.
    /// - Returns: False when that is not possible now.
    func sendLater(_ pieces: UnsafeBufferPointer<iovec>, quietFrom: Int) -> Bool
    /// Takes back what ``sendLater(_:quietFrom:)`` began, so that it can be sent at once, or not at all.
    /// - Returns: False when it is too late; ``Connection/wireSent(_:)`` will be called.
    func withdrawSend() -> Bool
    /// Gets ready for a ``Relay``, as the one that it takes from (``Connection/pull(from:)`` is called then) or gives to.
    /// - Returns: False when bytes cannot be moved that way, now or ever.
    func prepareToRelay(_ side: RelaySide) -> Bool
    /// Sends what the relay holds, or a part of it, at once.
    func send(_ relay: Relay) -> WireOutcome
    /// Tells the peer that nothing more will be sent.
    func endOutput()
    /// True when something has arrived, or the peer has closed, that was not told yet; the system is asked.
    var hasNews: Bool { get }
    /// The same of what the loop's last wait has brought, which costs no system call.
    var hasFetchedNews: Bool { get }
    /// The last call: nothing is told afterwards.
    /// - Parameter reset: Ends without the orderly end, so that the peer cannot take what it got for whole.
    func close(reset: Bool)
}

extension Wire {
    // A wire that only sends at once has begun nothing.

    package var sendsLater: Bool { false }

    package func sendLater(_: UnsafeBufferPointer<iovec>, quietFrom _: Int) -> Bool { false }

    package func withdrawSend() -> Bool { false }

    package func prepareToRelay(_: RelaySide) -> Bool { false }

    package func send(_: Relay) -> WireOutcome { .blocked }
}

/// Of the two wires of a ``Relay``.
package enum RelaySide { case source, target }

/// What came of sending at once.
package enum WireOutcome: Sendable, Equatable {
    /// So many bytes were taken, at least one.
    case sent(Int)
    /// Nothing is taken now; ``Connection/wireWritable()`` will be called.
    case blocked
    case failed(TransportError)
}
