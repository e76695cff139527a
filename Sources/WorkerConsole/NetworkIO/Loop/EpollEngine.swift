import CLinux
import Glibc

/// Learns of events by readiness: each socket is watched once, edge-triggered, so that pausing costs no system call.
final class EpollEngine: Engine {
    private static let eventsAtOnce = 256

    let waker: LoopWaker
    private let epoll: Int32
    private let events: UnsafeMutablePointer<epoll_event>
    private var watched = PlacedList<EpollSource>()
    /// Wires that have more to read than they may in one turn, or were resumed.
    private var unread: [SocketWire] = []
    /// Kept until the events that were fetched together with their last one are handled.
    private var removed: [EpollSource] = []

    /// - Throws: `.noDescriptors` above all.
    init() throws(TransportError) {
        self.waker = try LoopWaker()
        self.epoll = DescriptorReserve.process.open {
            let descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
            return descriptor < 0 ? -errno : descriptor
        }
        guard self.epoll >= 0 else { throw TransportError(errno: -self.epoll) }
        self.events = .allocate(capacity: Self.eventsAtOnce)
        self.events.initialize(repeating: epoll_event(), count: Self.eventsAtOnce)
        _ = cl_epoll_control(self.epoll, EPOLL_CTL_ADD, self.waker.descriptor, EPOLLIN.rawValue, nil)
    }

    deinit {
        self.events.deallocate()
        close(self.epoll)
    }

    var name: String { "epoll" }

    func wait(atMost nanoseconds: Int64?, for loop: EventLoop) {
        // What was removed after the last events must not stay for this wait: a listener would go on listening.
        if !self.removed.isEmpty { self.removed.removeAll() }
        let count = epoll_wait(self.epoll, self.events, Int32(Self.eventsAtOnce), self.timeout(nanoseconds))
        loop.tick()
        var index: Int32 = 0
        while index < count {
            var context: UnsafeMutableRawPointer?
            let flags = cl_epoll_event(self.events, index, &context)
            if let context {
                Unmanaged<EpollSource>.fromOpaque(context).takeUnretainedValue().handle(flags, for: loop)
            } else {
                self.waker.clear()
            }
            index += 1
        }
        if !self.unread.isEmpty { self.readOn(loop) }
    }

    private func timeout(_ nanoseconds: Int64?) -> Int32 {
        guard self.unread.isEmpty else { return 0 }
        guard let nanoseconds else { return -1 }
        // Rounded up: a wait that ends early would only begin another one.
        return Int32(clamping: (nanoseconds + 999_999) / 1_000_000)
    }

    private func readOn(_ loop: EventLoop) {
        var wires: [SocketWire] = []
        swap(&wires, &self.unread)
        for wire in wires { wire.readOn(for: loop) }
    }

    /// Reads on with the events of the next turn.
    func readLater(_ wire: SocketWire) { self.unread.append(wire) }

    func makeWire(_ socket: consuming Socket, loop: EventLoop) -> any Wire {
        SocketWire(socket, engine: self, isConnecting: false)
    }

    func connect(to address: SocketAddress, loop: EventLoop) throws(TransportError) -> any Wire {
        let socket = try Socket(family: address.family)
        if address.family != AF_UNIX { socket.setNoDelay() }
        guard let result = address.withStorage({ cl_connect(socket.descriptor, $0, $1) }) else {
            throw .system(errno: ENAMETOOLONG)
        }
        guard result == 0 || result == -EINPROGRESS else {
            // A Unix socket whose queue is full says so at once; there is no way to wait for it.
            throw result == -EAGAIN ? .refused : TransportError(errno: -result)
        }
        return SocketWire(socket, engine: self, isConnecting: true)
    }

    func accept(
        on listener: ListeningSocket, loop: EventLoop, _ accepted: @escaping (consuming Socket, SocketAddress?) -> Void
    ) -> any AcceptSource {
        EpollAcceptSource(listener, engine: self, loop: loop, accepted)
    }

    func shutDown(for _: EventLoop) {
        // There is no next wait, and most of them hold what holds this engine.
        for source in self.watched.takeAll() { source.loopEnded() }
        (self.unread, self.removed) = ([], [])
    }

    // MARK: - Watching

    /// Watches a descriptor until ``remove(_:_:)``.
    func add(_ source: EpollSource, _ descriptor: Int32, events: UInt32) {
        self.watched.add(source)
        let context = Unmanaged.passUnretained(source).toOpaque()
        _ = cl_epoll_control(self.epoll, EPOLL_CTL_ADD, descriptor, events, context)
    }

    func remove(_ source: EpollSource, _ descriptor: Int32) {
        // A child that is just being started may hold a copy of the descriptor, so closing it would not be enough.
        _ = cl_epoll_control(self.epoll, EPOLL_CTL_DEL, descriptor, 0, nil)
        self.removed.append(source)
        self.watched.remove(source)
    }
}
