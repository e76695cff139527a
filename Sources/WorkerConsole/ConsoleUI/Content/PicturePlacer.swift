import TerminalCanvas

/// Gathers the rows of pictures that are drawn line by line, so that each picture is placed in one piece.
struct PicturePlacer {
    private var pieces: [(shown: PictureRows, row: Int, column: Int)] = []

    /// - Parameters:
    ///   - shown: A row of a picture that was drawn as text.
    ///   - row: Where it was drawn.
    ///   - column: Where it was drawn.
    ///   - columns: The room that it has; a picture that is wider stays text.
    mutating func add(_ shown: PictureRows?, row: Int, column: Int, columns: Int) {
        guard let shown, shown.size.columns <= columns else { return }
        if let last = self.pieces.last, last.shown.picture == shown.picture, last.column == column,
            last.row + last.shown.rows.count == row, last.shown.rows.upperBound == shown.rows.lowerBound
        {
            let rows = last.shown.rows.lowerBound..<shown.rows.upperBound
            self.pieces[self.pieces.count - 1].shown.rows = rows
        } else {
            self.pieces.append((shown, row, column))
        }
    }

    func place(on canvas: inout Canvas) {
        for piece in self.pieces { canvas.place(piece.shown, row: piece.row, column: piece.column) }
    }
}
