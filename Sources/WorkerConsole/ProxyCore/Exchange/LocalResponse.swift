import WorkerDomain

/// A response that the proxy makes itself.
struct LocalResponse: Equatable {
    let status: Int
    /// A word for programs: `backend_unreachable`; `nil` for a response without a body.
    let error: String?
    /// A sentence for a person; it names no address, the journal does.
    let message: String

    /// What a preflight gets.
    static let preflight = LocalResponse(status: 204, error: nil, message: "")
    static let noRoute = LocalResponse(status: 404, error: "no_route", message: "no route of this proxy has this path")
    static let loop = LocalResponse(
        status: 508, error: "loop_detected",
        message: "the request has passed through this proxy too often: does a backend "
            + "point at the proxy itself?")
    static let tooManyConnections = LocalResponse(
        status: 503, error: "too_many_connections", message: "the proxy has reached its connection limit")

    init(status: Int, error: String?, message: String) {
        self.status = status
        self.error = error
        self.message = message
    }

    init(_ refusal: RequestRefusal) {
        self.init(status: refusal.status, error: "request_refused", message: refusal.reason)
    }

    /// The response to a failure.
    init(cause: ExchangeEnding.Cause, phase: ExchangeEnding.Phase) {
        switch cause {
        case .backendUnreachable:
            self.init(status: 502, error: "backend_unreachable", message: "the backend cannot be reached")
        case .backendAborted:
            self.init(
                status: 502, error: "backend_aborted", message: "the backend closed the connection before responding")
        case .backendMalformed:
            self.init(status: 502, error: "backend_malformed", message: "the backend's response is not valid HTTP")
        case .backendTimeout where phase == .queue:
            self.init(status: 503, error: "backend_busy", message: "all connections to the backend are in use")
        case .backendTimeout:
            self.init(status: 504, error: "backend_timeout", message: "the backend did not respond in time")
        case .noBackend:
            self.init(
                status: 503, error: "no_backend",
                message: "no backend is configured: start with --backend http://127.0.0.1:9000, or add one on the "
                    + "Backends screen")
        case .clientTimeout:
            self.init(status: 408, error: "request_timeout", message: "the request did not arrive in time")
        case .requestRefused:
            self.init(status: 400, error: "request_refused", message: "the request body is malformed")
        case .shutdown:
            self.init(status: 503, error: "shutting_down", message: "the proxy is stopping")
        case .completed, .clientAborted, .internalError:
            self.init(status: 500, error: "internal_error", message: "the proxy failed")
        }
    }

    /// Failures to which the Worker responds with its own 500; it leaves refused requests to its runtime.
    private var isFailure: Bool { self.status >= 500 }

    /// The status that is sent in this style.
    func status(in style: ProxyConfiguration.ErrorStyle) -> Int {
        style == .worker && self.isFailure ? 500 : self.status
    }

    /// Writes the whole response, which names the exchange; to HEAD without its body.
    /// - Returns: The head, and the body that was sent.
    func bytes(
        style: ProxyConfiguration.ErrorStyle, id: ExchangeID, toHead: Bool, cors: CORSFields, origin: [UInt8]?,
        connection: ResponseHeadWriter.Persistence
    ) -> (head: [UInt8], body: [UInt8]) {
        let status = self.status(in: style)
        let body = self.body(style: style, status: status, id: id)
        let head = [UInt8](unsafeUninitializedCapacity: 320 + cors.size(origin: origin)) { memory, count in
            var out = HeadOutput(UnsafeMutableRawBufferPointer(memory))
            out.writeText("HTTP/1.1 \(status) \(Self.reason(of: status))\r\n")
            if self.error != nil {
                if style == .worker, self.isFailure {
                    out.writeStaticString("Content-Type: text/plain;charset=UTF-8\r\n")
                } else {
                    out.writeStaticString("Content-Type: application/json\r\nCache-Control: no-store\r\n")
                }
                out.writeText("Content-Length: \(body.count)\r\n")
            }
            cors.write(origin: origin, into: &out)
            switch connection {
            case .silent: break
            case .close: out.writeStaticString("Connection: close\r\n")
            case .keepAlive: out.writeStaticString("Connection: keep-alive\r\n")
            }
            out.writeStaticString("\r\n")
            count = out.count
        }
        return (head, toHead ? [] : body)
    }

    private func body(style: ProxyConfiguration.ErrorStyle, status: Int, id: ExchangeID) -> [UInt8] {
        guard let error = self.error else { return [] }
        if style == .worker, self.isFailure { return Array("Internal Server Error".utf8) }
        let text =
            "{\"error\":\"\(error)\",\"status\":\(status),\"message\":\"\(self.message)\",\"exchange\":\"\(id)\"}\n"
        return Array(text.utf8)
    }

    private static func reason(of status: Int) -> String {
        switch status {
        case 204: "No Content"
        case 400: "Bad Request"
        case 404: "Not Found"
        case 408: "Request Timeout"
        case 413: "Content Too Large"
        case 414: "URI Too Long"
        case 417: "Expectation Failed"
        case 431: "Request Header Fields Too Large"
        case 500: "Internal Server Error"
        case 502: "Bad Gateway"
        case 503: "Service Unavailable"
        case 504: "Gateway Timeout"
        case 505: "HTTP Version Not Supported"
        case 508: "Loop Detected"
        default: "Error"
        }
    }
}
