import Synchronization
import TextSafety
import TrafficJournal
import Widgets
import WorkerDomain

/// What rows and previews show of an exchange's heads and bodies: worked out once, and again when it has changed.
struct ExchangeFacts: Sendable {
    /// Characters of a text of a row: more than any window shows.
    private static let textLimit = 1_000

    let method: String
    let target: String
    let notes: ExchangeNotes

    init(_ exchange: Exchange, redaction: Redaction) {
        self.method = Self.bounded(redaction.target(exchange.method))
        self.target = PathText.shown(Self.bounded(redaction.target(exchange.target)))
        self.notes = ExchangeNotes(exchange: exchange)
    }

    /// The beginning of a long text; a row is cut at its end.
    private static func bounded(_ text: String) -> String {
        guard text.utf8.count > 8 * self.textLimit else { return text }
        return text.prefix(self.textLimit) + "…"
    }
}

/// The facts of the exchanges that were drawn last.
///
/// Drawing reads a screen and does not change it, so what is worked out meanwhile stands here; a copy of the screen shares
/// it. An entry is valid for the very exchange that it was made of.
final class ExchangeFactsCache: Sendable {
    /// What of an exchange may change while its identifier stays.
    private struct Stamp: Equatable {
        let head: Int
        let answer: Int
        let status: Int?
        let route: ExchangeRoute?
        let isRevealed: Bool
        let bodies: Int
        let hasEnded: Bool

        init(_ exchange: Exchange, _ redaction: Redaction) {
            self.head = exchange.requestHead.count
            self.answer = exchange.responseHead.count
            self.status = exchange.status
            self.route = exchange.route
            self.isRevealed = redaction.isOff
            self.bodies = exchange.responseBody.totalBytes
            self.hasEnded = !exchange.isInFlight
        }
    }

    private struct Glance {
        let id: ExchangeID
        let stamp: Stamp
        let language: Language
        let lines: [[TextRun]]
    }

    private struct State {
        var facts: [ExchangeID: (stamp: Stamp, facts: ExchangeFacts)] = [:]
        var glance: Glance?
        var made = 0
    }

    /// More than a window has rows; what is let go is worked out again.
    private static let limit = 512

    private let state = Mutex(State())

    /// How often something was worked out.
    var made: Int { self.state.withLock { $0.made } }

    func facts(of exchange: Exchange, redaction: Redaction) -> ExchangeFacts {
        let stamp = Stamp(exchange, redaction)
        if let known = self.state.withLock({ $0.facts[exchange.id] }), known.stamp == stamp { return known.facts }
        let facts = ExchangeFacts(exchange, redaction: redaction)
        self.state.withLock { state in
            if state.facts.count >= Self.limit { state.facts = [:] }
            state.facts[exchange.id] = (stamp, facts)
            state.made += 1
        }
        return facts
    }

    /// The lines of the one exchange that is previewed.
    func glance(
        of exchange: Exchange, redaction: Redaction, _ language: Language, make: () -> [[TextRun]]
    ) -> [[TextRun]] {
        let stamp = Stamp(exchange, redaction)
        let known = self.state.withLock { $0.glance }
        if let known, known.id == exchange.id, known.stamp == stamp, known.language == language { return known.lines }
        let lines = make()
        self.state.withLock { state in
            state.glance = Glance(id: exchange.id, stamp: stamp, language: language, lines: lines)
            state.made += 1
        }
        return lines
    }

    /// Forgets those that have changed.
    func drop(_ delta: JournalDelta) {
        self.state.withLock { state in
            if delta.isComplete { state = State(made: state.made) }
            guard !state.facts.isEmpty else { return }
            for exchange in delta.changed { state.facts[exchange.id] = nil }
            if let id = state.glance?.id, delta.changed.contains(where: { $0.id == id }) { state.glance = nil }
        }
    }
}
