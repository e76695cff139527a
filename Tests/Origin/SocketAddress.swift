import Glibc

/// Where a socket listens or connects to.
struct SocketAddress {
    private var storage = sockaddr_storage()
    private var length = socklen_t(MemoryLayout<sockaddr_storage>.size)

    /// A host's first address.
    init(host: String, port: Int) throws(SocketError) {
        var hints = addrinfo()
        hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, "\(port)", &hints, &found) == 0, let first = found, let address = first.pointee.ai_addr
        else { throw SocketError("getaddrinfo \(host)", EADDRNOTAVAIL) }
        self.length = first.pointee.ai_addrlen
        memcpy(&self.storage, address, Int(self.length))
        freeaddrinfo(found)
    }

    /// A Unix socket's path, at most 107 bytes.
    init(path: String) throws(SocketError) {
        var address = sockaddr_un()
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { throw SocketError(path, ENAMETOOLONG) }
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        self.length = socklen_t(MemoryLayout<sockaddr_un>.size)
        memcpy(&self.storage, &address, MemoryLayout<sockaddr_un>.size)
    }

    /// Where a socket is bound to; no address where it is not.
    init(boundTo descriptor: CInt) {
        var length = self.length
        _ = self.change { getsockname(descriptor, $0, &length) }
        self.length = length
    }

    var family: CInt { CInt(self.storage.ss_family) }

    /// 0 for a Unix socket. The port stands at the same place for IPv4 and IPv6.
    var port: Int {
        guard self.family != AF_UNIX else { return 0 }
        return withUnsafeBytes(of: self.storage) { Int($0[2]) << 8 | Int($0[3]) }
    }

    func with(_ body: (UnsafePointer<sockaddr>, socklen_t) -> CInt) -> CInt {
        withUnsafePointer(to: self.storage) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, self.length) }
        }
    }

    private mutating func change(_ body: (UnsafeMutablePointer<sockaddr>) -> CInt) -> CInt {
        withUnsafeMutablePointer(to: &self.storage) { $0.withMemoryRebound(to: sockaddr.self, capacity: 1, body) }
    }
}
