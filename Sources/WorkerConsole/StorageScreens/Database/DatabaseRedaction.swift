import ConsoleUI
import TextSafety
import WorkerDomain

/// Hides values of a database that give access until a person asks for them.
struct DatabaseRedaction: Sendable, Equatable {
    /// Values that give access are shown.
    private(set) var isRevealed = false

    mutating func toggle() { self.isRevealed.toggle() }

    /// Of a text in a grid so many characters are looked through: more than is drawn, so that a URL's end is seen.
    static let drawnScalars = 256

    /// A value as it may be shown: one that gives access is hidden by the name of its column, in the answer and in the
    /// table that it comes from, and of a text what its own content says.
    ///
    /// `prefix` looks at so many characters only, for a place that shows no more.
    func shown(_ value: SQLValue, at index: Int, of page: SQLRows, in world: World, prefix: Int? = nil) -> SQLValue {
        let redaction = world.redaction
        guard !self.isRevealed, !redaction.isOff, page.columns.indices.contains(index) else { return value }
        let names = ColumnNames(index, of: page, redaction: redaction)
        switch value {
        case .null, .text(""), .blob([]): return value
        case .integer, .real: return names.hidesNumbers(redaction) ? .text(Redaction.mask) : value
        case .blob(let bytes):
            if names.isTainted || names.all.contains(where: { redaction.hidesAll(member: $0) }) {
                return .text(Redaction.mask)
            }
            let masked = prefix == nil ? redaction.body(bytes, type: nil, encoding: nil) : (bytes: bytes, hidden: 0)
            return masked.hidden == 0 ? value : .blob(masked.bytes)
        case .text(let text):
            let start = prefix.map { String(String.UnicodeScalarView(text.unicodeScalars.prefix($0))) } ?? text
            let isSecret = names.isTainted || names.all.contains { redaction.hides(member: $0, text: start) }
            return isSecret ? .text(Redaction.mask) : .text(redaction.text(start))
        }
    }
}

/// The names that a column of an answer goes by.
private struct ColumnNames {
    /// Its own, and that of the table's column that it is.
    let all: [String]
    /// An expression of a statement that reads a secret column: what it shows may be made of it.
    let isTainted: Bool
    private let reads: Set<String>

    init(_ index: Int, of page: SQLRows, redaction: Redaction) {
        let sources = page.sources
        let origin = sources.isCompound || !sources.origins.indices.contains(index) ? nil : sources.origins[index]
        self.all = [page.columns[index]] + (origin.map { [$0] } ?? [])
        let isExpression = origin == nil && !sources.reads.isEmpty
        self.reads = isExpression ? sources.reads : []
        self.isTainted = isExpression && sources.reads.contains { redaction.hidesAll(member: $0) }
    }

    /// Numbers of expressions are counts and lengths far more often than secrets: hidden where a secret that is read is
    /// a number by its nature, and the column is not plainly a count.
    func hidesNumbers(_ redaction: Redaction) -> Bool {
        let name = self.all[0].lowercased()
        let counts = ["count(", "length(", "octet_length(", "exists(", "exists ("]
        if self.all.count == 1, counts.contains(where: { name.hasPrefix($0) }) { return false }
        if self.all.contains(where: { redaction.hidesNumber(member: $0) }) { return true }
        return self.isTainted && self.reads.contains { Redaction.isNumeric(secret: $0) }
    }
}
