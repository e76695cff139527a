package import CLinux
package import NetworkIO

/// A connection's wire in memory: a test says what arrives and how much leaves.
package final class MemoryWire: Wire {
    private enum Arrival {
        case bytes([UInt8])
        case end
    }

    private weak var connection: Connection?
    private var arrivals: [Arrival] = []
    private var isPaused = false
    private var isBlocked = false
    /// What was sent, in order.
    package private(set) var sent: [UInt8] = []
    package private(set) var hasEndedOutput = false
    package private(set) var isClosed = false
    package private(set) var wasReset = false
    /// Bytes that one call takes at most: short writes.
    package var sendLimit = Int.max
    /// Bytes that are taken before the wire blocks.
    package private(set) var room = Int.max
    /// The next call that sends fails so.
    package var sendFailure: TransportError?

    package init() {}

    // MARK: - What a test says

    /// The peer has accepted.
    package func establish() { self.connection?.wireOpened() }

    package func fail(_ error: TransportError) {
        guard !self.isClosed else { return }
        self.connection?.wireFailed(error)
    }

    package func deliver(_ bytes: [UInt8]) {
        guard !self.isClosed, !bytes.isEmpty else { return }
        self.arrivals.append(.bytes(bytes))
        self.tell()
    }

    /// The peer closes its sending side.
    package func deliverEnd() {
        guard !self.isClosed else { return }
        self.arrivals.append(.end)
        self.tell()
    }

    /// From now on so many bytes are taken.
    package func take(_ bytes: Int) {
        self.room = bytes
        guard self.isBlocked, bytes > 0, !self.isClosed else { return }
        self.isBlocked = false
        self.connection?.wireWritable()
    }

    /// Tells what arrived while reading was paused.
    package func tell() {
        while !self.isPaused, !self.isClosed, !self.arrivals.isEmpty {
            switch self.arrivals.removeFirst() {
            case .bytes(let bytes): bytes.withUnsafeBytes { self.connection?.wireReceived($0) }
            case .end: self.connection?.wireEnded()
            }
        }
    }

    // MARK: - Wire

    package func start(_ connection: Connection) { self.connection = connection }
    package func pauseReading() { self.isPaused = true }

    package func resumeReading() {
        self.isPaused = false
        self.connection?.loop.later { [weak self] in self?.tell() }
    }

    package func send(_ pieces: UnsafeBufferPointer<iovec>) -> WireOutcome {
        if let failure = self.sendFailure { return .failed(failure) }
        var left = min(self.sendLimit, self.room)
        guard left > 0 else {
            self.isBlocked = true
            return .blocked
        }
        var count = 0
        for piece in pieces where left > 0 {
            let bytes = UnsafeRawBufferPointer(start: piece.iov_base, count: min(piece.iov_len, left))
            self.sent += bytes
            count += bytes.count
            left -= bytes.count
        }
        if self.room != .max { self.room -= count }
        return .sent(count)
    }

    package func endOutput() { self.hasEndedOutput = true }
    package var hasNews: Bool { self.isClosed || !self.arrivals.isEmpty }
    package var hasFetchedNews: Bool { self.hasNews }

    package func close(reset: Bool) {
        self.isClosed = true
        self.wasReset = reset
    }
}
