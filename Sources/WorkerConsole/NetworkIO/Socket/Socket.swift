import CLinux
import Glibc

/// Owns one stream socket; closes it when it is dropped.
package struct Socket: ~Copyable {
    let descriptor: Int32

    init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// Makes a socket; one that blocks is for io_uring, which does not wait for what must not wait.
    /// - Throws: `TransportError` — `.noDescriptors`, `.system`.
    init(family: Int32, isBlocking: Bool = false) throws(TransportError) {
        let result = DescriptorReserve.process.open { cl_stream_socket(family, isBlocking ? 1 : 0) }
        guard result >= 0 else { throw TransportError(errno: -result) }
        self.init(descriptor: result)
    }

    deinit {
        close(self.descriptor)
    }

    /// Gives the descriptor away; whoever takes it closes it.
    consuming func take() -> Int32 {
        let descriptor = self.descriptor
        discard self
        return descriptor
    }

    /// Sends small pieces at once: a proxy decides itself what belongs together.
    func setNoDelay() {
        _ = cl_set_option(self.descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, 1)
    }

    /// Lets io_uring wait for the socket.
    func setBlocking() { cl_set_blocking(self.descriptor) }

    /// The address that the socket is bound to.
    var localAddress: SocketAddress? {
        Self.address { getsockname(self.descriptor, $0, $1) }
    }

    private static func address(
        _ call: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32
    ) -> SocketAddress? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let result = withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { call($0, &length) }
        }
        return result == 0 ? SocketAddress(storage) : nil
    }
}
