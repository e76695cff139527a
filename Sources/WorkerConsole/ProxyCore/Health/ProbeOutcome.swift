import NetworkIO

/// What a probe found.
struct ProbeOutcome: Sendable, Equatable {
    /// A reason code of HAProxy (configuration manual, "agent and health check status").
    let code: String
    let detail: String
    var passed = false
}

/// How far a probe has come, with HAProxy's codes for what ends it there.
enum ProbePhase {
    case connecting
    case handshaking
    /// The connection stands, TLS included.
    case asking

    /// The code when the time limit ends it.
    var timeoutCode: String {
        switch self {
        case .connecting: "L4TOUT"
        case .handshaking: "L6TOUT"
        case .asking: "L7TOUT"
        }
    }

    /// The code when an error ends it.
    func code(of error: TransportError) -> String {
        switch self {
        case .connecting: error == .timedOut ? self.timeoutCode : "L4CON"
        case .handshaking: "L6RSP"
        case .asking: "L7RSP"
        }
    }
}
