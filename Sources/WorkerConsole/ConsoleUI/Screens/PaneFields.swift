package import TerminalCanvas

/// A label and its value.
package struct PaneField: Sendable, Equatable {
    package var label: String
    package var value: String
    package var role: Role

    package init(_ label: String, _ value: String, _ role: Role = .plain) {
        self.label = label
        self.value = value
        self.role = role
    }
}

extension Pane {
    /// Draws fields below each other; values go on in further lines where they are longer.
    ///
    /// `selected` is marked and kept in view; `nil` starts at the top and marks none.
    package static func fields(
        _ canvas: inout Canvas, _ rect: Rect, _ fields: [PaneField], selected: Int? = nil, isFocused: Bool = false
    ) {
        guard rect.columns > 6, !fields.isEmpty else { return }
        let widest = fields.map {
            Sanitizer.columns(of: String($0.label.unicodeScalars.map(Character.init).prefix(24)))
        }
        let labelColumns = min(widest.max() ?? 0, max(6, rect.columns / 3))
        let valueColumns = rect.columns - labelColumns - 3
        guard valueColumns > 0 else { return }
        let current = selected.map { max(0, min($0, fields.count - 1)) }
        // A value goes on for at most so many lines; the full one is what `y` copies.
        let blocks = fields.map { Wrapping.lines(of: $0.value, columns: valueColumns, maximum: 24) }
        let count = blocks.reduce(0) { $0 + $1.count }
        let before = blocks.prefix(current ?? 0).reduce(0) { $0 + $1.count }
        let middle = before + (current.map { blocks[$0].count / 2 } ?? 0)
        let top = current == nil ? 0 : self.top(cursor: middle, count: count, height: rect.rows)
        var row = rect.row - top
        for (index, field) in fields.enumerated() {
            for (number, line) in blocks[index].enumerated() {
                if row >= rect.row, row < rect.endRow {
                    if number == 0 {
                        let label = Truncation.end(
                            field.label, columns: labelColumns, ellipsis: canvas.glyphs.glyphs.ellipsis)
                        canvas.write(label, row: row, column: rect.column + 1, role: .dim, maxColumns: labelColumns)
                    }
                    canvas.write(
                        line, row: row, column: rect.column + labelColumns + 3, role: field.role,
                        maxColumns: valueColumns)
                    if index == current, isFocused {
                        canvas.write(canvas.glyphs.glyphs.pointer, row: row, column: rect.column, role: .title)
                    }
                }
                row += 1
            }
        }
    }
}
