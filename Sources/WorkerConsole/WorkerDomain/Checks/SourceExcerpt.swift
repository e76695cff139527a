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
        let bytes = Array(text.utf8)
        var start = 0
        while start <= bytes.count, number < line + Self.around {
            number += 1
            var end = start
            while end < bytes.count, bytes[end] != 10, bytes[end] != 13 { end += 1 }
            if number < first {
                coloring.skip(bytes[start..<end], width: Self.width)
            } else {
                lines.append(String(String(decoding: bytes[start..<end], as: UTF8.self).prefix(Self.width)))
            }
            let isPair = end + 1 < bytes.count && bytes[end] == 13 && bytes[end + 1] == 10
            start = end + (isPair ? 2 : 1)
        }
        // Lines that follow say whether an empty one at the end is the last.
        if start <= bytes.count { number += 1 }
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
