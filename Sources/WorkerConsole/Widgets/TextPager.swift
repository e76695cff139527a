package import TerminalCanvas

/// Lines of text that are read by scrolling, wrapped or clipped.
package struct TextPager: Sendable, Equatable {
    package private(set) var lines: [[TextRun]]
    package var isWrapped: Bool { didSet { self.offset = 0 } }
    /// The first line that is seen: a line of text, or of wrapped text.
    package private(set) var offset = 0
    /// The first column that is seen when lines are clipped.
    package private(set) var columnOffset = 0

    package init(_ lines: [[TextRun]] = [], isWrapped: Bool = false) {
        self.lines = lines
        self.isWrapped = isWrapped
    }

    /// Lines of a plain text, split at line feeds.
    package init(text: String, role: Role = .plain, isWrapped: Bool = false) {
        self.init(
            text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
                [TextRun(String(line.hasSuffix("\r") ? line.dropLast() : line), role)]
            }, isWrapped: isWrapped)
    }

    package mutating func setLines(_ lines: [[TextRun]]) {
        self.lines = lines
        self.offset = 0
        self.columnOffset = 0
    }

    /// Scrolls in a window of that size, to the page that ends with the last line at most.
    package mutating func scroll(by lines: Int, rows: Int, columns: Int) {
        let last = self.lastFirst(rows: rows, columns: columns)
        self.offset = max(0, min(min(self.offset, last) + lines, last))
    }

    package mutating func scroll(to line: Int) { self.offset = max(0, min(line, self.lines.count - 1)) }

    /// Scrolls clipped lines sideways.
    package mutating func scroll(columns: Int) {
        self.columnOffset = max(0, min(100_000, self.columnOffset + columns))
    }

    /// The first line of a page that ends with the last line.
    private func lastFirst(rows: Int, columns: Int) -> Int {
        guard self.isWrapped else { return max(0, self.lines.count - rows) }
        var first = self.lines.count
        var used = 0
        while first > 0 {
            used += TextWrap.wrap(self.lines[first - 1], columns: columns, limit: rows).count
            if used > rows { break }
            first -= 1
        }
        return max(0, min(first, self.lines.count - 1))
    }

    /// Draws the lines from ``offset`` on.
    /// - Returns: The lines of text that were drawn, in part at least.
    @discardableResult
    package func draw(into canvas: inout Canvas, in area: Rect) -> Range<Int> {
        guard !area.isEmpty else { return 0..<0 }
        let first = min(self.offset, self.lastFirst(rows: area.rows, columns: area.columns))
        var row = area.row
        var line = first
        while row < area.endRow, line < self.lines.count {
            if self.isWrapped {
                for part in TextWrap.wrap(self.lines[line], columns: area.columns, limit: area.endRow - row) {
                    canvas.write(part, row: row, column: area.column, maxColumns: area.columns)
                    row += 1
                }
            } else {
                var column = area.column - self.columnOffset
                for run in self.lines[line] where column < area.endColumn {
                    column += canvas.write(
                        run.text, row: row, column: column, role: run.role, maxColumns: area.endColumn - column)
                }
                row += 1
            }
            line += 1
        }
        return first..<line
    }
}

/// Breaks lines by cells.
package enum TextWrap {
    /// The line in at most `limit` parts of at most `columns` cells each, broken at blanks where there are some near;
    /// an empty line is one empty part.
    package static func wrap(_ line: [TextRun], columns: Int, limit: Int = .max) -> [[TextRun]] {
        guard columns > 0, limit > 0 else { return [] }
        var parts: [[TextRun]] = []
        var current: [Piece] = []
        var used = 0
        for run in line {
            let isComplete = Sanitizer.forEachCluster(of: run.text) { cluster in
                if used + cluster.columns > columns {
                    let rest = self.rest(of: &current, columns: columns, next: cluster.text)
                    parts.append(self.runs(of: current))
                    if parts.count >= limit { return false }
                    current = rest
                    used = rest.reduce(0) { $0 + $1.columns }
                    // The blank that a line is broken at takes no place on either side.
                    if cluster.text == " " { return true }
                }
                current.append(Piece(text: cluster.text, columns: cluster.columns, role: run.role))
                used += cluster.columns
                return true
            }
            if !isComplete { return parts }
        }
        parts.append(self.runs(of: current))
        return parts
    }

    private struct Piece {
        let text: String
        let columns: Int
        let role: Role
    }

    /// Takes the word that is begun off a full line; one longer than half a line is broken where the line ends, and
    /// one of wide characters anywhere.
    private static func rest(of line: inout [Piece], columns: Int, next: String) -> [Piece] {
        guard next != " ", let last = line.last, last.columns < 2,
            let blank = line.lastIndex(where: { $0.text == " " })
        else { return [] }
        let rest = Array(line[(blank + 1)...])
        guard rest.reduce(0, { $0 + $1.columns }) <= columns / 2 else { return [] }
        line.removeSubrange(blank...)
        return rest
    }

    private static func runs(of pieces: [Piece]) -> [TextRun] {
        var runs: [TextRun] = []
        for piece in pieces {
            if let last = runs.last, last.role == piece.role {
                runs[runs.count - 1].text += piece.text
            } else {
                runs.append(TextRun(piece.text, piece.role))
            }
        }
        return runs
    }
}
