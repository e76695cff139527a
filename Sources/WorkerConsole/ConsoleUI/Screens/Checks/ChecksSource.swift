import TerminalCanvas
import Widgets
import WorkerDomain

/// Source as the checks screen shows it: with line numbers, marks and colours.
enum ChecksSource {
    // MARK: Evidence

    /// The lines around the place, the one that is meant with a mark.
    static func excerpt(_ excerpt: SourceExcerpt, columns: Int, _ glyphs: Glyphs) -> [[Span]] {
        let digits = String(excerpt.first + excerpt.lines.count - 1).count
        var coloring = excerpt.coloring
        return excerpt.lines.enumerated().map { offset, line in
            let number = excerpt.first + offset
            let isMarked = number == excerpt.marked
            let lead = [
                Span("\(isMarked ? glyphs.pointer : " ") ", .failure),
                Span(self.right("\(number)", digits) + "  ", isMarked ? .strong : .dim),
            ]
            return lead
                + self.code(
                    line, &coloring, isPython: excerpt.isPython, columns: columns - digits - 4, glyphs)
        }
    }

    // MARK: Fix

    typealias Change = LineDiff.Change

    /// Unchanged lines around a change that are shown.
    private static let around = 3
    /// What becomes of the lines of `old`; all of `new` is added where there is no old one.
    static func changes(from old: String?, to new: String, headLines: Int = 0) -> [Change] {
        let after = Array(self.lines(of: new).dropFirst(headLines))
        guard let old else { return after.enumerated().map { .same($0.element, number: $0.offset + 1) } }
        return LineDiff(from: self.lines(of: old), to: after).changes
    }

    /// The changed lines with their signs and what stands around them; what is left out is an ellipsis.
    static func fix(
        from old: String?, to new: String, headLines: Int = 0, isPython: Bool, columns: Int, _ glyphs: Glyphs
    ) -> [[Span]] {
        let changes = self.changes(from: old, to: new, headLines: headLines)
        let digits = String(max(1, changes.count)).count
        let changed = changes.indices.filter { if case .same = changes[$0] { false } else { true } }
        var shown = Set(changes.indices)
        if !changed.isEmpty { shown = Set(changed.flatMap { $0 - self.around...$0 + self.around }) }
        // Each side has its own strings that go on.
        var (before, after) = (PythonColoring(), PythonColoring())
        var lines: [[Span]] = []
        var isGap = false
        for (index, change) in changes.enumerated() {
            let lead: [Span]
            let colors: [Span]
            let room = columns - digits - 4
            switch change {
            case .same(let line, let number):
                lead = [Span("  \(self.right("\(number)", digits))  ", .dim)]
                colors = self.code(line, &after, isPython: isPython, columns: room, glyphs)
                _ = before.pieces(of: line.replacing("\t", with: "    "))
            case .removed(let line):
                lead = [Span("- \(self.right("", digits))  ", .failure)]
                colors = self.code(line, &before, isPython: isPython, columns: room, glyphs)
            case .added(let line, let number):
                lead = [Span("+ \(self.right("\(number)", digits))  ", .ok)]
                colors = self.code(line, &after, isPython: isPython, columns: room, glyphs)
            }
            guard shown.contains(index) else {
                if !isGap { lines.append([Span("  \(self.right(glyphs.ellipsis, digits))", .dim)]) }
                isGap = true
                continue
            }
            isGap = false
            lines.append(lead + colors)
        }
        return lines
    }

    // MARK: Lines

    /// Without the empty one behind the last line end.
    private static func lines(of text: String) -> [String] {
        var lines = StoredLines.split(text).map { String($0) }
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }

    private static func right(_ text: String, _ columns: Int) -> String {
        String(repeating: " ", count: max(0, columns - Sanitizer.columns(of: text))) + text
    }

    /// A line in colours, cut with an ellipsis where it is longer than its room.
    private static func code(
        _ line: String, _ coloring: inout PythonColoring, isPython: Bool, columns: Int, _ glyphs: Glyphs
    ) -> [Span] {
        let text = line.replacing("\t", with: "    ")
        let pieces =
            isPython ? coloring.pieces(of: text) : [PythonColoring.Piece(text: text, kind: .plain)]
        let isLong = pieces.reduce(0) { $0 + Sanitizer.columns(of: $1.text) } > columns
        var room = isLong ? columns - Sanitizer.columns(of: glyphs.ellipsis) : columns
        var spans: [Span] = []
        for piece in pieces where room > 0 {
            let shown = Truncation.end(piece.text, columns: room, ellipsis: "")
            spans.append(Span(shown, self.role(of: piece.kind)))
            let width = Sanitizer.columns(of: piece.text)
            room = width > room ? 0 : room - width
        }
        return isLong ? spans + [Span(glyphs.ellipsis, .dim)] : spans
    }

    private static func role(of kind: PythonColoring.Kind) -> Role {
        switch kind {
        case .plain: .plain
        case .keyword: .strong
        case .string: .literal
        case .comment: .dim
        case .number: .number
        case .name: .name
        }
    }
}
