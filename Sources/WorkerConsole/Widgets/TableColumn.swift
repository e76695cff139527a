package import TerminalCanvas

/// One column of a table: its heading and how it gets its width.
package struct TableColumn: Sendable, Equatable {
    package enum Width: Sendable, Equatable {
        /// Always so many cells.
        case fixed(Int)
        /// At least `minimum` cells; what is left is shared by weight.
        case flexible(minimum: Int, weight: Int = 1)
    }

    package enum Alignment: Sendable, Equatable { case left, right }
    package enum Truncation: Sendable, Equatable { case end, middle }

    package var title: String
    package var width: Width
    package var alignment: Alignment
    package var truncation: Truncation
    /// Columns with the highest number leave first when the window is too narrow; 0 never leaves.
    package var priority: Int

    package init(
        _ title: String, _ width: Width, alignment: Alignment = .left, truncation: Truncation = .end,
        priority: Int = 0
    ) {
        self.title = title
        self.width = width
        self.alignment = alignment
        self.truncation = truncation
        self.priority = priority
    }
}

/// One row of a table.
package struct TableRow: Sendable, Equatable {
    /// As many as the table has columns, in their order.
    package var cells: [TableCell]
    /// One column wide, at the left edge; the selection's pointer takes its place.
    package var marker: TextRun?

    package init(_ cells: [TableCell], marker: TextRun? = nil) {
        self.cells = cells
        self.marker = marker
    }
}

/// One cell of a table: a glyph with a role of its own and a text.
package struct TableCell: Sendable, Equatable {
    package var text: String
    package var role: Role

    package init(_ text: String, _ role: Role = .plain) {
        self.text = text
        self.role = role
    }

    func draw(
        into canvas: inout Canvas, row: Int, column: Int, columns: Int, alignment: TableColumn.Alignment,
        truncation: TableColumn.Truncation, role: Role
    ) {
        let ellipsis = canvas.glyphs.glyphs.ellipsis
        let text =
            switch truncation {
            case .end: Truncation.end(self.text, columns: columns, ellipsis: ellipsis)
            case .middle: Truncation.middle(self.text, columns: columns, ellipsis: ellipsis)
            }
        let start = alignment == .right ? column + columns - Sanitizer.columns(of: text) : column
        canvas.write(text, row: row, column: start, role: role, maxColumns: columns)
    }
}

/// Where the columns of a table stand.
enum TableLayout {
    struct Place: Equatable {
        let index: Int
        let column: Int
        let columns: Int
    }

    /// Shares `width` cells, one blank between two columns; drops columns by priority until the rest fits.
    static func place(_ columns: [TableColumn], in width: Int) -> [Place] {
        var kept = Array(columns.indices)
        while kept.count > 1, self.least(kept.map { columns[$0] }) > width {
            let highest = kept.max { left, right in
                (columns[left].priority, left) < (columns[right].priority, right)
            }
            guard let highest, columns[highest].priority > 0 else { break }
            kept.removeAll { $0 == highest }
        }
        var spare = max(0, width - self.least(kept.map { columns[$0] }))
        var weights = kept.reduce(0) { $0 + self.weight(columns[$1]) }
        var places: [Place] = []
        var column = 0
        for index in kept where column < width {
            let weight = self.weight(columns[index])
            let share = weights > 0 ? spare * weight / weights : 0
            spare -= share
            weights -= weight
            let taken = min(self.minimum(columns[index]) + share, width - column)
            places.append(Place(index: index, column: column, columns: taken))
            column += taken + 1
        }
        return places
    }

    private static func least(_ columns: [TableColumn]) -> Int {
        columns.reduce(columns.count - 1) { $0 + self.minimum($1) }
    }

    private static func minimum(_ column: TableColumn) -> Int {
        switch column.width {
        case .fixed(let columns): max(0, columns)
        case .flexible(let minimum, _): max(1, minimum)
        }
    }

    private static func weight(_ column: TableColumn) -> Int {
        if case .flexible(_, let weight) = column.width { max(1, weight) } else { 0 }
    }
}
