import CLinux
import Glibc

/// Where a socket is or connects to: an IP address with a port, or a path.
package enum SocketAddress: Sendable, Hashable, CustomStringConvertible {
    /// Four bytes, in network order, and a port.
    case v4(UInt32, port: UInt16)
    /// Sixteen bytes as two halves in network order, a port, and the scope of a link-local address.
    case v6(UInt64, UInt64, port: UInt16, scope: UInt32)
    case unix(path: String)

    /// Reads an IP address in its usual form (`127.0.0.1`, `::1`, `fe80::1%eth0` without names); `nil` for anything else,
    /// such as a name, `127.1` or `0x7f000001`.
    package init?(ipAddress text: String, port: Int) {
        guard let port = UInt16(exactly: port) else { return nil }
        var v4 = in_addr()
        if inet_pton(AF_INET, text, &v4) == 1 {
            self = .v4(v4.s_addr, port: port)
            return
        }
        let parts = text.split(separator: "%", maxSplits: 1, omittingEmptySubsequences: false)
        let scope = parts.count == 2 ? if_nametoindex(String(parts[1])) : 0
        var v6 = in6_addr()
        guard parts.count == 1 || scope > 0, inet_pton(AF_INET6, String(parts[0]), &v6) == 1 else { return nil }
        self = Self.v6(v6, port: port, scope: scope)
    }

    /// Reads what the system gave; `nil` for a family that is not spoken here.
    init?(_ storage: sockaddr_storage) {
        var storage = storage
        switch Int32(storage.ss_family) {
        case AF_INET:
            let address = withUnsafeBytes(of: &storage) { $0.load(as: sockaddr_in.self) }
            self = .v4(address.sin_addr.s_addr, port: UInt16(bigEndian: address.sin_port))
        case AF_INET6:
            let address = withUnsafeBytes(of: &storage) { $0.load(as: sockaddr_in6.self) }
            self = Self.v6(address.sin6_addr, port: UInt16(bigEndian: address.sin6_port), scope: address.sin6_scope_id)
        case AF_UNIX:
            let path = withUnsafeBytes(of: &storage) { bytes in
                String(decoding: bytes.dropFirst(MemoryLayout<sa_family_t>.size).prefix { $0 != 0 }, as: UTF8.self)
            }
            self = .unix(path: path)
        default: return nil
        }
    }

    /// 127.0.0.1 with this port; 0 lets the system choose one.
    package static func loopback(port: UInt16) -> SocketAddress { .v4(UInt32(0x7F00_0001).bigEndian, port: port) }

    private static func v6(_ address: in6_addr, port: UInt16, scope: UInt32) -> SocketAddress {
        let (high, low) = withUnsafeBytes(of: address) {
            ($0.loadUnaligned(as: UInt64.self), $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        }
        return .v6(high, low, port: port, scope: scope)
    }

    /// 0 for a path.
    package var port: Int {
        switch self {
        case .v4(_, let port), .v6(_, _, let port, _): Int(port)
        case .unix: 0
        }
    }

    package var isV6: Bool {
        if case .v6 = self { return true }
        return false
    }

    /// Only this machine can connect to it: 127.0.0.0/8 or ::1.
    var isLoopback: Bool {
        switch self {
        case .v4(let address, _): UInt32(bigEndian: address) >> 24 == 127
        case .v6(let high, let low, _, _): high == 0 && UInt64(bigEndian: low) == 1
        case .unix: false
        }
    }

    /// Stands for every address of the machine: 0.0.0.0 or ::.
    var isAny: Bool {
        switch self {
        case .v4(let address, _): address == 0
        case .v6(let high, let low, _, _): high == 0 && low == 0
        case .unix: false
        }
    }

    /// The same place with another port; a path stays as it is.
    package func with(port: Int) -> SocketAddress {
        switch self {
        case .v4(let address, _): .v4(address, port: UInt16(clamping: port))
        case .v6(let high, let low, _, let scope): .v6(high, low, port: UInt16(clamping: port), scope: scope)
        case .unix: self
        }
    }

    /// The address without its port; `nil` for a path.
    package var ipAddress: String? {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        switch self {
        case .v4(let address, _):
            var raw = in_addr(s_addr: address)
            guard inet_ntop(AF_INET, &raw, &text, socklen_t(text.count)) != nil else { return nil }
        case .v6(let high, let low, _, _):
            var raw = (high, low)
            guard inet_ntop(AF_INET6, &raw, &text, socklen_t(text.count)) != nil else { return nil }
        case .unix: return nil
        }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// `127.0.0.1:80`, `[::1]:80`, or the path.
    package var description: String {
        switch self {
        case .v4: "\(self.ipAddress ?? ""):\(self.port)"
        case .v6: "[\(self.ipAddress ?? "")]:\(self.port)"
        case .unix(let path): path
        }
    }

    var family: Int32 {
        switch self {
        case .v4: AF_INET
        case .v6: AF_INET6
        case .unix: AF_UNIX
        }
    }

    /// Calls `body` with the address as the system takes it; `nil` when a path is too long for it.
    func withStorage<Result>(_ body: (UnsafePointer<sockaddr_storage>, socklen_t) -> Result) -> Result? {
        var storage = sockaddr_storage()
        var length: socklen_t
        switch self {
        case .v4(let ip, let port):
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            address.sin_addr.s_addr = ip
            withUnsafeMutableBytes(of: &storage) { $0.storeBytes(of: address, as: sockaddr_in.self) }
            length = socklen_t(MemoryLayout<sockaddr_in>.size)
        case .v6(let high, let low, let port, let scope):
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = port.bigEndian
            address.sin6_scope_id = scope
            withUnsafeMutableBytes(of: &address.sin6_addr) {
                $0.storeBytes(of: high, as: UInt64.self)
                $0.storeBytes(of: low, toByteOffset: 8, as: UInt64.self)
            }
            withUnsafeMutableBytes(of: &storage) { $0.storeBytes(of: address, as: sockaddr_in6.self) }
            length = socklen_t(MemoryLayout<sockaddr_in6>.size)
        case .unix(let path):
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            let bytes = Array(path.utf8)
            let fits = withUnsafeMutableBytes(of: &address.sun_path) { place in
                guard bytes.count < place.count, !bytes.contains(0) else { return false }
                place.copyBytes(from: bytes)
                return true
            }
            guard fits else { return nil }
            withUnsafeMutableBytes(of: &storage) { $0.storeBytes(of: address, as: sockaddr_un.self) }
            length = socklen_t(MemoryLayout<sockaddr_un>.size)
        }
        return withUnsafePointer(to: &storage) { body($0, length) }
    }
}
