package import TerminalCanvas

/// Lines that are read by scrolling.
package struct DetailPane: Sendable, Equatable {
    /// The first line that is shown, where so many are left.
    private(set) var line = 0

    package init() {}

    mutating func home() { self.line = 0 }

    /// Scrolls; `count` lines are there at the width that was drawn last.
    package mutating func move(by rows: Int, count: Int, page: Int) {
        let last = max(0, count - page)
        self.line = max(0, min(min(self.line, last) + rows, last))
    }

    /// Draws what is seen of the lines, with a mark where more follow.
    package func draw(_ lines: [[Span]], into canvas: inout Canvas, in rect: Rect) {
        let top = max(0, min(self.line, lines.count - rect.rows))
        for offset in 0..<min(rect.rows, max(0, lines.count - top)) {
            Pane.write(
                lines[top + offset], to: &canvas, row: rect.row + offset, column: rect.column + 1,
                columns: rect.columns - 2)
        }
        if top + rect.rows < lines.count, rect.rows > 1 {
            canvas.write(
                canvas.glyphs.glyphs.expanded, row: rect.endRow - 1, column: rect.endColumn - 1, role: .dim)
        }
    }
}
