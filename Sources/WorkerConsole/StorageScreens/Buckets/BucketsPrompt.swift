import ConsoleUI
import TerminalCanvas
import Widgets
import WorkerDomain

/// The field that asks for a path: where a download goes, or what is uploaded.
struct BucketsPrompt: Sendable, Equatable {
    enum Kind: Sendable, Equatable { case save, upload }

    let kind: Kind
    /// What is saved.
    let targets: [ObjectTarget]
    /// Files or keys that are there are replaced.
    private(set) var isOverwriting = false
    private var field: TextField

    init(_ kind: Kind, targets: [ObjectTarget] = [], suggestion: String = "") {
        self.kind = kind
        self.targets = targets
        self.field = TextField(suggestion)
    }

    var text: String { self.field.text }

    mutating func type(_ key: KeyEvent) { _ = self.field.handle(key) }

    mutating func paste(_ text: String) { self.field.paste(text) }

    mutating func toggleOverwriting() { self.isOverwriting.toggle() }

    func draw(into canvas: inout Canvas, in rect: Rect, _ language: Language) {
        let what =
            switch (self.kind, self.targets.count) {
            case (.upload, _): BucketsTransferPhrases.uploadLabel(language)
            case (.save, 1): BucketsTransferPhrases.saveLabel(language)
            case (.save, let count): BucketsTransferPhrases.saveManyLabel(language, ScreenFormat.count(count))
            }
        let isSmall = rect.columns < 60
        let mode =
            self.isOverwriting
            ? isSmall ? BucketsTransferPhrases.replacingShort : BucketsTransferPhrases.replacing
            : isSmall ? BucketsTransferPhrases.keepingShort : BucketsTransferPhrases.keeping
        let note = " (\(mode(language)))"
        let column = canvas.write(
            " \(what)\(note) \(canvas.glyphs.glyphs.active) ", row: rect.row, column: rect.column, role: .key)
        Pane.input(
            self.field, &canvas,
            Rect(row: rect.row, column: rect.column + column, rows: 1, columns: rect.columns - column - 1))
    }
}
