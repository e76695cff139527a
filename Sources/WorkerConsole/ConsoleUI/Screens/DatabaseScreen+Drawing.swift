package import TerminalCanvas
import Widgets
import WorkerDomain

extension DatabaseScreen {
    package func draw(into canvas: inout Canvas, area: Rect, world: World) -> ScreenLayout {
        self.drawBody(into: &canvas, area: area, world: world)
        return ScreenLayout()
    }

    private func drawBody(into canvas: inout Canvas, area: Rect, world: World) {
        guard !area.isEmpty else { return }
        self.clicks.clear()
        let language = world.language
        let (head, body) = area.splitTop(1)
        guard !Self.databases(in: world).isEmpty else {
            let inner = Pane.isSmall(area) ? area : Pane.frame(&canvas, area, title: "D1")
            Pane.notice(
                &canvas, inner,
                [
                    Span(DatabasePhrases.noDatabases(language), .strong),
                    Span(DatabasePhrases.noDatabasesAdvice(language), .dim),
                ])
            return
        }
        self.drawHead(&canvas, head, world)
        if let cell = self.cell {
            self.drawCell(cell, &canvas, body, language)
        } else if Pane.isSmall(area) {
            self.drawSmall(&canvas, body, world)
        } else {
            self.drawPanes(&canvas, body, world)
        }
    }

    /// The database, its place, and that nothing here writes; or the field that is typed in.
    private func drawHead(_ canvas: inout Canvas, _ rect: Rect, _ world: World) {
        let language = world.language
        let glyphs = canvas.glyphs.glyphs
        if let field = self.filterField {
            let label = " \(DatabasePhrases.whereHolds(language)) \(glyphs.active) "
            let used = canvas.write(rect.columns < 60 ? " / " : label, row: rect.row, column: rect.column, role: .key)
            Pane.input(
                field, &canvas,
                Rect(row: rect.row, column: rect.column + used, rows: 1, columns: rect.columns - used - 1))
            return
        }
        if let field = self.finder.field {
            return self.finder.draw(field, into: &canvas, in: rect, label: CommonPhrases.find(language))
        }
        if let field = self.editor, rect.columns < 60 {
            let used = canvas.write(" SQL ", row: rect.row, column: rect.column, role: .key)
            Pane.input(
                field, &canvas,
                Rect(row: rect.row, column: rect.column + used, rows: 1, columns: rect.columns - used - 1))
            return
        }
        guard let resource = self.resource(in: world) else { return }
        var path = "D1 \(glyphs.active) \(resource.binding.name)"
        if let name = resource.binding.resource { path += " (\(name))" }
        if let table = self.selectedTable?.name { path += " \(glyphs.active) \(table)" }
        let room = rect.columns / 2
        var whole = world.place(of: resource)
        if case .loaded(let outline) = self.outline, !outline.place.isEmpty { whole = outline.place }
        let place = Truncation.middle(whole, columns: max(0, room - 24), ellipsis: glyphs.ellipsis)
        var right = [Span(DatabasePhrases.readOnly(language), .strong), Span(" ")]
        if rect.columns >= 60 {
            let isRemote = resource.place.contains("://")
            let origin = (isRemote ? StoragePhrases.remote : StoragePhrases.local)(language)
            right = [Span(origin, isRemote ? .danger : .strong), Span(" \(place) · ", .dim)] + right
        }
        path = Truncation.end(path, columns: rect.columns - 14, ellipsis: glyphs.ellipsis)
        Pane.line([Span(" \(path)", .title)], right, to: &canvas, row: rect.row, in: rect)
    }

    // MARK: Layout

    private func drawSmall(_ canvas: inout Canvas, _ rect: Rect, _ world: World) {
        switch self.focus {
        case .tables where self.result == nil: self.drawTables(&canvas, rect, world.language, in: world)
        case .tables, .rows:
            if self.isRowOpen {
                self.drawRow(&canvas, rect, world)
            } else {
                self.drawFront(&canvas, rect, world)
            }
        case .schema: self.drawSchema(&canvas, rect, world.language)
        }
    }

    private func drawPanes(_ canvas: inout Canvas, _ body: Rect, _ world: World) {
        let language = world.language
        let isWide = body.columns >= 120
        let (left, rest) = body.splitLeft(isWide ? 28 : 22)
        self.drawTablesPane(&canvas, left, language)
        var main = rest
        if self.editor != nil || self.result != nil {
            let rows = isWide ? 5 : 4
            let (editorRect, below) = rest.splitTop(rows)
            self.drawEditor(&canvas, editorRect, language)
            main = below
        }
        guard isWide else {
            if self.focus == .schema {
                let inner = Pane.frame(&canvas, main, title: self.schemaTitle(language), isFocused: true)
                self.drawSchema(&canvas, inner, language)
            } else {
                self.drawFrontPane(&canvas, main, world, showsRow: self.isRowOpen)
            }
            return
        }
        let (grid, side) = main.splitLeft(main.columns - max(40, main.columns / 3))
        self.drawFrontPane(&canvas, grid, world, showsRow: false)
        let (rowRect, schemaRect) = side.splitTop(side.rows / 2)
        let rowInner = Pane.frame(
            &canvas, rowRect, title: self.rowTitle(language), isFocused: self.isRowOpen && self.focus == .rows)
        self.drawRow(&canvas, rowInner, world)
        let schemaInner = Pane.frame(
            &canvas, schemaRect, title: self.schemaTitle(language), isFocused: self.focus == .schema)
        self.drawSchema(&canvas, schemaInner, language)
    }

    private func drawFrontPane(_ canvas: inout Canvas, _ rect: Rect, _ world: World, showsRow: Bool) {
        let language = world.language
        let title: String
        var note = ""
        if showsRow {
            title = self.rowTitle(language)
        } else if let result = self.result {
            title = DatabasePhrases.result(language)
            note = ScreenFormat.duration(result.page.rows.duration)
        } else {
            title = self.grid?.table ?? ""
            note = self.orderNote(canvas.glyphs.glyphs, language)
        }
        let inner = Pane.frame(&canvas, rect, title: title, note: note, isFocused: self.focus == .rows)
        if self.front == nil, !self.findings.isEmpty { return self.drawFindings(&canvas, inner, world) }
        if showsRow { self.drawRow(&canvas, inner, world) } else { self.drawFront(&canvas, inner, world) }
    }

    private func orderNote(_ glyphs: Glyphs, _ language: Language) -> String {
        guard let grid = self.grid else { return "" }
        var text = ""
        if !grid.filter.isEmpty { text = DatabasePhrases.filtered(language, String(grid.filter.prefix(16))) + "  " }
        if let order = grid.order {
            text += "\(order.column.prefix(20)) \(order.isDescending ? glyphs.arrowDown : glyphs.arrowUp)"
        } else {
            text += DatabasePhrases.ownOrder(language)
        }
        return text
    }

    // MARK: Tables

    private func drawTablesPane(_ canvas: inout Canvas, _ rect: Rect, _ language: Language) {
        let note = self.tables.isEmpty ? "" : ScreenFormat.count(self.tables.count)
        let inner = Pane.frame(
            &canvas, rect, title: DatabasePhrases.tables(language), note: note, isFocused: self.focus == .tables)
        guard case .loaded(let outline) = self.outline, outline.overview.exists, inner.rows > 8 else {
            self.drawTables(&canvas, inner, language)
            return
        }
        self.drawTables(&canvas, inner.splitTop(inner.rows - 3).top, language)
        let overview = outline.overview
        let facts = [
            DatabasePhrases.indexes(language, ScreenFormat.count(overview.indexes)),
            DatabasePhrases.triggers(language, ScreenFormat.count(overview.triggers)),
            ScreenFormat.bytes(overview.bytes),
        ]
        for (index, fact) in facts.enumerated() {
            canvas.write(
                fact, row: inner.endRow - 3 + index, column: inner.column + 1, role: .dim,
                maxColumns: inner.columns - 1)
        }
    }

    /// What was found in place of the database, and what to set.
    private func drawFindings(_ canvas: inout Canvas, _ rect: Rect, _ world: World) {
        guard let binding = self.resource(in: world)?.binding else { return }
        Pane.notice(&canvas, rect, StoreFindingText.lines(of: self.findings, binding, world.language))
    }

    /// Draws the list; where `world` is given there is no other pane, and what was found is said here.
    private func drawTables(_ canvas: inout Canvas, _ rect: Rect, _ language: Language, in world: World? = nil) {
        switch self.outline {
        case .loading: Pane.notice(&canvas, rect, [Span(StoragePhrases.loading(language), .dim)])
        case .failed(let error): Pane.failure(&canvas, rect, error, language)
        case .loaded(let outline):
            let tables = outline.overview.tables
            if tables.isEmpty, !self.findings.isEmpty, !outline.overview.exists {
                if Pane.isSmall(rect), rect.columns >= 30, let world { return self.drawFindings(&canvas, rect, world) }
                Pane.notice(&canvas, rect, [Span(StoragePhrases.nothingHere(language), .strong)])
                return
            }
            if tables.isEmpty {
                let title = outline.overview.exists ? DatabasePhrases.noTables : StoragePhrases.nothingYet
                Pane.notice(
                    &canvas, rect,
                    [
                        Span("\(canvas.glyphs.glyphs.idle) \(title(language))", .strong),
                        Span(DatabasePhrases.emptyAdvice(language), .dim),
                    ])
                return
            }
            if self.focus == .tables { self.height.note(rect.rows) }
            let top = Pane.top(cursor: self.tableCursor, count: tables.count, height: rect.rows)
            self.clicks.note(.tables, rect, first: top, count: tables.count)
            for offset in 0..<min(rect.rows, tables.count - top) {
                let isSelected = top + offset == self.tableCursor
                self.drawTable(tables[top + offset], &canvas, row: rect.row + offset, rect, language)
                if isSelected {
                    Pane.select(&canvas, row: rect.row + offset, in: rect, isFocused: self.focus == .tables)
                }
            }
            ScrollBar(count: tables.count, window: top..<min(tables.count, top + rect.rows)).draw(
                into: &canvas, in: rect)
        }
    }

    private func drawTable(
        _ table: DatabaseOverview.Table, _ canvas: inout Canvas, row: Int, _ rect: Rect, _ language: Language
    ) {
        let note =
            switch table.kind {
            case .view: DatabasePhrases.view(language)
            case .virtual, .shadow: DatabasePhrases.virtual(language)
            case .table: table.rows.map { ScreenFormat.count($0) } ?? canvas.glyphs.glyphs.unknown
            }
        let noteColumns = min(Sanitizer.columns(of: note), rect.columns / 2)
        let nameColumns = max(3, rect.columns - noteColumns - 3)
        let name = Truncation.middle(table.name, columns: nameColumns, ellipsis: canvas.glyphs.glyphs.ellipsis)
        canvas.write(name, row: row, column: rect.column + 1, maxColumns: nameColumns)
        if let mark = self.tableMarks.mark(of: table.name) {
            canvas.write(
                canvas.glyphs.glyphs.marked, row: row, column: rect.column, role: mark == .added ? .ok : .warning)
        }
        Pane.right(
            note, to: &canvas, row: row, column: rect.endColumn - noteColumns - 1, columns: noteColumns, role: .dim)
    }

    // MARK: SQL

    private func drawEditor(_ canvas: inout Canvas, _ rect: Rect, _ language: Language) {
        let inner = Pane.frame(
            &canvas, rect, title: DatabasePhrases.sqlTitle(language), isFocused: self.editor != nil)
        if let editor = self.editor {
            Pane.input(
                editor, &canvas, Rect(row: inner.row, column: inner.column + 1, rows: 1, columns: inner.columns - 2))
        } else if case .query(let sql) = self.result?.source {
            let lines = Wrapping.lines(of: sql, columns: inner.columns - 2, maximum: inner.rows)
            for (index, line) in lines.prefix(inner.rows).enumerated() {
                canvas.write(line, row: inner.row + index, column: inner.column + 1, role: .literal)
            }
        }
    }

    // MARK: Cell

    private func drawCell(_ cell: DatabaseCell, _ canvas: inout Canvas, _ rect: Rect, _ language: Language) {
        let titles = DatabaseCell.Tab.allCases.map { (Self.title(of: $0)(language), $0 == cell.tab) }
        let (head, body) = rect.splitTop(1)
        Pane.tabs(titles, &canvas, row: head.row, in: head)
        if let field = cell.finder.field {
            cell.finder.draw(field, into: &canvas, in: head, label: CommonPhrases.find(language))
        }
        let storage = DatabaseText.storageClass(of: cell.value)
        let size = ScreenFormat.count(DatabaseCell.bytes(of: cell.value).count)
        var inner = body
        if !Pane.isSmall(rect) {
            let note = cell.value == .null ? storage : "\(storage) \(size) B"
            inner = Pane.frame(&canvas, body, title: cell.title, note: note, isFocused: true)
        }
        switch cell.value {
        case .null: Pane.notice(&canvas, inner, [Span(DatabasePhrases.isNull(language), .dim)])
        case .text(""): Pane.notice(&canvas, inner, [Span(DatabasePhrases.emptyText(language), .dim)])
        case .blob([]): Pane.notice(&canvas, inner, [Span(DatabasePhrases.emptyBlob(language), .dim)])
        default:
            guard let content = cell.content else {
                Pane.notice(&canvas, inner, [Span(StoragePhrases.loading(language), .dim)])
                return
            }
            let form: StoredContentView.Form =
                switch cell.tab {
                case .pretty: .pretty
                case .text: .text
                case .hex: .hex
                }
            self.height.note(inner.rows)
            StoredContentView.draw(
                &canvas, inner, content, form: form, line: cell.line, left: cell.left, finder: cell.finder,
                language: language)
        }
    }

    private static func title(of tab: DatabaseCell.Tab) -> Phrase {
        switch tab {
        case .pretty: StoragePhrases.tabPretty
        case .text: StoragePhrases.tabText
        case .hex: StoragePhrases.tabHex
        }
    }
}
