import TerminalCanvas
import WorkerDomain

extension DatabaseScreen {
    func schemaTitle(_ language: Language) -> String {
        guard let table = self.selectedTable?.name else { return DatabasePhrases.schema(language) }
        return "\(DatabasePhrases.schema(language)) · \(table)"
    }

    /// Columns, then the text of the definition and of everything that belongs to the table.
    ///
    /// Where the pane's width is not known, a narrow one makes sure that the end can be reached.
    func schemaLines(_ language: Language, columns: Int = 38) -> [[Span]] {
        var lines: [[Span]] = []
        if let problem = self.columnsProblem { lines.append([Span(language.text(problem.reason), .failure)]) }
        for column in self.columns {
            var spans = [Span(column.name, .strong), Span("  \(column.declaredType)", .name)]
            if let position = column.primaryKeyPosition {
                let number =
                    position > 1 || self.columns.count { $0.primaryKeyPosition != nil } > 1 ? " \(position)" : ""
                spans.append(Span("  \(DatabasePhrases.primaryKey(language))\(number)", .ok))
            }
            if column.isNotNull { spans.append(Span("  \(DatabasePhrases.notNull(language))")) }
            if let value = column.defaultValue {
                spans.append(Span("  \(DatabasePhrases.defaultValue(language, value))", .dim))
            }
            if column.isGenerated { spans.append(Span("  \(DatabasePhrases.generated(language))", .dim)) }
            lines.append(spans)
        }
        guard let table = self.selectedTable?.name, case .loaded(let outline) = self.outline else { return lines }
        for entry in outline.overview.schema
        where entry.name.hasSameBytes(as: table) || entry.table.hasSameBytes(as: table) {
            lines.append([])
            if !entry.name.hasSameBytes(as: table) { lines.append([Span("\(entry.type) \(entry.name)", .heading)]) }
            guard let sql = entry.sql else {
                lines.append([Span(DatabasePhrases.noDefinition(language), .dim)])
                continue
            }
            lines += StoredLines.split(sql).prefix(400).flatMap { line in
                Wrapping.lines(of: line.replacing("\t", with: "    "), columns: columns, maximum: 20)
            }.map { [Span($0, .literal)] }
        }
        return lines
    }

    func drawSchema(_ canvas: inout Canvas, _ rect: Rect, _ language: Language) {
        if self.columnsPending.isWaiting, self.columns.isEmpty {
            Pane.notice(&canvas, rect, [Span(StoragePhrases.loading(language), .dim)])
            return
        }
        let lines = self.schemaLines(language, columns: rect.columns - 2)
        if self.focus == .schema { self.height.note(rect.rows) }
        self.clicks.note(.schema, rect, first: 0, count: 0)
        let top = max(0, min(self.schemaLine, lines.count - rect.rows))
        for offset in 0..<min(rect.rows, max(0, lines.count - top)) {
            Pane.write(
                lines[top + offset], to: &canvas, row: rect.row + offset, column: rect.column + 1,
                columns: rect.columns - 2)
        }
    }
}
