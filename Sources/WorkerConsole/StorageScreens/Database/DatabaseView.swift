import ConsoleUI
import TerminalCanvas
import Widgets
import WorkerDomain

/// The picture of the database screen at one moment.
struct DatabaseView {
    private let screen: DatabaseScreen
    private let world: World
    private var language: Language { self.world.language }

    init(_ screen: DatabaseScreen, _ world: World) {
        self.screen = screen
        self.world = world
    }

    func draw(into canvas: inout Canvas, area: Rect) -> ScreenLayout {
        var layout = ScreenLayout()
        guard !area.isEmpty else { return layout }
        guard !DatabaseChoice.databases(in: self.world).isEmpty else {
            self.drawUnbound(&canvas, area)
            return layout
        }
        let (head, body) = area.splitTop(1)
        self.drawHead(&canvas, head, isSmall: Pane.isSmall(area))
        if let cell = self.screen.cell {
            DatabaseCellView(cell, self.language).draw(into: &canvas, in: body, &layout)
        } else if Pane.isSmall(area) {
            self.drawSmall(&canvas, body, &layout)
        } else {
            self.drawPanes(&canvas, body, &layout)
        }
        return layout
    }

    private func drawUnbound(_ canvas: inout Canvas, _ area: Rect) {
        let inner = Pane.isSmall(area) ? area : Pane.frame(&canvas, area, title: "D1")
        Pane.notice(
            &canvas, inner,
            [
                Span(DatabasePhrases.noDatabases(self.language), .strong),
                Span(DatabasePhrases.noDatabasesAdvice(self.language), .dim),
            ])
    }

    // MARK: Head

    /// The database, its place, and that nothing here writes; or the field that is typed in.
    private func drawHead(_ canvas: inout Canvas, _ rect: Rect, isSmall: Bool) {
        let glyphs = canvas.glyphs.glyphs
        if let field = self.screen.rows.filterField {
            let label = " \(DatabasePhrases.whereHolds(self.language)) \(glyphs.active) "
            let used = canvas.write(rect.columns < 60 ? " / " : label, row: rect.row, column: rect.column, role: .key)
            Pane.input(
                field, &canvas,
                Rect(row: rect.row, column: rect.column + used, rows: 1, columns: rect.columns - used - 1))
        } else if self.screen.export.field != nil {
            self.screen.export.drawField(into: &canvas, in: rect, self.language)
        } else if self.screen.writing.isAsking, let resource = self.screen.resource(in: self.world) {
            self.screen.writing.drawField(resource.binding.name, into: &canvas, in: rect, self.language)
        } else if let result = self.screen.result, result.isTyping {
            result.drawField(into: &canvas, in: rect, self.language)
        } else if isSmall, self.screen.statement.isOpen || self.screen.result != nil {
            // The statement itself stands below while it is typed, and here above its answer.
            let text = self.screen.statement.isOpen ? "" : Self.oneLine(self.screen.result?.statement ?? "")
            let label = self.screen.statement.isOpen ? self.sqlTitle : "SQL"
            Pane.line(
                [Span(" \(label) ", .key), Span(text, .literal)], to: &canvas, row: rect.row, in: rect)
        } else {
            self.drawPath(&canvas, rect)
        }
    }

    private static func oneLine(_ text: String) -> String {
        text.prefix(400).split(whereSeparator: \.isNewline).joined(separator: " ")
    }

    private func drawPath(_ canvas: inout Canvas, _ rect: Rect) {
        guard let resource = self.screen.resource(in: self.world) else { return }
        let glyphs = canvas.glyphs.glyphs
        var path = "D1 \(glyphs.active) \(resource.binding.name)"
        if let name = resource.binding.resource { path += " (\(name))" }
        if let table = self.screen.tables.open?.name { path += " \(glyphs.active) \(table)" }
        var whole = self.world.place(of: resource)
        if let place = self.screen.tables.outline?.place, !place.isEmpty { whole = place }
        var right = [self.screen.writing.span(at: self.world.now, self.language), Span(" ")]
        if rect.columns >= 60 {
            let isRemote = resource.place.contains("://")
            let origin = (isRemote ? StoragePhrases.remote : StoragePhrases.local)(self.language)
            // The path of the table comes first; the place gets what is left.
            let room = rect.columns - Sanitizer.columns(of: path) - Sanitizer.columns(of: origin) - 22
            let place = Truncation.middle(
                whole, columns: max(0, max(rect.columns / 2 - 24, room)), ellipsis: glyphs.ellipsis)
            right = [Span(origin, isRemote ? .danger : .strong), Span(" \(place) · ", .dim)] + right
        }
        path = Truncation.end(path, columns: rect.columns - 14, ellipsis: glyphs.ellipsis)
        Pane.line([Span(" \(path)", .title)], right, to: &canvas, row: rect.row, in: rect)
    }

    // MARK: Layout

    private func drawSmall(_ canvas: inout Canvas, _ rect: Rect, _ layout: inout ScreenLayout) {
        if self.screen.statement.isOpen {
            layout.noteFocus(rect)
            return self.screen.statement.draw(
                into: &canvas,
                in: Rect(row: rect.row, column: rect.column + 1, rows: rect.rows, columns: rect.columns - 2),
                self.language)
        }
        switch self.screen.focus {
        case .tables where self.screen.result == nil:
            self.tablesView.draw(into: &canvas, in: rect, isAlone: true, &layout)
        case .tables, .rows: self.drawFront(&canvas, rect, showsRow: self.screen.isRowOpen, &layout)
        case .schema: self.drawSchema(&canvas, rect, &layout)
        case .migrations: self.drawMigrations(&canvas, rect, &layout)
        }
    }

    private func drawMigrations(_ canvas: inout Canvas, _ rect: Rect, _ layout: inout ScreenLayout) {
        layout.noteFocus(rect)
        self.screen.migrations.draw(into: &canvas, in: rect, self.language)
    }

    private var tablesView: DatabaseTablesView {
        DatabaseTablesView(
            self.screen.tables, self.screen.resource(in: self.world)?.binding, hasFocus: self.screen.focus == .tables,
            self.language)
    }

    private func drawPanes(_ canvas: inout Canvas, _ body: Rect, _ layout: inout ScreenLayout) {
        let isWide = body.columns >= 120
        let (left, rest) = body.splitLeft(isWide ? 28 : 22)
        self.tablesView.drawPane(into: &canvas, in: left, &layout)
        var main = rest
        if self.screen.statement.isOpen || self.screen.result != nil {
            let (editor, below) = rest.splitTop(self.statementRows(of: rest) + 2)
            self.drawStatement(&canvas, editor, &layout)
            main = below
        }
        if self.screen.focus == .migrations {
            let inner = Pane.frame(
                &canvas, main, title: DatabasePhrases.paneMigrations(self.language),
                note: self.screen.migrations.note(self.language), isFocused: !self.screen.isTyping)
            return self.drawMigrations(&canvas, inner, &layout)
        }
        guard isWide else {
            if self.screen.focus == .schema {
                let inner = Pane.frame(&canvas, main, title: self.schemaTitle, isFocused: !self.screen.isTyping)
                self.drawSchema(&canvas, inner, &layout)
            } else {
                self.drawFrontPane(&canvas, main, showsRow: self.screen.isRowOpen, &layout)
            }
            return
        }
        let (grid, side) = main.splitLeft(main.columns - max(40, main.columns / 3))
        self.drawFrontPane(&canvas, grid, showsRow: false, &layout)
        let (rowRect, schemaRect) = side.splitTop(side.rows / 2)
        let isRowFocused = self.screen.isRowOpen && self.screen.focus == .rows
        let rowInner = Pane.frame(&canvas, rowRect, title: self.rowTitle, isFocused: isRowFocused)
        self.gridView?.drawRow(into: &canvas, in: rowInner, isOpen: isRowFocused, &layout)
        let schemaInner = Pane.frame(
            &canvas, schemaRect, title: self.schemaTitle, isFocused: self.screen.focus == .schema)
        self.drawSchema(&canvas, schemaInner, &layout)
    }

    // MARK: Statement

    private var sqlTitle: String {
        let canWrite = self.screen.writing.secondsLeft(at: self.world.now) > 0
        return (canWrite ? DatabasePhrases.sqlWriting : DatabasePhrases.sqlTitle)(self.language)
    }

    /// Lines of the statement that are shown: more while it is typed than above its answer.
    private func statementRows(of rect: Rect) -> Int {
        if self.screen.statement.isOpen {
            return max(3, min(self.screen.statement.rows, rect.rows / 2))
        }
        let lines = self.statementLines(columns: rect.columns - 4, maximum: 40)
        return max(1, min(lines.count, rect.rows / 4))
    }

    private func statementLines(columns: Int, maximum: Int) -> [String] {
        StoredLines.split(self.screen.result?.statement ?? "").prefix(maximum).flatMap {
            Wrapping.lines(of: $0.replacing("\t", with: "    "), columns: columns, maximum: maximum)
        }
    }

    private func drawStatement(_ canvas: inout Canvas, _ rect: Rect, _ layout: inout ScreenLayout) {
        let isOpen = self.screen.statement.isOpen
        let inner = Pane.frame(&canvas, rect, title: self.sqlTitle, isFocused: isOpen)
        let text = Rect(row: inner.row, column: inner.column + 1, rows: inner.rows, columns: inner.columns - 2)
        if isOpen {
            layout.noteFocus(text)
            return self.screen.statement.draw(into: &canvas, in: text, self.language)
        }
        let lines = self.statementLines(columns: text.columns, maximum: text.rows + 1)
        for (index, line) in lines.prefix(text.rows).enumerated() {
            let isCut = index == text.rows - 1 && lines.count > text.rows
            let ellipsis = canvas.glyphs.glyphs.ellipsis
            let shown = isCut ? Truncation.end(line, columns: text.columns - 2, ellipsis: "") + " " + ellipsis : line
            canvas.write(shown, row: text.row + index, column: text.column, role: .literal, maxColumns: text.columns)
        }
    }

    // MARK: Rows

    private var gridView: DatabaseGridView? {
        self.screen.front.map {
            DatabaseGridView(
                $0, self.screen.redaction, self.world, runningSince: self.screen.result?.startedAt)
        }
    }

    private var rowTitle: String { self.gridView?.rowTitle() ?? DatabasePhrases.row(self.language) }

    private func drawFrontPane(
        _ canvas: inout Canvas, _ rect: Rect, showsRow: Bool, _ layout: inout ScreenLayout
    ) {
        let title: String
        var note = ""
        if showsRow {
            title = self.rowTitle
        } else if let result = self.screen.result {
            title = (result.kind == .plan ? DatabasePhrases.plan : DatabasePhrases.result)(self.language)
            note = result.grid.phase == .loaded ? ScreenFormat.duration(result.grid.page.rows.duration) : ""
        } else {
            title = self.screen.grid?.table ?? ""
            note = self.orderNote(canvas.glyphs.glyphs)
        }
        let isFocused = self.screen.focus == .rows && !self.screen.statement.isOpen
        let inner = Pane.frame(&canvas, rect, title: title, note: note, isFocused: isFocused)
        self.drawFront(&canvas, inner, showsRow: showsRow, &layout)
    }

    private func drawFront(_ canvas: inout Canvas, _ rect: Rect, showsRow: Bool, _ layout: inout ScreenLayout) {
        let hasFocus = self.screen.focus == .rows && !self.screen.statement.isOpen
        guard let view = self.gridView else {
            let findings = self.screen.tables.findings
            guard !findings.isEmpty, let binding = self.screen.resource(in: self.world)?.binding else { return }
            return Pane.notice(&canvas, rect, StoreFindingText.lines(of: findings, binding, self.language))
        }
        if showsRow {
            view.drawRow(into: &canvas, in: rect, isOpen: hasFocus, &layout)
        } else {
            view.draw(
                into: &canvas, in: rect, hasFocus: hasFocus && !self.screen.isRowOpen, isTyping: self.screen.isTyping,
                &layout)
        }
    }

    private func orderNote(_ glyphs: Glyphs) -> String {
        guard let grid = self.screen.grid else { return "" }
        var text = ""
        if !grid.filter.isEmpty {
            let filter = Truncation.end(grid.filter, columns: 16, ellipsis: glyphs.ellipsis)
            text = DatabasePhrases.filtered(self.language, filter) + "  "
        }
        guard let order = grid.order else { return text + DatabasePhrases.ownOrder(self.language) }
        let column = Truncation.end(order.column, columns: 20, ellipsis: glyphs.ellipsis)
        return text + "\(column) \(order.isDescending ? glyphs.arrowDown : glyphs.arrowUp)"
    }

    // MARK: Schema

    private var schemaTitle: String {
        guard let table = self.screen.tables.open?.name else { return DatabasePhrases.schema(self.language) }
        return "\(DatabasePhrases.schema(self.language)) · \(table)"
    }

    private func drawSchema(_ canvas: inout Canvas, _ rect: Rect, _ layout: inout ScreenLayout) {
        layout.note(DatabaseScreen.Focus.schema, rect, first: 0, count: 0)
        if self.screen.focus == .schema { layout.noteFocus(rect) }
        if self.screen.rows.isReadingColumns, self.screen.schema.columns.isEmpty {
            return Pane.notice(&canvas, rect, [Span(StoragePhrases.loading(self.language), .dim)])
        }
        let lines = self.screen.schemaLines(self.language, columns: rect.columns - 2)
        self.screen.schema.draw(lines, into: &canvas, in: rect)
    }
}
