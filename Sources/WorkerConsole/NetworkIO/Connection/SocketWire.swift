import CLinux
import Glibc

/// A socket that epoll watches.
final class SocketWire: EpollSource, Wire {
    private let descriptor: Int32
    /// Owns the descriptor; `nil` when it is closed.
    private var socket: Socket?
    private unowned let engine: EpollEngine
    private weak var connection: Connection?
    private var isConnecting: Bool
    private var isWatched = false
    private var isClosed = false
    private var isPaused = false
    /// Bytes or an end may wait; cleared when a read has shown that there are none.
    private var isReadable = false
    /// The system has said that the peer's end, or an error, is behind what can be read.
    private var hasEnd = false
    private var hasToldEnd = false
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
        guard !self.isClosed, let connection = self.connection else { return }
        if self.isConnecting {
            guard events & (EPOLLOUT.rawValue | EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0 else { return }
            self.isConnecting = false
            let error = cl_socket_error(self.descriptor)
            guard error == 0 else { return connection.wireFailed(TransportError(errno: error)) }
            connection.wireOpened()
        } else if events & EPOLLOUT.rawValue != 0 {
            connection.wireWritable()
        }
        if events & (EPOLLRDHUP.rawValue | EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0 { self.hasEnd = true }
        if self.hasEnd || events & EPOLLIN.rawValue != 0 {
            self.isReadable = true
            self.read(loop, connection)
        }
    }

    func readOn(for loop: EventLoop) {
        self.isReadPlanned = false
        guard let connection = self.connection else { return }
        self.read(loop, connection)
    }

    private func read(_ loop: EventLoop, _ connection: Connection) {
        var reads = 0
        while self.isReadable, !self.isPaused, !self.isClosed {
            let limits = connection.limits
            guard reads < limits.readsAtOnce else { return self.readLater() }
            reads += 1
            let room = min(limits.read, loop.scratch.count)
            let count = cl_receive(self.descriptor, loop.scratch.baseAddress, room)
            if count > 0 {
                // Less than there was room for: nothing more waits (epoll(7), on edge-triggered streams).
                if count < room, !self.hasEnd { self.isReadable = false }
                connection.wireReceived(UnsafeRawBufferPointer(rebasing: loop.scratch[..<count]))
            } else if count == 0 {
                self.isReadable = false
                self.tellEnd(connection)
            } else {
                self.isReadable = false
                guard count != -Int(EAGAIN) else { return }
                if count == -Int(EINTR) {
                    self.isReadable = true
                } else {
                    connection.wireFailed(TransportError(errno: Int32(-count)))
                }
            }
        }
    }

    private func readLater() {
        guard !self.isReadPlanned else { return }
        self.isReadPlanned = true
        self.engine.readLater(self)
    }

    private func tellEnd(_ connection: Connection) {
        guard !self.hasToldEnd else { return }
        self.hasToldEnd = true
        connection.wireEnded()
    }

    // MARK: - Wire

    func pauseReading() { self.isPaused = true }

    func resumeReading() {
        self.isPaused = false
        if self.isReadable { self.readLater() }
    }

    func send(_ pieces: UnsafeBufferPointer<iovec>) -> WireOutcome {
        let descriptor = self.descriptor
        while true {
            let count =
                pieces.count == 1
                ? cl_send(descriptor, pieces[0].iov_base, pieces[0].iov_len)
                : cl_send_pieces(descriptor, pieces.baseAddress, pieces.count)
            if count > 0 { return .sent(count) }
            switch Int32(-count) {
            case EINTR: continue
            case 0, EAGAIN, ENOBUFS: return .blocked
            default: return .failed(TransportError(errno: Int32(-count)))
            }
        }
    }

    func sendLater(_: Connection) -> Bool { false }

    func endOutput() { shutdown(self.descriptor, Int32(SHUT_WR)) }

    var hasNews: Bool {
        self.isReadable || self.hasEnd || self.isClosed || cl_has_news(self.descriptor) != 0
    }

    func close(reset: Bool) {
        guard !self.isClosed else { return }
        self.isClosed = true
        if reset { cl_set_reset_on_close(self.descriptor) }
        // One that was never started is not known to epoll.
        if self.isWatched { self.engine.remove(self, self.descriptor) }
        self.socket = nil
    }
}
