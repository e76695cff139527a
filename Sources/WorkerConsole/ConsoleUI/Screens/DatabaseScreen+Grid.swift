import TerminalCanvas
import Widgets
import WorkerDomain

extension DatabaseScreen {
    /// The rows, or why there are none.
    func drawFront(_ canvas: inout Canvas, _ rect: Rect, _ world: World) {
        let language = world.language
        guard let grid = self.front else { return }
        switch grid.phase {
        case .loading:
            let phrase = self.result == nil ? StoragePhrases.loading : DatabasePhrases.running
            Pane.notice(&canvas, rect, [Span(phrase(language), .dim)])
        case .failed(let error):
            if case .query = grid.source, error.code == .invalid {
                // The engine's own words are what helps with a statement.
                Pane.notice(
                    &canvas, rect,
                    [
                        Span("\(canvas.glyphs.glyphs.cross) \(DatabasePhrases.sqlFailed(language))", .failure),
                        Span(language.text(error.reason)),
                    ])
            } else {
                Pane.failure(&canvas, rect, error, language)
            }
        case .loaded:
            self.drawRows(grid, &canvas, rect, world)
        }
    }

    private func drawRows(_ grid: DatabaseGrid, _ canvas: inout Canvas, _ rect: Rect, _ world: World) {
        let language = world.language
        guard rect.rows > 1, !grid.columns.isEmpty else {
            Pane.notice(&canvas, rect, [Span(DatabasePhrases.noRows(language), .dim)])
            return
        }
        let shown = self.visibleColumns(grid, width: rect.columns - 1)
        let isFocused = self.focus == .rows && !self.isTyping
        let (head, body) = rect.splitTop(1)
        for place in shown {
            let name = grid.columns[place.index]
            var title = Truncation.end(name, columns: place.width, ellipsis: canvas.glyphs.glyphs.ellipsis)
            if let order = grid.order, order.column.hasSameBytes(as: name) {
                let arrow =
                    order.isDescending ? canvas.glyphs.glyphs.arrowDown : canvas.glyphs.glyphs.arrowUp
                title = Truncation.end(name, columns: place.width - 1, ellipsis: canvas.glyphs.glyphs.ellipsis) + arrow
            }
            let role: Role = place.index == grid.column && isFocused ? .key : .heading
            if grid.page.isNumeric[place.index] {
                Pane.right(
                    title, to: &canvas, row: head.row, column: rect.column + place.column, columns: place.width,
                    role: role)
            } else {
                canvas.write(
                    title, row: head.row, column: rect.column + place.column, role: role, maxColumns: place.width)
            }
        }
        if let last = shown.last, last.index + 1 < grid.columns.count {
            canvas.write(canvas.glyphs.glyphs.arrowRight, row: head.row, column: rect.endColumn - 1, role: .key)
        }
        if grid.rows.isEmpty {
            let text =
                grid.filter.isEmpty
                ? DatabasePhrases.noRows(language) : DatabasePhrases.noMatch(language, String(grid.filter.prefix(40)))
            Pane.notice(&canvas, body, [Span(text, .dim)])
            return
        }
        if self.focus == .rows, !self.isRowOpen { self.height.note(body.rows) }
        let top = Pane.top(cursor: grid.row, count: grid.rows.count, height: body.rows)
        self.clicks.note(.rows, body, first: top, count: grid.rows.count)
        for offset in 0..<min(body.rows, grid.rows.count - top) {
            let row = grid.rows[top + offset]
            let isSelected = top + offset == grid.row
            for place in shown {
                self.drawValue(
                    self.shown(
                        row[place.index], at: place.index, of: grid.page.rows, in: world, prefix: Self.drawnScalars),
                    &canvas,
                    row: body.row + offset, column: rect.column + place.column,
                    width: place.width, isNumeric: grid.page.isNumeric[place.index])
            }
            if let mark = grid.marks.mark(of: row) {
                canvas.write(
                    canvas.glyphs.glyphs.marked, row: body.row + offset, column: rect.column,
                    role: mark == .added ? .ok : .warning)
            }
            if isSelected { Pane.select(&canvas, row: body.row + offset, in: rect, isFocused: isFocused) }
            if isSelected, isFocused, let place = shown.first(where: { $0.index == grid.column }) {
                canvas.paint(
                    Rect(row: body.row + offset, column: rect.column + place.column, rows: 1, columns: place.width),
                    role: .key)
            }
        }
        ScrollBar(count: grid.rows.count, window: top..<min(grid.rows.count, top + body.rows)).draw(
            into: &canvas, in: body)
    }

    /// The columns that fit, so that the selected one is among them; the first ones while it allows.
    private func visibleColumns(
        _ grid: DatabaseGrid, width: Int
    ) -> [(index: Int, column: Int, width: Int)] {
        let widths = grid.page.widths
        var first = 0
        // As few columns as needed are scrolled off to the left.
        while first < grid.column {
            let needed = (first...grid.column).reduce(0) { $0 + widths[$1] + 1 }
            if needed <= width { break }
            first += 1
        }
        var shown: [(index: Int, column: Int, width: Int)] = []
        var column = 1
        for index in first..<widths.count {
            let room = width - column
            guard room >= min(4, widths[index]) else { break }
            shown.append((index, column, min(widths[index], room)))
            column += widths[index] + 1
        }
        return shown
    }

    private func drawValue(
        _ value: SQLValue, _ canvas: inout Canvas, row: Int, column: Int, width: Int, isNumeric: Bool
    ) {
        let text = Truncation.end(DatabaseText.short(value), columns: width, ellipsis: canvas.glyphs.glyphs.ellipsis)
        if isNumeric {
            Pane.right(text, to: &canvas, row: row, column: column, columns: width, role: Self.role(of: value))
        } else {
            canvas.write(text, row: row, column: column, role: Self.role(of: value), maxColumns: width)
        }
    }

    static func role(of value: SQLValue) -> Role {
        switch value {
        case .null, .text(""), .blob([]): .dim
        case .integer, .real: .number
        case .text: .plain
        case .blob: .name
        }
    }

    // MARK: Row

    func rowTitle(_ language: Language) -> String {
        guard let grid = self.front, grid.selectedRow != nil else { return DatabasePhrases.row(language) }
        // A place in the order that is shown, which is no id.
        let place = ScreenFormat.count(grid.offset + grid.row + 1)
        if grid.filter.isEmpty, let total = grid.total, self.result == nil {
            return DatabasePhrases.rowAt(language, place, ScreenFormat.count(total))
        }
        let last = ScreenFormat.count(grid.offset + grid.rows.count) + (grid.hasMore ? "+" : "")
        return DatabasePhrases.rowAt(language, place, last)
    }

    /// One row as a list of its fields, each with its storage class.
    func drawRow(_ canvas: inout Canvas, _ rect: Rect, _ world: World) {
        guard let grid = self.front, let row = grid.selectedRow, rect.columns > 12 else { return }
        let names = grid.columns.map { DatabaseText.width(of: $0) }
        let nameColumns = min(names.max() ?? 4, rect.columns / 3)
        let classColumns = rect.columns >= 50 ? 8 : 0
        let valueColumns = rect.columns - nameColumns - classColumns - 3
        if self.isRowOpen { self.height.note(rect.rows) }
        let top = Pane.top(cursor: grid.column, count: row.count, height: rect.rows)
        for offset in 0..<min(rect.rows, row.count - top) {
            let index = top + offset
            let place = rect.row + offset
            let glyphs = canvas.glyphs.glyphs
            canvas.write(
                Truncation.end(grid.columns[index], columns: nameColumns, ellipsis: glyphs.ellipsis), row: place,
                column: rect.column + 1, role: .dim, maxColumns: nameColumns)
            let value = self.shown(row[index], at: index, of: grid.page.rows, in: world, prefix: Self.drawnScalars)
            if classColumns > 0 {
                canvas.write(
                    DatabaseText.storageClass(of: value), row: place, column: rect.column + nameColumns + 2, role: .dim)
            }
            canvas.write(
                Truncation.end(DatabaseText.short(value), columns: valueColumns, ellipsis: glyphs.ellipsis), row: place,
                column: rect.column + nameColumns + 2 + classColumns, role: Self.role(of: value),
                maxColumns: valueColumns)
            if index == grid.column, self.isRowOpen {
                Pane.select(&canvas, row: place, in: rect, isFocused: true)
            }
        }
    }
}
