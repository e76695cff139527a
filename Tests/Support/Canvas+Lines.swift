package import TerminalCanvas

extension Canvas {
    /// The text of each row, blanks included, without roles.
    package var lines: [String] {
        (0..<self.size.rows).map { row in
            (0..<self.size.columns).reduce(into: "") { $0 += self[row, $1].text }
        }
    }
}
