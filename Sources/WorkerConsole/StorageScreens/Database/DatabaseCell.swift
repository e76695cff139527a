import ConsoleUI
import ContentViews
import TextSafety
import WorkerDomain

/// One value that is looked at in full.
struct DatabaseCell: Sendable {
    /// `table.column`, or the column alone in the answer to a statement.
    let title: String
    /// As it may be shown.
    let value: SQLValue
    /// As it was read.
    private let source: SQLValue
    /// What shows the value.
    var pane = ContentPane()

    /// Keeps the view of the value `before`, if it is of the same place.
    init(title: String, value: SQLValue, source: SQLValue, before: DatabaseCell?) {
        self.title = title
        self.value = value
        self.source = source
        if let before, before.title.hasSameBytes(as: title) { self.pane = before.pane }
    }

    var line: Int { self.pane.line }

    /// The bytes that are shown: a text's UTF-8, a number's digits, a blob as it is.
    static func bytes(of value: SQLValue) -> [UInt8] {
        switch value {
        case .null: []
        case .integer, .real: Array(DatabaseText.short(value).utf8)
        case .text(let text): Array(text.utf8)
        case .blob(let bytes): bytes
        }
    }

    /// Opens the value; what in a blob gives access is hidden where it stands.
    mutating func open(_ options: ContentOptions) -> ContentTask {
        var bytes = Self.bytes(of: self.value)
        if case .blob = self.value, case .blob(let whole) = self.source { bytes = whole }
        return self.pane.open(ContentItem(MemorySource(bytes)), options, isSame: self.pane.isOpen)
    }

    /// True when the value in its place is another one by now.
    func isBehind(_ value: SQLValue?) -> Bool { value != self.source }
}
