import Glibc

/// What a call of the system refused.
package struct SocketError: Error, Equatable, CustomStringConvertible {
    package let operation: String
    package let number: CInt

    init(_ operation: String, _ number: CInt = errno) {
        self.operation = operation
        self.number = number
    }

    package var description: String { "\(self.operation): \(String(cString: strerror(self.number)))" }
}

/// One descriptor of a stream socket, with the few calls that the origin and the client make.
///
/// It does not wait by itself, except for ``Poll``; whoever holds it closes it, on the thread that uses it.
struct Socket {
    /// What one call for bytes came to.
    enum Received { case bytes(Int), end, nothing, failed(SocketError) }

    /// The limit of open files is raised once, as far as it goes: a thousand clients need three descriptors each.
    private static let raisedLimit: Bool = {
        var limit = rlimit()
        let kind = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(kind, &limit) == 0 else { return false }
        limit.rlim_cur = limit.rlim_max
        return setrlimit(kind, &limit) == 0
    }()

    let descriptor: CInt

    init(_ descriptor: CInt) {
        self.descriptor = descriptor
    }

    private init(family: CInt) throws(SocketError) {
        _ = Self.raisedLimit
        let kind = CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue) | CInt(SOCK_NONBLOCK.rawValue)
        self.descriptor = socket(family, kind, 0)
        if self.descriptor < 0 { throw SocketError("socket") }
    }

    /// Listens on a host's first address; port 0 lets the system choose.
    static func listen(host: String, port: Int) throws(SocketError) -> Socket {
        try self.open(SocketAddress(host: host, port: port)) { (socket, address) throws(SocketError) in
            socket.set(SOL_SOCKET, SO_REUSEADDR)
            try socket.listen(on: address)
        }
    }

    /// Listens on a path that nothing has yet.
    static func listen(path: String) throws(SocketError) -> Socket {
        try self.open(SocketAddress(path: path)) { (socket, address) throws(SocketError) in
            try socket.listen(on: address)
        }
    }

    /// Connects; waits for that until `deadline` at the longest.
    static func connect(host: String, port: Int, until deadline: Deadline) throws(SocketError) -> Socket {
        try self.open(SocketAddress(host: host, port: port)) { (socket, address) throws(SocketError) in
            guard address.with({ Glibc.connect(socket.descriptor, $0, $1) }) != 0 else { return }
            guard errno == EINPROGRESS else { throw SocketError("connect") }
            var poll = Poll(socket, for: POLLOUT)
            while !poll.wait(until: deadline) {
                if deadline.isPast { throw SocketError("connect", ETIMEDOUT) }
            }
            let failure = socket.pendingError
            if failure != 0 { throw SocketError("connect", failure) }
        }
    }

    private static func open(
        _ address: SocketAddress, _ prepare: (Socket, SocketAddress) throws(SocketError) -> Void
    ) throws(SocketError) -> Socket {
        let socket = try Socket(family: address.family)
        do throws(SocketError) {
            try prepare(socket, address)
        } catch {
            socket.close()
            throw error
        }
        if address.family != AF_UNIX { socket.set(CInt(IPPROTO_TCP), TCP_NODELAY) }
        return socket
    }

    private func listen(on address: SocketAddress) throws(SocketError) {
        guard address.with({ bind(self.descriptor, $0, $1) }) == 0 else { throw SocketError("bind") }
        guard Glibc.listen(self.descriptor, 1_024) == 0 else { throw SocketError("listen") }
    }

    /// The next connection; `nil` where none waits.
    func accept() -> Socket? {
        let accepted = Glibc.accept(self.descriptor, nil, nil)
        guard accepted >= 0 else { return nil }
        _ = fcntl(accepted, F_SETFD, FD_CLOEXEC)
        _ = fcntl(accepted, F_SETFL, O_NONBLOCK)
        let socket = Socket(accepted)
        socket.set(CInt(IPPROTO_TCP), TCP_NODELAY)
        return socket
    }

    /// The port that the system chose.
    var localPort: Int { SocketAddress(boundTo: self.descriptor).port }

    /// Reads what is there into `buffer`, from its beginning.
    func receive(into buffer: inout [UInt8]) -> Received {
        let count = buffer.withUnsafeMutableBytes { recv(self.descriptor, $0.baseAddress, $0.count, 0) }
        if count > 0 { return .bytes(count) }
        if count == 0 { return .end }
        return errno == EAGAIN || errno == EINTR ? .nothing : .failed(SocketError("recv"))
    }

    /// Hands the system what it takes of `bytes`.
    ///
    /// - Returns: How many bytes it took; 0 when its buffers are full.
    func send(_ bytes: ArraySlice<UInt8>) throws(SocketError) -> Int {
        let count = bytes.withUnsafeBytes { Glibc.send(self.descriptor, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL)) }
        if count >= 0 { return count }
        guard errno == EAGAIN || errno == EINTR else { throw SocketError("send") }
        return 0
    }

    /// Closes the sending side only.
    func finish() { _ = shutdown(self.descriptor, CInt(SHUT_WR)) }

    /// Reads off what has come, so that closing does not answer unread bytes with a reset; bounded.
    func drain() {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        for _ in 0..<64 {
            guard case .bytes = self.receive(into: &buffer) else { return }
        }
    }

    func close() { _ = Glibc.close(self.descriptor) }

    /// From now on closing returns when the peer's system has confirmed the end, or after ten seconds.
    func waitWhenClosing() { self.setLinger(10) }

    /// Closes with a reset.
    func reset() {
        self.setLinger(0)
        self.close()
    }

    private func setLinger(_ seconds: CInt) {
        var option = linger(l_onoff: 1, l_linger: seconds)
        _ = setsockopt(self.descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    }

    private var pendingError: CInt {
        var value: CInt = 0
        var length = socklen_t(MemoryLayout<CInt>.size)
        return getsockopt(self.descriptor, SOL_SOCKET, SO_ERROR, &value, &length) == 0 ? value : errno
    }

    /// An option that a socket of another kind may not have is left out.
    private func set(_ level: CInt, _ option: CInt) {
        var value: CInt = 1
        _ = setsockopt(self.descriptor, level, option, &value, socklen_t(MemoryLayout<CInt>.size))
    }
}
