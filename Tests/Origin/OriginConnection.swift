import Glibc
import Synchronization
import WorkerDomain

/// One connection of a ``ScriptedOrigin``; used on its own thread only.
struct OriginConnection: ~Copyable {
    /// How the origin treats its connections.
    struct Options: Sendable {
        let trigger: ScriptedOrigin.Trigger
        let readsBody: Bool
        let closesWithPeer: Bool
        let script: ScriptedOrigin.Script
    }

    /// The connection ends now, by the script, the peer or the origin's stop.
    private enum Over: Error { case closed, reset }

    private let socket: Socket
    private let number: Int
    private let shared: ScriptedOrigin.Shared
    private let options: Options
    private var buffer = [UInt8](repeating: 0, count: 65_536)
    private var received: [UInt8] = []
    private var isReading = true
    /// The peer sends no more, and this side is kept open all the same.
    private var hasPeerEnded = false

    init(socket: Socket, number: Int, shared: ScriptedOrigin.Shared, options: Options) {
        self.socket = socket
        self.number = number
        self.shared = shared
        self.options = options
    }

    /// Serves request after request until the connection ends, and closes it.
    consuming func run() {
        var isBusy = false
        do throws(Over) {
            while true {
                isBusy = false
                let request = try self.nextRequest()
                isBusy = true
                try self.perform(self.options.script(request))
            }
        } catch {
            if !isBusy, let (head, rest) = self.split() { _ = self.record(head: head, body: rest, payload: nil) }
            switch error {
            case .reset: self.socket.reset()
            case .closed:
                if self.isReading { self.socket.drain() }
                self.socket.close()
            }
        }
    }

    // MARK: Requests

    private mutating func nextRequest() throws(Over) -> ScriptedOrigin.Request {
        while true {
            if let (head, rest) = self.split() {
                let payload = RawMessage.payload(of: rest, head: MessageHead(head))
                if payload != nil || self.options.trigger == .head {
                    self.received.removeFirst(head.count + (payload?.length ?? rest.count))
                    if !self.options.readsBody { self.isReading = false }
                    return self.record(head: head, body: rest, payload: payload)
                }
            }
            try self.turn()
        }
    }

    private func split() -> (head: [UInt8], rest: [UInt8])? {
        guard let end = RawMessage.headEnd(self.received) else { return nil }
        return (Array(self.received[..<end]), Array(self.received[end...]))
    }

    private func record(
        head: [UInt8], body: [UInt8], payload: (bytes: [UInt8], length: Int)?
    ) -> ScriptedOrigin.Request {
        let request = ScriptedOrigin.Request(
            head: head, rawBody: Array(body.prefix(payload?.length ?? body.count)), body: payload?.bytes ?? [],
            isComplete: payload != nil, connection: self.number)
        self.shared.state.withLock { $0.requests.append(request) }
        return request
    }

    // MARK: Steps

    private mutating func perform(_ steps: [ScriptedOrigin.Step]) throws(Over) {
        for step in steps {
            switch step {
            case .send(let text): try self.write(Array(text.utf8))
            case .bytes(let bytes): try self.write(bytes)
            case .flood(let count): try self.flood(count)
            case .sink(let count): try self.sink(count)
            case .wait(let time):
                let deadline = Deadline(in: time)
                while !deadline.isPast { try self.turn(until: deadline) }
            case .hold:
                while !self.shared.state.withLock({ $0.isReleased }) { try self.turn(gate: self.shared.released) }
            case .close: throw .closed
            case .closeConfirmed:
                self.socket.waitWhenClosing()
                throw .closed
            case .finish: self.socket.finish()
            case .reset: throw .reset
            case .echo: try self.echo()
            }
        }
    }

    /// Returns when the system has taken all of it; goes on reading meanwhile.
    private mutating func write(_ bytes: [UInt8]) throws(Over) {
        var left = bytes[...]
        while !left.isEmpty { left = left.dropFirst(try self.writeSome(left)) }
    }

    private mutating func writeSome(_ bytes: ArraySlice<UInt8>) throws(Over) -> Int {
        do throws(SocketError) {
            let count = try self.socket.send(bytes)
            if count > 0 { return count }
        } catch {
            throw .closed
        }
        try self.turn(isWriting: true)
        return 0
    }

    private mutating func flood(_ count: Int) throws(Over) {
        let block = [UInt8](repeating: 0x78, count: 65_536)
        var left = count
        while left > 0 {
            let taken = try self.writeSome(block.prefix(left))
            self.shared.state.withLock { $0.flooded += taken }
            left -= taken
        }
    }

    private mutating func sink(_ count: Int) throws(Over) {
        if count > 0 { self.isReading = true }
        var left = count
        while left > 0 {
            if self.received.isEmpty { try self.turn() }
            let taken = min(left, self.received.count)
            self.received.removeFirst(taken)
            self.shared.state.withLock { $0.sunk += taken }
            left -= taken
        }
    }

    private mutating func echo() throws(Over) {
        while true {
            let bytes = self.received
            self.received.removeAll(keepingCapacity: true)
            try self.write(bytes)
            if self.received.isEmpty { try self.turn() }
        }
    }

    // MARK: Waiting

    /// Waits until something happens or the time is up, and reads once what has come.
    private mutating func turn(
        until deadline: Deadline? = nil, isWriting: Bool = false, gate: Signal? = nil
    ) throws(Over) {
        let reads = self.isReading && !self.hasPeerEnded
        var poll = Poll(self.socket, for: (reads ? POLLIN : 0) | (isWriting ? POLLOUT : 0))
        poll.add(self.shared.stopped)
        if let gate { poll.add(gate) }
        guard poll.wait(until: deadline) else { return }
        if poll.isSignalled(self.shared.stopped) { throw .closed }
        if reads, poll.isReadable {
            try self.receive()
        } else if poll.isOver {
            throw .closed
        }
    }

    private mutating func receive() throws(Over) {
        switch self.socket.receive(into: &self.buffer) {
        case .bytes(let count): self.received += self.buffer[..<count]
        case .nothing: break
        case .end:
            if self.options.closesWithPeer { throw .closed }
            self.hasPeerEnded = true
        case .failed: throw .closed
        }
    }
}
