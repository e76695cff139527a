/// Chooses the trailer fields that may be forwarded.
enum TrailerFields {
    /// Names that have no place behind a body (RFC 9110 section 6.5.1), in lower case: framing, routing, conditions and
    /// controls of the request, credentials, controls of the response, and how its content is to be read.
    private static let forbidden: Set<String> = [
        "content-length", "transfer-encoding", "trailer", "te", "connection", "keep-alive", "upgrade", "host",
        "expect", "max-forwards", "cache-control", "pragma", "range", "if-match", "if-none-match",
        "if-modified-since", "if-unmodified-since", "if-range", "authorization", "cookie", "set-cookie",
        "www-authenticate", "authentication-info", "age", "date", "expires", "location", "retry-after", "vary",
        "warning", "content-encoding", "content-type", "content-range", "origin", "forwarded", "via", "cdn-loop",
        "x-real-ip", "x-http-method-override",
    ]
    private static let forbiddenPrefixes = ["proxy", "x-forwarded-", "cf-", "access-control-"]

    /// Leaves out the lines that may not go on.
    ///
    /// - Parameter lines: Field lines that the decoder has checked, each with its line end.
    /// - Returns: The others, in their order and spelling; empty when none is left.
    static func forwarded(_ lines: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var start = 0
        while start < lines.count {
            let end = (lines[start...].firstIndex(of: ASCII.lineFeed) ?? lines.count - 1) + 1
            let line = lines[start..<end]
            // As a backend reads it that makes no difference between `-` and `_`.
            let name = String(decoding: line.prefix { $0 != ASCII.colon }.map(FieldLookalike.folded), as: UTF8.self)
            if !self.forbidden.contains(name), !self.forbiddenPrefixes.contains(where: name.hasPrefix) {
                result += line
            }
            start = end
        }
        return result
    }
}
