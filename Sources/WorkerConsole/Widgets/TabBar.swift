package import TerminalCanvas

/// Titles in a row, one of them selected.
package struct TabBar: Sendable, Equatable {
    package var titles: [String]
    package var selected: Int

    package init(_ titles: [String], selected: Int) {
        self.titles = titles
        self.selected = selected
    }

    /// Draws from the left edge of `area`, in its first row; the selected title is always seen.
    /// - Returns: The columns used.
    @discardableResult
    package func draw(into canvas: inout Canvas, in area: Rect) -> Int {
        guard !area.isEmpty else { return 0 }
        let glyphs = canvas.glyphs.glyphs
        // Each title has a mark or a blank on both sides.
        let widths = self.titles.map { Sanitizer.columns(of: $0) + 2 }
        var first = 0
        if self.titles.indices.contains(self.selected) {
            while first < self.selected,
                widths[first...self.selected].reduce(self.selected - first, +) + (first > 0 ? 2 : 0) > area.columns
            {
                first += 1
            }
        }
        var column = 0
        if first > 0 { column += canvas.write("\(glyphs.ellipsis) ", row: area.row, column: area.column, role: .dim) }
        for index in self.titles.indices.dropFirst(first) {
            let isSelected = index == self.selected
            if !isSelected, column + widths[index] > area.columns { break }
            let text =
                isSelected ? glyphs.tabLeft + self.titles[index] + glyphs.tabRight : " \(self.titles[index]) "
            column += canvas.write(
                text, row: area.row, column: area.column + column, role: isSelected ? .tabSelected : .tab,
                maxColumns: area.columns - column)
            column += 1
        }
        return min(area.columns, max(0, column - 1))
    }
}
