import ConsoleUI
import TerminalCanvas
import Widgets
import WorkerDomain

/// Saved statements and those that were run, of which one is chosen.
struct StatementList: Sendable, Equatable {
    /// Saved ones by name, then those that were run, the newest first.
    private let all: [KeptStatement]
    private var query = TextField()
    private var cursor = 0

    init(_ statements: [KeptStatement]) {
        let saved = statements.filter { $0.name != nil }.sorted { ($0.name ?? "") < ($1.name ?? "") }
        var seen: Set<ByteString> = []
        let run = statements.reversed().filter { $0.name == nil && seen.insert(ByteString($0.sql)).inserted }
        self.all = saved + run
    }

    /// Those that hold what is typed, in their name or their text.
    private var shown: [KeptStatement] {
        let query = self.query.text.lowercased()
        guard !query.isEmpty else { return self.all }
        return self.all.filter { ($0.name ?? "").lowercased().contains(query) || $0.sql.lowercased().contains(query) }
    }

    var selected: KeptStatement? {
        let shown = self.shown
        return shown.indices.contains(self.cursor) ? shown[self.cursor] : nil
    }

    /// There is another one to go to.
    var canMove: Bool { self.shown.count > 1 }

    /// Lines that it would like to have.
    var rows: Int { min(12, self.all.count) + 1 }

    mutating func move(by rows: Int) { self.cursor = max(0, min(self.cursor + rows, self.shown.count - 1)) }

    mutating func type(_ key: KeyEvent) {
        _ = self.query.handle(key)
        self.move(by: 0)
    }

    mutating func paste(_ text: String) {
        self.query.paste(text)
        self.move(by: 0)
    }

    func draw(into canvas: inout Canvas, in rect: Rect, _ language: Language) {
        let (head, body) = rect.splitTop(1)
        let label = "\(DatabasePhrases.findStatement(language)) "
        let used = canvas.write(label, row: head.row, column: head.column, role: .key, maxColumns: head.columns)
        self.query.draw(
            into: &canvas, in: Rect(row: head.row, column: head.column + used, rows: 1, columns: head.columns - used))
        let shown = self.shown
        guard !shown.isEmpty else {
            return Pane.notice(&canvas, body, [Span(DatabasePhrases.noStatements(language), .dim)])
        }
        let top = Pane.top(cursor: self.cursor, count: shown.count, height: body.rows)
        for index in top..<max(top, min(shown.count, top + body.rows)) {
            let statement = shown[index]
            let text = statement.sql.prefix(400).split(whereSeparator: \.isNewline).joined(separator: " ")
            var spans: [Span] = []
            if let name = statement.name { spans += [Span(name, .strong), Span("  ")] }
            spans.append(Span(text, .literal))
            let row = body.row + index - top
            Pane.write(spans, to: &canvas, row: row, column: body.column + 1, columns: body.columns - 2)
            if index == self.cursor { Pane.select(&canvas, row: row, in: body, isFocused: true) }
        }
    }
}
