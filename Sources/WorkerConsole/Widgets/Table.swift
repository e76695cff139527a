package import TerminalCanvas

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
    ///   - row: The row with this index.
    /// - Returns: The rows that were drawn.
    @discardableResult
    package func draw(
        into canvas: inout Canvas, in area: Rect, viewport: ListViewport, isFocused: Bool = true,
        row: (Int) -> TableRow
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
        for (line, index) in window.enumerated() {
            self.draw(
                row(index), isSelected: index == viewport.selection, isFocused: isFocused, placed: placed,
                into: &canvas, at: Rect(row: body.row + line, column: area.column, rows: 1, columns: area.columns))
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
                row(index), isSelected: false, isFocused: false, placed: placed, into: &canvas,
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

    private func draw(
        _ row: TableRow, isSelected: Bool, isFocused: Bool, placed: [TableLayout.Place], into canvas: inout Canvas,
        at line: Rect
    ) {
        let glyphs = canvas.glyphs.glyphs
        if let marker = row.marker, !isSelected {
            canvas.write(marker.text, row: line.row, column: line.column, role: marker.role, maxColumns: 1)
        } else if isSelected {
            canvas.write(glyphs.pointer, row: line.row, column: line.column, role: isFocused ? .active : .strong)
        }
        for place in placed where place.index < row.cells.count {
            let cell = row.cells[place.index]
            let column = self.columns[place.index]
            cell.draw(
                into: &canvas, row: line.row, column: line.column + 1 + place.column, columns: place.columns,
                alignment: column.alignment, truncation: column.truncation, role: cell.role)
        }
        guard isSelected, isFocused else { return }
        canvas.select(Rect(row: line.row, column: line.column, rows: 1, columns: line.columns - 1))
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
