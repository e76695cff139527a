package import TerminalCanvas

/// Keys and what they do, in one line; those that do not fit are left out.
package struct KeyBar: Sendable, Equatable {
    /// A key and what it does.
    package struct Hint: Sendable, Equatable {
        package var key: String
        package var label: String

        package init(_ key: String, _ label: String) {
            self.key = key
            self.label = label
        }
    }

    /// Most useful first.
    package var hints: [Hint]
    /// Shown behind the others, which make room for it.
    package var last: Hint?

    package init(_ hints: [Hint], last: Hint? = nil) {
        self.hints = hints
        self.last = last
    }

    /// Draws in the first row of `area`.
    /// - Returns: How many hints were shown.
    @discardableResult
    package func draw(into canvas: inout Canvas, in area: Rect) -> Int {
        guard area.rows > 0 else { return 0 }
        var column = 1
        var shown = 0
        let kept = self.last.map { Sanitizer.columns(of: $0.key) + Sanitizer.columns(of: $0.label) + 3 } ?? 0
        let all = self.hints.filter { $0 != self.last }.map { ($0, kept) } + (self.last.map { [($0, 0)] } ?? [])
        for (hint, kept) in all {
            let key = hint.key == GlyphSet.unicode.glyphs.enter ? canvas.glyphs.glyphs.enter : hint.key
            let width = Sanitizer.columns(of: key) + 1 + Sanitizer.columns(of: hint.label)
            if column + width + kept > area.columns { continue }
            column += canvas.write(key, row: area.row, column: area.column + column, role: .key) + 1
            column += canvas.write(hint.label, row: area.row, column: area.column + column, role: .dim) + 2
            shown += 1
        }
        return shown
    }
}
