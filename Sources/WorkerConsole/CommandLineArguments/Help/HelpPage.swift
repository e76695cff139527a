import WorkerDomain

/// Lays out paragraphs and tables of two columns.
struct HelpPage {
    private static let indent = 2
    /// Where the second column of a table begins.
    private static let second = 28

    private let columns: Int
    private(set) var text = ""

    init(columns: Int) {
        self.columns = max(columns, Self.second + 20)
    }

    /// Adds a paragraph, wrapped; an empty one is left out.
    mutating func paragraph(_ words: String) {
        self.lines(WrappedText.lines(words, columns: self.columns))
    }

    /// Adds lines as they are, with an empty one before them.
    mutating func lines(_ lines: [String]) {
        guard !lines.isEmpty else { return }
        if !self.text.isEmpty { self.text += "\n" }
        for line in lines { self.text += line + "\n" }
    }

    /// Adds a heading with its colon and its rows; nothing without rows.
    mutating func table(_ heading: String, _ rows: [(String, String)]) {
        guard !rows.isEmpty else { return }
        var lines = [heading]
        for (name, help) in rows {
            var wrapped = WrappedText.lines(help, columns: self.columns - Self.second)[...]
            var line = String(repeating: " ", count: Self.indent) + name
            if WrappedText.columns(of: line) <= Self.second - 2, let first = wrapped.popFirst() {
                line = WrappedText.padded(line, to: Self.second) + first
            }
            lines.append(line)
            lines += wrapped.map { String(repeating: " ", count: Self.second) + $0 }
        }
        self.lines(lines)
    }
}
