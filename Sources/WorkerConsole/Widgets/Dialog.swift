package import TerminalCanvas

/// A box in the middle of the screen that asks something.
package struct Dialog: Sendable, Equatable {
    package var title: String
    package var lines: [[TextRun]]
    package var buttons: [String]
    package var selectedButton: Int
    /// A line to type into, above the buttons.
    package var field: TextField?

    package init(
        title: String, lines: [[TextRun]], buttons: [String] = [], selectedButton: Int = 0, field: TextField? = nil
    ) {
        self.title = title
        self.lines = lines
        self.buttons = buttons
        self.selectedButton = selectedButton
        self.field = field
    }

    /// Draws the box in the middle of `area`, as large as its text wants and as `area` allows.
    /// - Returns: The part inside the frame.
    @discardableResult
    package func draw(into canvas: inout Canvas, in area: Rect) -> Rect {
        let widest = self.lines.map { line in line.reduce(0) { $0 + Sanitizer.columns(of: $1.text) } }.max() ?? 0
        let row = self.buttons.reduce(0) { $0 + Sanitizer.columns(of: $1) + 6 }
        let wanted = max(widest, row, Sanitizer.columns(of: self.title) + 4, self.field == nil ? 16 : 40) + 4
        let columns = min(area.columns, wanted)
        let below = (self.field == nil ? 0 : 2) + (self.buttons.isEmpty ? 0 : 2)
        let rows = min(area.rows, self.lines.count + below + 2)
        let place = Rect(
            row: area.row + (area.rows - rows) / 2, column: area.column + (area.columns - columns) / 2, rows: rows,
            columns: columns)
        let inner = Box(title: self.title, isFocused: true).draw(into: &canvas, in: place)
        guard !inner.isEmpty else { return inner }
        let text = inner.inset(rows: 0, columns: 1)
        // The answer must be seen: lines give way first.
        let room = max(0, inner.rows - (self.field == nil ? 0 : 1) - (self.buttons.isEmpty ? 0 : 1))
        for (offset, line) in self.lines.prefix(room).enumerated() {
            canvas.write(line, row: text.row + offset, column: text.column, maxColumns: text.columns)
        }
        if let field = self.field {
            let offset = inner.rows - (self.buttons.isEmpty ? 1 : (inner.rows >= 3 ? 3 : 2))
            if offset >= 0 {
                field.draw(
                    into: &canvas,
                    in: Rect(row: text.row + offset, column: text.column, rows: 1, columns: text.columns),
                    role: .strong)
            }
        }
        self.drawButtons(into: &canvas, in: text)
        return inner
    }

    private func drawButtons(into canvas: inout Canvas, in text: Rect) {
        guard !self.buttons.isEmpty, text.rows > 0 else { return }
        let pointer = canvas.glyphs.glyphs.pointer
        var column = text.column
        for (index, button) in self.buttons.enumerated() {
            let isSelected = index == self.selectedButton
            column +=
                canvas.write(
                    "\(isSelected ? pointer : " ")[ \(button) ]", row: text.endRow - 1, column: column,
                    role: isSelected ? .selected : .plain, maxColumns: max(0, text.endColumn - column)) + 1
        }
    }
}
