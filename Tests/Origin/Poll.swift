import Glibc

/// A moment that is waited for at the longest.
struct Deadline: Sendable, Comparable {
    private let instant: ContinuousClock.Instant

    init(in duration: Duration) {
        self.instant = .now + duration
    }

    static func < (one: Self, other: Self) -> Bool { one.instant < other.instant }

    var isPast: Bool { self.instant <= .now }

    /// For `poll`: rounded up, so that it is past when that returns; no more than a day.
    var milliseconds: CInt {
        let left = ContinuousClock.now.duration(to: self.instant)
        guard left > .zero else { return 0 }
        let (seconds, attoseconds) = left.components
        return CInt(min(seconds, 86_400) * 1_000 + attoseconds / 1_000_000_000_000_000) + 1
    }
}

/// Descriptors that one thread waits for together.
struct Poll {
    private var entries: [pollfd]

    init(_ socket: Socket, for events: CInt) {
        self.entries = [pollfd(fd: socket.descriptor, events: Int16(truncatingIfNeeded: events), revents: 0)]
    }

    /// Waits for a signal too; which one is asked with ``isSignalled(_:)``.
    mutating func add(_ signal: Signal) {
        self.entries.append(pollfd(fd: signal.descriptor, events: Int16(POLLIN), revents: 0))
    }

    /// Without events nothing is waited for on the socket, not even its end.
    mutating func forgetSocket() { self.entries[0].fd = -1 }

    /// - Returns: True when something happened; false when the time is up, or for no reason.
    mutating func wait(until deadline: Deadline?) -> Bool {
        poll(&self.entries, nfds_t(self.entries.count), deadline?.milliseconds ?? -1) > 0
    }

    /// The socket has bytes, its end or an error for who reads.
    var isReadable: Bool { self.has(POLLIN) }
    var isWritable: Bool { self.has(POLLOUT) }
    /// The connection was reset, or both sides have closed it.
    var isOver: Bool { self.has(POLLERR) || self.has(POLLHUP) }

    func isSignalled(_ signal: Signal) -> Bool {
        self.entries.dropFirst().contains { $0.fd == signal.descriptor && $0.revents != 0 }
    }

    private func has(_ event: CInt) -> Bool { CInt(self.entries[0].revents) & event != 0 }
}

/// Something that threads in ``Poll`` wait for beside their sockets: a pipe.
final class Signal: Sendable {
    let descriptor: CInt
    private let sender: CInt

    init() throws(SocketError) {
        var ends: [CInt] = [0, 0]
        guard pipe(&ends) == 0 else { throw SocketError("pipe") }
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        (self.descriptor, self.sender) = (ends[0], ends[1])
    }

    deinit {
        _ = Glibc.close(self.descriptor)
        _ = Glibc.close(self.sender)
    }

    /// Wakes whoever waits for it, now and until ``clear()``.
    func send() {
        var byte: UInt8 = 1
        _ = write(self.sender, &byte, 1)
    }

    func clear() {
        var buffer = [UInt8](repeating: 0, count: 256)
        while read(self.descriptor, &buffer, buffer.count) == buffer.count {}
    }
}
