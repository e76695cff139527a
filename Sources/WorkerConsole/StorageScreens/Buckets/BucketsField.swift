import ConsoleUI
import TerminalCanvas
import Widgets
import WorkerDomain

/// The field over a listing that is typed in.
struct BucketsField: Sendable, Equatable {
    enum Kind: Sendable, Equatable {
        /// Narrows what is listed.
        case filter
        /// Lists another prefix.
        case prefix
        /// Searches every key below the prefix that is listed.
        case below
        /// Searches every key of the bucket.
        case bucket

        var title: Phrase {
            switch self {
            case .filter: BucketsFindPhrases.level
            case .prefix: BucketsPhrases.prefixNote
            case .below: BucketsFindPhrases.below
            case .bucket: BucketsFindPhrases.bucket
            }
        }

        var label: Phrase {
            switch self {
            case .filter: BucketsPhrases.filterLabel
            case .prefix: BucketsPhrases.prefixLabel
            case .below: BucketsFindPhrases.belowLabel
            case .bucket: BucketsFindPhrases.bucketLabel
            }
        }
    }

    private(set) var kind = Kind.filter
    private var field: TextField
    /// Those that Tab turns through.
    private let kinds: [Kind]

    /// - Parameters:
    ///   - filter: What the listing is narrowed by.
    ///   - isBelow: A prefix is listed.
    ///   - kind: What it begins with.
    init(filter: String, isBelow: Bool, kind: Kind = .filter) {
        self.field = TextField(filter)
        self.kinds = isBelow ? [.filter, .prefix, .below, .bucket] : [.filter, .prefix, .bucket]
        self.kind = kind
    }

    var text: String { self.field.text }

    /// Takes what is typed for the other thing.
    mutating func turn() { self.kind = self.next }

    private var next: Kind {
        let place = self.kinds.firstIndex(of: self.kind) ?? 0
        return self.kinds[(place + 1) % self.kinds.count]
    }

    mutating func type(_ key: KeyEvent) { _ = self.field.handle(key) }

    mutating func paste(_ text: String) { self.field.paste(text) }

    /// Draws label, the prefix that is added to what is typed, and the field.
    func draw(into canvas: inout Canvas, in rect: Rect, below prefix: String, _ language: Language) {
        let glyphs = canvas.glyphs.glyphs
        let isSmall = rect.columns < 60
        let label = isSmall ? self.kind.title(language) : self.kind.label(language, self.next.title(language))
        // What most is typed in needs no name in a small window.
        let text = self.kind == .filter && isSmall ? " / " : " \(label) \(glyphs.active) "
        let isPart = self.kind == .prefix || self.kind == .below
        let shown = Truncation.middle(isPart ? prefix : "", columns: rect.columns / 3, ellipsis: glyphs.ellipsis)
        var column = canvas.write(text, row: rect.row, column: rect.column, role: .key)
        column += canvas.write(shown, row: rect.row, column: rect.column + column, role: .dim)
        Pane.input(
            self.field, &canvas,
            Rect(row: rect.row, column: rect.column + column, rows: 1, columns: rect.columns - column - 1))
    }
}
