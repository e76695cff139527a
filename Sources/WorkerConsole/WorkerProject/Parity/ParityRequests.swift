import WorkerDomain

/// What the embedded core and the Worker are both asked.
struct ParityRequests {
    private static let origin = ("Origin", "https://page.example")
    private static let recordedLimit = 20

    /// Synthetic ones first; all of them of safe methods.
    let all: [CheckRequest]

    init(recorded: [Exchange]) {
        let made = [
            CheckRequest("GET", "/"), CheckRequest("HEAD", "/"), CheckRequest("GET", "/", fields: [Self.origin]),
            CheckRequest("GET", "/api/items?q=%E7%AE%80%E5%8E%86&x=a%2Fb&empty=&plus=a+b"),
            CheckRequest("GET", "/%E5%BC%A0/b"), CheckRequest("OPTIONS", "/api/items"),
            CheckRequest(
                "OPTIONS", "/api/items",
                fields: [
                    Self.origin, ("Access-Control-Request-Method", "POST"),
                    ("Access-Control-Request-Headers", "content-type, authorization"),
                ]),
        ]
        let statuses = ParityScriptedBackend.statuses.map {
            CheckRequest("GET", "/status/\($0)", fields: [Self.origin])
        }
        self.all = made + statuses + SameResponsesCheck.requests(among: recorded, limit: Self.recordedLimit)
    }
}

/// The backend behind both: what it responds depends on the request alone.
package enum ParityScriptedBackend {
    static let statuses = [201, 204, 302, 304, 400, 401, 404, 429, 500, 503]

    /// - Returns: A whole response, whose connection ends with it.
    package static func response(method: String, target: String) -> [UInt8] {
        let path = Exchange.path(of: target)
        let named = path.hasPrefix("/status/") ? Int(path.dropFirst(8)) : nil
        let status = named.flatMap { self.statuses.contains($0) ? $0 : nil } ?? 200
        var fields = "X-Backend: parity\r\nConnection: close\r\n"
        if status == 302 { fields += "Location: /elsewhere\r\n" }
        if status == 304 { fields += "ETag: \"v1\"\r\n" }
        guard status != 204, status != 304 else { return Array("HTTP/1.1 \(status) Status\r\n\(fields)\r\n".utf8) }
        let content = ConfigurationValue(
            .table([
                .init(key: "method", value: ConfigurationValue(.string(method))),
                .init(key: "target", value: ConfigurationValue(.string(target))),
                .init(key: "status", value: ConfigurationValue(.number("\(status)"))),
            ])
        ).json()
        fields += "Content-Type: application/json\r\nContent-Length: \(content.utf8.count)\r\n"
        return Array("HTTP/1.1 \(status) Status\r\n\(fields)\r\n\(method == "HEAD" ? "" : content)".utf8)
    }
}
