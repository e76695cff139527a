import Synchronization
import TerminalCanvas
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
        let (method, target) = exchange.requestLine
        self.method = Self.isCommon(method) ? method : Self.bounded(redaction.target(method))
        self.target = TargetText.shown(Self.bounded(redaction.target(target)))
        self.notes = ExchangeNotes(exchange: exchange)
    }

    /// A few capital letters have no room for a secret.
    private static func isCommon(_ method: String) -> Bool {
        method.utf8.count <= 8 && method.utf8.allSatisfy { (0x41...0x5A).contains($0) }
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

    /// What a row was laid out for.
    private struct RowKey: Equatable {
        let stamp: Stamp
        let language: Language
        let glyphs: GlyphSet
        let secondsFromUTC: Int
        let columns: Int
        /// Backends come and go, and with them what there is to say of an exchange.
        let hasNote: Bool
    }

    private struct State {
        var rows: [ExchangeID: (key: RowKey, cells: [Cell])] = [:]
        /// The table that the rows were laid out for.
        var table: Table?
        var facts: [ExchangeID: (stamp: Stamp, facts: ExchangeFacts)] = [:]
        var glance: Glance?
        /// The highest id of all these: most changes are of newer exchanges, of which nothing is known here.
        var newest = ExchangeID(rawValue: 0)
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
            state.newest = max(state.newest, exchange.id)
            state.made += 1
        }
        return facts
    }

    // MARK: Rows

    /// Rows laid out for another table are of no use.
    func use(_ table: Table) {
        self.state.withLock { state in
            if state.table != table { state.rows = [:] }
            state.table = table
        }
    }

    private static func key(
        of exchange: Exchange, _ facts: ExchangeFacts, _ redaction: Redaction, columns: Int, glyphs: GlyphSet,
        in world: World
    ) -> RowKey {
        RowKey(
            stamp: Stamp(exchange, redaction), language: world.language, glyphs: glyphs,
            secondsFromUTC: world.secondsFromUTC, columns: columns,
            hasNote: facts.notes.redirectPastProxy(in: world) != nil)
    }

    /// The row as it was laid out before; `nil` when it has to be laid out. One that goes on is new each time.
    func row(
        of exchange: Exchange, redaction: Redaction, columns: Int, glyphs: GlyphSet, in world: World
    ) -> [Cell]? {
        guard !exchange.isInFlight, let known = self.state.withLock({ $0.rows[exchange.id] }) else { return nil }
        let facts = self.facts(of: exchange, redaction: redaction)
        let key = Self.key(of: exchange, facts, redaction, columns: columns, glyphs: glyphs, in: world)
        return known.key == key ? known.cells : nil
    }

    func keep(
        _ cells: [Cell], of exchange: Exchange, redaction: Redaction, columns: Int, glyphs: GlyphSet, in world: World
    ) {
        guard !exchange.isInFlight else { return }
        let facts = self.facts(of: exchange, redaction: redaction)
        let key = Self.key(of: exchange, facts, redaction, columns: columns, glyphs: glyphs, in: world)
        self.state.withLock { state in
            if state.rows.count >= Self.limit { state.rows = [:] }
            state.rows[exchange.id] = (key, cells)
            state.newest = max(state.newest, exchange.id)
        }
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
            state.newest = max(state.newest, exchange.id)
            state.made += 1
        }
        return lines
    }

    /// Forgets those that have changed.
    func drop(_ delta: JournalDelta) {
        self.state.withLock { state in
            if delta.isComplete { state = State(made: state.made) }
            for index in delta.changed.indices where delta.changed[index].id <= state.newest {
                let id = delta.changed[index].id
                state.facts[id] = nil
                state.rows[id] = nil
                if state.glance?.id == id { state.glance = nil }
            }
        }
    }
}
