import Glibc

/// A plain blocking socket on 127.0.0.1 that shares nothing with the proxy.
package final class LoopbackSocket: Sendable {
    private let descriptor: Int32

    /// Listens on a port that the system chooses, and never answers: the system itself takes the connections.
    package static func listening() throws -> LoopbackSocket {
        let socket = try LoopbackSocket()
        try socket.withAddress(port: 0) { bind(socket.descriptor, $0, $1) }
        guard listen(socket.descriptor, 16) == 0 else {
            throw SystemFailure(operation: "use a socket of 127.0.0.1", number: errno)
        }
        return socket
    }

    /// Listens on a port that the system chooses with a queue that is full: further connections wait for ever.
    /// - Returns: The listener, and what fills its queue; both have to be kept.
    package static func full() throws -> (listener: LoopbackSocket, filling: LoopbackSocket) {
        let socket = try LoopbackSocket()
        try socket.withAddress(port: 0) { bind(socket.descriptor, $0, $1) }
        // A queue of 0 holds one.
        guard listen(socket.descriptor, 0) == 0 else {
            throw SystemFailure(operation: "use a socket of 127.0.0.1", number: errno)
        }
        return (socket, try .connected(to: socket.port))
    }

    /// Holds a port at which nothing listens, and which nobody else gets meanwhile.
    package static func closed() throws -> LoopbackSocket {
        let socket = try LoopbackSocket()
        try socket.withAddress(port: 0) { bind(socket.descriptor, $0, $1) }
        return socket
    }

    /// Connects to a port.
    package static func connected(to port: Int) throws -> LoopbackSocket {
        let socket = try LoopbackSocket()
        try socket.withAddress(port: port) { connect(socket.descriptor, $0, $1) }
        return socket
    }

    private init() throws {
        self.descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard self.descriptor >= 0 else { throw SystemFailure(operation: "use a socket of 127.0.0.1", number: errno) }
    }

    deinit { close(self.descriptor) }

    /// The port of this end.
    package var port: Int {
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(self.descriptor, $0, &length) }
        }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    package func send(_ text: String) throws {
        let bytes = Array(text.utf8)
        guard Glibc.send(self.descriptor, bytes, bytes.count, CInt(MSG_NOSIGNAL)) == bytes.count else {
            throw SystemFailure(operation: "use a socket of 127.0.0.1", number: errno)
        }
    }

    /// Reads until what came ends so, or nothing more comes.
    package func receive(until end: String) -> String {
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while !text.reversed().starts(with: end.utf8.reversed()) {
            let count = read(self.descriptor, &buffer, buffer.count)
            guard count > 0 else { break }
            text += buffer[..<count]
        }
        return String(decoding: text, as: UTF8.self)
    }

    private func withAddress(port: Int, _ call: (UnsafePointer<sockaddr>, socklen_t) -> Int32) throws {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                call($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else { throw SystemFailure(operation: "use a socket of 127.0.0.1", number: errno) }
    }
}
