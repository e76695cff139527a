package import TerminalCanvas

/// One line that says what just happened.
package struct Toast: Sendable, Equatable {
    package var text: String
    package var role: Role

    package init(_ text: String, role: Role = .ok) {
        self.text = text
        self.role = role
    }

    /// The columns that it takes where they are there: a mark, the text, and a blank around each.
    package var columns: Int { Sanitizer.columns(of: self.text) + 4 }

    /// Draws over the first row of `area`, as wide as the text.
    package func draw(into canvas: inout Canvas, in area: Rect) {
        guard area.rows > 0, area.columns > 2 else { return }
        let glyphs = canvas.glyphs.glyphs
        let mark =
            switch self.role {
            case .failure: glyphs.cross
            case .warning: glyphs.warning
            case .ok: glyphs.check
            default: glyphs.active
            }
        let text = Truncation.end(self.text, columns: area.columns - 4, ellipsis: glyphs.ellipsis)
        canvas.write(" \(mark) \(text) ", row: area.row, column: area.column, role: self.role, maxColumns: area.columns)
    }
}
