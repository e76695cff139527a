/// A second, simple reading of a head's fields, to hold the proxy's own against.
enum FieldLines {
    private static let own: Set<String> = [
        "connection", "proxy", "te", "trailer", "keep-alive", "transfer-encoding", "upgrade", "host", "expect",
        "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "x-real-ip", "cf-connecting-ip", "cf-ray",
        "cf-visitor", "cdn-loop",
    ]
    private static let ownOfAnswers: Set<String> = [
        "connection", "proxy", "te", "trailer", "keep-alive", "transfer-encoding", "upgrade",
        "access-control-allow-origin", "access-control-allow-methods", "access-control-allow-headers",
        "access-control-allow-credentials", "access-control-max-age",
    ]
    /// Fields of the end-to-end kind that Connection cannot take away.
    private static let kept: Set<String> = ["content-length", "origin", "vary", "access-control-expose-headers"]

    /// The lines that have to arrive as they came.
    static func endToEnd(_ lines: [[UInt8]], isRequest: Bool, dropsLength: Bool = false) -> [[UInt8]] {
        var named: Set<String> = []
        for line in lines where self.name(line) == "connection" {
            let value = line.drop { $0 != 0x3A }.dropFirst()
            for option in value.split(separator: 0x2C) {
                var word = option.drop { $0 <= 0x20 }
                while let last = word.last, last <= 0x20 { word.removeLast() }
                named.insert(String(decoding: word, as: UTF8.self).lowercased())
            }
        }
        let own = isRequest ? self.own : self.ownOfAnswers
        let kept =
            isRequest
            ? self.kept.subtracting(["vary", "access-control-expose-headers"]) : self.kept.subtracting(["origin"])
        return lines.filter { line in
            let name = self.name(line)
            if own.contains(name) || name.hasPrefix("proxy-") { return false }
            if isRequest, self.isLookalike(name) { return false }
            if dropsLength, name == "content-length" { return false }
            return !named.contains(name) || kept.contains(name)
        }
    }

    /// A name that a backend may take for one of the proxy's own, because it reads every sign as a hyphen.
    private static func isLookalike(_ name: String) -> Bool {
        let folded = String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" })
        guard folded != name else { return false }
        let names = ["content-length", "transfer-encoding", "keep-alive", "x-real-ip", "cdn-loop"]
        let others = ["x-workerconsole-target", "true-client-ip"]
        return (names + others).contains(folded)
            || ["x-forwarded-", "cf-", "proxy-"].contains { folded.hasPrefix($0) && folded.count > $0.count }
    }

    /// The lines between two positions, line ends included.
    static func split(_ bytes: UnsafeRawBufferPointer, _ start: Int, _ end: Int) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        var line: [UInt8] = []
        for index in start..<end {
            line.append(bytes[index])
            if bytes[index] == 0x0A {
                lines.append(line)
                line = []
            }
        }
        if !line.isEmpty { lines.append(line) }
        return lines
    }

    static func name(_ line: [UInt8]) -> String {
        String(decoding: line.prefix { $0 != 0x3A }, as: UTF8.self).lowercased()
    }
}
