/// What forwarding needs to know of a request head; all positions count from the first readable byte.
struct RequestHead: Sendable, Equatable {
    /// The methods that are treated in a way of their own.
    enum Method: Sendable, Equatable {
        case get, head, options, connect, other
    }

    /// Where the request line begins: after the empty lines that a client may send before it (RFC 9112 section 2.2).
    var start = 0
    /// Where the body begins.
    var end = 0
    /// Where the empty line that ends the head begins.
    var fieldsEnd = 0
    var methodEnd = 0
    /// The path and query to forward; without scheme and authority when they were there.
    var targetStart = 0
    var targetEnd = 0
    /// Where the first field line begins.
    var fieldsStart = 0
    var method = Method.other
    var isHTTP10 = false
    /// The client lets the connection stay open after this exchange.
    var persists = false
    var framing = BodyFraming.none
    var expectsContinue = false
    /// The client asks to change to another protocol, and this proxy would tunnel it.
    var wantsUpgrade = false
    /// The target is `*`, which only OPTIONS may have.
    var isAsterisk = false

    /// The method may be repeated and there is no body that would be needed again (RFC 9110 section 9.2.2).
    var isRepeatable: Bool {
        switch self.method {
        case .get, .head, .options: !self.framing.hasBody && !self.wantsUpgrade
        case .connect, .other: false
        }
    }
}

/// Why a request is not accepted.
struct RequestRefusal: Error, Sendable, Equatable {
    /// 400, 413, 414, 417, 431, 505.
    let status: Int
    /// A sentence for a person.
    let reason: String

    init(_ status: Int, _ reason: String) {
        self.status = status
        self.reason = reason
    }
}
