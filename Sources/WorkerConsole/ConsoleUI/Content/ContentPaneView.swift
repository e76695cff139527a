import ContentViews
package import TerminalCanvas
import Widgets
package import WorkerDomain

/// Draws what of a content is around the cursor.
package struct ContentPaneView {
    private let pane: ContentPane
    private let isFocused: Bool

    package init(_ pane: ContentPane, isFocused: Bool = true) {
        self.pane = pane
        self.isFocused = isFocused
    }

    /// Columns that the lines of a view have in a pane that is so wide; the first one is the cursor's.
    package static func columns(of width: Int) -> Int { max(1, width - 1) }

    package func draw(into canvas: inout Canvas, in rect: Rect) {
        guard !rect.isEmpty, rect.columns > 1 else { return }
        if self.pane.wraps {
            self.drawWrapped(into: &canvas, in: rect)
        } else {
            self.drawClipped(into: &canvas, in: rect)
        }
    }

    /// Where the cursor is: its line, and its place in what the content says.
    package func position(_ language: Language, columns: Int, ellipsis: String) -> String {
        let count = self.pane.lineCount
        guard count > 0 else { return "" }
        let all = ScreenFormat.count(count) + (self.pane.hasMoreLines ? "+" : "")
        let line = StoragePhrases.line(language, ScreenFormat.count(self.pane.line + 1), all)
        guard let path = self.pane.cursorPath, !path.isEmpty else { return line }
        let room = columns - Sanitizer.columns(of: line) - 3
        guard room >= 8 else { return line }
        return Truncation.middle(path, columns: room, ellipsis: ellipsis) + " · " + line
    }

    // MARK: Clipped

    /// A line a row, with numbers where there is room, without the columns that are scrolled off.
    private func drawClipped(into canvas: inout Canvas, in rect: Rect) {
        let count = self.pane.lineCount
        let top = Pane.top(cursor: self.pane.line, count: count, height: rect.rows)
        let range = top..<max(top, min(count, top + rect.rows))
        let digits = String(count).count
        let hasNumbers = self.pane.isNumbered && rect.columns >= 50
        let gutter = hasNumbers ? digits + 2 : 1
        var pictures = PicturePlacer()
        for (offset, runs) in self.pane.runs(of: range).enumerated() {
            let row = rect.row + offset
            let isCurrent = top + offset == self.pane.line
            if hasNumbers {
                Pane.right(
                    String(top + offset + 1), to: &canvas, row: row, column: rect.column, columns: digits + 1,
                    role: isCurrent ? .strong : .dim)
            } else if isCurrent, self.isFocused {
                canvas.write(canvas.glyphs.glyphs.pointer, row: row, column: rect.column, role: .strong)
            }
            Self.write(
                runs, to: &canvas, row: row, column: rect.column + gutter, columns: rect.columns - gutter,
                left: self.pane.left)
            if self.pane.left == 0, gutter < rect.columns {
                pictures.add(
                    self.pane.content(at: top + offset)?.picture, row: row, column: rect.column + gutter,
                    columns: rect.columns - gutter)
            }
        }
        pictures.place(on: &canvas)
    }

    /// Writes a line from the column `left` on. Tabs become blanks up to the next multiple of four.
    private static func write(
        _ runs: [TextRun], to canvas: inout Canvas, row: Int, column: Int, columns: Int, left: Int
    ) {
        var place = 0
        // A line that goes on behind the edge says so there.
        func end(_ canvas: inout Canvas) {
            let ellipsis = canvas.glyphs.glyphs.ellipsis
            canvas.write(ellipsis, row: row, column: column + columns - 1, role: .dim, maxColumns: 1)
        }
        for (index, run) in runs.enumerated() {
            guard place < left + columns else {
                if runs[index...].contains(where: { !$0.text.isEmpty }), columns > 0 { end(&canvas) }
                return
            }
            var shown = ""
            var start = place
            var isCut = false
            let text = run.text.utf8.count > 4 * (left + columns) ? Self.start(of: run.text, left + columns) : run.text
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
            let offset = max(0, start - left)
            canvas.write(
                shown, row: row, column: column + offset, role: run.role, maxColumns: max(0, columns - offset))
            if isCut || place > left + columns, columns > 0 { return end(&canvas) }
        }
    }

    /// So many scalars of a text that they surely fill the columns.
    private static func start(of text: String, _ columns: Int) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.prefix(4 * columns)))
    }

    // MARK: Wrapped

    private func drawWrapped(into canvas: inout Canvas, in rect: Rect) {
        let columns = rect.columns - 1
        let count = self.pane.lineCount
        func parts(_ line: Int) -> [[TextRun]] {
            guard let runs = self.pane.runs(of: line..<(line + 1)).first else { return [[]] }
            // What a view arranges in columns is cut where it does not fit.
            if self.pane.isArranged, self.pane.content(at: line) != nil { return [runs] }
            return TextWrap.wrap(Self.untabbed(runs), columns: columns, limit: rect.rows)
        }
        let window = self.window(of: rect.rows, count) { parts($0).count }
        var row = rect.row
        var pictures = PicturePlacer()
        for line in window {
            for (index, part) in parts(line).enumerated() where row < rect.endRow {
                if index == 0, line == self.pane.line, self.isFocused {
                    canvas.write(canvas.glyphs.glyphs.pointer, row: row, column: rect.column, role: .strong)
                }
                canvas.write(part, row: row, column: rect.column + 1, maxColumns: columns)
                pictures.add(
                    self.pane.content(at: line)?.picture, row: row, column: rect.column + 1, columns: columns)
                row += 1
            }
        }
        pictures.place(on: &canvas)
    }

    /// The lines that fill so many rows, the cursor in their middle where it can be.
    private func window(of rows: Int, _ count: Int, height: (Int) -> Int) -> Range<Int> {
        guard count > 0 else { return 0..<0 }
        let line = max(0, min(self.pane.line, count - 1))
        var top = line
        var used = 0
        while top > 0 {
            let more = height(top - 1)
            if used + more > rows / 2 { break }
            used += more
            top -= 1
        }
        var end = line
        while end < count, used < rows {
            used += height(end)
            end += 1
        }
        // The last page is full.
        while top > 0 {
            let more = height(top - 1)
            if used + more > rows { break }
            used += more
            top -= 1
        }
        return top..<end
    }

    private static func untabbed(_ runs: [TextRun]) -> [TextRun] {
        guard runs.contains(where: { $0.text.utf8.contains(0x09) }) else { return runs }
        return runs.map { TextRun($0.text.replacing("\t", with: "    "), $0.role) }
    }
}
