import ConsoleUI
import TerminalCanvas
import Widgets
import WorkerDomain

/// The picture of a page of rows, and of one of them.
struct DatabaseGridView {
    private let grid: DatabaseGrid
    private let redaction: DatabaseRedaction
    private let world: World
    /// When the statement was run whose rows these are.
    private let runningSince: WallTime?
    private var language: Language { self.world.language }

    init(
        _ grid: DatabaseGrid, _ redaction: DatabaseRedaction, _ world: World, runningSince: WallTime? = nil
    ) {
        self.runningSince = runningSince
        self.grid = grid
        self.redaction = redaction
        self.world = world
    }

    private struct Column {
        let index: Int
        var column: Int
        var width: Int
    }

    /// The rows, or why there are none.
    func draw(
        into canvas: inout Canvas, in rect: Rect, hasFocus: Bool, isTyping: Bool, _ layout: inout ScreenLayout
    ) {
        if hasFocus { layout.noteFocus(rect) }
        switch self.grid.phase {
        case .loading:
            guard self.grid.table == nil, let start = self.runningSince else {
                return Pane.notice(&canvas, rect, [Span(StoragePhrases.loading(self.language), .dim)])
            }
            let seconds = max(0, self.world.now.nanosecondsSinceEpoch - start.nanosecondsSinceEpoch) / 1_000_000_000
            let limit = SQLLimits.statementTime.components.seconds
            Pane.notice(
                &canvas, rect,
                [
                    Span(DatabasePhrases.running(self.language), .active),
                    Span(DatabasePhrases.runningFor(self.language, "\(seconds)", "\(limit)"), .dim),
                ])
        case .failed(let error):
            if case .query = self.grid.source, error.code == .invalid {
                // The engine's own words are what helps with a statement.
                Pane.notice(
                    &canvas, rect,
                    [
                        Span("\(canvas.glyphs.glyphs.cross) \(DatabasePhrases.sqlFailed(self.language))", .failure),
                        Span(language.text(error.reason)),
                    ])
            } else {
                Pane.failure(&canvas, rect, error, self.language)
            }
        case .loaded: self.drawRows(&canvas, rect, hasFocus: hasFocus, isTyping: isTyping, &layout)
        }
    }

    private func drawRows(
        _ canvas: inout Canvas, _ rect: Rect, hasFocus: Bool, isTyping: Bool, _ layout: inout ScreenLayout
    ) {
        let grid = self.grid
        guard rect.rows > 1, !grid.columns.isEmpty else {
            return Pane.notice(&canvas, rect, [Span(DatabasePhrases.noRows(self.language), .dim)])
        }
        let shown = self.visibleColumns(width: rect.columns - 1)
        let isFocused = hasFocus && !isTyping
        let (head, body) = rect.splitTop(1)
        self.drawHeadings(shown, &canvas, head, isFocused: isFocused)
        if grid.rows.isEmpty {
            let filter = Truncation.end(grid.filter, columns: 40, ellipsis: canvas.glyphs.glyphs.ellipsis)
            let text =
                filter.isEmpty ? DatabasePhrases.noRows(self.language) : DatabasePhrases.noMatch(self.language, filter)
            return Pane.notice(&canvas, body, [Span(text, .dim)])
        }
        if hasFocus { layout.noteFocus(body) }
        let top = Pane.top(cursor: grid.row, count: grid.rows.count, height: body.rows)
        let window = top..<max(top, min(grid.rows.count, top + body.rows))
        layout.note(DatabaseScreen.Focus.rows, body, first: top, count: grid.rows.count)
        for index in window {
            let row = body.row + index - top
            self.drawCells(of: index, shown, &canvas, row: row, rect)
            guard index == grid.row else { continue }
            Pane.select(&canvas, row: row, in: rect, isFocused: isFocused)
            if isFocused, let place = shown.first(where: { $0.index == grid.column }) {
                canvas.paint(
                    Rect(row: row, column: rect.column + place.column, rows: 1, columns: place.width), role: .key)
            }
        }
        ScrollBar(count: grid.rows.count, window: window).draw(into: &canvas, in: body)
    }

    private func drawHeadings(_ shown: [Column], _ canvas: inout Canvas, _ head: Rect, isFocused: Bool) {
        let glyphs = canvas.glyphs.glyphs
        for place in shown {
            let name = self.grid.columns[place.index]
            var title = Truncation.end(name, columns: place.width, ellipsis: glyphs.ellipsis)
            if let order = self.grid.order, order.column.hasSameBytes(as: name) {
                let arrow = order.isDescending ? glyphs.arrowDown : glyphs.arrowUp
                title = Truncation.end(name, columns: place.width - 1, ellipsis: glyphs.ellipsis) + arrow
            }
            let role: Role = place.index == self.grid.column && isFocused ? .key : .heading
            if self.grid.page.isNumeric[place.index] {
                Pane.right(
                    title, to: &canvas, row: head.row, column: head.column + place.column, columns: place.width,
                    role: role)
            } else {
                canvas.write(
                    title, row: head.row, column: head.column + place.column, role: role, maxColumns: place.width)
            }
        }
        if let last = shown.last, last.index + 1 < self.grid.columns.count {
            canvas.write(glyphs.arrowRight, row: head.row, column: head.endColumn - 1, role: .key)
        }
    }

    private func drawCells(of index: Int, _ shown: [Column], _ canvas: inout Canvas, row: Int, _ rect: Rect) {
        let values = self.grid.rows[index]
        for place in shown {
            let value = self.redaction.shown(
                values[place.index], at: place.index, of: self.grid.page.rows, in: self.world,
                prefix: DatabaseRedaction.drawnScalars)
            let text = Truncation.end(
                DatabaseText.short(value), columns: place.width, ellipsis: canvas.glyphs.glyphs.ellipsis)
            let column = rect.column + place.column
            if self.grid.page.isNumeric[place.index] {
                Pane.right(
                    text, to: &canvas, row: row, column: column, columns: place.width,
                    role: DatabaseText.role(of: value))
            } else {
                canvas.write(
                    text, row: row, column: column, role: DatabaseText.role(of: value), maxColumns: place.width)
            }
        }
        if let mark = self.grid.marks.mark(of: values) {
            canvas.write(
                canvas.glyphs.glyphs.marked, row: row, column: rect.column, role: mark == .added ? .ok : .warning)
        }
    }

    /// The columns that fit, so that the selected one is among them; the first ones while it allows. Room that is left
    /// goes to columns whose values are cut.
    private func visibleColumns(width: Int) -> [Column] {
        let widths = self.grid.page.widths
        var first = 0
        // As few columns as needed are scrolled off to the left.
        while first < self.grid.column {
            let needed = (first...self.grid.column).reduce(0) { $0 + widths[$1] + 1 }
            if needed <= width { break }
            first += 1
        }
        var shown: [Column] = []
        var column = 1
        for index in first..<widths.count {
            let room = width - column
            guard room >= min(4, widths[index]) else { break }
            shown.append(Column(index: index, column: column, width: min(widths[index], room)))
            column += widths[index] + 1
        }
        guard shown.count == widths.count else { return shown }
        var spare = width - column
        column = 1
        for place in shown.indices {
            let wanted = self.grid.page.wholeWidths[shown[place].index]
            let more = max(0, min(spare, wanted - shown[place].width))
            shown[place].column = column
            shown[place].width += more
            spare -= more
            column += shown[place].width + 1
        }
        return shown
    }

    // MARK: Row

    /// Where the selected row stands.
    func rowTitle() -> String {
        guard self.grid.selectedRow != nil else { return DatabasePhrases.row(self.language) }
        // A place in the order that is shown, which is no id.
        guard let position = self.grid.position else { return DatabasePhrases.row(self.language) }
        let place = ScreenFormat.count(position + self.grid.row + 1)
        if self.grid.filter.isEmpty, let total = self.grid.total {
            let rough = self.grid.isTotalRough ? "~" : ""
            return DatabasePhrases.rowAt(self.language, place, rough + ScreenFormat.count(total))
        }
        let last = ScreenFormat.count(position + self.grid.rows.count) + (self.grid.hasMore ? "+" : "")
        return DatabasePhrases.rowAt(self.language, place, last)
    }

    /// One row as a list of its fields, each with its storage class.
    func drawRow(into canvas: inout Canvas, in rect: Rect, isOpen: Bool, _ layout: inout ScreenLayout) {
        guard let row = self.grid.selectedRow, rect.columns > 12 else { return }
        if isOpen { layout.noteFocus(rect) }
        let names = self.grid.columns.map { DatabaseText.width(of: $0) }
        let nameColumns = min(names.max() ?? 4, rect.columns / 3)
        let classColumns = rect.columns >= 50 ? 8 : 0
        let valueColumns = rect.columns - nameColumns - classColumns - 3
        let ellipsis = canvas.glyphs.glyphs.ellipsis
        let top = Pane.top(cursor: self.grid.column, count: row.count, height: rect.rows)
        for offset in 0..<min(rect.rows, max(0, row.count - top)) {
            let index = top + offset
            let place = rect.row + offset
            canvas.write(
                Truncation.end(self.grid.columns[index], columns: nameColumns, ellipsis: ellipsis), row: place,
                column: rect.column + 1, role: .dim, maxColumns: nameColumns)
            let value = self.redaction.shown(
                row[index], at: index, of: self.grid.page.rows, in: self.world, prefix: DatabaseRedaction.drawnScalars)
            if classColumns > 0 {
                canvas.write(
                    DatabaseText.storageClass(of: value), row: place, column: rect.column + nameColumns + 2, role: .dim)
            }
            canvas.write(
                Truncation.end(DatabaseText.short(value), columns: valueColumns, ellipsis: ellipsis), row: place,
                column: rect.column + nameColumns + 2 + classColumns, role: DatabaseText.role(of: value),
                maxColumns: valueColumns)
            if index == self.grid.column, isOpen { Pane.select(&canvas, row: place, in: rect, isFocused: true) }
        }
    }
}
