import ConsoleUI
import TerminalCanvas
import Widgets
import WorkerDomain

/// The picture of the list of tables, with indexes and triggers below it where there is room.
struct DatabaseTablesView {
    private let tables: DatabaseTables
    private let binding: Binding?
    private let hasFocus: Bool
    private let language: Language

    init(_ tables: DatabaseTables, _ binding: Binding?, hasFocus: Bool, _ language: Language) {
        self.tables = tables
        self.binding = binding
        self.hasFocus = hasFocus
        self.language = language
    }

    func drawPane(into canvas: inout Canvas, in rect: Rect, _ layout: inout ScreenLayout) {
        let own = self.tables.rows.count {
            if case .table(let table) = $0 { !DatabaseTables.isSystem(table) } else { false }
        }
        let note = own == 0 ? "" : ScreenFormat.count(own)
        let inner = Pane.frame(
            &canvas, rect, title: DatabasePhrases.tables(self.language), note: note, isFocused: self.hasFocus)
        guard let overview = self.tables.overview, overview.exists, inner.rows > 8 else {
            return self.draw(into: &canvas, in: inner, &layout)
        }
        let foot = self.foot(of: overview, rows: inner.rows - max(1, self.tables.rows.count) - 1)
        let (list, below) = inner.splitTop(inner.rows - foot.count)
        self.draw(into: &canvas, in: list, &layout)
        for (index, line) in foot.enumerated() {
            Pane.write(
                [line], to: &canvas, row: below.row + index, column: below.column + 1, columns: below.columns - 2)
        }
    }

    /// Names of indexes and triggers where `rows` lines have room for them, else how many there are.
    private func foot(of overview: DatabaseOverview, rows: Int) -> [Span] {
        let size = Span(ScreenFormat.bytes(overview.bytes), .dim)
        let sections = [
            ("index", DatabasePhrases.indexes, overview.indexes),
            ("trigger", DatabasePhrases.triggers, overview.triggers),
        ]
        .map { type, phrase, count in
            (
                title: phrase(self.language, ScreenFormat.count(count)),
                names: overview.schema.filter { $0.type == type && $0.sql != nil }.map(\.name)
            )
        }
        let counts = sections.map { Span($0.title, .dim) } + [size]
        let all = sections.flatMap { section in
            [Span(section.title, .heading)] + section.names.map { Span("  \($0)") } + [Span("")]
        }
        return sections.contains { !$0.names.isEmpty } && all.count + 1 <= rows ? all + [size] : counts
    }

    /// Draws the list.
    /// - Parameters:
    ///   - canvas: Where it is drawn.
    ///   - rect: The pane's inside.
    ///   - isAlone: There is no other pane: what was found in place of the database is said here.
    ///   - layout: Where rows are noted.
    func draw(into canvas: inout Canvas, in rect: Rect, isAlone: Bool = false, _ layout: inout ScreenLayout) {
        if self.hasFocus { layout.noteFocus(rect) }
        switch self.tables.phase {
        case .loading: Pane.notice(&canvas, rect, [Span(StoragePhrases.loading(self.language), .dim)])
        case .failed(let error): Pane.failure(&canvas, rect, error, self.language)
        case .loaded(let outline):
            if self.tables.rows.isEmpty { return self.drawEmpty(outline, &canvas, rect, isAlone: isAlone) }
            let count = self.tables.rows.count
            let top = Pane.top(cursor: self.tables.cursor, count: count, height: rect.rows)
            let window = top..<max(top, min(count, top + rect.rows))
            layout.note(DatabaseScreen.Focus.tables, rect, first: top, count: count)
            for index in window {
                let row = rect.row + index - top
                self.draw(self.tables.rows[index], &canvas, row: row, rect)
                if index == self.tables.cursor { Pane.select(&canvas, row: row, in: rect, isFocused: self.hasFocus) }
            }
            ScrollBar(count: count, window: window).draw(into: &canvas, in: rect)
        }
    }

    /// A count of a moment ago has a `~` before it, and one that is not there yet is one.
    private func count(of table: DatabaseOverview.Table, _ glyphs: Glyphs) -> String {
        switch self.tables.count(of: table) {
        case .exact(let rows): ScreenFormat.count(rows)
        case .rough(let rows): "~" + ScreenFormat.count(rows)
        case .counting: "~"
        case .unknown: glyphs.unknown
        }
    }

    private func drawEmpty(
        _ outline: DatabaseReader.Outline, _ canvas: inout Canvas, _ rect: Rect, isAlone: Bool
    ) {
        if !outline.findings.isEmpty, !outline.overview.exists {
            if isAlone, Pane.isSmall(rect), rect.columns >= 30, let binding = self.binding {
                return Pane.notice(&canvas, rect, StoreFindingText.lines(of: outline.findings, binding, self.language))
            }
            return Pane.notice(&canvas, rect, [Span(StoragePhrases.nothingHere(self.language), .strong)])
        }
        let title = outline.overview.exists ? DatabasePhrases.noTables : StoragePhrases.nothingYet
        Pane.notice(
            &canvas, rect,
            [
                Span("\(canvas.glyphs.glyphs.idle) \(title(self.language))", .strong),
                Span(DatabasePhrases.emptyAdvice(self.language), .dim),
            ])
    }

    private func draw(_ line: DatabaseTables.Row, _ canvas: inout Canvas, row: Int, _ rect: Rect) {
        let glyphs = canvas.glyphs.glyphs
        switch line {
        case .system(let count, let isOpen):
            let mark = isOpen ? glyphs.expanded : glyphs.active
            let text = "\(mark) \(DatabasePhrases.systemTables(self.language, ScreenFormat.count(count)))"
            Pane.write([Span(text, .dim)], to: &canvas, row: row, column: rect.column + 1, columns: rect.columns - 2)
        case .table(let table):
            let note =
                switch table.kind {
                case .view: DatabasePhrases.view(self.language)
                case .virtual, .shadow: DatabasePhrases.virtual(self.language)
                case .table: self.count(of: table, glyphs)
                }
            let noteColumns = min(Sanitizer.columns(of: note), rect.columns / 2)
            let nameColumns = max(3, rect.columns - noteColumns - 3)
            let name = Truncation.middle(table.name, columns: nameColumns, ellipsis: glyphs.ellipsis)
            canvas.write(name, row: row, column: rect.column + 1, maxColumns: nameColumns)
            if let mark = self.tables.marks.mark(of: table.name) {
                canvas.write(glyphs.marked, row: row, column: rect.column, role: mark == .added ? .ok : .warning)
            }
            Pane.right(
                note, to: &canvas, row: row, column: rect.endColumn - noteColumns - 1, columns: noteColumns, role: .dim)
        }
    }
}
