/// How the end of a message's body is found (RFC 9112 section 6).
enum BodyFraming: Sendable, Equatable {
    case none
    case length(Int)
    case chunked
    /// Only a response can end with its connection.
    case untilClose

    var hasBody: Bool {
        switch self {
        case .none, .length(0): false
        case .length, .chunked, .untilClose: true
        }
    }
}
