/// One HTTP request over libcurl.
struct HTTPRequest: Sendable {
    /// `GET`, `HEAD`, `PUT`, `POST` or `DELETE`.
    var method: String
    var url: String
    /// Without `Host` and `Content-Length`, which libcurl sends.
    var headers: [(name: String, value: String)] = []
    /// `nil` for none; an empty one is sent as such.
    var body: [UInt8]?
    /// More of the response is a failure.
    var maximumBytes = 16 << 20
    /// Is told how much of the body has been sent.
    var sent: (@Sendable (Int64) -> Void)?
}

/// What came back, whatever its status.
struct HTTPResponse: Sendable {
    var status: Int
    /// Names in lowercase, in their order.
    var headers: [(name: String, value: String)]
    var body: [UInt8]

    /// The last value of a header.
    func header(_ name: String) -> String? { self.headers.last { $0.name == name }?.value }
}

/// Why there is no response.
struct TransferError: Error, Sendable, Equatable {
    enum Code: Sendable, Equatable { case unreachable, timeout, tls, tooLarge, cancelled, invalid, unsupported }
    let code: Code
    /// libcurl's words.
    let reason: String

    /// True when the same request may succeed when it is sent again.
    var isRetryable: Bool { self.code == .unreachable || self.code == .timeout }
}

/// Sends requests; tests put something else in its place.
protocol HTTPTransferring: Sendable {
    func perform(_ request: HTTPRequest) async throws(TransferError) -> HTTPResponse
}
