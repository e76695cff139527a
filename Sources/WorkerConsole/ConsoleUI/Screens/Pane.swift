package import TerminalCanvas
import Widgets
package import WorkerDomain

/// The parts that panes are drawn with.
package enum Pane {
    /// Below this many columns, or rows of the body, one pane is shown at a time, without frames.
    package static func isSmall(_ area: Rect) -> Bool { area.columns < 60 || area.rows < 12 }

    /// Draws a frame with a title on its upper edge and a note at the right of it.
    /// - Returns: The part inside.
    @discardableResult
    package static func frame(
        _ canvas: inout Canvas, _ rect: Rect, title: String, note: String = "", isFocused: Bool = false
    ) -> Rect {
        Box(title: title, note: note, isFocused: isFocused).draw(into: &canvas, in: rect)
    }

    /// Writes spans one behind the other; what does not fit ends with an ellipsis.
    /// - Returns: The columns written.
    @discardableResult
    package static func write(
        _ spans: [Span], to canvas: inout Canvas, row: Int, column: Int, columns: Int
    ) -> Int {
        canvas.write(spans.map { TextRun($0.text, $0.role) }, row: row, column: column, maxColumns: columns)
    }

    /// Writes text at the left and spans at the right of a row; the right side goes first when it is too narrow.
    package static func line(_ left: [Span], _ right: [Span] = [], to canvas: inout Canvas, row: Int, in rect: Rect) {
        let width = right.reduce(0) { $0 + Sanitizer.columns(of: $1.text) }
        let hasRight = width > 0 && width < rect.columns - 10
        let space = rect.columns - (hasRight ? width + 1 : 0)
        self.write(left, to: &canvas, row: row, column: rect.column, columns: space)
        if hasRight {
            self.write(right, to: &canvas, row: row, column: rect.endColumn - width, columns: width)
        }
    }

    /// The first row of a view of `height` rows that keeps `cursor` in its middle where it can.
    package static func top(cursor: Int, count: Int, height: Int) -> Int {
        max(0, min(cursor - height / 2, count - height))
    }

    /// Shows a row as the selected one: the pointer at its left, and in the pane with the focus a background.
    package static func select(_ canvas: inout Canvas, row: Int, in rect: Rect, isFocused: Bool) {
        let glyphs = canvas.glyphs.glyphs
        canvas.write(glyphs.pointer, row: row, column: rect.column, role: isFocused ? .active : .strong)
        if isFocused { canvas.select(Rect(row: row, column: rect.column, rows: 1, columns: rect.columns)) }
    }

    /// Text at the right edge of a field.
    package static func right(
        _ text: String, to canvas: inout Canvas, row: Int, column: Int, columns: Int, role: Role = .plain
    ) {
        let shown = Truncation.end(text, columns: columns, ellipsis: canvas.glyphs.glyphs.ellipsis)
        let width = Sanitizer.columns(of: shown)
        canvas.write(shown, row: row, column: column + columns - width, role: role, maxColumns: width)
    }

    // MARK: Notices

    /// Lines in the upper part of an otherwise empty pane.
    package static func notice(_ canvas: inout Canvas, _ rect: Rect, _ lines: [Span]) {
        guard rect.columns > 2 else { return }
        let space = Rect(row: rect.row, column: rect.column + 1, rows: rect.rows, columns: rect.columns - 2)
        let wrapped = lines.flatMap { span in
            Wrapping.lines(of: span.text, columns: space.columns).map { Span($0, span.role) }
        }
        let start = rect.row + (rect.rows > wrapped.count + 2 ? 1 : 0)
        for (index, line) in wrapped.prefix(max(0, rect.endRow - start)).enumerated() {
            canvas.write(
                line.text, row: start + index, column: space.column, role: line.role, maxColumns: space.columns)
        }
    }

    /// A failed call: what, on what, why, and what to do.
    package static func failure(_ canvas: inout Canvas, _ rect: Rect, _ error: StorageError, _ language: Language) {
        let glyphs = canvas.glyphs.glyphs
        let (mark, role): (String, Role) =
            switch error.code {
            case .locked: (glyphs.warning, .warning)
            case .remote: (glyphs.idle, .strong)
            default: (glyphs.cross, .failure)
            }
        var lines = [
            Span("\(mark) \(StoragePhrases.title(of: error.code)(language))", role),
            Span(CommonPhrases.labelled(language, StoragePhrases.operation(language), language.text(error.operation))),
            Span(CommonPhrases.labelled(language, StoragePhrases.reason(language), language.text(error.reason))),
            Span(
                CommonPhrases.labelled(
                    language, StoragePhrases.advice(language), StoragePhrases.advice(for: error.code)(language)),
                .strong),
        ]
        if error.isRetryable { lines.append(Span(StoragePhrases.retry(language), .key)) }
        self.notice(&canvas, rect, lines)
    }
}

/// Breaks text into lines of a number of columns.
package enum Wrapping {
    /// Scalars of a text that are looked at.
    static let maximumScalars = 8_000

    /// At least one line; breaks at blanks where there are some, else anywhere.
    ///
    /// What would come after `maximum` lines is left out.
    package static func lines(of text: String, columns: Int, maximum: Int = 200) -> [String] {
        guard columns > 0 else { return [] }
        let text = String(String.UnicodeScalarView(text.unicodeScalars.prefix(self.maximumScalars)))
        var lines: [String] = []
        var line = ""
        var width = 0
        var blank: (kept: String, rest: String, restWidth: Int)?
        let isWhole = Sanitizer.forEachCluster(of: text) { cluster in
            if lines.count >= maximum { return false }
            if width + cluster.columns > columns {
                if cluster.text == " " {
                    lines.append(line)
                    line = ""
                    width = 0
                    blank = nil
                    return true
                }
                if let point = blank {
                    lines.append(point.kept)
                    line = point.rest
                    width = point.restWidth
                } else {
                    lines.append(line)
                    line = ""
                    width = 0
                }
                blank = nil
            }
            line += cluster.text
            width += cluster.columns
            if cluster.text == " " {
                blank = (String(line.dropLast()), "", 0)
            } else if blank != nil {
                blank?.rest += cluster.text
                blank?.restWidth += cluster.columns
            }
            return true
        }
        if isWhole || lines.isEmpty { lines.append(line) }
        return lines
    }
}
