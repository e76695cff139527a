import WorkerDomain

/// One value that is looked at in full.
struct DatabaseCell: Sendable, Equatable {
    /// `table.column`, or the column alone in the answer to a statement.
    let title: String
    /// As it may be shown.
    let value: SQLValue
    /// As it was read.
    private let source: SQLValue?
    /// The stored value is another one by now.
    private(set) var isBehind = false
    /// What shows the value.
    var pane = PreviewPane()

    init(title: String, value: SQLValue, source: SQLValue?) {
        self.title = title
        self.value = value
        self.source = source
    }

    var content: StoredContent? { self.pane.content }
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

    /// Lays a value out; takes a while for a large one.
    static func layOut(_ value: SQLValue) -> StoredContent {
        let bytes = self.bytes(of: value)
        return StoredContent(window: StoredWindow(bytes: bytes, total: Int64(bytes.count)))
    }

    /// Says so when the value in its place is another one by now.
    mutating func compare(with value: SQLValue?) { if value != self.source { self.isBehind = true } }
}
