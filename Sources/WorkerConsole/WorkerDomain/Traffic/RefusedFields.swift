/// Request fields that a page asks for and the response does not allow (fetch.spec.whatwg.org, CORS protocol).
///
/// A preflight asks for them by name; its request has them, beside those that need no permission.
package struct RefusedFields: Sendable {
    /// Names that a sentence holds; of the others it says how many they are.
    private static let nameLimit = 20

    package let asked: [String]
    /// The fields that it allows.
    package let allowed: [String]

    /// - Returns: `nil` when the response refuses none, or says nothing of them.
    package init?(of exchange: Exchange) {
        guard !exchange.responseHead.isEmpty, exchange.status != nil,
            let origin = MessageHead.value(of: "origin", in: exchange.requestHead),
            Self.isForeign(origin, host: MessageHead.value(of: "host", in: exchange.requestHead))
        else { return nil }
        let isPreflight = exchange.route == .preflight
        let allowedNames = "access-control-allow-headers"
        // A proxy that does not set the list says nothing of these fields. Looked for by itself: nearly every row of a page
        // ends here, and would read both heads for nothing.
        if !isPreflight, MessageHead.value(of: allowedNames, in: exchange.responseHead) == nil { return nil }
        let allowed = Self.list(MessageHead(exchange.responseHead), allowedNames)
        if !isPreflight, allowed.isEmpty { return nil }
        let request = MessageHead(exchange.requestHead)
        let asked =
            isPreflight
            ? Self.list(request, "access-control-request-headers")
            : request.fields.map(\.name).filter { !CORSFieldNames.needNoPermission($0) }
        let names = Set(allowed.map { $0.lowercased() })
        var seen: Set<String> = []
        let refused = asked.filter { name in
            let name = name.lowercased()
            let isAllowed = names.contains(name) || (names.contains("*") && name != "authorization")
            return !isAllowed && seen.insert(name).inserted
        }
        // Kept for as long as the row may be looked at: no more than a sentence shows.
        guard !refused.isEmpty else { return nil }
        self.asked = Self.shortened(refused)
        self.allowed = Self.shortened(allowed)
    }

    private static func shortened(_ names: [String]) -> [String] {
        let first = names.prefix(self.nameLimit).map { String($0.prefix(100)) }
        return names.count > self.nameLimit ? first + ["… (+\(names.count - self.nameLimit))"] : first
    }

    /// A page of the proxy's own origin asks nobody for permission.
    private static func isForeign(_ origin: String, host: String?) -> Bool {
        let place = origin.split(separator: "/").last.map(String.init) ?? origin
        return host?.lowercased() != place.lowercased()
    }

    private static func list(_ head: MessageHead, _ name: String) -> [String] {
        head.fields.filter { $0.name.utf8.count == name.utf8.count && $0.name.lowercased() == name }.flatMap { field in
            // By bytes: a response may hold thousands of names.
            field.value.utf8.split(separator: UInt8(ascii: ",")).compactMap { part in
                let isBlank: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 }
                var name = part.drop(while: isBlank)
                while let last = name.last, isBlank(last) { name.removeLast() }
                return name.isEmpty ? nil : String(Substring(name))
            }
        }
    }
}

/// Request fields that a page may send without being allowed to (fetch.spec.whatwg.org, 2.2.2), or that are not its own.
private enum CORSFieldNames {
    private static let names: Set<String> = [
        "accept", "accept-language", "content-language", "content-type", "range", "accept-charset", "accept-encoding",
        "access-control-request-headers", "access-control-request-method", "connection", "content-length", "cookie",
        "cookie2", "date", "dnt", "expect", "host", "keep-alive", "origin", "referer", "te", "trailer",
        "transfer-encoding", "upgrade", "via", "user-agent", "cache-control", "pragma", "if-match", "if-modified-since",
        "if-none-match", "if-range", "if-unmodified-since", "upgrade-insecure-requests", "priority", "save-data",
        "forwarded", "cdn-loop", "x-real-ip", "true-client-ip",
    ]
    private static let prefixes = ["sec-", "proxy-", "cf-", "x-forwarded-", "access-control-request-"]

    static func needNoPermission(_ name: String) -> Bool {
        let name = name.lowercased()
        return self.names.contains(name) || self.prefixes.contains { name.hasPrefix($0) }
    }
}
