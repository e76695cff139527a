/// A request as it is signed; nothing in it is encoded.
struct SignableRequest: Sendable {
    /// `GET`.
    var method: String
    /// Begins with a slash.
    var path: String
    var query: [(name: String, value: String)]
    /// `Host` among them.
    var headers: [(name: String, value: String)]

    /// The canonical request (AWS, "Create a signed AWS API request", step 1).
    /// - Parameters:
    ///   - payloadHash: Hexadecimal, or `UNSIGNED-PAYLOAD`.
    ///   - normalizesPath: True for every service but S3, whose keys may hold `..` and `//`.
    /// - Returns: The text, and the names of its headers.
    func canonical(payloadHash: String, normalizesPath: Bool) -> (text: String, signedHeaders: String) {
        let headers = self.canonicalHeaders
        let signed = headers.map(\.name).joined(separator: ";")
        let path = normalizesPath ? Self.normalized(self.path) : self.path
        let lines =
            [
                self.method, PercentEncoding.encode(path.isEmpty ? "/" : path, keepsSlashes: true),
                self.canonicalQuery,
            ] + headers.map { "\($0.name):\($0.value)" } + ["", signed, payloadHash]
        return (lines.joined(separator: "\n"), signed)
    }

    /// The query as it goes into the URL too.
    var canonicalQuery: String {
        self.query.map { (Array(PercentEncoding.encode($0.name).utf8), Array(PercentEncoding.encode($0.value).utf8)) }
            .sorted { left, right in
                left.0 == right.0
                    ? left.1.lexicographicallyPrecedes(right.1) : left.0.lexicographicallyPrecedes(right.0)
            }
            .map { "\(String(decoding: $0.0, as: UTF8.self))=\(String(decoding: $0.1, as: UTF8.self))" }
            .joined(separator: "&")
    }

    /// Names in lowercase and in order; values of one name are joined.
    private var canonicalHeaders: [(name: String, value: String)] {
        var values: [String: [String]] = [:]
        for (name, value) in self.headers { values[name.lowercased(), default: []].append(Self.trimmed(value)) }
        return values.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            .map { ($0.key, $0.value.joined(separator: ",")) }
    }

    /// Without blanks at the ends, and one for several within.
    private static func trimmed(_ value: String) -> String {
        value.utf8.split { $0 == 0x20 || (0x09...0x0D).contains($0) }
            .map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
    }

    /// `.`, `..` and empty segments resolved (RFC 3986, 6.2.2.3).
    private static func normalized(_ path: String) -> String {
        var kept: [Substring.UTF8View] = []
        let segments = Substring(path).utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: true)
        for segment in segments {
            if segment.elementsEqual("..".utf8) {
                _ = kept.popLast()
            } else if !segment.elementsEqual(".".utf8) {
                kept.append(segment)
            }
        }
        let isFolder = path.utf8.last == UInt8(ascii: "/") && !kept.isEmpty
        return "/" + kept.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "/") + (isFolder ? "/" : "")
    }
}
