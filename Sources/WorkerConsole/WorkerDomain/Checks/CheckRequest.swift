/// A request that a check sends to a backend: of a safe method, with nothing of the user's in it.
package struct CheckRequest: Sendable, Equatable {
    package let method: String
    /// Path and query.
    package let target: String
    package var fields: [(name: String, value: String)]

    package init(_ method: String, _ target: String, fields: [(name: String, value: String)] = []) {
        self.method = method
        self.target = target
        self.fields = fields
    }

    package static func == (left: CheckRequest, right: CheckRequest) -> Bool {
        left.method == right.method && left.target == right.target
            && left.fields.elementsEqual(right.fields) { $0.name == $1.name && $0.value == $1.value }
    }
}

/// What came back.
package struct CheckResponse: Sendable, Equatable {
    package let status: Int
    /// Status line and fields as received.
    package let head: [UInt8]
    package let body: [UInt8]
    /// The body is longer than what is kept of it.
    package let isCut: Bool
    /// Of the backend's certificate; `nil` without TLS.
    package let certificateSeconds: Int?

    package init(status: Int, head: [UInt8], body: [UInt8] = [], isCut: Bool = false, certificateSeconds: Int? = nil) {
        self.status = status
        self.head = head
        self.body = body
        self.isCut = isCut
        self.certificateSeconds = certificateSeconds
    }
}

/// Why there is no response.
package struct CheckRequestFailure: Error, Sendable, Equatable {
    /// A reason code of HAProxy: `L4CON`, `L6RSP`, `L7TOUT`.
    package let code: String
    package let reason: String

    package init(code: String, reason: String) {
        self.code = code
        self.reason = reason
    }
}
