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
    private let source: SQLValue?
    /// The stored value is another one by now.
    private(set) var isBehind = false
    /// What shows the value.
    var pane = ContentPane()

    init(title: String, value: SQLValue, source: SQLValue?) {
        self.title = title
        self.value = value
        self.source = source
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

    /// Says so when the value in its place is another one by now.
    mutating func compare(with value: SQLValue?) { if value != self.source { self.isBehind = true } }
}
