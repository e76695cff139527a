import Synchronization

/// One thread's connections and timers.
///
/// A turn: wait, handle everything that has arrived, do what became due, write what was gathered. To read everything
/// first and write then halves the wake-ups at the other end. All of it is confined to one thread; other threads reach
/// what belongs to a loop through a ``LoopBound``.
package final class EventLoop {
    /// Rounds of writing and telling within one turn, after which the wire is looked at again.
    private static let settleLimit = 16
    private static let scratchSize = 262_144
    private static let keptRelays = 16

    package let clock: any LoopClock
    /// Nanoseconds of ``clock`` when the events that are being handled arrived: one look at the clock an arrival.
    package private(set) var now: Int64
    /// Rises with every wait for events.
    package private(set) var turns: UInt64 = 0
    /// Connections that have been started and not ended.
    package internal(set) var connectionCount = 0
    let pieces = PiecePool()
    /// Where bytes are received; handlers read them there.
    let scratch: UnsafeMutableRawBufferPointer
    /// Where decrypted bytes are handed over.
    let plaintext: UnsafeMutableRawBufferPointer
    let inbox: LoopInbox
    private let engine: any Engine
    private var timers = TimerQueue()
    private var dirty: [Connection] = []
    private var due: [Connection] = []
    private var again: [() -> Void] = []
    private var isStopped = false
    /// Pipes of relays that are over, for the next ones.
    private var relays: [Relay] = []

    package init(engine: any Engine, clock: any LoopClock) {
        self.engine = engine
        self.clock = clock
        self.now = clock.now()
        self.inbox = LoopInbox(waker: engine.waker)
        self.scratch = .allocate(byteCount: Self.scratchSize, alignment: 4_096)
        self.plaintext = .allocate(byteCount: 65_536, alignment: 4_096)
    }

    deinit {
        self.scratch.deallocate()
        self.plaintext.deallocate()
    }

    /// `epoll` or `io_uring`.
    package var engineName: String { self.engine.name }

    /// Looks at the clock again, and remembers what it said.
    @discardableResult
    @inline(__always)
    package func tick() -> Int64 {
        self.now = self.clock.now()
        return self.now
    }

    // MARK: - Connections

    /// Begins to connect.
    /// - Parameters:
    ///   - address: Where to.
    ///   - tls: Speaks TLS first; then the handler is told that the connection stands after the handshake.
    /// - Returns: A connection that has to be started; an attempt that fails at once ends it with the reason.
    package func connect(to address: SocketAddress, tls: TLSSession? = nil) -> Connection {
        do {
            let wire = try self.engine.connect(to: address, loop: self)
            return Connection(loop: self, wire: wire, remoteAddress: address, tls: tls, isConnecting: true)
        } catch {
            let wire = FailedWire(error, loop: self)
            return Connection(loop: self, wire: wire, remoteAddress: address, tls: tls, isConnecting: true)
        }
    }

    /// Accepts connections; each is given to `accepted`, which starts it.
    package func accept(
        on listener: ListeningSocket, tls: TLSContext? = nil, _ accepted: @escaping (Connection) -> Void
    ) -> any AcceptSource {
        self.engine.accept(on: listener, loop: self) { [unowned self] socket, address in
            let wire = self.engine.makeWire(socket, loop: self)
            accepted(
                Connection(
                    loop: self, wire: wire, remoteAddress: address, tls: tls?.makeServerSession(), isConnecting: false))
        }
    }

    /// A connection over a wire of the caller's own.
    package func makeConnection(
        over wire: any Wire, remoteAddress: SocketAddress? = nil, tls: TLSSession? = nil, isConnecting: Bool = false
    ) -> Connection {
        Connection(loop: self, wire: wire, remoteAddress: remoteAddress, tls: tls, isConnecting: isConnecting)
    }

    @inline(__always)
    func flushLater(_ connection: Connection) { self.dirty.append(connection) }

    @inline(__always)
    func tellLater(_ connection: Connection) { self.due.append(connection) }

    /// Does something later in this turn, or in the next one when this one is ending: what would be too deep, or too
    /// much at once, where it is asked for.
    package func later(_ action: @escaping () -> Void) { self.again.append(action) }

    /// - Returns: `nil` when the system gives no pipe.
    func takeRelay() -> Relay? { self.relays.popLast() ?? Relay() }

    /// Keeps the pipe of a relay that holds nothing.
    func giveBack(_ relay: Relay) {
        if self.relays.count < Self.keptRelays { self.relays.append(relay) }
    }

    // MARK: - Timers

    /// Does something once, at the earliest after `nanoseconds` from now.
    @discardableResult
    package func schedule(after nanoseconds: Int64, _ action: @escaping () -> Void) -> LoopTimer {
        let (deadline, overflow) = self.clock.now().addingReportingOverflow(max(0, nanoseconds))
        return self.timers.add(deadline: overflow ? .max : deadline, action)
    }

    /// Does nothing for one that has run.
    package func cancel(_ timer: LoopTimer) { self.timers.cancel(timer) }

    // MARK: - Turns

    /// Turns until ``stop()``.
    func run() {
        while !self.isStopped { self.turn(mayWait: true) }
        // What was asked until now is still done, so that nobody waits for ever.
        self.inbox.close()
        self.runInbox()
        self.settle()
        self.engine.shutDown(for: self)
        // What is left of these may hold what holds this loop.
        (self.dirty, self.due, self.again) = ([], [], [])
        self.timers.removeAll()
    }

    /// Ends ``run()`` after this turn.
    package func stop() { self.isStopped = true }

    /// One turn; without `mayWait` only what is there already is handled.
    package func turn(mayWait: Bool) {
        self.turns &+= 1
        self.engine.wait(atMost: mayWait ? self.wait : 0, for: self)
        self.runAgain()
        self.runInbox()
        self.settle()
        guard let next = self.timers.nextDeadline, next <= self.now else { return }
        while let action = self.timers.popDue(now: self.now) { action() }
        self.settle()
    }

    /// Nanoseconds until something is due without an event.
    private var wait: Int64? {
        if !self.again.isEmpty || !self.dirty.isEmpty || !self.due.isEmpty { return 0 }
        guard let next = self.timers.nextDeadline else { return nil }
        return max(0, next - self.clock.now())
    }

    private func runAgain() {
        guard !self.again.isEmpty else { return }
        var actions: [() -> Void] = []
        swap(&actions, &self.again)
        for action in actions { action() }
    }

    private func runInbox() {
        for task in self.inbox.takeAll() { task() }
    }

    /// Writes what was gathered and tells what is to be told, until nothing is left of either or enough was done.
    private func settle() {
        var rounds = 0
        while !self.dirty.isEmpty || !self.due.isEmpty, rounds < Self.settleLimit {
            rounds += 1
            var index = 0
            while index < self.due.count {
                self.due[index].tellFromLoop()
                index += 1
            }
            self.due.removeAll(keepingCapacity: true)
            index = 0
            while index < self.dirty.count {
                self.dirty[index].flushFromLoop()
                index += 1
            }
            self.dirty.removeAll(keepingCapacity: true)
        }
    }
}
