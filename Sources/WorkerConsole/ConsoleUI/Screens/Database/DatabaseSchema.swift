import TerminalCanvas
import WorkerDomain

/// Columns and definition of a table, read by scrolling.
struct DatabaseSchema: Sendable, Equatable {
    private(set) var columns: [SQLColumn] = []
    /// Why the columns could not be read.
    private(set) var problem: StorageError?
    private var text = DetailPane()

    mutating func take(_ columns: [SQLColumn]) {
        self.columns = columns
        self.problem = nil
    }

    mutating func fail(_ error: StorageError) { self.problem = error }

    mutating func move(by rows: Int, count: Int, page: Int) { self.text.move(by: rows, count: count, page: page) }

    func draw(_ lines: [[Span]], into canvas: inout Canvas, in rect: Rect) {
        self.text.draw(lines, into: &canvas, in: rect)
    }

    /// The columns of the primary key, by their places in a grid; none when one is missing there.
    func keyColumns(in columns: [String]) -> [Int] {
        let names = self.columns.filter { $0.primaryKeyPosition != nil }.map(\.name)
        let places = names.compactMap { name in columns.firstIndex { $0.hasSameBytes(as: name) } }
        return places.count == names.count ? places : []
    }

    /// Columns, then the text of the definition and of everything that belongs to the table.
    func lines(
        of table: String?, in overview: DatabaseOverview?, columns width: Int, _ language: Language
    ) -> [[Span]] {
        var lines: [[Span]] = []
        if let problem = self.problem { lines.append([Span(language.text(problem.reason), .failure)]) }
        lines += self.columns.map { self.line(of: $0, language) }
        guard let table, let overview else { return lines }
        for entry in overview.schema
        where entry.name.hasSameBytes(as: table) || entry.table.hasSameBytes(as: table) {
            lines.append([])
            if !entry.name.hasSameBytes(as: table) { lines.append([Span("\(entry.type) \(entry.name)", .heading)]) }
            guard let sql = entry.sql else {
                lines.append([Span(DatabasePhrases.noDefinition(language), .dim)])
                continue
            }
            lines += StoredLines.split(sql).prefix(400).flatMap { line in
                Wrapping.lines(of: line.replacing("\t", with: "    "), columns: width, maximum: 20)
            }.map { [Span($0, .literal)] }
        }
        return lines
    }

    private func line(of column: SQLColumn, _ language: Language) -> [Span] {
        var spans = [Span(column.name, .strong), Span("  \(column.declaredType)", .name)]
        if let position = column.primaryKeyPosition {
            let isComposite = position > 1 || self.columns.count { $0.primaryKeyPosition != nil } > 1
            let number = isComposite ? " \(position)" : ""
            spans.append(Span("  \(DatabasePhrases.primaryKey(language))\(number)", .ok))
        }
        if column.isNotNull { spans.append(Span("  \(DatabasePhrases.notNull(language))")) }
        if let value = column.defaultValue {
            spans.append(Span("  \(DatabasePhrases.defaultValue(language, value))", .dim))
        }
        if column.isGenerated { spans.append(Span("  \(DatabasePhrases.generated(language))", .dim)) }
        return spans
    }
}
