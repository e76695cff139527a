package import TerminalCanvas

/// A run of text with one role: what lines of text are made of.
package struct TextRun: Sendable, Equatable {
    package var text: String
    package var role: Role

    package init(_ text: String, _ role: Role = .plain) {
        self.text = text
        self.role = role
    }
}

extension Canvas {
    /// Writes runs one after the other; what does not fit ends with an ellipsis.
    /// - Parameters:
    ///   - runs: Empty ones are allowed.
    ///   - row: Outside the canvas: nothing is written.
    ///   - column: Where the first one starts.
    ///   - maxColumns: At most so many columns; `nil` for up to the right edge.
    /// - Returns: The columns written.
    @discardableResult
    package mutating func write(_ runs: [TextRun], row: Int, column: Int, maxColumns: Int? = nil) -> Int {
        let room = max(0, min(maxColumns ?? .max, self.size.columns - column))
        let ellipsis = self.glyphs.glyphs.ellipsis
        var used = 0
        var runs = runs
        // Blanks at the end are no text that could be cut.
        while let last = runs.last, last.text.utf8.last == 0x20 || last.text.isEmpty {
            let whole = runs.reduce(0) { $0 + Sanitizer.columns(of: $1.text.prefix(4 * room + 4)) }
            guard whole > room else { break }
            // By bytes, as above: a blank may be part of a character.
            let blanks = last.text.utf8.reversed().prefix { $0 == 0x20 }.count
            let end = last.text.utf8.index(last.text.endIndex, offsetBy: -blanks)
            if end == last.text.startIndex {
                runs.removeLast()
            } else {
                runs[runs.count - 1].text = String(last.text[..<end])
            }
        }
        for (index, run) in runs.enumerated() {
            let left = room - used
            // A run that fills the row to its end is cut when another one with text follows.
            let isLast = !runs[(index + 1)...].contains { !$0.text.isEmpty }
            var text = Truncation.end(run.text, columns: left, ellipsis: ellipsis)
            let columns = Sanitizer.columns(of: text)
            if !isLast, columns >= left {
                text = Truncation.end(text + ellipsis, columns: left, ellipsis: ellipsis)
                return used + self.write(text, row: row, column: column + used, role: run.role, maxColumns: left)
            }
            used += self.write(text, row: row, column: column + used, role: run.role, maxColumns: left)
            if used >= room { return used }
        }
        return used
    }
}
