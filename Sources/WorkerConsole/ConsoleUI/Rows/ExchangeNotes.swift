import TextSafety
import TrafficJournal
import WorkerDomain

/// What a person should know of an exchange although it was completed; worked out once, when it is made.
struct ExchangeNotes: Sendable {
    /// Names that a sentence holds; of the others it says how many they are.
    private static let nameLimit = 20
    /// Names of each kind in a row.
    private static let rowLimit = 4

    /// The fields that a page asks for and the response does not allow, and those that it allows.
    ///
    /// A preflight asks for them by name; its request has them, beside those that need no permission.
    let refusedFields: (asked: [String], allowed: [String])?
    /// Where a redirect of a backend leads to, and the backend's name.
    private let redirect: (location: String, backend: String)?

    init(exchange: Exchange) {
        self.refusedFields = Self.refused(in: exchange)
        if case .backend(let name) = exchange.route, let status = exchange.status, status == 201 || status / 100 == 3,
            let location = MessageHead.value(of: "location", in: exchange.responseHead)
        {
            self.redirect = (location, name)
        } else {
            self.redirect = nil
        }
    }

    /// The redirect that leads past the proxy: the value of Location when it names the exchange's own backend.
    func redirectPastProxy(in world: World) -> String? {
        guard let redirect = self.redirect,
            let backend = world.backends.backends.first(where: { $0.backend.name == redirect.backend })?.backend,
            backend.url.isNamed(byRedirect: redirect.location.utf8)
        else { return nil }
        return redirect.location
    }

    private static func refused(in exchange: Exchange) -> (asked: [String], allowed: [String])? {
        guard !exchange.responseHead.isEmpty, exchange.status != nil,
            let origin = MessageHead.value(of: "origin", in: exchange.requestHead),
            self.isForeign(origin, host: MessageHead.value(of: "host", in: exchange.requestHead))
        else { return nil }
        let isPreflight = exchange.route == .preflight
        let allowedNames = "access-control-allow-headers"
        // A proxy that does not set the list says nothing of these fields. Looked for by itself: nearly every row of a page
        // ends here, and would read both heads for nothing.
        if !isPreflight, MessageHead.value(of: allowedNames, in: exchange.responseHead) == nil { return nil }
        let allowed = self.list(MessageHead(exchange.responseHead), allowedNames)
        if !isPreflight, allowed.isEmpty { return nil }
        let request = MessageHead(exchange.requestHead)
        let asked =
            isPreflight
            ? self.list(request, "access-control-request-headers")
            : request.fields.map(\.name).filter { !CORSFieldNames.needNoPermission($0) }
        let names = Set(allowed.map { $0.lowercased() })
        var seen: Set<String> = []
        let refused = asked.filter { name in
            let name = name.lowercased()
            let isAllowed = names.contains(name) || (names.contains("*") && name != "authorization")
            return !isAllowed && seen.insert(name).inserted
        }
        // Kept for as long as the row may be looked at: no more than a sentence shows.
        return refused.isEmpty ? nil : (self.shortened(refused), self.shortened(allowed))
    }

    private static func shortened(_ names: [String]) -> [String] {
        let first = names.prefix(self.nameLimit).map { String($0.prefix(100)) }
        return names.count > self.nameLimit ? first + ["… (+\(names.count - self.nameLimit))"] : first
    }

    /// `asked for x-token, allowed: Content-Type, Authorization`.
    func refusedText(_ language: Language) -> String? {
        self.refusedFields.map { fields in
            let allowed =
                fields.allowed.isEmpty ? TrafficPhrases.noField(language) : fields.allowed.joined(separator: ", ")
            return TrafficPhrases.fieldRefused(language, fields.asked.joined(separator: ", "), allowed)
        }
    }

    /// The same with the first names only: as much as a row has room for, which is drawn again and again.
    func refusedSummary(_ language: Language) -> String? {
        guard let fields = self.refusedFields else { return nil }
        guard fields.asked.count > Self.rowLimit || fields.allowed.count > Self.rowLimit else {
            return self.refusedText(language)
        }
        func some(_ names: [String]) -> String {
            names.prefix(Self.rowLimit).joined(separator: ", ") + (names.count > Self.rowLimit ? ", …" : "")
        }
        let allowed = fields.allowed.isEmpty ? TrafficPhrases.noField(language) : some(fields.allowed)
        return TrafficPhrases.fieldRefused(language, some(fields.asked), allowed)
    }

    /// Every sentence of them.
    func all(in world: World, redaction: Redaction) -> [String] {
        var notes: [String] = []
        if let text = self.refusedText(world.language) { notes.append(text) }
        if let location = self.redirectPastProxy(in: world) {
            notes.append(TrafficPhrases.pastProxy(world.language, redaction.target(location)))
        }
        return notes
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
