import SQLite
import WorkerDomain

/// Collects the rows of a statement within bounds.
enum RowReader {
    /// The bytes of values that one page holds; a page that would be larger ends early.
    static let largestPage = 32 << 20

    static func read(
        _ statement: borrowing SQLiteStatement, limit: Int, reads: SQLiteReads = SQLiteReads(), isCompound: Bool = false
    ) throws(SQLiteError) -> SQLRows {
        let start = ContinuousClock.now
        let sources = SQLSources(origins: statement.columnOrigins, reads: reads.columns, isCompound: isCompound)
        var result = SQLRows(columns: statement.columnNames, rows: [], sources: sources)
        var bytes = 0
        while try statement.step() {
            if result.rows.count == limit || bytes >= self.largestPage {
                result.hasMore = true
                break
            }
            let row = self.row(statement)
            bytes += self.bytes(of: row)
            result.rows.append(row)
        }
        result.scanned = statement.scannedRows
        result.duration = start.duration(to: ContinuousClock.now)
        return result
    }

    /// The values of the row that a statement is at; of its first columns, or of all.
    static func row(_ statement: borrowing SQLiteStatement, columns: Int? = nil) -> [SQLValue] {
        let count = columns ?? statement.columnCount
        var row: [SQLValue] = []
        row.reserveCapacity(count)
        for column in 0..<count { row.append(SQLValue(statement.value(Int32(column)))) }
        return row
    }

    /// About what a row takes in memory.
    static func bytes(of row: [SQLValue]) -> Int { row.reduce(0) { $0 + self.bytes(of: $1) } }

    private static func bytes(of value: SQLValue) -> Int {
        switch value {
        case .null, .integer, .real: 16
        case .text(let text): text.utf8.count + 16
        case .blob(let bytes): bytes.count + 16
        }
    }
}

extension SQLValue {
    fileprivate init(_ value: SQLiteValue) {
        switch value {
        case .null: self = .null
        case .integer(let number): self = .integer(number)
        case .real(let number): self = .real(number)
        case .text(let text): self = .text(text)
        case .blob(let bytes): self = .blob(bytes)
        }
    }
}
