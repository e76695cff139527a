package import TerminalCanvas

/// One line of text that is being typed.
package struct TextField: Sendable, Equatable {
    package private(set) var text: String
    /// Characters left of the cursor.
    package private(set) var cursor: Int
    /// The most characters it takes; more is ignored.
    package let limit: Int

    package init(_ text: String = "", limit: Int = 4096) {
        self.limit = max(0, limit)
        self.text = String(text.prefix(self.limit))
        self.cursor = self.text.count
    }

    package var isEmpty: Bool { self.text.isEmpty }

    package mutating func set(_ text: String) {
        self.text = String(text.prefix(self.limit))
        self.cursor = self.text.count
    }

    /// Takes a key that edits: letters, arrows, Home, End, Backspace, Delete, ^a ^e ^b ^f ^h ^d ^k ^u ^w.
    /// - Returns: False when the key is none of them (Enter, Esc, Tab, up, down, …).
    package mutating func handle(_ key: KeyEvent) -> Bool {
        switch key {
        case .character(let character): self.insert(String(character))
        case .left, .control("b"): self.cursor = max(0, self.cursor - 1)
        case .right, .control("f"): self.cursor = min(self.text.count, self.cursor + 1)
        case .home, .control("a"): self.cursor = 0
        case .end, .control("e"): self.cursor = self.text.count
        case .backspace, .control("h"): self.remove(from: self.cursor - 1, to: self.cursor)
        case .delete, .control("d"): self.remove(from: self.cursor, to: self.cursor + 1)
        case .control("u"): self.remove(from: 0, to: self.cursor)
        case .control("k"): self.remove(from: self.cursor, to: self.text.count)
        case .control("w"): self.removeWord()
        default: return false
        }
        return true
    }

    /// Inserts pasted text at the cursor; line breaks become blanks, other controls are left out.
    package mutating func paste(_ text: String) {
        var line = ""
        for scalar in text.unicodeScalars.prefix(self.limit * 4) {
            switch scalar.value {
            case 0x0A, 0x0D, 0x09: if line.last != " " { line += " " }
            case 0..<0x20, 0x7F..<0xA0: break
            default: line.unicodeScalars.append(scalar)
            }
        }
        self.insert(line)
    }

    /// Draws text and cursor in the first row of `area`, scrolled so that the cursor is seen.
    package func draw(into canvas: inout Canvas, in area: Rect, role: Role = .plain, isFocused: Bool = true) {
        guard !area.isEmpty else { return }
        canvas.fill(
            Rect(row: area.row, column: area.column, rows: 1, columns: area.columns), with: Cell(role: role))
        let characters = Array(self.text)
        var first = isFocused ? self.cursor : 0
        // One cell stays free for the cursor behind the last character.
        var room = area.columns - 1
        while isFocused, first > 0 {
            let width = Sanitizer.columns(of: String(characters[first - 1]))
            if width > room { break }
            room -= width
            first -= 1
        }
        canvas.write(
            String(characters[first...]), row: area.row, column: area.column, role: role, maxColumns: area.columns)
        guard isFocused else { return }
        let column = Sanitizer.columns(of: String(characters[first..<self.cursor]))
        canvas.cursor = (row: area.row, column: area.column + min(column, area.columns - 1))
    }

    private mutating func insert(_ addition: String) {
        let addition = addition.prefix(max(0, self.limit - self.text.count))
        guard !addition.isEmpty else { return }
        let place = self.text.index(self.text.startIndex, offsetBy: self.cursor)
        let rest = self.text[place...].count
        self.text.insert(contentsOf: addition, at: place)
        // Counted from the end: a mark that is typed joins the character before it.
        self.cursor = max(0, self.text.count - rest)
    }

    private mutating func remove(from start: Int, to end: Int) {
        let end = min(end, self.text.count)
        guard start >= 0, start < end else { return }
        let first = self.text.index(self.text.startIndex, offsetBy: start)
        self.text.removeSubrange(first..<self.text.index(first, offsetBy: end - start))
        self.cursor = min(start, self.text.count)
    }

    private mutating func removeWord() {
        let characters = Array(self.text)
        var start = self.cursor
        while start > 0, characters[start - 1] == " " { start -= 1 }
        while start > 0, characters[start - 1] != " " { start -= 1 }
        self.remove(from: start, to: self.cursor)
    }
}
