import WorkerDomain

/// The CORS field lines of a configuration, ready to be appended to a head.
///
/// A class, because copying its lines for every response is measurable.
final class CORSFields: Sendable {
    private let origins: [[UInt8]]?
    /// Everything but the origin.
    private let common: [UInt8]
    /// What goes with an origin that is echoed.
    private let credentials: [UInt8]
    /// The whole of it when every origin is allowed.
    private let any: [UInt8]
    /// The backend's Access-Control-Expose-Headers gives way to ours.
    let replacesExposedHeaders: Bool

    init(_ configuration: CORSConfiguration) {
        var lines = ""
        if !configuration.headers.isEmpty {
            lines += "Access-Control-Allow-Headers: \(configuration.headers.joined(separator: ", "))\r\n"
        }
        if !configuration.methods.isEmpty {
            lines += "Access-Control-Allow-Methods: \(configuration.methods.joined(separator: ", "))\r\n"
        }
        if let maxAge = configuration.maxAge { lines += "Access-Control-Max-Age: \(maxAge)\r\n" }
        if !configuration.exposedHeaders.isEmpty {
            lines += "Access-Control-Expose-Headers: \(configuration.exposedHeaders.joined(separator: ", "))\r\n"
        }
        self.common = Array(lines.utf8)
        self.any = Array("Access-Control-Allow-Origin: *\r\n\(lines)".utf8)
        self.credentials =
            configuration.allowsCredentials ? Array("Access-Control-Allow-Credentials: true\r\n".utf8) : []
        self.replacesExposedHeaders = !configuration.exposedHeaders.isEmpty
        switch configuration.origins {
        case .any: self.origins = nil
        case .list(let list): self.origins = list.map { Array($0.utf8) }
        }
    }

    /// The response depends on who asks, so caches must know: `Vary: Origin`.
    var variesByOrigin: Bool { self.origins != nil }

    /// The most bytes that the lines for this origin take.
    @inline(__always)
    func size(origin: [UInt8]?) -> Int {
        self.any.count + self.common.count + self.credentials.count + (origin?.count ?? 0) + 64
    }

    /// Appends the field lines for a request of this origin.
    ///
    /// `origin` is `nil` when the request has none; `variesAlready` says that the head has a Vary that names Origin.
    @inline(__always)
    func write(origin: [UInt8]?, variesAlready: Bool = false, into buffer: inout HeadOutput) {
        guard let origins = self.origins else {
            buffer.writeBytes(self.any)
            return
        }
        if let origin, origins.contains(origin) {
            buffer.writeStaticString("Access-Control-Allow-Origin: ")
            buffer.writeBytes(origin)
            buffer.writeStaticString("\r\n")
            buffer.writeBytes(self.credentials)
        }
        buffer.writeBytes(self.common)
        if !variesAlready { buffer.writeStaticString("Vary: Origin\r\n") }
    }
}
