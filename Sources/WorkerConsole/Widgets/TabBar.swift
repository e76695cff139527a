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
        let first = self.first(in: area.columns)
        var column = 0
        if first > 0 { column += canvas.write("\(glyphs.ellipsis) ", row: area.row, column: area.column, role: .dim) }
        for index in self.titles.indices.dropFirst(first) {
            let isSelected = index == self.selected
            if !isSelected, column + self.width(of: index) > area.columns { break }
            let text =
                isSelected ? glyphs.tabLeft + self.titles[index] + glyphs.tabRight : " \(self.titles[index]) "
            column += canvas.write(
                text, row: area.row, column: area.column + column, role: isSelected ? .tabSelected : .tab,
                maxColumns: area.columns - column)
            column += 1
        }
        return min(area.columns, max(0, column - 1))
    }

    /// The title at a column of a bar that is so wide; `nil` beside the titles.
    package func index(at column: Int, in columns: Int) -> Int? {
        let first = self.first(in: columns)
        var start = first > 0 ? 2 : 0
        for index in self.titles.indices.dropFirst(first) {
            let end = start + self.width(of: index)
            if end > columns, index != self.selected { return nil }
            if (start..<end).contains(column) { return index }
            start = end + 1
        }
        return nil
    }

    /// Each title has a mark or a blank on both sides.
    private func width(of index: Int) -> Int { Sanitizer.columns(of: self.titles[index]) + 2 }

    /// The first title that is shown.
    private func first(in columns: Int) -> Int {
        var first = 0
        guard self.titles.indices.contains(self.selected) else { return first }
        while first < self.selected,
            (first...self.selected).reduce(self.selected - first, { $0 + self.width(of: $1) }) + (first > 0 ? 2 : 0)
                > columns
        {
            first += 1
        }
        return first
    }
}
