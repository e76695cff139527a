package import TerminalCanvas

/// Labels and values in two columns.
package struct KeyValueList: Sendable, Equatable {
    /// One label and its value.
    package struct Entry: Sendable, Equatable {
        package var label: String
        package var value: [TextRun]
        /// A value of one run is shortened in its middle: for paths and keys.
        package var keepsEnd = false

        package init(_ label: String, _ value: [TextRun]) {
            self.label = label
            self.value = value
        }

        /// A path or a key: shortened in its middle.
        package init(_ label: String, path: String) {
            self.init(label, path)
            self.keepsEnd = true
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
            let room = max(0, area.columns - labels - 2)
            var value = entry.value
            if entry.keepsEnd, value.count == 1 {
                value[0].text = Truncation.middle(value[0].text, columns: room, ellipsis: ellipsis)
            }
            canvas.write(value, row: row, column: area.column + labels + 2, maxColumns: room)
        }
        return shown.count
    }
}
