package import TerminalCanvas

/// Shares of a whole in one row, each with its own fill.
package struct StackedBar: Sendable, Equatable {
    /// One share.
    package struct Part: Sendable, Equatable {
        /// Negative counts as zero.
        package var value: Double
        package var role: Role
        /// The fill, from 0 (densest) to 3.
        package var shade: Int

        package init(_ value: Double, role: Role, shade: Int = 0) {
            self.value = value
            self.role = role
            self.shade = shade
        }
    }

    package var parts: [Part]
    /// What the whole row means; `nil` for the sum of the parts.
    package var total: Double?

    package init(_ parts: [Part], total: Double? = nil) {
        self.parts = parts
        self.total = total
    }

    /// The cells of each part: every part above zero has at least one while there is room, and the sum never exceeds
    /// `columns`.
    package func widths(columns: Int) -> [Int] {
        let values = self.parts.map { $0.value.isFinite ? max(0, $0.value) : 0 }
        let whole = max(self.total ?? 0, values.reduce(0, +))
        guard whole > 0, whole.isFinite, columns > 0 else { return values.map { _ in 0 } }
        let exact = values.map { $0 / whole * Double(columns) }
        var widths = exact.map { $0 > 0 ? max(1, Int($0)) : 0 }
        let wanted = min(columns, Int(exact.reduce(0, +).rounded()))
        while widths.reduce(0, +) < wanted {
            let best = widths.indices.max { exact[$0] - Double(widths[$0]) < exact[$1] - Double(widths[$1]) }
            guard let best else { break }
            widths[best] += 1
        }
        while widths.reduce(0, +) > columns {
            let largest = widths.indices.max { widths[$0] < widths[$1] }
            guard let largest, widths[largest] > 0 else { break }
            widths[largest] -= 1
        }
        return widths
    }

    /// Draws from the left edge of `area`, in its first row.
    package func draw(into canvas: inout Canvas, in area: Rect) {
        guard !area.isEmpty else { return }
        let shades = canvas.glyphs.glyphs.shades
        var column = area.column
        for (part, width) in zip(self.parts, self.widths(columns: area.columns)) {
            let glyph = shades[max(0, min(shades.count - 1, part.shade))]
            canvas.write(String(repeating: glyph, count: width), row: area.row, column: column, role: part.role)
            column += width
        }
    }
}
