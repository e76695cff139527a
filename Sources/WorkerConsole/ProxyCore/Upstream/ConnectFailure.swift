import NIOCore
import NIOPosix
import NIOSSL

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Says in a few words why a connection could not be made or was lost.
enum ConnectFailure {
    static func text(of error: any Error) -> String {
        switch error {
        case let error as IOError: return self.text(ofCode: error.errnoCode)
        case let error as NIOConnectionError:
            if let attempt = error.connectionErrors.last { return self.text(of: attempt.error) }
            return "the name \(error.host) has no address"
        case let error as ChannelError:
            if case .connectTimeout = error { return "no answer to the connect" }
            return "the connection was closed"
        case let error as NIOSSLError: return "TLS failed: \(error)"
        case let error as NIOSSLExtraError: return "TLS failed: \(error)"
        case let error as BoringSSLError: return "TLS failed: \(error)"
        case is SocketAddressError: return "the name has no address"
        default: return "\(error)"
        }
    }

    private static func text(ofCode code: CInt) -> String {
        switch code {
        case ECONNREFUSED: return "connection refused"
        case ECONNRESET: return "connection reset"
        case EPIPE: return "the connection was closed"
        case EHOSTUNREACH: return "no route to the host"
        case ENETUNREACH: return "the network is unreachable"
        case ETIMEDOUT: return "no answer to the connect"
        case EMFILE, ENFILE: return "no file descriptor is left"
        default: return "error \(code)"
        }
    }
}
