import TextSafety
import TrafficJournal
import WorkerDomain

/// What a person should know of an exchange although it was completed; worked out once, when it is made.
struct ExchangeNotes: Sendable {
    /// Names of each kind in a row.
    private static let rowLimit = 4

    let refusedFields: RefusedFields?
    /// Where a redirect of a backend leads to, and the backend's name.
    private let redirect: (location: String, backend: String)?

    init(exchange: Exchange) {
        self.refusedFields = RefusedFields(of: exchange)
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
}
