import CLinux
import Glibc

/// A socket whose operations a ring carries out.
///
/// While messages are small, one repeated receive fills the ring's buffers. A connection whose buffers come full carries a
/// large body: then the ring only tells that something waits, and plain calls read it in large parts.
final class UringWire: UringSource, Wire, ReadableSocket, Placed {
    private enum State {
        case connecting
        /// It stands, and the connection was not told yet.
        case connected
        case open
        case closed
    }

    /// So many reads of less than that, one after the other, end reading by plain calls.
    private static let smallReadLimit = 8
    private static let smallReadSize = 16_384

    let descriptor: Int32
    /// Among those that the engine knows, from its start to its end.
    var place = 0
    /// Owns the descriptor; `nil` when it is closed, or the ring will close it.
    private var socket: Socket?
    private unowned let engine: UringEngine
    private var state: State
    /// Until the end.
    private var connection: Connection?
    private var isPaused = false
    /// Where to, until it stands.
    private var address: AddressPlace?
    private var operations: UringOperations
    /// What was prepared to be sent, how many bytes, and before which wait.
    private var sending: (operation: UnsafeMutableRawPointer, count: Int, batch: UInt64)?
    /// The socket takes nothing for now.
    private var isFull = false
    /// ``proceed(for:)`` will be called.
    private var isPlanned = false
    // Reading.
    private var readsPlainly = false
    private var smallReads = 0
    /// As relays need it.
    private var isNonblocking = false
    var isReadable = false
    private(set) var hasEnd = false
    private(set) var hasError = false
    /// What arrived while the connection did not want it.
    private var held = HeldArrivals()

    /// Takes a socket that is connected; the connection knows that when it `isTold`.
    init(_ socket: consuming Socket, engine: UringEngine, isTold: Bool) {
        self.descriptor = socket.descriptor
        self.socket = consume socket
        self.engine = engine
        self.operations = UringOperations(engine, self.descriptor)
        self.state = isTold ? .open : .connected
    }

    /// Takes a socket that connects when the wire is started.
    convenience init(_ socket: consuming Socket, engine: UringEngine, connectingTo address: SocketAddress) {
        self.init(socket, engine: engine, isTold: true)
        self.state = .connecting
        self.address = AddressPlace(address)
    }

    func start(_ connection: Connection) {
        self.connection = connection
        self.engine.add(self)
        if case .connected = self.state { self.proceedLater() } else { self.prepare() }
    }

    // MARK: - What the ring should be doing

    /// Prepares what is missing, now or when there is room for it.
    private func prepare() {
        let isPrepared =
            switch self.state {
            case .connecting: self.address.map { self.operations.connect(self, to: $0) } ?? true
            case .connected: true
            case .open: self.prepareToRead() && (!self.isFull || self.operations.waitForRoom(self))
            case .closed: self.prepareToClose()
            }
        if !isPrepared { self.proceedLater() }
    }

    private func prepareToRead() -> Bool {
        if self.operations.isReceiving {
            // It goes on while messages are small and the connection wants them.
            return self.readsPlainly || self.held.hasBytes ? self.operations.stopReceiving(self) : true
        }
        if self.readsPlainly { return self.operations.poll(self) }
        guard !self.isPaused, !self.hasEnd else { return true }
        // A ring gives up at once on sockets that may not wait.
        if self.isNonblocking { cl_set_blocking(self.descriptor) }
        self.isNonblocking = false
        return self.operations.receive(self)
    }

    private func prepareToClose() -> Bool {
        guard self.operations.cancelAll(self) else { return false }
        guard self.socket != nil else { return true }
        guard self.engine.close(self.descriptor) else { return false }
        _ = self.socket.take()?.take()
        return true
    }

    private func proceedLater() {
        guard !self.isPlanned else { return }
        self.isPlanned = true
        self.engine.proceedLater(self)
    }

    override func proceed(for loop: EventLoop) {
        self.isPlanned = false
        if case .connected = self.state { self.opened() }
        self.tellHeld()
        // After the peer's end only a reset can come; nothing but a poll tells of it.
        if self.hasEnd, !self.operations.isReceiving { self.readsPlainly = true }
        self.readPlainly(loop)
        self.prepare()
    }

    override func loopEnded() {
        self.state = .closed
        self.connection.take()?.loopEnded()
        self.socket = nil
    }

    // MARK: - What the ring has done

    override func completed(
        _ operation: Operation, result: Int32, buffer: UInt32?, hasMore: Bool, for loop: EventLoop
    ) {
        switch operation {
        case .receive: self.received(result, buffer: buffer, hasMore: hasMore, for: loop)
        case .send: self.sent(result)
        case .connect: self.connected(result)
        case .readable: self.becameReadable(result, hasMore: hasMore, for: loop)
        case .writable:
            self.operations.waitForRoomEnded()
            self.isFull = false
            self.connection?.wireWritable()
        }
    }

    private func received(_ result: Int32, buffer: UInt32?, hasMore: Bool, for loop: EventLoop) {
        if !hasMore { self.operations.receiveEnded() }
        if let buffer { self.engine.withBuffer(buffer, count: max(0, result)) { self.take($0) } }
        guard case .open = self.state else { return }
        switch result {
        case 1...: if result == Uring.bufferSize { self.readsPlainly = true }
        case 0: self.take(.orderly)
        case -ENOBUFS: self.engine.addBuffers()
        case -ECANCELED, -EAGAIN, -EINTR: break
        default: self.take(.failed(TransportError(errno: -result)))
        }
        if hasMore, !self.readsPlainly, !self.held.hasBytes { return }
        // Plain calls begin when all that the ring has received was handed over.
        if self.readsPlainly, !hasMore { self.isReadable = true }
        self.readPlainly(loop)
        self.prepare()
    }

    private func take(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count > 0, let connection = self.connection else { return }
        if self.isPaused || self.held.hasBytes {
            self.held.add(bytes)
        } else {
            connection.wireReceived(bytes)
        }
    }

    private func take(_ end: HeldArrivals.End) {
        self.hasEnd = true
        self.held.add(end)
        if self.isPaused || self.held.hasBytes { return }
        self.tellHeld()
        self.proceedLater()
    }

    private func tellHeld() {
        guard case .open = self.state, !self.isPaused, let connection = self.connection else { return }
        if self.held.hasBytes {
            let bytes = self.held.takeBytes()
            bytes.withUnsafeBytes { connection.wireReceived($0) }
        }
        guard !self.isPaused, let end = self.held.takeEnd() else { return }
        switch end {
        case .orderly: connection.wireEnded()
        case .failed(let error): connection.wireFailed(error)
        }
    }

    private func becameReadable(_ result: Int32, hasMore: Bool, for loop: EventLoop) {
        if !hasMore { self.operations.pollEnded() }
        guard case .open = self.state, self.readsPlainly else { return }
        if result > 0 {
            let ends = EPOLLRDHUP.rawValue | EPOLLERR.rawValue | EPOLLHUP.rawValue
            if UInt32(bitPattern: result) & ends != 0 {
                self.hasEnd = true
                self.hasError = UInt32(bitPattern: result) & EPOLLERR.rawValue != 0
            }
            self.isReadable = true
            self.readPlainly(loop)
        }
        if !self.operations.isPolling { self.prepare() }
    }

    private func readPlainly(_ loop: EventLoop) {
        guard self.readsPlainly, self.isReadable, !self.operations.isReceiving, !self.isHeldBack else { return }
        guard let connection = self.connection else { return }
        let isSmall = self.read(loop, connection) < Self.smallReadSize
        guard !self.isReadable, !self.hasEnd, case .open = self.state else { return }
        self.smallReads = isSmall ? self.smallReads + 1 : 0
        guard self.smallReads >= Self.smallReadLimit, self.operations.stopPolling(self) else { return }
        self.smallReads = 0
        self.readsPlainly = false
        self.prepare()
    }

    private func connected(_ result: Int32) {
        self.operations.connectEnded()
        guard case .connecting = self.state else { return }
        guard result == 0 else {
            self.connection?.wireFailed(TransportError(errno: -result))
            return
        }
        self.opened()
        self.prepare()
    }

    private func opened() {
        self.state = .open
        self.address = nil
        self.connection?.wireOpened()
    }

    /// The last wait is over, and no failure of what was prepared to be sent was told.
    func sentAll() {
        guard let sending = self.sending, sending.batch != self.engine.batch else { return }
        self.sending = nil
        self.connection?.wireSent(.sent(sending.count))
        if case .closed = self.state { self.connection = nil }
    }

    private func sent(_ result: Int32) {
        self.sending = nil
        let outcome = WireOutcome(result: Int(result))
        if outcome == .blocked { self.waitForRoom() }
        self.connection?.wireSent(outcome)
        if case .closed = self.state { self.connection = nil }
    }

    private func waitForRoom() {
        self.isFull = true
        self.prepare()
    }

    // MARK: - Wire

    var isHeldBack: Bool {
        if case .open = self.state { self.isPaused || self.held.hasBytes } else { true }
    }

    func readLater() { self.proceedLater() }

    func pauseReading() { self.isPaused = true }

    func resumeReading() {
        self.isPaused = false
        guard self.connection != nil else { return }
        if self.isReadable || !self.held.isEmpty { self.proceedLater() } else { self.prepare() }
    }

    func send(_ pieces: UnsafeBufferPointer<iovec>) -> WireOutcome {
        let outcome = WireOutcome.sending(pieces, on: self.descriptor)
        if outcome == .blocked { self.waitForRoom() }
        return outcome
    }

    func prepareToRelay(_ side: RelaySide) -> Bool {
        guard case .open = self.state else { return false }
        switch side {
        case .source: guard self.readsPlainly, !self.operations.isReceiving, !self.held.hasBytes else { return false }
        case .target: guard self.sending == nil else { return false }
        }
        if !self.isNonblocking { cl_set_nonblocking(self.descriptor) }
        self.isNonblocking = true
        return true
    }

    func send(_ relay: Relay) -> WireOutcome {
        let outcome = relay.push(to: self.descriptor)
        if outcome == .blocked { self.waitForRoom() }
        return outcome
    }

    var sendsLater: Bool { true }

    func sendLater(_ pieces: UnsafeBufferPointer<iovec>, quietFrom: Int) -> Bool {
        guard case .open = self.state, self.sending == nil else { return false }
        var count = 0
        for piece in pieces { count += piece.iov_len }
        guard let operation = self.engine.send(self, pieces, isQuiet: count >= quietFrom) else { return false }
        self.sending = (operation, count, self.engine.batch)
        return true
    }

    func withdrawSend() -> Bool {
        guard let sending = self.sending, sending.batch == self.engine.batch else { return false }
        self.engine.withdraw(sending.operation)
        self.sending = nil
        return true
    }

    func endOutput() { shutdown(self.descriptor, Int32(SHUT_WR)) }

    var hasNews: Bool { self.hasFetchedNews || cl_has_news(self.descriptor) != 0 }

    var hasFetchedNews: Bool {
        if case .open = self.state, !self.isReadable, !self.hasEnd, !self.held.hasBytes {
            return self.engine.hasCompletion(self.context(self.readsPlainly ? .readable : .receive))
        }
        return true
    }

    func close(reset: Bool) {
        if case .closed = self.state { return }
        self.state = .closed
        // One that was never started is not known to the engine.
        if self.connection != nil { self.engine.remove(self) }
        // The kernel may still use what the connection sends.
        if self.sending == nil { self.connection = nil }
        _ = self.held.takeBytes()
        if reset { cl_set_reset_on_close(self.descriptor) }
        self.prepare()
    }
}
