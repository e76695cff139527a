/// A size in cells.
package struct Size: Sendable, Equatable {
    package var columns: Int
    package var rows: Int

    package init(columns: Int, rows: Int) {
        self.columns = columns
        self.rows = rows
    }
}

/// A part of the screen, in cells from the top left corner.
package struct Rect: Sendable, Equatable {
    package var row: Int
    package var column: Int
    package var rows: Int
    package var columns: Int

    package init(row: Int, column: Int, rows: Int, columns: Int) {
        self.row = row
        self.column = column
        self.rows = max(0, rows)
        self.columns = max(0, columns)
    }

    package var endRow: Int { self.row + self.rows }
    package var endColumn: Int { self.column + self.columns }
    package var isEmpty: Bool { self.rows == 0 || self.columns == 0 }

    /// The part that is left when every side is moved in.
    package func inset(rows: Int = 1, columns: Int = 1) -> Rect {
        Rect(
            row: self.row + rows, column: self.column + columns, rows: self.rows - 2 * rows,
            columns: self.columns - 2 * columns)
    }

    /// Takes `rows` off the top; a shorter rest stays empty.
    package func splitTop(_ rows: Int) -> (top: Rect, rest: Rect) {
        let taken = min(max(0, rows), self.rows)
        return (
            Rect(row: self.row, column: self.column, rows: taken, columns: self.columns),
            Rect(row: self.row + taken, column: self.column, rows: self.rows - taken, columns: self.columns)
        )
    }

    /// Takes `columns` off the left.
    package func splitLeft(_ columns: Int) -> (left: Rect, rest: Rect) {
        let taken = min(max(0, columns), self.columns)
        return (
            Rect(row: self.row, column: self.column, rows: self.rows, columns: taken),
            Rect(row: self.row, column: self.column + taken, rows: self.rows, columns: self.columns - taken)
        )
    }
}
