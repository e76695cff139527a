import SQLite
import WorkerDomain

/// Reads a page of rows that have no key, views and virtual tables, by how many stand before it.
struct OffsetReader {
    private let request: SQLPageRequest
    private let columns: [SQLColumn]

    init(_ request: SQLPageRequest, columns: [SQLColumn]) {
        self.request = request
        self.columns = columns
    }

    func read(_ connection: borrowing SQLiteConnection) throws(SQLiteError) -> SQLPage {
        var (conditions, values) = PageReader.filter(self.request.filter, self.columns)
        if case .match(let names, let wanted) = self.request.start {
            conditions = names.map { "\(Catalog.quoted($0)) = ?" } + conditions
            values = wanted.map { SQLPlace.Value($0) } + values
        }
        let place = conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND ")
        let source = "FROM \(Catalog.quoted(self.request.table))\(place)"
        var sql = "SELECT * \(source)"
        if let order = self.request.order {
            sql += " ORDER BY \(Catalog.quoted(order.column)) \(order.isDescending ? "DESC" : "ASC")"
        }
        let offset = try self.offset(source, values, connection)
        let reads = connection.reads(of: sql)
        let isCompound = try Catalog.isCompound(sql, views: reads.views, connection)
        let statement = try connection.prepare("\(sql) LIMIT \(self.request.limit + 1) OFFSET \(offset)")
        for (index, value) in values.enumerated() { try statement.bind(Int32(index + 1), place: value) }
        let rows = try RowReader.read(statement, limit: self.request.limit, reads: reads, isCompound: isCompound)
        return SQLPage(rows: rows, hasBefore: offset > 0, offset: offset, isKeyed: false)
    }

    private func offset(
        _ source: String, _ values: [SQLPlace.Value], _ connection: borrowing SQLiteConnection
    ) throws(SQLiteError) -> Int {
        switch self.request.start {
        case .offset(let offset): return max(0, offset)
        case .last:
            let statement = try connection.prepare("SELECT count(1) \(source)")
            for (index, value) in values.enumerated() { try statement.bind(Int32(index + 1), place: value) }
            let count = try statement.step() ? Int(clamping: statement.integer(0)) : 0
            return max(0, count - self.request.limit)
        case .first, .match, .after, .before, .from: return 0
        }
    }
}
