/// The lines of a file around the place that a check means.
package struct SourceExcerpt: Sendable, Equatable {
    /// As the place names it: `worker.py`.
    package let file: String
    /// The number of the first of ``lines``, from 1.
    package let first: Int
    package let lines: [String]
    /// The number of the line that is meant, from 1.
    package let marked: Int
    /// The state of a Python source at the first line.
    package let coloring: PythonColoring

    /// Lines before and behind the one that is meant.
    private static let around = 4
    /// Characters of a line; no window shows more.
    private static let width = 400

    /// `nil` when there is no such line.
    ///
    /// - Parameters:
    ///   - file: As the place names it.
    ///   - text: All of it.
    ///   - line: The line that is meant, from 1.
    package init?(of file: String, _ text: String, line: Int) {
        guard line >= 1 else { return nil }
        var coloring = PythonColoring()
        var lines: [String] = []
        let first = max(1, line - Self.around)
        var number = 0
        for whole in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            number += 1
            if number > line + Self.around { break }
            if number < first {
                _ = coloring.pieces(of: String(whole.prefix(Self.width)))
            } else {
                lines.append(String(whole.prefix(Self.width)))
            }
        }
        guard number >= line, lines.count > line - first else { return nil }
        // An empty line behind the last line end is none.
        if lines.count > line - first + 1, lines.last?.isEmpty == true, number <= line + Self.around {
            lines.removeLast()
        }
        self.file = file
        self.first = first
        self.lines = lines
        self.marked = line
        self.coloring = coloring
    }

    package var isPython: Bool { self.file.hasSuffix(".py") }
}
