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
    /// Writes runs one after the other.
    /// - Returns: The columns written.
    @discardableResult
    package mutating func write(_ runs: [TextRun], row: Int, column: Int, maxColumns: Int? = nil) -> Int {
        var used = 0
        for run in runs {
            let left = maxColumns.map { $0 - used }
            if let left, left <= 0 { break }
            used += self.write(run.text, row: row, column: column + used, role: run.role, maxColumns: left)
        }
        return used
    }
}
