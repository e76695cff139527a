/// Where a bucket is, and how its requests are written.
package struct S3Endpoint: Sendable, Equatable {
    /// How the bucket is named in a URL.
    package enum Style: String, Sendable, Equatable, CaseIterable {
        /// `https://host/bucket/key`.
        case path
        /// `https://bucket.host/key`.
        case host
        /// By the host: AWS wants its own form.
        case auto
    }

    /// Why a text is no endpoint.
    package struct Mistake: Error, Sendable, Equatable, CustomStringConvertible {
        package let description: String
    }

    package let scheme: String
    /// With its port when it is not the scheme's own.
    package let host: String
    package let bucket: String
    package let region: String
    package let isHostStyle: Bool

    /// - Parameters:
    ///   - url: `https://host[:port]`, without a path.
    ///   - bucket: Its name at the server.
    ///   - region: `nil` for what the host says: `auto` for R2, else `us-east-1`.
    ///   - style: How the bucket is named.
    /// - Throws: ``Mistake``.
    package init(url: String, bucket: String, region: String? = nil, style: Style = .auto) throws(Mistake) {
        let parts = url.split(separator: "://", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0] == "https" || parts[0] == "http" else {
            throw Mistake(description: "the endpoint must begin with https:// or http://")
        }
        var host = parts[1].lowercased()
        while host.hasSuffix("/") { host.removeLast() }
        let isHost = host.utf8.allSatisfy { byte in
            byte > 0x20 && byte < 0x7F && !"/?#@\\\"'<>%".utf8.contains(byte)
        }
        guard !host.isEmpty, isHost else {
            throw Mistake(description: "the endpoint must be a host alone, like https://s3.example.com")
        }
        let isName = bucket.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte) || (0x41...0x5A).contains(byte)
                || ".-_".utf8.contains(byte)
        }
        guard (1...255).contains(bucket.utf8.count), isName, bucket != ".", bucket != ".." else {
            throw Mistake(
                description: "the bucket's name may contain only letters, digits, dots, hyphens and underscores")
        }
        for (scheme, port) in [("http", ":80"), ("https", ":443")] where parts[0] == scheme && host.hasSuffix(port) {
            host.removeLast(port.utf8.count)
        }
        self.scheme = String(parts[0])
        self.host = host
        self.bucket = bucket
        self.region = region ?? (host.hasSuffix(".r2.cloudflarestorage.com") ? "auto" : "us-east-1")
        // A name with a dot is not covered by the certificate of the host.
        self.isHostStyle =
            style == .host || (style == .auto && host.hasSuffix(".amazonaws.com") && !bucket.contains("."))
    }

    /// True for Amazon's own servers.
    var isAWS: Bool { self.host.hasSuffix(".amazonaws.com") || self.host.hasSuffix(".amazonaws.com.cn") }

    /// The host that a request goes to.
    var authority: String { self.isHostStyle ? "\(self.bucket).\(self.host)" : self.host }

    /// The path of a key, or of the bucket itself; not encoded.
    func path(of key: String?) -> String {
        let bucket = self.isHostStyle ? "" : "/" + self.bucket
        guard let key else { return bucket.isEmpty ? "/" : bucket }
        return bucket + "/" + key
    }

    /// The URL of a signed request.
    func url(of request: SignableRequest) -> String {
        let query = request.canonicalQuery
        let path = PercentEncoding.encode(request.path, keepsSlashes: true)
        return "\(self.scheme)://\(self.authority)\(path)\(query.isEmpty ? "" : "?" + query)"
    }
}
