import CLinux
import Glibc

/// Learns of events by completion: the kernel receives and sends within the one system call of a turn that also waits.
final class UringEngine: Engine {
    /// How long the end of a loop waits for the kernel to let go of what is under way.
    private static let shutdownLimit: Int64 = 1_000_000_000

    let waker: LoopWaker
    private var ring: Uring
    /// Changes with each wait: what was prepared before is out of our hands.
    private(set) var batch: UInt64 = 0
    /// Operations that are prepared or under way.
    private var operationCount = 0
    /// Wires whose sends were prepared for the next wait. The kernel has done with all of them when it ends, and has told
    /// of those that have failed.
    private var senders: [UringWire] = []
    /// Those that have been started and not closed.
    private var wires = PlacedList<UringWire>()
    /// Sources that found no room for an operation, or have something to tell without one.
    private var waiting: [UringSource] = []
    /// The completions that are being handled; `position` is the current one.
    private var position: UInt32 = 0
    private var ready: UInt32 = 0

    /// - Throws: Why this kernel gives no ring, or `.noDescriptors`.
    init() throws {
        self.waker = try LoopWaker()
        self.ring = try Uring()
        UringWaker(self.waker, engine: self).watch()
    }

    var name: String { "io_uring" }

    // MARK: - Waiting

    func wait(atMost nanoseconds: Int64?, for loop: EventLoop) {
        self.submit(atMost: self.waiting.isEmpty ? nanoseconds ?? -1 : 0)
        loop.tick()
        if !self.senders.isEmpty { self.handleSends(for: loop) }
        self.handleCompletions(for: loop)
        if !self.waiting.isEmpty { self.proceed(loop) }
    }

    private func submit(atMost nanoseconds: Int64) {
        self.batch &+= 1
        // After an error (a signal, the time) there may be something to handle as well.
        _ = cl_uring_wait(self.ring.handle, 1, nanoseconds)
        self.ready = cl_uring_ready(self.ring.handle)
    }

    /// Handles the ends of sends before anything else: while handlers run, no send is half done.
    ///
    /// A failure cannot be missed: the queue of completions is empty before the wait, and has room for those of everything
    /// that can be prepared.
    private func handleSends(for loop: EventLoop) {
        for index in 0..<self.ready {
            guard let place = cl_uring_completion(self.ring.handle, index), UringSource.isSend(place.pointee.context),
                let (source, operation) = UringSource.owner(of: place.pointee.context)
            else { continue }
            place.pointee.context = 0
            source.completed(operation, result: place.pointee.result, buffer: nil, hasMore: false, for: loop)
        }
        guard cl_uring_prepared(self.ring.handle) == 0 else { return }
        for wire in self.senders { wire.sentAll() }
        self.senders.removeAll(keepingCapacity: true)
    }

    private func handleCompletions(for loop: EventLoop) {
        self.position = 0
        while self.position < self.ready {
            if let place = cl_uring_completion(self.ring.handle, self.position) {
                self.handle(place.pointee, for: loop)
            }
            self.position += 1
        }
        self.markAsSeen()
    }

    private func markAsSeen() {
        cl_uring_seen(self.ring.handle, self.ready)
        self.ready = 0
    }

    @inline(__always)
    private func handle(_ completion: cl_completion, for loop: EventLoop) {
        guard let (source, operation) = UringSource.owner(of: completion.context) else { return }
        let hasMore = completion.flags & UInt32(CL_HAS_MORE) != 0
        let hasBuffer = completion.flags & UInt32(CL_HAS_BUFFER) != 0
        source.completed(
            operation, result: completion.result,
            buffer: hasBuffer ? completion.flags >> UInt32(CL_BUFFER_SHIFT) : nil, hasMore: hasMore, for: loop)
        if !hasMore { self.ended(source) }
    }

    private func proceed(_ loop: EventLoop) {
        var sources: [UringSource] = []
        swap(&sources, &self.waiting)
        for source in sources { source.proceed(for: loop) }
    }

    /// Calls ``UringSource/proceed(for:)`` in the next turn, when there is room again for operations.
    func proceedLater(_ source: UringSource) { self.waiting.append(source) }

    /// A completion of this operation was fetched and is not handled yet.
    func hasCompletion(_ context: UInt64) -> Bool {
        var index = self.position + 1
        while index < self.ready {
            if cl_uring_completion(self.ring.handle, index)?.pointee.context == context { return true }
            index += 1
        }
        return false
    }

    func shutDown(for loop: EventLoop) {
        // What was prepared last, such as closing, is done first.
        self.submit(atMost: 0)
        self.dropCompletions()
        self.senders = []
        var sources = self.waiting
        self.waiting = []
        self.cancelAll(for: loop)
        // What could not be handed over names descriptors and memory that have to stay.
        guard cl_uring_prepared(self.ring.handle) == 0 else { return }
        sources += self.wires.takeAll()
        for source in sources { source.loopEnded() }
    }

    private func cancelAll(for loop: EventLoop) {
        guard cl_uring_cancel_all(self.ring.handle) else { return }
        let end = loop.tick() + Self.shutdownLimit
        repeat {
            self.submit(atMost: self.operationCount > 0 ? max(1, end - loop.now) : 0)
            self.dropCompletions()
        } while self.operationCount > 0 && loop.tick() < end
    }

    /// Forgets completions: nobody is told after the end.
    private func dropCompletions() {
        for index in 0..<self.ready {
            guard let completion = cl_uring_completion(self.ring.handle, index)?.pointee,
                completion.flags & UInt32(CL_HAS_MORE) == 0, !UringSource.isSend(completion.context),
                let (source, _) = UringSource.owner(of: completion.context)
            else { continue }
            self.ended(source)
        }
        self.markAsSeen()
    }

    // MARK: - Connections

    /// Knows a wire from its start on.
    func add(_ wire: UringWire) { self.wires.add(wire) }

    /// Knows a wire no longer that was closed.
    func remove(_ wire: UringWire) { self.wires.remove(wire) }

    func makeWire(_ socket: consuming Socket, loop: EventLoop) -> any Wire {
        UringWire(socket, engine: self, isTold: true)
    }

    func connect(to address: SocketAddress, loop: EventLoop) throws(TransportError) -> any Wire {
        guard address.family == AF_UNIX else {
            let socket = try Socket(family: address.family, isBlocking: true)
            socket.setNoDelay()
            return UringWire(socket, engine: self, connectingTo: address)
        }
        let socket = try Socket(family: AF_UNIX)
        guard let result = address.withStorage({ cl_connect(socket.descriptor, $0, $1) }) else {
            throw .system(errno: ENAMETOOLONG)
        }
        // A Unix socket whose queue is full says so at once; there is no way to wait for it.
        guard result == 0 else { throw result == -EAGAIN ? .refused : TransportError(errno: -result) }
        socket.setBlocking()
        return UringWire(socket, engine: self, isTold: false)
    }

    func accept(
        on listener: ListeningSocket, loop: EventLoop, _ accepted: @escaping (consuming Socket, SocketAddress?) -> Void
    ) -> any AcceptSource {
        let source = UringAcceptSource(listener, engine: self, accepted)
        source.watch()
        return source
    }

    // MARK: - Operations

    // Each is false when there is no room for it in this turn; then the source tries again.

    func receive(_ source: UringSource, _ descriptor: Int32) -> Bool {
        self.began(source, cl_uring_receive(self.ring.handle, descriptor, source.context(.receive)))
    }

    func poll(
        _ source: UringSource, _ descriptor: Int32, _ operation: UringSource.Operation, events: UInt32, repeats: Bool
    ) -> Bool {
        self.began(
            source, cl_uring_poll(self.ring.handle, descriptor, events, repeats, source.context(operation)))
    }

    func connect(
        _ source: UringSource, _ descriptor: Int32, to address: UnsafePointer<sockaddr_storage>, length: socklen_t
    ) -> Bool {
        self.began(
            source, cl_uring_connect(self.ring.handle, descriptor, address, length, source.context(.connect)))
    }

    /// Prepares to send pieces, which stay where they are until the next wait is over; a quiet send does not end that wait
    /// when all of them were sent.
    /// - Returns: What ``withdraw(_:)`` takes.
    @inline(__always)
    func send(_ wire: UringWire, _ pieces: UnsafeBufferPointer<iovec>, isQuiet: Bool) -> UnsafeMutableRawPointer? {
        let operation = cl_uring_send(
            self.ring.handle, wire.descriptor, pieces.baseAddress, pieces.count, isQuiet, wire.context(.send))
        if operation != nil { self.senders.append(wire) }
        return operation
    }

    /// Takes a send back that was prepared since the last wait.
    func withdraw(_ operation: UnsafeMutableRawPointer) { cl_uring_withdraw(operation) }

    func cancel(_ source: UringSource, _ operation: UringSource.Operation) -> Bool {
        cl_uring_cancel(self.ring.handle, source.context(operation))
    }

    /// Closes after everything that was prepared before.
    func close(_ descriptor: Int32) -> Bool { cl_uring_close(self.ring.handle, descriptor) }

    @inline(__always)
    private func began(_ source: UringSource, _ isPrepared: Bool) -> Bool {
        guard isPrepared else { return false }
        self.operationCount += 1
        source.began()
        return true
    }

    @inline(__always)
    private func ended(_ source: UringSource) {
        self.operationCount -= 1
        source.ended()
    }

    // MARK: - Buffers

    /// Calls `body` with received bytes and gives their buffer back.
    @inline(__always)
    func withBuffer(_ buffer: UInt32, count: Int32, _ body: (UnsafeRawBufferPointer) -> Void) {
        body(UnsafeRawBufferPointer(start: cl_uring_buffer(self.ring.handle, buffer), count: Int(count)))
        cl_uring_give_buffer(self.ring.handle, buffer)
    }

    func giveBack(_ buffer: UInt32) { cl_uring_give_buffer(self.ring.handle, buffer) }

    /// The kernel had no buffer left to receive into.
    func addBuffers() { self.ring.addBuffers() }
}
