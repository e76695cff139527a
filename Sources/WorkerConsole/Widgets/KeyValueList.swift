package import TerminalCanvas

/// Labels and values in two columns.
package struct KeyValueList: Sendable, Equatable {
    /// One label and its value.
    package struct Entry: Sendable, Equatable {
        package var label: String
        package var value: [TextRun]

        package init(_ label: String, _ value: [TextRun]) {
            self.label = label
            self.value = value
        }

        package init(_ label: String, _ value: String, role: Role = .plain) {
            self.init(label, [TextRun(value, role)])
        }
    }

    package var entries: [Entry]
    /// The widest that the label column gets.
    package var maximumLabelColumns: Int

    package init(_ entries: [Entry], maximumLabelColumns: Int = 28) {
        self.entries = entries
        self.maximumLabelColumns = maximumLabelColumns
    }

    /// Draws one entry a row, from entry `first` on.
    /// - Returns: The rows used.
    @discardableResult
    package func draw(into canvas: inout Canvas, in area: Rect, first: Int = 0) -> Int {
        let ellipsis = canvas.glyphs.glyphs.ellipsis
        let widest = self.entries.map { Sanitizer.columns(of: Truncation.end($0.label, columns: 64)) }.max() ?? 0
        let labels = min(widest, self.maximumLabelColumns, max(1, area.columns / 2))
        let shown = self.entries.dropFirst(max(0, first)).prefix(area.rows)
        for (offset, entry) in shown.enumerated() {
            let row = area.row + offset
            canvas.write(
                Truncation.end(entry.label, columns: labels, ellipsis: ellipsis), row: row, column: area.column,
                role: .dim)
            canvas.write(
                entry.value, row: row, column: area.column + labels + 2, maxColumns: max(0, area.columns - labels - 2))
        }
        return shown.count
    }
}
