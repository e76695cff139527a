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
    }

    private(set) var kind = Kind.filter
    private var field: TextField

    init(filter: String) {
        self.field = TextField(filter)
    }

    var text: String { self.field.text }

    /// Takes what is typed for the other thing.
    mutating func turn() { self.kind = self.kind == .filter ? .prefix : .filter }

    mutating func type(_ key: KeyEvent) { _ = self.field.handle(key) }

    mutating func paste(_ text: String) { self.field.paste(text) }

    /// Draws label, the prefix that is added to what is typed, and the field.
    func draw(into canvas: inout Canvas, in rect: Rect, below prefix: String, _ language: Language) {
        let glyphs = canvas.glyphs.glyphs
        let label = self.kind == .filter ? BucketsPhrases.filterLabel : BucketsPhrases.prefixLabel
        // What most is typed in needs no name in a small window.
        let text = self.kind == .filter && rect.columns < 60 ? " / " : " \(label(language)) \(glyphs.active) "
        let shown = Truncation.middle(prefix, columns: rect.columns / 3, ellipsis: glyphs.ellipsis)
        var column = canvas.write(text, row: rect.row, column: rect.column, role: .key)
        column += canvas.write(shown, row: rect.row, column: rect.column + column, role: .dim)
        Pane.input(
            self.field, &canvas,
            Rect(row: rect.row, column: rect.column + column, rows: 1, columns: rect.columns - column - 1))
    }
}
