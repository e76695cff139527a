/// Sends on one wire: knows whether it takes bytes now, what it is sending by and by, and at which pace it may.
struct WireSender {
    /// What came of sending all that it could.
    enum Outcome {
        /// All has left, will leave by and by, or waits until the wire takes more.
        case done
        /// The rate allows no more: ``renewAllowance()`` is to be called after ``RateLimit/interval``.
        case hasSpentRate
        case failed(TransportError)
    }

    private unowned let loop: EventLoop
    private let wire: any Wire
    private let mayWait: Bool
    /// The peer took nothing when something was sent last, and has not made room since.
    private(set) var isBlocked = false
    /// What was begun with ``Wire/sendLater(_:quietFrom:)`` is under way.
    private(set) var isSending = false
    private var rate: RateLimit?
    private var isWaitingForRate = false
    /// Bytes that the system has taken since the beginning, on a TLS connection encrypted.
    private(set) var sentBytes = 0
    /// When the system last took some, in nanoseconds of the loop's clock; 0 for never.
    private(set) var lastSent: Int64 = 0

    init(_ wire: any Wire, loop: EventLoop) {
        self.wire = wire
        self.mayWait = wire.sendsLater
        self.loop = loop
    }

    /// Makes sure that the wire has nothing half sent; false when that is not possible.
    @inline(__always)
    mutating func sendsAtOnce() -> Bool {
        if self.isSending, self.wire.withdrawSend() { self.isSending = false }
        return !self.isSending
    }

    /// Sends what is ready for the wire: with `quietFrom` by and by (``Wire/sendLater(_:quietFrom:)``), when the wire does
    /// that; what it sends that way stays in the queue.
    mutating func send(_ queue: inout EncryptingQueue, quietFrom: Int?) -> Outcome {
        guard !self.isSending, queue.hasReady else { return .done }
        if self.mayWait, let quietFrom, self.rate == nil { self.sendLater(queue, quietFrom: quietFrom) }
        while !self.isSending, queue.hasReady {
            let most = self.rate?.allowance ?? .max
            guard most > 0 else { return self.waitForRate() }
            switch queue.withPieces(atMost: most, { self.wire.send($0) }) {
            case .sent(let count):
                self.noteSent(count)
                queue.consume(count)
            case .blocked:
                self.isBlocked = true
                return .done
            case .failed(let error): return .failed(error)
            }
        }
        return .done
    }

    private mutating func sendLater(_ queue: borrowing EncryptingQueue, quietFrom: Int) {
        let wire = self.wire
        self.isSending = queue.withPieces { wire.sendLater($0, quietFrom: quietFrom) }
    }

    /// Sends bytes from where they are, behind what waits; what the wire does not take is put in the queue.
    mutating func send(_ bytes: UnsafeRawBufferPointer, behind queue: inout EncryptingQueue) -> Outcome {
        var rest = bytes
        while rest.count > 0 {
            switch queue.withPieces(tail: rest, { self.wire.send($0) }) {
            case .sent(let count):
                self.noteSent(count)
                let queued = min(count, queue.count)
                queue.consume(queued)
                rest = UnsafeRawBufferPointer(rebasing: rest[(count - queued)...])
            case .blocked:
                self.isBlocked = true
                queue.append(rest)
                return .done
            case .failed(let error): return .failed(error)
            }
        }
        return .done
    }

    /// Sends what a relay holds.
    mutating func send(_ relay: Relay) -> Outcome {
        while relay.held > 0, !self.isBlocked {
            switch self.wire.send(relay) {
            case .sent(let count): self.noteSent(count)
            case .blocked: self.isBlocked = true
            case .failed(let error): return .failed(error)
            }
        }
        return .done
    }

    /// What the wire was sending by and by has come to this.
    mutating func sent(_ outcome: WireOutcome, of queue: inout EncryptingQueue) -> Outcome {
        self.isSending = false
        switch outcome {
        case .sent(let count):
            self.noteSent(count)
            queue.consume(count)
        case .blocked: self.isBlocked = true
        case .failed(let error): return .failed(error)
        }
        return .done
    }

    /// The wire takes bytes again.
    mutating func unblock() { self.isBlocked = false }

    @inline(__always)
    private mutating func noteSent(_ count: Int) {
        self.sentBytes += count
        self.lastSent = self.loop.now
        self.rate?.spend(count)
    }

    // MARK: - Rate

    /// Bytes a second that are sent at most; `nil` sends as fast as the peer takes it.
    var bytesPerSecond: Int? {
        get { self.rate?.bytesPerSecond }
        set { self.rate = newValue.map { RateLimit(bytesPerSecond: $0) } }
    }

    private mutating func waitForRate() -> Outcome {
        guard !self.isWaitingForRate else { return .done }
        self.isWaitingForRate = true
        return .hasSpentRate
    }

    mutating func renewAllowance() {
        self.isWaitingForRate = false
        self.rate?.renew()
    }
}
