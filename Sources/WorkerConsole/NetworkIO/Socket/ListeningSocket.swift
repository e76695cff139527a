import CLinux
import Glibc

/// A socket that listens; several event loops may accept on it.
package final class ListeningSocket: Sendable {
    /// What came of trying to accept; the descriptor belongs to the caller.
    private enum Accepted {
        case accepted(Int32, SocketAddress?)
        case none
        /// No descriptor is left.
        case exhausted
    }

    private static let backlog: Int32 = 4_096
    private static let acceptsAtOnce = 64
    /// Nanoseconds for which nothing is accepted when no descriptor is left: what is open must be able to end meanwhile.
    static let pause: Int64 = 100_000_000

    private let socket: Socket
    /// With the port that the system chose where 0 was asked for.
    package let address: SocketAddress

    var descriptor: Int32 { self.socket.descriptor }

    /// - Throws: `TransportError` — `.addressInUse`, `.addressRefused`, `.noDescriptors`, `.system`.
    package init(_ address: SocketAddress) throws(TransportError) {
        let socket = try Socket(family: address.family)
        _ = cl_set_option(socket.descriptor, SOL_SOCKET, SO_REUSEADDR, 1)
        // `::` is the IPv6 half alone; the IPv4 half has a socket of its own.
        if address.isV6 { _ = cl_set_option(socket.descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, 1) }
        guard let code = address.withStorage({ cl_bind(socket.descriptor, $0, $1) }) else {
            throw .system(errno: ENAMETOOLONG)
        }
        guard code == 0 else { throw TransportError(errno: -code) }
        // What is accepted has it from the listener.
        if address.family != AF_UNIX { socket.setNoDelay() }
        guard listen(socket.descriptor, Self.backlog) == 0 else { throw TransportError(errno: errno) }
        self.address = socket.localAddress ?? address
        self.socket = socket
    }

    /// Refuses every further connection at once, whichever loops still accept on it and whoever still holds it.
    package func refuse() { shutdown(self.descriptor, Int32(SHUT_RDWR)) }

    /// Accepts what waits, as long as it is wanted and up to a bound; more will be told of again. Sockets that block are for
    /// io_uring, which does not wait for what must not wait.
    /// - Returns: False when no descriptor is left but the reserve; then nothing should be accepted for ``pause``.
    func acceptAll(
        blocking: Bool, while isWanted: () -> Bool, _ accepted: (consuming Socket, SocketAddress?) -> Void
    ) -> Bool {
        guard DescriptorReserve.process.refill() else { return false }
        for _ in 0..<Self.acceptsAtOnce where isWanted() {
            switch self.accept(blocking: blocking) {
            case .accepted(let descriptor, let address): accepted(Socket(descriptor: descriptor), address)
            case .none: return true
            case .exhausted: return false
            }
        }
        return true
    }

    private func accept(blocking: Bool) -> Accepted {
        var storage = sockaddr_storage()
        while true {
            var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
            let result = cl_accept(self.descriptor, &storage, &length, blocking ? 1 : 0)
            guard result < 0 else { return .accepted(result, SocketAddress(storage)) }
            switch -result {
            // The client that was first has left already (accept(2) lists what Linux reports here).
            case EINTR, ECONNABORTED, EPROTO, ENETDOWN, ENOPROTOOPT, EHOSTDOWN, ENONET, EHOSTUNREACH, EOPNOTSUPP,
                ENETUNREACH:
                continue
            case EMFILE, ENFILE:
                DescriptorReserve.process.noteShortage()
                return .exhausted
            case ENOBUFS, ENOMEM: return .exhausted
            default: return .none
            }
        }
    }
}
