package import TerminalCanvas

/// A framed pane with a title on the left and a note on the right of its upper edge.
package struct Box: Sendable, Equatable {
    package var title: String
    package var note: String
    /// The pane that keys go to: its title is shown as selected.
    package var isFocused: Bool

    package init(title: String = "", note: String = "", isFocused: Bool = false) {
        self.title = title
        self.note = note
        self.isFocused = isFocused
    }

    /// Draws the frame, and blanks what is inside it.
    /// - Returns: The part inside the frame; empty when `area` is too small for one.
    @discardableResult
    package func draw(into canvas: inout Canvas, in area: Rect) -> Rect {
        guard area.rows >= 2, area.columns >= 2 else {
            return Rect(row: area.row, column: area.column, rows: 0, columns: 0)
        }
        let glyphs = canvas.glyphs.glyphs
        let inner = area.inset()
        let (last, right) = (area.endRow - 1, area.endColumn - 1)
        let horizontal = Cell(Grapheme(glyphs.horizontal), role: .border)
        let vertical = Cell(Grapheme(glyphs.vertical), role: .border)
        for row in [area.row, last] {
            canvas.fill(Rect(row: row, column: inner.column, rows: 1, columns: inner.columns), with: horizontal)
        }
        for column in [area.column, right] {
            canvas.fill(Rect(row: inner.row, column: column, rows: inner.rows, columns: 1), with: vertical)
        }
        canvas.write(glyphs.topLeft, row: area.row, column: area.column, role: .border)
        canvas.write(glyphs.topRight, row: area.row, column: right, role: .border)
        canvas.write(glyphs.bottomLeft, row: last, column: area.column, role: .border)
        canvas.write(glyphs.bottomRight, row: last, column: right, role: .border)
        canvas.fill(inner)
        self.drawEdge(into: &canvas, in: area, glyphs: glyphs)
        return inner
    }

    private func drawEdge(into canvas: inout Canvas, in area: Rect, glyphs: Glyphs) {
        // Corner and one line at each end, and a blank on each side of a text.
        var free = area.columns - 6
        var end = area.column
        if !self.title.isEmpty, free >= 1 {
            let title = Truncation.end(self.title, columns: free, ellipsis: glyphs.ellipsis)
            let role: Role = self.isFocused ? .selected : .title
            let used = canvas.write(" \(title) ", row: area.row, column: area.column + 2, role: role)
            end = area.column + 2 + used
            free -= used + 1
        }
        guard !self.note.isEmpty, free >= 3 else { return }
        let note = Truncation.end(self.note, columns: free, ellipsis: glyphs.ellipsis)
        let column = area.endColumn - 4 - Sanitizer.columns(of: note)
        if column >= end { canvas.write(" \(note) ", row: area.row, column: column, role: .dim) }
    }
}
