import Executors

/// The whole screen as a value: rows of cells, each a text and a role.
///
/// Everything that is drawn goes through ``write(_:row:column:role:maxColumns:)``, which is also the sanitiser: no
/// control byte, C1, bidi or zero-width control can reach a cell. Two canvases compare equal when a person would see
/// the same.
package struct Canvas: Sendable, Equatable {
    private static let piecesAtOnce = 4

    package let size: Size
    package let glyphs: GlyphSet
    package private(set) var cells: [Cell]
    /// Where the terminal's cursor stands while a text field has the focus; `nil` hides it.
    package var cursor: (row: Int, column: Int)?
    /// Pictures over cells, covered ones included; ``pictures`` has those that are seen.
    var places: [PicturePlace] = []
    /// Texts and rows since the canvas gave way last; two canvases that differ in it alone are equal.
    private var pieces = 0

    package init(columns: Int, rows: Int, glyphs: GlyphSet = .unicode) {
        self.size = Size(columns: max(0, columns), rows: max(0, rows))
        self.glyphs = glyphs
        self.cells = Array(repeating: .blank, count: self.size.columns * self.size.rows)
    }

    package var bounds: Rect { Rect(row: 0, column: 0, rows: self.size.rows, columns: self.size.columns) }

    /// The cell at a place that must be inside the canvas.
    package subscript(row: Int, column: Int) -> Cell { self.cells[row * self.size.columns + column] }

    /// Writes `text` from (`row`, `column`) rightwards; what does not fit is clipped, never wrapped.
    ///
    /// Control, bidi and zero-width characters are shown as visible stand-ins (``Sanitizer``). A wide character that
    /// would be cut in two is replaced with a blank.
    /// - Parameters:
    ///   - text: Any text, from anywhere.
    ///   - row: Outside the canvas: nothing is written.
    ///   - column: May be negative: the part left of the canvas is clipped.
    ///   - role: What the cells mean.
    ///   - maxColumns: At most so many columns; `nil` for up to the right edge.
    /// - Returns: The columns written, so that callers can place what follows.
    @discardableResult
    package mutating func write(
        _ text: some StringProtocol, row: Int, column: Int, role: Role = .plain, maxColumns: Int? = nil
    ) -> Int {
        self.writeClusters(of: text, row: row, column: column, role: role, maxColumns: maxColumns)
    }

    /// The same for what nearly all texts are: other modules cannot specialize the one above.
    @discardableResult
    package mutating func write(
        _ text: String, row: Int, column: Int, role: Role = .plain, maxColumns: Int? = nil
    ) -> Int {
        self.writeClusters(of: text, row: row, column: column, role: role, maxColumns: maxColumns)
    }

    private mutating func writeClusters(
        of text: some StringProtocol, row: Int, column: Int, role: Role, maxColumns: Int?
    ) -> Int {
        guard row >= 0, row < self.size.rows, column > -1_000_000 else { return 0 }
        self.giveWayInTime()
        let room = self.size.columns - column
        let limit = column + min(room, maxColumns ?? room)
        if column >= 0, let written = self.writePlain(text, row: row, column: column, role: role, room: limit - column)
        {
            return written
        }
        var place = column
        Sanitizer.forEachCluster(of: text) { cluster in
            guard place < limit else { return false }
            if place + cluster.columns > limit {
                self.set(Cell(role: role), row: row, column: place)
                place += 1
                return false
            }
            if place >= 0 {
                self.set(Cell(self.glyphs.spelling(of: cluster.grapheme), role: role), row: row, column: place)
                if cluster.columns == 2 { self.set(.continuation(role), row: row, column: place + 1) }
            } else if place == -1, cluster.columns == 2 {
                self.set(Cell(role: role), row: row, column: 0)
            }
            place += cluster.columns
            return true
        }
        return max(0, place - column)
    }

    /// Writes a text of printable ASCII, each character of which is a cell.
    /// - Returns: `nil`, and nothing is written, when it is another text.
    private mutating func writePlain(
        _ text: some StringProtocol, row: Int, column: Int, role: Role, room: Int
    ) -> Int? {
        guard room > 0 else { return 0 }
        let written: Int?? = text.utf8.withContiguousStorageIfAvailable { bytes in
            guard Sanitizer.isPlain(bytes, limit: room) else { return nil }
            let count = min(bytes.count, room)
            guard count > 0 else { return 0 }
            let start = row * self.size.columns + column
            self.mendEdges(from: start, count: count, column: column)
            for offset in 0..<count {
                self.cells[start + offset] = Cell(Grapheme(Unicode.Scalar(bytes[offset])), role: role)
            }
            return count
        }
        return written ?? nil
    }

    /// Fills a part with one cell.
    package mutating func fill(_ rect: Rect, with cell: Cell = .blank) {
        let first = max(0, rect.column)
        let count = min(self.size.columns, rect.endColumn) - first
        guard count > 0 else { return }
        for row in max(0, rect.row)..<max(max(0, rect.row), min(self.size.rows, rect.endRow)) {
            let start = row * self.size.columns + first
            self.mendEdges(from: start, count: count, column: first)
            for index in start..<start + count { self.cells[index] = cell }
        }
    }

    /// Puts cells beside each other that another canvas of the same glyphs was drawn with, or this one.
    package mutating func put(_ line: [Cell], row: Int, column: Int) {
        guard row >= 0, row < self.size.rows, column >= 0, column + line.count <= self.size.columns, !line.isEmpty
        else { return }
        self.giveWayInTime()
        let start = row * self.size.columns + column
        self.mendEdges(from: start, count: line.count, column: column)
        self.cells.replaceSubrange(start..<start + line.count, with: line)
    }

    /// The cells of a part of a row; empty where it is not wholly within the canvas.
    package func line(row: Int, column: Int, columns: Int) -> [Cell] {
        guard row >= 0, row < self.size.rows, column >= 0, columns > 0, column + columns <= self.size.columns
        else { return [] }
        let start = row * self.size.columns + column
        return Array(self.cells[start..<start + columns])
    }

    /// A frame takes milliseconds, in which a request may come to this core: a text with what led to it takes some
    /// microseconds.
    private mutating func giveWayInTime() {
        self.pieces += 1
        guard self.pieces >= Self.piecesAtOnce else { return }
        self.pieces = 0
        giveWay()
    }

    /// Blanks the halves of wide characters that would be left beside cells that are put over others.
    private mutating func mendEdges(from start: Int, count: Int, column: Int) {
        if column > 0, self.cells[start].isContinuation { self.cells[start - 1].grapheme = .blank }
        if column + count < self.size.columns, self.cells[start + count].isContinuation {
            self.cells[start + count].grapheme = .blank
        }
    }

    /// Changes the role of a part and leaves its text.
    package mutating func paint(_ rect: Rect, role: Role) {
        for row in max(0, rect.row)..<max(max(0, rect.row), min(self.size.rows, rect.endRow)) {
            for column in max(0, rect.column)..<max(max(0, rect.column), min(self.size.columns, rect.endColumn)) {
                self.cells[row * self.size.columns + column].role = role
            }
        }
    }

    /// The columns of a row that hold other cells than those of another canvas of the same size; the whole row for `nil`.
    ///
    /// Empty where nothing differs. All differences are within it; not everything within it differs.
    package func changes(in row: Int, since other: Canvas?) -> Range<Int> {
        guard let other else { return 0..<self.size.columns }
        let start = row * self.size.columns
        var (first, last) = (0, self.size.columns)
        while first < last, self.cells[start + first] == other.cells[start + first] { first += 1 }
        while last > first, self.cells[start + last - 1] == other.cells[start + last - 1] { last -= 1 }
        return first..<last
    }

    /// Marks a part as selected, or as not; text and roles stay.
    package mutating func select(_ rect: Rect, _ isSelected: Bool = true) {
        for row in max(0, rect.row)..<max(max(0, rect.row), min(self.size.rows, rect.endRow)) {
            for column in max(0, rect.column)..<max(max(0, rect.column), min(self.size.columns, rect.endColumn)) {
                self.cells[row * self.size.columns + column].isSelected = isSelected
            }
        }
    }

    package static func == (left: Canvas, right: Canvas) -> Bool {
        left.size == right.size && left.cells == right.cells && left.places == right.places
            && left.cursor?.row == right.cursor?.row && left.cursor?.column == right.cursor?.column
    }

    /// Puts one cell and mends a wide character that it cuts in two.
    private mutating func set(_ cell: Cell, row: Int, column: Int) {
        guard column >= 0, column < self.size.columns else { return }
        let index = row * self.size.columns + column
        if self.cells[index].isContinuation, !cell.isContinuation, column > 0 {
            self.cells[index - 1].grapheme = .blank
        }
        if column + 1 < self.size.columns, self.cells[index + 1].isContinuation, !cell.isContinuation {
            self.cells[index + 1].grapheme = .blank
        }
        self.cells[index] = cell
    }
}
