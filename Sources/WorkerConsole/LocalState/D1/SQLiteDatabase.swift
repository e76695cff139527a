import SQLite
import Synchronization
package import WorkerDomain

/// Reads one SQLite file, also while another program has it open; never writes to it or beside it.
package struct SQLiteDatabase: SQLDatabase {
    package let path: String
    /// The name by which errors speak of it.
    package let name: String

    private let file: StateFile
    /// How long an overview counts rows; tables that are not counted by then are shown without a number.
    private static let countingTime = Duration.milliseconds(15)

    /// Makes a reader; `timeLimit` is how long one statement may run.
    package init(path: String, name: String? = nil, timeLimit: Duration = SQLLimits.statementTime) {
        self.path = path
        self.name = name ?? path
        self.file = StateFile(path: path, timeLimit: timeLimit)
    }

    package func overview() async throws(StorageError) -> DatabaseOverview {
        let bytes = self.file.bytes
        let overview = try await self.file.read("look at \(self.name)") { connection throws(SQLiteError) in
            let end = ContinuousClock.now.advanced(by: Self.countingTime)
            let catalog = try Catalog(connection)
            var tables: [DatabaseOverview.Table] = []
            for table in catalog.tables where !Catalog.isInternal(table.name) {
                let rows = Catalog.count(table.name, connection, until: end)
                tables.append(DatabaseOverview.Table(name: table.name, kind: table.kind, rows: rows))
            }
            return DatabaseOverview(
                exists: true, tables: tables, bytes: bytes,
                indexes: catalog.entries.count { $0.type == "index" },
                triggers: catalog.entries.count { $0.type == "trigger" }, schema: catalog.entries)
        }
        return overview ?? DatabaseOverview(exists: false)
    }

    package func columns(of table: String) async throws(StorageError) -> [SQLColumn] {
        let operation = "read the columns of \(self.name).\(table)"
        let columns = try await self.existing(operation) { connection throws(SQLiteError) in
            try Catalog.columns(of: table, connection)
        }
        guard let columns else { throw self.noTable(table, operation) }
        return columns
    }

    package func rows(
        of table: String, order: SQLOrder?, offset: Int, limit: Int
    ) async throws(StorageError) -> SQLRows {
        let operation = "read \(self.name).\(table)"
        guard (1...1_000).contains(limit), offset >= 0 else {
            throw StorageError(
                .invalid, operation: operation, reason: "the limit must be 1 to 1,000, the offset 0 or more")
        }
        let page = try await self.existing(operation) { connection throws(SQLiteError) -> Page in
            guard let columns = try Catalog.columns(of: table, connection) else { return .noTable }
            var sql = "SELECT * FROM \(Catalog.quoted(table))"
            if let order {
                guard columns.contains(where: { $0.name.utf8.elementsEqual(order.column.utf8) }) else {
                    return .noColumn(order.column)
                }
                sql += " ORDER BY \(Catalog.quoted(order.column)) \(order.isDescending ? "DESC" : "ASC")"
            }
            let reads = connection.reads(of: sql)
            let isCompound = try Catalog.isCompound(sql, views: reads.views, connection)
            let statement = try connection.prepare(sql + " LIMIT ?1 OFFSET ?2")
            try statement.bind(1, Int64(limit) + 1)
            try statement.bind(2, Int64(offset))
            return .rows(try RowReader.read(statement, limit: limit, reads: reads, isCompound: isCompound))
        }
        switch page {
        case .rows(let rows): return rows
        case .noTable: throw self.noTable(table, operation)
        case .noColumn(let name):
            throw StorageError(.notFound, operation: operation, reason: "no such column: \(name)")
        }
    }

    package func page(_ request: SQLPageRequest) async throws(StorageError) -> SQLPage {
        let operation = "read \(self.name).\(request.table)"
        guard (1...1_000).contains(request.limit), !request.filter.utf8.contains(0) else {
            throw StorageError(
                .invalid, operation: operation, reason: "the limit must be 1 to 1,000, and the text hold no NUL")
        }
        let found = try await self.existing(operation) { connection throws(SQLiteError) -> FoundPage in
            guard let columns = try Catalog.columns(of: request.table, connection) else { return .noTable }
            if let order = request.order, !columns.contains(where: { $0.name.hasSameBytes(as: order.column) }) {
                return .noColumn(order.column)
            }
            let key = try RowKey(of: request.table, columns: columns, order: request.order, connection)
            guard let key else { return .page(try OffsetReader(request, columns: columns).read(connection)) }
            return .page(try PageReader(request, columns: columns, key: key).read(connection))
        }
        switch found {
        case .page(let page): return page
        case .noTable: throw self.noTable(request.table, operation)
        case .noColumn(let name):
            throw StorageError(.notFound, operation: operation, reason: "no such column: \(name)")
        }
    }

    package func relations(of table: String) async throws(StorageError) -> SQLRelations {
        try await self.existing("read the indexes of \(self.name).\(table)") { connection throws(SQLiteError) in
            try Catalog.relations(of: table, connection)
        }
    }

    package func count(of table: String) async throws(StorageError) -> Int {
        let operation = "count \(self.name).\(table)"
        let count = try await self.existing(operation) { connection throws(SQLiteError) -> Int? in
            guard try Catalog.columns(of: table, connection) != nil else { return nil }
            return try Catalog.count(table, connection)
        }
        guard let count else { throw self.noTable(table, operation) }
        return count
    }

    package func query(_ sql: String, limit: Int) async throws(StorageError) -> SQLRows {
        let operation = "query \(self.name)"
        guard (1...10_000).contains(limit) else {
            throw StorageError(.invalid, operation: operation, reason: "the limit must be 1 to 10,000")
        }
        try Self.check(sql, operation)
        return try await self.existing(operation) { connection throws(SQLiteError) in
            let reads = connection.reads(of: sql)
            let isCompound = try Catalog.isCompound(sql, views: reads.views, connection)
            let statement = try connection.prepareReading(sql)
            return try RowReader.read(statement, limit: limit, reads: reads, isCompound: isCompound)
        }
    }

    package func stream(
        _ sql: String, limit: Int?, timeLimit: Duration, to taker: any SQLRowTaker
    ) async throws(StorageError) -> Bool {
        let operation = "query \(self.name)"
        try Self.check(sql, operation)
        // A read is repeated when the files changed under it; rows that were handed on cannot be taken back.
        let progress = Mutex((hasBegun: false, failure: StorageError?.none))
        let file = StateFile(path: self.path, timeLimit: timeLimit)
        let hasMore: Bool?
        do throws(StorageError) {
            hasMore = try await file.read(operation) { connection throws(SQLiteError) -> Bool in
                let statement = try connection.prepareReading(sql)
                guard !progress.withLock({ $0.hasBegun }) else {
                    throw SQLiteError(.busy, message: "the database changed while it was read; try again")
                }
                do throws(StorageError) {
                    try taker.take(columns: statement.columnNames)
                    var count = 0
                    while try Self.step(statement, operation) {
                        if count == limit { return true }
                        progress.withLock { $0.hasBegun = true }
                        try taker.take(row: RowReader.row(statement))
                        count += 1
                    }
                    return false
                } catch {
                    progress.withLock { $0.failure = error }
                    throw SQLiteError(.interrupted, message: error.reason)
                }
            }
        } catch {
            throw progress.withLock { $0.failure } ?? error
        }
        guard let hasMore else {
            throw StorageError(.notFound, operation: operation, reason: "nothing has been stored yet")
        }
        return hasMore
    }

    private static func step(
        _ statement: borrowing SQLiteStatement, _ operation: String
    ) throws(StorageError) -> Bool {
        do throws(SQLiteError) {
            return try statement.step()
        } catch {
            throw StorageError(error, operation: operation)
        }
    }

    private static func check(_ sql: String, _ operation: String) throws(StorageError) {
        guard sql.utf8.count <= 1 << 20, !sql.utf8.contains(0) else {
            let reason = "the statement is longer than 1 MiB or holds a NUL"
            throw StorageError(.invalid, operation: operation, reason: reason)
        }
    }

    /// What a table's rows were found to be.
    private enum Page: Sendable {
        case rows(SQLRows)
        case noTable
        case noColumn(String)
    }

    /// What a page was found to be.
    private enum FoundPage: Sendable {
        case page(SQLPage)
        case noTable
        case noColumn(String)
    }

    private func noTable(_ table: String, _ operation: String) -> StorageError {
        StorageError(.notFound, operation: operation, reason: "no such table or view: \(table)")
    }

    /// Reads on one consistent state of a database that must be there.
    private func existing<Value: Sendable>(
        _ operation: String, _ body: @escaping @Sendable (borrowing SQLiteConnection) throws(SQLiteError) -> Value
    ) async throws(StorageError) -> Value {
        if let value = try await self.file.read(operation, body) { return value }
        throw StorageError(.notFound, operation: operation, reason: "nothing has been stored yet")
    }
}
