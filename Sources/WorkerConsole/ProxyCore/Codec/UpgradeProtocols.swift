/// Which protocols a connection may change to (RFC 9110 section 7.8).
///
/// `Upgrade` is a list. HTTP/2 in a tunnel would carry requests past every rule of this proxy, and TLS would hide what
/// follows from it, so neither is asked for.
enum UpgradeProtocols {
    private static let refused: [StaticString] = ["h2c", "h2", "h3", "http", "tls"]

    /// Calls `body` with each protocol in the `Upgrade` fields that may be asked for.
    static func forEach(_ bytes: UnsafeRawBufferPointer, _ fields: [NotedField], _ body: (Int, Int) -> Void) {
        for field in fields where field.kind == .upgrade {
            ASCII.forEachListItem(bytes, from: Int(field.valueStart), to: Int(field.valueEnd)) { first, last in
                if self.isAllowed(bytes, first, last) { body(first, last) }
            }
        }
    }

    /// `name` or `name/version`, and none of those that are refused, whatever their version.
    private static func isAllowed(_ bytes: UnsafeRawBufferPointer, _ first: Int, _ last: Int) -> Bool {
        let slash = ASCII.find(0x2F, in: bytes, from: first, to: last) ?? last
        guard slash > first, (first..<slash).allSatisfy({ ASCII.isToken(bytes[$0]) }) else { return false }
        if slash < last {
            guard slash + 1 < last, ((slash + 1)..<last).allSatisfy({ ASCII.isToken(bytes[$0]) }) else { return false }
        }
        return !self.refused.contains { ASCII.equals(bytes, first, slash, $0) }
    }

    /// The protocols that are asked for, in lower case.
    static func asked(_ bytes: UnsafeRawBufferPointer, _ fields: [NotedField]) -> [[UInt8]] {
        var asked: [[UInt8]] = []
        self.forEach(bytes, fields) { first, last in asked.append(bytes[first..<last].map(ASCII.lower)) }
        return asked
    }

    /// True when a response names what it changes to, and all of it was asked for.
    static func grants(_ bytes: UnsafeRawBufferPointer, _ fields: [NotedField], asked: [[UInt8]]) -> Bool {
        var (count, isAsked) = (0, true)
        for field in fields where field.kind == .upgrade {
            ASCII.forEachListItem(bytes, from: Int(field.valueStart), to: Int(field.valueEnd)) { first, last in
                count += 1
                isAsked = isAsked && asked.contains(bytes[first..<last].map(ASCII.lower))
            }
        }
        return count > 0 && isAsked
    }
}
