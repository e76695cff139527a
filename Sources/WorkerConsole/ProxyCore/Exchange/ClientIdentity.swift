import NetworkIO
import WorkerDomain

/// Who the client is, in the bytes that go into forwarded heads.
struct ClientIdentity {
    /// `127.0.0.1:53412`.
    let text: String
    let address: [UInt8]
    /// The fields that are the same for every request of the connection.
    let fields: [UInt8]

    init(_ address: SocketAddress?, configuration: ProxyConfiguration) {
        let scheme = configuration.listenTLS == nil ? "http" : "https"
        let ip = address?.ipAddress ?? "unknown"
        let shown = ip.contains(":") ? "[\(ip)]" : ip
        self.text = "\(shown):\(address?.port ?? 0)"
        self.address = Array(ip.utf8)
        var fields = "X-Forwarded-Proto: \(scheme)\r\n"
        if configuration.setsCloudflareFields {
            fields += "X-Real-IP: \(ip)\r\nCF-Connecting-IP: \(ip)\r\nCF-Visitor: {\"scheme\":\"\(scheme)\"}\r\n"
        }
        self.fields = Array(fields.utf8)
    }
}
