package import TerminalCanvas

/// The bar at the right edge that shows which part of a list is seen; nothing when all of it is.
package struct ScrollBar: Sendable, Equatable {
    package let count: Int
    package let window: Range<Int>

    package init(count: Int, window: Range<Int>) {
        self.count = count
        self.window = window
    }

    /// Draws in the last column of `area`.
    package func draw(into canvas: inout Canvas, in area: Rect) {
        guard self.count > self.window.count, area.rows > 0, area.columns > 0 else { return }
        let glyphs = canvas.glyphs.glyphs
        let length = max(1, area.rows * self.window.count / self.count)
        let room = area.rows - length
        let hidden = self.count - self.window.count
        let start = min(room, (self.window.lowerBound * room + hidden / 2) / max(1, hidden))
        for row in 0..<area.rows {
            let isThumb = row >= start && row < start + length
            canvas.write(
                isThumb ? glyphs.scrollThumb : glyphs.scrollTrack, row: area.row + row, column: area.endColumn - 1,
                role: isThumb ? .border : .dim)
        }
    }
}
