import ConsoleUI
import TerminalCanvas
import WorkerDomain

/// Columns and definition of a table, read by scrolling.
struct DatabaseSchema: Sendable, Equatable {
    private(set) var columns: [SQLColumn] = []
    private(set) var relations = SQLRelations()
    /// Why the columns could not be read.
    private(set) var problem: StorageError?
    private var text = DetailPane()

    mutating func take(_ columns: [SQLColumn], _ relations: SQLRelations) {
        self.columns = columns
        self.relations = relations
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

    /// What a value refers to; `nil` when its column is in no foreign key, or one of the key's values is NULL.
    func reference(of column: String, row: [SQLValue], columns: [String]) -> DatabaseReference? {
        for key in self.relations.foreignKeys where key.columns.contains(where: { Self.isSame($0, column) }) {
            let values = key.columns.compactMap { name in
                columns.firstIndex { Self.isSame($0, name) }.flatMap { row.indices.contains($0) ? row[$0] : nil }
            }
            guard values.count == key.columns.count, !values.contains(.null) else { continue }
            return DatabaseReference(table: key.table, columns: key.referenced, values: values)
        }
        return nil
    }

    /// SQLite compares names without the case of ASCII letters.
    static func isSame(_ left: String, _ right: String) -> Bool {
        left.utf8.count == right.utf8.count
            && zip(left.utf8, right.utf8).allSatisfy { self.folded($0) == self.folded($1) }
    }

    private static func folded(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }

    /// Columns, then the text of the definition and of everything that belongs to the table.
    func lines(
        of table: String?, in overview: DatabaseOverview?, columns width: Int, _ language: Language
    ) -> [[Span]] {
        var lines: [[Span]] = []
        if let problem = self.problem { lines.append([Span(language.text(problem.reason), .failure)]) }
        lines += self.columns.map { self.line(of: $0, language) }
        lines += self.relationLines(language)
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

    /// References and indexes, in a line each.
    private func relationLines(_ language: Language) -> [[Span]] {
        var lines: [[Span]] = []
        if !self.relations.foreignKeys.isEmpty {
            lines += [[], [Span(DatabasePhrases.references(language), .heading)]]
            lines += self.relations.foreignKeys.map { key in
                let target = "\(key.table)(\(key.referenced.joined(separator: ", ")))"
                return [Span(key.columns.joined(separator: ", "), .strong), Span(" → \(target)", .name)]
            }
        }
        if !self.relations.indexes.isEmpty {
            let count = ScreenFormat.count(self.relations.indexes.count)
            lines += [[], [Span(DatabasePhrases.indexes(language, count), .heading)]]
            lines += self.relations.indexes.map { index in
                let columns = index.columns.map { $0 ?? DatabasePhrases.expression(language) }
                var spans = [Span(index.name, .strong), Span(" (\(columns.joined(separator: ", ")))", .name)]
                if index.isUnique { spans.append(Span("  UNIQUE", .ok)) }
                if index.isPartial { spans.append(Span("  \(DatabasePhrases.partial(language))", .dim)) }
                return spans
            }
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
