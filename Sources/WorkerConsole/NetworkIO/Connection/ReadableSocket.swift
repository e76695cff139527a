import CLinux
import Glibc

/// A socket that is read by plain calls once it is known that something waits.
protocol ReadableSocket: AnyObject {
    var descriptor: Int32 { get }
    /// Bytes or an end may wait; cleared when a read has shown that there are none.
    var isReadable: Bool { get set }
    /// The system has said that the peer's end, or an error, is behind what can be read.
    var hasEnd: Bool { get }
    /// The end is an error, such as a reset; behind an orderly end a read does not tell of it.
    var hasError: Bool { get }
    /// Nothing is read: the connection does not want it or has ended.
    var isHeldBack: Bool { get }
    /// Reads on in the next turn.
    func readLater()
}

extension ReadableSocket {
    /// Hands over what waits, as much as the connection may have in one turn.
    /// - Returns: The bytes.
    @discardableResult
    func read(_ loop: EventLoop, _ connection: Connection) -> Int {
        var total = 0
        var reads = 0
        while self.isReadable, !self.isHeldBack {
            let limits = connection.limits
            guard reads < limits.readsAtOnce else {
                self.readLater()
                break
            }
            reads += 1
            if let relay = connection.relaySource {
                total += self.pull(relay, connection)
                continue
            }
            let room = min(limits.read, loop.scratch.count)
            let count = cl_receive(self.descriptor, loop.scratch.baseAddress, room)
            if count > 0 {
                total += count
                // Less than there was room for: nothing more waits (epoll(7), on edge-triggered streams).
                if count < room, !self.hasEnd { self.isReadable = false }
                connection.wireReceived(UnsafeRawBufferPointer(rebasing: loop.scratch[..<count]))
            } else if count == 0 {
                self.ended(connection)
            } else if count != -Int(EINTR) {
                self.isReadable = false
                if count != -Int(EAGAIN) { connection.wireFailed(TransportError(errno: Int32(-count))) }
            }
        }
        return total
    }

    private func ended(_ connection: Connection) {
        self.isReadable = false
        let error = self.hasError ? cl_socket_error(self.descriptor) : 0
        if error == 0 { connection.wireEnded() } else { connection.wireFailed(TransportError(errno: error)) }
    }

    /// Lets a relay take what waits.
    /// - Returns: The bytes.
    private func pull(_ relay: Relay, _ connection: Connection) -> Int {
        switch relay.pull(from: self.descriptor) {
        case .moved(let count):
            connection.wireRelayed(count)
            return count
        case .empty: self.isReadable = false
        case .full: connection.wireRelayIsFull()
        case .ended: self.ended(connection)
        // Sockets of some systems cannot be spliced: then what comes is read.
        case .failed(errno: EINVAL), .failed(errno: ENOSYS): connection.endRelay()
        case .failed(let code):
            self.isReadable = false
            connection.wireFailed(TransportError(errno: code))
        }
        return 0
    }
}

extension WireOutcome {
    /// What comes of sending on a socket without waiting.
    @inline(__always)
    static func sending(_ pieces: UnsafeBufferPointer<iovec>, on descriptor: Int32) -> WireOutcome {
        while true {
            let count =
                pieces.count == 1
                ? cl_send(descriptor, pieces[0].iov_base, pieces[0].iov_len)
                : cl_send_pieces(descriptor, pieces.baseAddress, pieces.count)
            if count != -Int(EINTR) { return WireOutcome(result: count) }
        }
    }

    /// - Parameter result: What a system call that sends has returned, or -errno.
    @inline(__always)
    init(result: Int) {
        switch Int32(truncatingIfNeeded: -result) {
        case _ where result > 0: self = .sent(result)
        case 0, EAGAIN, ENOBUFS: self = .blocked
        case let code: self = .failed(TransportError(errno: code))
        }
    }
}
