import CLinux
import Glibc

@testable import NetworkIO

/// A plain blocking socket: the other end of what is tested, which shares nothing with it. A call that takes longer than
/// ten seconds fails.
struct RawSocket: ~Copyable {
    let descriptor: Int32

    private init(descriptor: Int32) {
        self.descriptor = descriptor
        var limit = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { Glibc.close(self.descriptor) }

    /// A socket that is not connected yet.
    init() throws(TransportError) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw TransportError(errno: errno) }
        self.init(descriptor: descriptor)
    }

    /// Connects; the system keeps at least `receiveBuffer` bytes for the reader, 0 for its own choice.
    /// - Throws: `TransportError` — what the system says.
    init(to address: SocketAddress, receiveBuffer: Int32 = 0) throws(TransportError) {
        let socket = try RawSocket()
        if receiveBuffer > 0 {
            var size = receiveBuffer
            setsockopt(socket.descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        }
        try socket.connect(to: address)
        self = socket
    }

    func connect(to address: SocketAddress) throws(TransportError) {
        let code = address.withStorage { storage, length in
            storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { Glibc.connect(self.descriptor, $0, length) }
        }
        guard code == 0 else { throw TransportError(errno: errno) }
    }

    /// Takes the next connection of a listening socket.
    init(acceptedOn listener: borrowing RawSocket) throws(TransportError) {
        let descriptor = accept(listener.descriptor, nil, nil)
        guard descriptor >= 0 else { throw TransportError(errno: errno) }
        self.init(descriptor: descriptor)
    }

    /// Listens on a port of the system's choice.
    static func listening(backlog: Int32 = 128) throws(TransportError) -> RawSocket {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        _ = SocketAddress.loopback(0).withStorage { storage, length in
            storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
        }
        guard listen(descriptor, backlog) == 0 else { throw TransportError(errno: errno) }
        return RawSocket(descriptor: descriptor)
    }

    /// The address that it is bound to.
    var address: SocketAddress {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        _ = withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(self.descriptor, $0, &length) }
        }
        return SocketAddress(storage) ?? .loopback(0)
    }

    func send(_ bytes: [UInt8]) throws(TransportError) { try Self.send(bytes, on: self.descriptor, ends: false) }

    /// Sends, for a thread that does not own the socket; `ends` tells the peer that nothing more comes.
    static func send(_ bytes: [UInt8], on descriptor: Int32, ends: Bool) throws(TransportError) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { bytes in
                Glibc.send(
                    descriptor, bytes.baseAddress.map { $0 + sent }, bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw TransportError(errno: errno) }
            sent += count
        }
        if ends { shutdown(descriptor, Int32(SHUT_WR)) }
    }

    /// Receives so many bytes; fewer when the end comes before.
    func receive(_ count: Int) throws(TransportError) -> [UInt8] {
        var received: [UInt8] = []
        var part = [UInt8](repeating: 0, count: min(count, 65_536))
        while received.count < count {
            let wanted = min(part.count, count - received.count)
            let got = part.withUnsafeMutableBytes { recv(self.descriptor, $0.baseAddress, wanted, 0) }
            guard got >= 0 else { throw TransportError(errno: errno) }
            guard got > 0 else { break }
            received += part[..<got]
        }
        return received
    }

    /// Receives until the end.
    func receiveAll() throws(TransportError) -> [UInt8] { try self.receive(.max) }

    func endOutput() { shutdown(self.descriptor, Int32(SHUT_WR)) }

    /// Makes the end, when the value is dropped, a reset.
    func resetAtEnd() {
        var value = linger(l_onoff: 1, l_linger: 0)
        setsockopt(self.descriptor, SOL_SOCKET, SO_LINGER, &value, socklen_t(MemoryLayout<linger>.size))
    }

    /// Segments with data that have arrived: `tcpi_data_segs_in` of <linux/tcp.h>, whose layout is fixed.
    var dataSegmentsReceived: UInt32 {
        var information = [UInt8](repeating: 0, count: 256)
        var length = socklen_t(information.count)
        getsockopt(self.descriptor, Int32(IPPROTO_TCP), TCP_INFO, &information, &length)
        return information.withUnsafeBytes { $0.load(fromByteOffset: 152, as: UInt32.self) }
    }
}

extension SocketAddress {
    static func loopback(_ port: Int) -> SocketAddress {
        .v4(UInt32(0x7f00_0001).bigEndian, port: UInt16(port))
    }
}
