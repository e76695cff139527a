import Widgets
import WorkerDomain

/// One value that is looked at in full.
struct DatabaseCell: Sendable, Equatable {
    enum Tab: Int, Sendable, Equatable, CaseIterable { case pretty, text, hex }

    /// `table.column`, or the column alone in the answer to a statement.
    let title: String
    let value: SQLValue
    /// `nil` until it has been laid out.
    private(set) var content: StoredContent?
    private(set) var tab = Tab.text
    /// The line that the view is around, from 0.
    private(set) var line = 0
    private(set) var left = 0
    var finder = TextFinder()

    init(title: String, value: SQLValue) {
        self.title = title
        self.value = value
    }

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

    var lineCount: Int {
        guard let content = self.content else { return 0 }
        switch self.tab {
        case .pretty: return content.pretty?.count ?? content.lines.count
        case .text: return content.lines.count
        case .hex: return (content.window.bytes.count + 15) / 16
        }
    }

    mutating func take(_ content: StoredContent) {
        self.content = content
        self.tab = content.pretty != nil ? .pretty : content.isText ? .text : .hex
    }

    mutating func showNext(by step: Int) {
        let count = Tab.allCases.count
        self.tab = Tab(rawValue: (self.tab.rawValue + step + count) % count) ?? .text
        self.line = 0
        self.left = 0
    }

    mutating func move(by lines: Int) { self.line = max(0, min(self.line + lines, self.lineCount - 1)) }

    /// Goes to the next line that holds what is looked for; the hexadecimal tab is looked through as text.
    /// - Returns: False when there is none.
    mutating func find(_ step: Int) -> Bool {
        guard let content = self.content, content.isText else { return false }
        if self.tab == .hex { self.showNext(by: content.pretty == nil ? -1 : 1) }
        let isPretty = self.tab == .pretty && content.pretty != nil
        let found = self.finder.seek(step, from: self.line, count: self.lineCount) { index in
            isPretty ? content.pretty?[index] ?? [] : [TextRun(content.lines[index])]
        }
        if let found { self.line = found }
        return found != nil
    }

    mutating func scroll(by columns: Int) { self.left = max(0, min(self.left + columns, 4_000)) }
}
