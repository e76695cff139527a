import Glibc
import Synchronization

/// The socket of a ``RawClient`` and the one thread that uses it.
final class ClientConnection: Sendable {
    /// Bytes that wait for the system to take them; `nil` closes the sending side.
    struct Output: Sendable {
        let bytes: [UInt8]?
        var sent = 0
        var continuation: CheckedContinuation<Void, any Error>?
    }

    /// Somebody who waits for something to be there.
    struct Waiter: Sendable {
        let deadline: Deadline
        /// Takes what it waits for; false when that is not there yet.
        let attempt: @Sendable (inout State) -> Bool
        let fail: @Sendable (any Error) -> Void
        /// Waits for the socket's end here, which comes after the peer's.
        var isForOver = false
    }

    /// What the thread and the test share.
    struct State: Sendable {
        var received: [UInt8] = []
        /// Bytes that were thrown away, once that was asked for.
        var discarded: Int?
        var flooded = 0
        var ending = RawClient.Ending.open
        var isReading = true
        fileprivate var outputs: [Output] = []
        fileprivate var waiters: [Waiter] = []
        /// The test wants it closed, by a reset if true.
        fileprivate var closing: Bool?
        /// Nobody holds the client any more.
        fileprivate var isAbandoned = false
        /// The socket is closed and its thread gone.
        fileprivate(set) var isOver = false

        /// Lets everybody look who waits; after the connection's end for the last time.
        fileprivate mutating func changed() {
            let waiters = self.waiters
            self.waiters = []
            for waiter in waiters where !waiter.attempt(&self) {
                if self.isOver || (self.ending != .open && !waiter.isForOver) {
                    waiter.fail(RawClient.Ended())
                } else {
                    self.waiters.append(waiter)
                }
            }
        }
    }

    /// How long a client that nobody holds is kept for the other side.
    private static let afterlife = Duration.seconds(60)

    let state = Mutex(State())
    private let wake: Signal

    init() throws {
        self.wake = try Signal()
    }

    // MARK: For the test

    func put(_ output: Output) {
        let isRefused = self.state.withLock { state in
            if !state.isOver, state.closing == nil { state.outputs.append(output) }
            return state.isOver || state.closing != nil
        }
        if isRefused { output.continuation?.resume(throwing: RawClient.Ended()) } else { self.wake.send() }
    }

    func wait(_ waiter: Waiter) {
        self.change { state in
            state.waiters.append(waiter)
            state.changed()
        }
    }

    func end(isReset: Bool) { self.change { $0.closing = $0.closing ?? isReset } }

    func abandon() { self.change { $0.isAbandoned = true } }

    func change(_ body: (inout State) -> Void) {
        self.state.withLock { body(&$0) }
        self.wake.send()
    }

    // MARK: The thread

    /// Reads and writes until the connection ends, and closes it.
    func run(_ socket: Socket) {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        var isHungUp = false
        var isBroken = false
        var lastDeadline: Deadline?
        while true {
            let now = self.state.withLock { ($0.closing, $0.isAbandoned, $0.ending != .open) }
            let (closing, isAbandoned, hasEnded) = now
            if isAbandoned, lastDeadline == nil { lastDeadline = Deadline(in: Self.afterlife) }
            let isForgotten = isAbandoned && (hasEnded || lastDeadline?.isPast == true)
            if closing != nil || isForgotten {
                self.finish(socket, isReset: closing ?? false)
                return
            }
            let (reads, writes, deadline) = self.state.withLock { state in
                (state.isReading && !hasEnded, !state.outputs.isEmpty, state.waiters.map(\.deadline).min())
            }
            if reads { isHungUp = false }
            var poll = Poll(socket, for: (reads ? POLLIN : 0) | (writes ? POLLOUT : 0))
            if isHungUp { poll.forgetSocket() }
            poll.add(self.wake)
            _ = poll.wait(until: [deadline, lastDeadline].compactMap { $0 }.min())
            if poll.isSignalled(self.wake) { self.wake.clear() }
            self.expireWaiters()
            if reads, poll.isReadable {
                let isWhole = self.receive(from: socket, into: &buffer, isBroken: isBroken)
                // What the system had kept of it is read: a refused write has already used up its word of the reset.
                if !isWhole || (isBroken && self.state.withLock { $0.ending } != .open) {
                    socket.close()
                    self.over(.reset)
                    return
                }
            } else if poll.isOver {
                isHungUp = true
            }
            if writes, !self.sendSome(to: socket) {
                isBroken = true
                self.failOutputs()
            }
        }
    }

    private func expireWaiters() {
        self.state.withLock { state in
            for waiter in state.waiters where waiter.deadline.isPast { waiter.fail(RawClient.Timeout()) }
            state.waiters.removeAll { $0.deadline.isPast }
        }
    }

    /// - Returns: False when the connection was reset.
    private func receive(from socket: Socket, into buffer: inout [UInt8], isBroken: Bool) -> Bool {
        let result = socket.receive(into: &buffer)
        let bytes: ArraySlice<UInt8>
        switch result {
        case .bytes(let count): bytes = buffer[..<count]
        case .nothing: return true
        case .end: bytes = []
        case .failed: return false
        }
        self.state.withLock { state in
            if bytes.isEmpty {
                state.ending = isBroken ? .reset : .closed
            } else if let discarded = state.discarded {
                state.discarded = discarded + bytes.count
            } else {
                state.received += bytes
            }
            state.changed()
        }
        return true
    }

    /// Sends what the system takes.
    ///
    /// - Returns: False when the connection no longer takes anything.
    private func sendSome(to socket: Socket) -> Bool {
        while let output = self.state.withLock({ $0.outputs.first }) {
            var sent = output.sent
            if let bytes = output.bytes {
                do throws(SocketError) {
                    while sent < bytes.count {
                        let count = try socket.send(bytes[sent...])
                        if count == 0 { break }
                        sent += count
                    }
                } catch {
                    return false
                }
                if sent < bytes.count {
                    self.state.withLock { $0.outputs[0].sent = sent }
                    return true
                }
            } else {
                socket.finish()
            }
            self.state.withLock { _ = $0.outputs.removeFirst() }
            output.continuation?.resume()
        }
        return true
    }

    /// Sends what the system still takes at once, and closes.
    private func finish(_ socket: Socket, isReset: Bool) {
        if !isReset { _ = self.sendSome(to: socket) }
        if isReset {
            socket.reset()
        } else {
            if self.state.withLock({ $0.isReading }) { socket.drain() }
            socket.close()
        }
        self.over(.closed)
    }

    private func over(_ ending: RawClient.Ending) {
        self.state.withLock { state in
            if state.ending == .open { state.ending = ending }
            state.isOver = true
            state.changed()
        }
        self.failOutputs()
    }

    private func failOutputs() {
        let outputs = self.state.withLock { state in
            defer { state.outputs = [] }
            return state.outputs
        }
        for output in outputs { output.continuation?.resume(throwing: RawClient.Ended()) }
    }
}
