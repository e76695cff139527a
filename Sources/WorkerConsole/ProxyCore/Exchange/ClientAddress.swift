import NetworkIO
import WorkerDomain

/// An IP address that clients come from, in the bytes that go into forwarded heads; its connections share them.
final class ClientAddress: Sendable {
    /// `127.0.0.1`; `unknown` for a client without one.
    let bytes: [UInt8]
    /// The field lines that are the same for every request from here.
    let fields: [UInt8]
    /// As it stands before a port: an IPv6 address in brackets.
    private let host: [UInt8]

    /// `nil` is the address of a client that has none that can be shown.
    init(_ address: SocketAddress?, configuration: ProxyConfiguration) {
        let scheme = configuration.listenTLS == nil ? "http" : "https"
        let ip = address?.ipAddress ?? "unknown"
        self.bytes = Array(ip.utf8)
        self.host = address?.isV6 == true ? Array("[\(ip)]".utf8) : self.bytes
        var fields = "X-Forwarded-Proto: \(scheme)\r\n"
        if configuration.setsCloudflareFields {
            fields += "X-Real-IP: \(ip)\r\nCF-Connecting-IP: \(ip)\r\nCF-Visitor: {\"scheme\":\"\(scheme)\"}\r\n"
        }
        self.fields = Array(fields.utf8)
    }

    /// `127.0.0.1:53412`; a short one, as this is, needs no memory of its own.
    func text(port: Int) -> String {
        // Five digits and the colon.
        String(unsafeUninitializedCapacity: self.host.count + 6) { place in
            var end = place.initialize(fromContentsOf: self.host)
            place.initializeElement(at: end, to: ASCII.colon)
            end += 1
            var unit = 10_000
            while unit > 0 {
                if port >= unit || unit == 1 {
                    place.initializeElement(at: end, to: UInt8(0x30 + port / unit % 10))
                    end += 1
                }
                unit /= 10
            }
            return end
        }
    }
}
