import TerminalCanvas
import Widgets
import WorkerDomain

/// Draws a window of a stored value as laid out text, plain text or hexadecimal.
enum StoredContentView {
    enum Form: Sendable, Equatable { case pretty, text, hex }

    /// Draws what of the window is around `line`, without the columns left of `left`.
    static func draw(
        _ canvas: inout Canvas, _ rect: Rect, _ content: StoredContent, form: Form, line: Int, left: Int,
        finder: TextFinder = TextFinder(), language: Language
    ) {
        guard !rect.isEmpty else { return }
        if content.window.bytes.isEmpty {
            Pane.notice(&canvas, rect, [Span(StoragePhrases.emptyValue(language), .dim)])
            return
        }
        switch form {
        case .hex: self.hex(&canvas, rect, content, line: line)
        case .pretty:
            if let pretty = content.pretty {
                self.lines(&canvas, rect, count: pretty.count, line: line, content) {
                    canvas, row, column, columns, index in
                    self.write(
                        finder.marked(pretty[index]), to: &canvas, row: row, column: column, columns: columns,
                        left: left)
                }
            } else if content.isText {
                self.text(&canvas, rect, content, line: line, left: left, finder)
            } else {
                self.facts(&canvas, rect, content, language)
            }
        case .text:
            if content.isText {
                self.text(&canvas, rect, content, line: line, left: left, finder)
            } else {
                Pane.notice(&canvas, rect, [Span(StoragePhrases.notText(language), .dim)])
            }
        }
    }

    private static func text(
        _ canvas: inout Canvas, _ rect: Rect, _ content: StoredContent, line: Int, left: Int, _ finder: TextFinder
    ) {
        let texts = content.lines
        self.lines(&canvas, rect, count: texts.count, line: line, content) { canvas, row, column, columns, index in
            self.write(
                finder.marked([TextRun(texts[index])]), to: &canvas, row: row, column: column, columns: columns,
                left: left)
        }
    }

    /// The visible lines with their numbers; numbers are left out where the window does not start the value.
    private static func lines(
        _ canvas: inout Canvas, _ rect: Rect, count: Int, line: Int, _ content: StoredContent,
        _ body: (inout Canvas, Int, Int, Int, Int) -> Void
    ) {
        let top = Pane.top(cursor: line, count: count, height: rect.rows)
        let digits = String(count).count
        let hasNumbers = !content.window.hasMoreBefore && rect.columns >= 50
        let gutter = hasNumbers ? digits + 2 : 1
        for row in 0..<min(rect.rows, max(0, count - top)) {
            let index = top + row
            let isCurrent = index == line
            if hasNumbers {
                Pane.right(
                    String(index + 1), to: &canvas, row: rect.row + row, column: rect.column, columns: digits + 1,
                    role: isCurrent ? .strong : .dim)
            } else if isCurrent {
                canvas.write(canvas.glyphs.glyphs.pointer, row: rect.row + row, column: rect.column, role: .strong)
            }
            body(&canvas, rect.row + row, rect.column + gutter, rect.columns - gutter, index)
        }
    }

    /// Writes a line from the column `left` on. Tabs become blanks up to the next multiple of four.
    private static func write(
        _ spans: [TextRun], to canvas: inout Canvas, row: Int, column: Int, columns: Int, left: Int
    ) {
        var place = 0
        // A line that goes on behind the edge says so there.
        func end(_ canvas: inout Canvas) {
            let ellipsis = canvas.glyphs.glyphs.ellipsis
            canvas.write(ellipsis, row: row, column: column + columns - 1, role: .dim, maxColumns: 1)
        }
        for (index, span) in spans.enumerated() {
            guard place < left + columns else {
                if spans[index...].contains(where: { !$0.text.isEmpty }), columns > 0 { end(&canvas) }
                return
            }
            var shown = ""
            var start = place
            var isCut = false
            func flush(_ canvas: inout Canvas) {
                let offset = start - left
                canvas.write(
                    shown, row: row, column: column + max(0, offset), role: span.role,
                    maxColumns: max(0, columns - max(0, offset)))
                shown = ""
            }
            let text =
                span.text.utf8.count > 4 * (left + columns) ? Self.start(of: span.text, left + columns) : span.text
            for part in text.split(separator: "\t", omittingEmptySubsequences: false).enumerated() {
                if part.offset > 0 {
                    let blanks = 4 - place % 4
                    for _ in 0..<blanks {
                        if place >= left { shown += " " } else { start = place + 1 }
                        place += 1
                    }
                }
                Sanitizer.forEachCluster(of: part.element) { cluster in
                    if place >= left + columns {
                        isCut = true
                        return false
                    }
                    if place >= left { shown += cluster.text } else { start = place + cluster.columns }
                    place += cluster.columns
                    return true
                }
            }
            flush(&canvas)
            if isCut || place > left + columns, columns > 0 { return end(&canvas) }
        }
    }

    /// So many scalars of a text that they surely fill the columns.
    private static func start(of text: String, _ columns: Int) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.prefix(4 * columns)))
    }

    // MARK: Hexadecimal

    private static func hex(_ canvas: inout Canvas, _ rect: Rect, _ content: StoredContent, line: Int) {
        let perRow = HexDump.bytesPerRow(columns: rect.columns)
        let bytes = content.window.bytes
        let count = (bytes.count + perRow - 1) / perRow
        let current = line * 16 / perRow
        let top = Pane.top(cursor: current, count: count, height: rect.rows)
        HexDump(bytes, start: Int(content.window.start)).draw(into: &canvas, in: rect, firstRow: top)
        canvas.paint(Rect(row: rect.row + current - top, column: rect.column, rows: 1, columns: 8), role: .strong)
    }

    // MARK: Facts

    /// What is known of a value that cannot be shown as text.
    private static func facts(_ canvas: inout Canvas, _ rect: Rect, _ content: StoredContent, _ language: Language) {
        var lines: [Span] = []
        if let signature = content.signature {
            lines.append(Span(([signature.name.uppercased()] + signature.facts).joined(separator: "  "), .strong))
            lines.append(Span(signature.mediaType))
        } else {
            lines.append(Span(BucketsPhrases.unknownFormat(language), .strong))
        }
        lines.append(Span(ScreenFormat.count(content.window.total) + " B"))
        lines.append(Span(StoragePhrases.pictureNote(language), .dim))
        Pane.notice(&canvas, rect, lines)
    }
}
