package import TerminalCanvas

/// Several lines of text that are being typed.
package struct TextArea: Sendable, Equatable {
    /// At least one; none holds a line break.
    private var rows: [[Character]] = [[]]
    /// The line of the cursor, from 0.
    package private(set) var row = 0
    /// Characters left of the cursor in its line.
    package private(set) var column = 0
    /// The most characters it takes; more is ignored.
    package let limit: Int

    package init(_ text: String = "", limit: Int = 100_000) {
        self.limit = max(0, limit)
        self.set(text)
    }

    package var text: String { self.lines.joined(separator: "\n") }
    package var lines: [String] { self.rows.map { String($0) } }
    package var lineCount: Int { self.rows.count }
    package var isBlank: Bool { self.rows.allSatisfy { $0.allSatisfy(\.isWhitespace) } }
    package var isOnFirstLine: Bool { self.row == 0 }
    package var isOnLastLine: Bool { self.row == self.rows.count - 1 }

    /// Everything left of the cursor, the lines above included.
    package var textBeforeCursor: String {
        (self.rows[..<self.row] + [Array(self.rows[self.row][..<self.column])]).map { String($0) }
            .joined(separator: "\n")
    }

    /// Puts another text in place of what is there, with the cursor at its end.
    package mutating func set(_ text: String) {
        self.rows = [[]]
        self.row = 0
        self.column = 0
        self.insert(text)
    }

    // MARK: Editing

    /// Takes a key that edits or moves: letters, arrows, Home, End, Backspace, Delete, ^a ^e ^b ^f ^h ^d ^k ^u ^w.
    /// - Returns: False when the key is none of them (Enter, Esc, Tab, …).
    package mutating func handle(_ key: KeyEvent) -> Bool {
        switch key {
        case .character(let character): self.insert(String(character))
        case .left, .control("b"): self.move(by: -1)
        case .right, .control("f"): self.move(by: 1)
        case .up: self.moveLine(by: -1)
        case .down: self.moveLine(by: 1)
        case .home, .control("a"): self.column = 0
        case .end, .control("e"): self.column = self.rows[self.row].count
        case .backspace, .control("h"): self.removeBefore()
        case .delete, .control("d"):
            let place = (self.row, self.column)
            self.move(by: 1)
            if place != (self.row, self.column) { self.removeBefore() }
        case .control("u"):
            self.rows[self.row].removeSubrange(..<self.column)
            self.column = 0
        case .control("k"): self.rows[self.row].removeSubrange(self.column...)
        case .control("w"): self.removeWord()
        default: return false
        }
        return true
    }

    package mutating func breakLine() {
        guard self.count < self.limit else { return }
        let rest = Array(self.rows[self.row][self.column...])
        self.rows[self.row].removeSubrange(self.column...)
        self.rows.insert(rest, at: self.row + 1)
        self.row += 1
        self.column = 0
    }

    /// Inserts pasted text at the cursor: its lines stay, tabs become blanks, other controls are left out.
    package mutating func paste(_ text: String) { self.insert(text) }

    /// Puts `text` in place of so many characters left of the cursor in its line.
    package mutating func replace(_ count: Int, with text: String) {
        let first = max(0, self.column - count)
        self.rows[self.row].removeSubrange(first..<self.column)
        self.column = first
        self.insert(text)
    }

    private var count: Int { self.rows.reduce(self.rows.count - 1) { $0 + $1.count } }

    private mutating func insert(_ text: String) {
        var room = self.limit - self.count
        var line = ""
        var isAfterReturn = false
        for scalar in text.unicodeScalars.prefix(max(0, room) * 4) {
            switch scalar {
            case "\r", "\n":
                // CR LF is one line break.
                if scalar == "\n", isAfterReturn { break }
                self.insertInLine(line, &room)
                line = ""
                if room > 0 {
                    self.breakLine()
                    room -= 1
                }
            case "\t": line += "    "
            default:
                let isControl = scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value)
                if !isControl { line.unicodeScalars.append(scalar) }
            }
            isAfterReturn = scalar == "\r"
        }
        self.insertInLine(line, &room)
    }

    private mutating func insertInLine(_ text: String, _ room: inout Int) {
        let addition = text.prefix(max(0, room))
        guard !addition.isEmpty else { return }
        room -= addition.count
        let rest = String(self.rows[self.row][self.column...])
        // Counted from the end: a mark that is typed joins the character before it.
        self.rows[self.row] = Array(String(self.rows[self.row][..<self.column]) + addition + rest)
        self.column = max(0, self.rows[self.row].count - rest.count)
    }

    // MARK: Moving

    private mutating func move(by step: Int) {
        let column = self.column + step
        if column < 0 {
            guard self.row > 0 else { return }
            self.row -= 1
            self.column = self.rows[self.row].count
        } else if column > self.rows[self.row].count {
            guard self.row < self.rows.count - 1 else { return }
            self.row += 1
            self.column = 0
        } else {
            self.column = column
        }
    }

    private mutating func moveLine(by step: Int) {
        self.row = max(0, min(self.row + step, self.rows.count - 1))
        self.column = min(self.column, self.rows[self.row].count)
    }

    private mutating func removeBefore() {
        if self.column > 0 {
            self.column -= 1
            self.rows[self.row].remove(at: self.column)
        } else if self.row > 0 {
            let rest = self.rows.remove(at: self.row)
            self.row -= 1
            self.column = self.rows[self.row].count
            self.rows[self.row] += rest
        }
    }

    private mutating func removeWord() {
        guard self.column > 0 else { return self.removeBefore() }
        var start = self.column
        while start > 0, self.rows[self.row][start - 1] == " " { start -= 1 }
        while start > 0, self.rows[self.row][start - 1] != " " { start -= 1 }
        self.rows[self.row].removeSubrange(start..<self.column)
        self.column = start
    }

    // MARK: Drawing

    /// Draws the lines around the cursor; a line that goes on beyond an edge has an ellipsis there.
    package func draw(into canvas: inout Canvas, in area: Rect, role: Role = .plain, isFocused: Bool = true) {
        guard !area.isEmpty else { return }
        canvas.fill(area, with: Cell(role: role))
        let first = max(0, min(self.row - area.rows + 1, self.rows.count - area.rows))
        for (offset, line) in self.rows[first...].prefix(area.rows).enumerated() {
            let isCurrent = isFocused && first + offset == self.row
            let row = Rect(row: area.row + offset, column: area.column, rows: 1, columns: area.columns)
            self.draw(line, cursor: isCurrent ? self.column : nil, into: &canvas, in: row, role)
        }
    }

    private func draw(_ line: [Character], cursor: Int?, into canvas: inout Canvas, in row: Rect, _ role: Role) {
        let ellipsis = canvas.glyphs.glyphs.ellipsis
        var first = cursor ?? 0
        // One cell stays free for the cursor behind the last character, and one for the mark at the left.
        var room = row.columns - 2
        while first > 0 {
            let width = Sanitizer.columns(of: String(line[first - 1]))
            if width > room { break }
            room -= width
            first -= 1
        }
        var column = row.column
        if first > 0 { column += canvas.write(ellipsis, row: row.row, column: column, role: .dim) }
        let rest = Truncation.end(String(line[first...]), columns: row.endColumn - column, ellipsis: ellipsis)
        canvas.write(rest, row: row.row, column: column, role: role, maxColumns: row.endColumn - column)
        guard let cursor else { return }
        let before = Sanitizer.columns(of: String(line[first..<cursor]))
        canvas.cursor = (row: row.row, column: min(column + before, row.endColumn - 1))
    }
}
