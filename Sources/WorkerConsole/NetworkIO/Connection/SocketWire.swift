import CLinux
import Glibc

/// A socket that epoll watches.
final class SocketWire: EpollSource, Wire, ReadableSocket {
    let descriptor: Int32
    /// Owns the descriptor; `nil` when it is closed.
    private var socket: Socket?
    private unowned let engine: EpollEngine
    /// Until the end.
    private var connection: Connection?
    private var isConnecting: Bool
    private var isWatched = false
    private var isClosed = false
    private var isPaused = false
    var isReadable = false
    private(set) var hasEnd = false
    private(set) var hasError = false
    private var isReadPlanned = false

    init(_ socket: consuming Socket, engine: EpollEngine, isConnecting: Bool) {
        self.descriptor = socket.descriptor
        self.socket = consume socket
        self.engine = engine
        self.isConnecting = isConnecting
    }

    func start(_ connection: Connection) {
        self.connection = connection
        self.isWatched = true
        let events = EPOLLIN.rawValue | EPOLLOUT.rawValue | EPOLLRDHUP.rawValue | EPOLLET.rawValue
        self.engine.add(self, self.descriptor, events: events)
    }

    // MARK: - Events

    override func handle(_ events: UInt32, for loop: EventLoop) {
        guard let connection = self.connection else { return }
        if self.isConnecting {
            guard events & (EPOLLOUT.rawValue | EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0 else { return }
            self.isConnecting = false
            let error = cl_socket_error(self.descriptor)
            guard error == 0 else { return connection.wireFailed(TransportError(errno: error)) }
            connection.wireOpened()
        } else if events & EPOLLOUT.rawValue != 0 {
            connection.wireWritable()
        }
        if events & (EPOLLRDHUP.rawValue | EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0 {
            self.hasEnd = true
            self.hasError = events & EPOLLERR.rawValue != 0
        }
        if self.hasEnd || events & EPOLLIN.rawValue != 0 {
            self.isReadable = true
            self.read(loop, connection)
        }
    }

    override func loopEnded() {
        self.isClosed = true
        self.connection.take()?.loopEnded()
        self.socket = nil
    }

    func readOn(for loop: EventLoop) {
        self.isReadPlanned = false
        guard let connection = self.connection else { return }
        self.read(loop, connection)
    }

    var isHeldBack: Bool { self.isPaused || self.isClosed }

    func readLater() {
        guard !self.isReadPlanned else { return }
        self.isReadPlanned = true
        self.engine.readLater(self)
    }

    // MARK: - Wire

    func pauseReading() { self.isPaused = true }

    func resumeReading() {
        self.isPaused = false
        if self.isReadable { self.readLater() }
    }

    func send(_ pieces: UnsafeBufferPointer<iovec>) -> WireOutcome { .sending(pieces, on: self.descriptor) }

    func prepareToRelay(_: RelaySide) -> Bool { !self.isClosed }

    func send(_ relay: Relay) -> WireOutcome { relay.push(to: self.descriptor) }

    func endOutput() { shutdown(self.descriptor, Int32(SHUT_WR)) }

    var hasNews: Bool { self.hasFetchedNews || cl_has_news(self.descriptor) != 0 }

    // epoll tells of events in the order in which they came, so that one that is not handled yet came later than what is
    // being handled.
    var hasFetchedNews: Bool { self.isReadable || self.hasEnd || self.isClosed }

    func close(reset: Bool) {
        guard !self.isClosed else { return }
        self.isClosed = true
        self.connection = nil
        if reset { cl_set_reset_on_close(self.descriptor) }
        // One that was never started is not known to epoll.
        if self.isWatched { self.engine.remove(self, self.descriptor) }
        self.socket = nil
    }
}
