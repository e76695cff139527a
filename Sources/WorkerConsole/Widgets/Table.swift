package import TerminalCanvas

/// Rows that were laid out before, as the cells that they became: a table that is drawn again and again asks here first.
package struct TableMemory {
    /// The cells of a row, pointer and scroll bar left out; `nil` where it has to be laid out.
    let cells: (Int) -> [Cell]?
    /// Takes what a row has become.
    let keep: (Int, [Cell]) -> Void
    /// What stands at the left of a row that is not selected.
    let marker: (Int) -> TextRun?

    package init(
        cells: @escaping (Int) -> [Cell]?, keep: @escaping (Int, [Cell]) -> Void,
        marker: @escaping (Int) -> TextRun?
    ) {
        self.cells = cells
        self.keep = keep
        self.marker = marker
    }
}

/// Rows in columns, with a heading, a pointer on the selected row and a scroll bar.
///
/// Rows are asked for one at a time, and only those that are seen.
package struct Table: Sendable, Equatable {
    package var columns: [TableColumn]
    /// What stands in the middle of a table without rows.
    package var emptyText: String
    package var showsHeading: Bool

    package init(columns: [TableColumn], emptyText: String = "", showsHeading: Bool = true) {
        self.columns = columns
        self.emptyText = emptyText
        self.showsHeading = showsHeading
    }

    /// Draws the rows around the selection.
    /// - Parameters:
    ///   - canvas: Where it is drawn.
    ///   - area: One column at the left is for the pointer, one at the right for the scroll bar.
    ///   - viewport: Its count is the number of rows.
    ///   - isFocused: The selected row has a background only in the pane that has the focus.
    ///   - memory: Rows that were laid out before, in this width and with these columns.
    ///   - row: The row with this index.
    /// - Returns: The rows that were drawn.
    @discardableResult
    package func draw(
        into canvas: inout Canvas, in area: Rect, viewport: ListViewport, isFocused: Bool = true,
        memory: TableMemory? = nil, row: (Int) -> TableRow
    ) -> Range<Int> {
        guard !area.isEmpty else { return 0..<0 }
        canvas.fill(area)
        let placed = TableLayout.place(self.columns, in: area.columns - 2)
        let body = self.drawHeading(placed, into: &canvas, in: area)
        let window = viewport.window(height: body.rows)
        guard !window.isEmpty else {
            self.drawEmpty(into: &canvas, in: body)
            return window
        }
        for (offset, index) in window.enumerated() {
            let line = Rect(row: body.row + offset, column: area.column, rows: 1, columns: area.columns)
            let marker: TextRun?
            if let memory, let cells = memory.cells(index) {
                canvas.put(cells, row: line.row, column: line.column + 1)
                marker = memory.marker(index)
            } else {
                let row = row(index)
                self.draw(row, placed: placed, into: &canvas, at: line)
                marker = row.marker
                memory?.keep(
                    index, canvas.line(row: line.row, column: line.column + 1, columns: line.columns - 2))
            }
            let isSelected = index == viewport.selection
            self.point(at: line, marker: marker, isSelected: isSelected, isFocused: isFocused, into: &canvas)
        }
        ScrollBar(count: viewport.count, window: window).draw(into: &canvas, in: body)
        return window
    }

    /// Where the rows are drawn in an area.
    package func body(of area: Rect) -> Rect {
        self.showsHeading && area.rows > 1 ? area.splitTop(1).rest : area
    }

    /// Draws the first `count` rows without a selection, for tables that are only looked at.
    package func drawUnselected(into canvas: inout Canvas, in area: Rect, count: Int, row: (Int) -> TableRow) {
        guard !area.isEmpty else { return }
        canvas.fill(area)
        let placed = TableLayout.place(self.columns, in: area.columns - 2)
        let body = self.drawHeading(placed, into: &canvas, in: area)
        guard count > 0 else { return self.drawEmpty(into: &canvas, in: body) }
        for index in 0..<min(count, body.rows) {
            self.draw(
                row(index), placed: placed, into: &canvas,
                at: Rect(row: body.row + index, column: area.column, rows: 1, columns: area.columns))
        }
    }

    /// - Returns: What is left below the heading.
    private func drawHeading(_ placed: [TableLayout.Place], into canvas: inout Canvas, in area: Rect) -> Rect {
        let rest = self.body(of: area)
        guard rest.rows < area.rows else { return area }
        let heading = area.splitTop(1).top
        for place in placed {
            let column = self.columns[place.index]
            TableCell(column.title, .heading).draw(
                into: &canvas, row: heading.row, column: area.column + 1 + place.column, columns: place.columns,
                alignment: column.alignment, truncation: .end, role: .heading)
        }
        return rest
    }

    private func point(
        at line: Rect, marker: TextRun?, isSelected: Bool, isFocused: Bool, into canvas: inout Canvas
    ) {
        if isSelected {
            let pointer = canvas.glyphs.glyphs.pointer
            canvas.write(pointer, row: line.row, column: line.column, role: isFocused ? .active : .strong)
            if isFocused {
                canvas.select(Rect(row: line.row, column: line.column, rows: 1, columns: line.columns - 1))
            }
        } else if let marker {
            canvas.write(marker.text, row: line.row, column: line.column, role: marker.role, maxColumns: 1)
        }
    }

    private func draw(_ row: TableRow, placed: [TableLayout.Place], into canvas: inout Canvas, at line: Rect) {
        for place in placed where place.index < row.cells.count {
            let cell = row.cells[place.index]
            let column = self.columns[place.index]
            cell.draw(
                into: &canvas, row: line.row, column: line.column + 1 + place.column, columns: place.columns,
                alignment: column.alignment, truncation: column.truncation, role: cell.role)
        }
    }

    private func drawEmpty(into canvas: inout Canvas, in body: Rect) {
        guard body.rows > 0, !self.emptyText.isEmpty else { return }
        let text = Truncation.end(
            self.emptyText, columns: max(0, body.columns - 2), ellipsis: canvas.glyphs.glyphs.ellipsis)
        let column = body.column + max(1, (body.columns - Sanitizer.columns(of: text)) / 2)
        canvas.write(
            text, row: body.row + (body.rows - 1) / 2, column: column, role: .dim, maxColumns: body.endColumn - column)
    }
}
