import TextSafety
import TrafficJournal
import WorkerDomain

/// What a person should know of an exchange although it was completed.
struct ExchangeNotes {
    let exchange: Exchange

    /// The redirect that leads past the proxy: the value of Location when it names the exchange's own backend.
    func redirectPastProxy(in world: World) -> String? {
        guard case .backend(let name) = self.exchange.route, let status = self.exchange.status,
            status == 201 || status / 100 == 3,
            let backend = world.backends.backends.first(where: { $0.backend.name == name })?.backend,
            let location = MessageHead(self.exchange.responseHead).value(of: "location"),
            backend.url.isNamed(byRedirect: location.utf8)
        else { return nil }
        return location
    }

    /// The fields that a page asks for and the answer does not allow, and those that it allows.
    ///
    /// A preflight asks for them by name; its request has them, beside those that need no permission.
    var refusedFields: (asked: [String], allowed: [String])? {
        guard !self.exchange.responseHead.isEmpty, self.exchange.status != nil else { return nil }
        let request = MessageHead(self.exchange.requestHead)
        guard let origin = request.value(of: "origin"), self.isForeign(origin, request) else { return nil }
        let response = MessageHead(self.exchange.responseHead)
        let asked: [String]
        if self.exchange.route == .preflight {
            asked = Self.list(request, "access-control-request-headers")
        } else {
            asked = request.fields.map(\.name).filter { !CORSFieldNames.needNoPermission($0) }
        }
        let allowed = Self.list(response, "access-control-allow-headers")
        // A request is answered without the list by a proxy that does not set it: nothing can be said then.
        if self.exchange.route != .preflight, allowed.isEmpty { return nil }
        let names = Set(allowed.map { $0.lowercased() })
        var seen: Set<String> = []
        let refused = asked.filter { name in
            let name = name.lowercased()
            let isAllowed = names.contains(name) || (names.contains("*") && name != "authorization")
            return !isAllowed && seen.insert(name).inserted
        }
        return refused.isEmpty ? nil : (refused, allowed)
    }

    /// `asked for x-token, allowed: Content-Type, Authorization`.
    func refusedText(_ language: Language) -> String? {
        self.refusedFields.map { fields in
            let allowed =
                fields.allowed.isEmpty ? TrafficPhrases.noField(language) : fields.allowed.joined(separator: ", ")
            return TrafficPhrases.fieldRefused(language, fields.asked.joined(separator: ", "), allowed)
        }
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
    private func isForeign(_ origin: String, _ request: MessageHead) -> Bool {
        let place = origin.split(separator: "/").last.map(String.init) ?? origin
        return request.value(of: "host")?.lowercased() != place.lowercased()
    }

    private static func list(_ head: MessageHead, _ name: String) -> [String] {
        head.fields.filter { $0.name.lowercased() == name }.flatMap { $0.value.split(separator: ",") }
            .map { $0.filter { !$0.isWhitespace } }.filter { !$0.isEmpty }
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
