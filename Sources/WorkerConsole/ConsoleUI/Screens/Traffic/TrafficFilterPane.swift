import TerminalCanvas
import TrafficJournal
import Widgets
import WorkerDomain

/// The line that the filter is typed in.
struct TrafficFilterPane: Sendable {
    private var field = TextField(limit: TrafficFilter.lengthLimit)
    /// Where what is typed broke; `nil` while it reads.
    private(set) var error: TrafficFilterError?
    private(set) var isTyping = false

    var isEmpty: Bool { self.field.isEmpty }

    mutating func begin() { self.isTyping = true }

    mutating func end() { self.isTyping = false }

    /// - Returns: The filter that it is now; `nil` where it does not read.
    mutating func set(_ text: String) -> TrafficFilter? {
        self.isTyping = false
        self.field.set(text)
        return self.read()
    }

    mutating func type(_ key: KeyEvent) -> TrafficFilter? { self.field.handle(key) ? self.read() : nil }

    mutating func paste(_ text: String) -> TrafficFilter? {
        self.field.paste(text)
        return self.read()
    }

    private mutating func read() -> TrafficFilter? {
        do throws(TrafficFilterError) {
            let filter = try TrafficFilter(parsing: self.field.text)
            self.error = nil
            return filter
        } catch {
            self.error = error
            return nil
        }
    }

    /// Draws the line; `found` says at its right how much there is.
    func draw(into canvas: inout Canvas, in line: Rect, found: String, _ language: Language) {
        let glyphs = canvas.glyphs.glyphs
        var right = found
        var role = Role.dim
        if let error = self.error {
            right =
                "\(glyphs.cross) "
                + TrafficPhrases.brokenAt(language, "\(error.offset + 1)", language.text(error.problem))
            right = Truncation.end(right, columns: max(10, line.columns * 6 / 10), ellipsis: glyphs.ellipsis)
            role = .failure
        }
        let rightColumn = line.endColumn - Sanitizer.columns(of: right) - 1
        let label = " \(TrafficPhrases.filterLabel(language)) \(glyphs.active) "
        let start = line.column + canvas.write(label, row: line.row, column: line.column, role: .dim)
        let place = Rect(row: line.row, column: start, rows: 1, columns: max(0, rightColumn - 2 - start))
        if self.field.isEmpty, !self.isTyping {
            canvas.write(Format.unknown, row: line.row, column: start, role: .dim)
        } else {
            self.field.draw(into: &canvas, in: place, role: .strong, isFocused: self.isTyping)
        }
        canvas.write(right, row: line.row, column: rightColumn, role: role)
        if let error = self.error, error.offset < place.columns {
            // The place itself is marked while the text has not scrolled.
            canvas.paint(Rect(row: line.row, column: start + error.offset, rows: 1, columns: 1), role: .failure)
        }
    }
}
