import Glibc

/// Why a connection could not be made or was lost.
package enum TransportError: Error, Sendable, Equatable, CustomStringConvertible {
    case refused
    case reset
    /// The peer closed while something was still expected or being sent.
    case closed
    /// No response to the attempt to connect.
    case timedOut
    case hostUnreachable
    case networkUnreachable
    /// The resolver knows no address of this name.
    case nameNotFound(String)
    /// The process or the system has no descriptor left.
    case noDescriptors
    /// The address cannot be used by this user or is not of this machine.
    case addressRefused(errno: Int32)
    case addressInUse
    /// A handshake or record failed; what and why.
    case tls(String)
    /// The peer ended the transport without TLS's own end: what came may not be all.
    case truncated
    /// Any other error of the system.
    case system(errno: Int32)

    /// - Parameter code: `errno` of a call on a socket.
    package init(errno code: Int32) {
        switch code {
        case ECONNREFUSED: self = .refused
        case ECONNRESET: self = .reset
        case EPIPE, ENOTCONN: self = .closed
        case ETIMEDOUT: self = .timedOut
        case EHOSTUNREACH: self = .hostUnreachable
        case ENETUNREACH: self = .networkUnreachable
        case EMFILE, ENFILE: self = .noDescriptors
        case EADDRINUSE: self = .addressInUse
        case EACCES, EADDRNOTAVAIL, EPERM: self = .addressRefused(errno: code)
        default: self = .system(errno: code)
        }
    }

    /// A few words for a person.
    package var description: String {
        switch self {
        case .refused: "connection refused"
        case .reset: "connection reset"
        case .closed: "the connection was closed"
        case .timedOut: "no response to the connection attempt"
        case .hostUnreachable: "no route to the host"
        case .networkUnreachable: "the network is unreachable"
        case .nameNotFound(let name): "no address found for \(name)"
        case .noDescriptors: "out of file descriptors"
        case .addressRefused(let code): "the address cannot be used (\(Self.text(of: code)))"
        case .addressInUse: "the address is in use"
        case .tls(let reason): "TLS failed: \(reason)"
        case .truncated: "TLS failed: the connection ended without a closing message"
        case .system(let code): Self.text(of: code)
        }
    }

    private static func text(of code: Int32) -> String {
        // Of what is connected to, only the sockets of Unix have names in the file system.
        if code == ENOENT { return "no such socket file" }
        guard let words = strerror(code) else { return "system error \(code)" }
        let text = String(cString: words)
        return text.prefix(1).lowercased() + text.dropFirst()
    }
}
