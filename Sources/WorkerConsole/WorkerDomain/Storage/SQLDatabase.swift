/// Reads one SQL database binding; never writes.
package protocol SQLDatabase: Sendable {
    /// Size, tables, views and their definitions, of one state. A database that does not exist yet is an overview without tables, not an error.
    func overview() async throws(StorageError) -> DatabaseOverview
    /// Columns of a table or view, in order, generated ones included.
    func columns(of table: String) async throws(StorageError) -> [SQLColumn]
    /// Rows of a table or view.
    /// - Parameters:
    ///   - table: Exact name; quoted here, never trusted.
    ///   - order: Column and direction, or `nil` for the table's own order.
    ///   - offset: Rows to skip, 0 or more.
    ///   - limit: 1 to 1,000.
    /// - Returns: The rows, and whether more exist behind them.
    /// - Throws: `StorageError` — `.notFound` for the table or the order's column, `.locked`, `.malformed`.
    func rows(of table: String, order: SQLOrder?, offset: Int, limit: Int) async throws(StorageError) -> SQLRows
    /// A page of a table's rows by their key, of a view's by their number: see ``SQLPage/isKeyed``.
    /// - Throws: `StorageError` — as ``rows(of:order:offset:limit:)``.
    func page(_ request: SQLPageRequest) async throws(StorageError) -> SQLPage
    /// Foreign keys and indexes of a table; none of a view.
    func relations(of table: String) async throws(StorageError) -> SQLRelations
    /// Counts the rows of a table or view; ends with the task.
    func count(of table: String) async throws(StorageError) -> Int
    /// Runs one reading statement.
    /// - Throws: `StorageError` — `.invalid` for an error in it or a statement that would write, `.limit` when it ran
    ///   longer than ``SQLLimits/statementTime``.
    func query(_ sql: String, limit: Int) async throws(StorageError) -> SQLRows
    /// Runs one reading statement and hands its rows on as they come, on one consistent state.
    /// - Parameters:
    ///   - sql: As in ``query(_:limit:)``.
    ///   - limit: Rows at most; `nil` for all.
    ///   - timeLimit: How long it may run.
    ///   - taker: Gets the columns once, then the rows; what it throws ends the statement.
    /// - Returns: True when more rows exist than `limit`.
    /// - Throws: `StorageError` — as ``query(_:limit:)``; `.locked` when the database changed meanwhile and what was
    ///   handed on is not of one state.
    func stream(
        _ sql: String, limit: Int?, timeLimit: Duration, to taker: any SQLRowTaker
    ) async throws(StorageError) -> Bool
}

/// Bounds of what a database is asked.
package enum SQLLimits {
    /// How long one statement may run.
    package static let statementTime = Duration.seconds(30)
}

/// Takes the rows of a statement; called on one thread at a time, which may wait.
package protocol SQLRowTaker: Sendable {
    func take(columns: [String]) throws(StorageError)
    func take(row: [SQLValue]) throws(StorageError)
}

extension SQLDatabase {
    package func stream(
        _ sql: String, limit: Int?, timeLimit _: Duration, to taker: any SQLRowTaker
    ) async throws(StorageError) -> Bool {
        let rows = try await self.query(sql, limit: min(limit ?? 10_000, 10_000))
        try taker.take(columns: rows.columns)
        for row in rows.rows { try taker.take(row: row) }
        return rows.hasMore
    }
}

/// One SQLite value with its storage class; texts are the same when their bytes are.
package enum SQLValue: Sendable, Hashable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case blob([UInt8])

    package static func == (left: SQLValue, right: SQLValue) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.integer(let left), .integer(let right)): left == right
        // A value that is no number is the same as itself here: nothing is counted with it.
        case (.real(let left), .real(let right)): left == right || (left.isNaN && right.isNaN)
        case (.text(let left), .text(let right)): left.hasSameBytes(as: right)
        case (.blob(let left), .blob(let right)): left == right
        case (.null, _), (.integer, _), (.real, _), (.text, _), (.blob, _): false
        }
    }

    package func hash(into hasher: inout Hasher) {
        switch self {
        case .null: hasher.combine(0)
        case .integer(let number): hasher.combine(number)
        case .real(let number): hasher.combine(number.isNaN ? .nan : number)
        case .text(let text): hasher.combine(ByteString(text))
        case .blob(let bytes): hasher.combine(bytes)
        }
    }
}

/// A sort of one column.
package struct SQLOrder: Sendable, Equatable {
    package let column: String
    package let isDescending: Bool

    package init(column: String, isDescending: Bool) {
        self.column = column
        self.isDescending = isDescending
    }
}

/// One column of a table or view.
package struct SQLColumn: Sendable, Equatable {
    package let name: String
    /// As declared; empty when there is no type.
    package let declaredType: String
    /// 1-based position in the primary key; `nil` when it is not part of it.
    package let primaryKeyPosition: Int?
    package let isNotNull: Bool
    package let defaultValue: String?
    package let isGenerated: Bool

    package init(
        name: String, declaredType: String = "", primaryKeyPosition: Int? = nil, isNotNull: Bool = false,
        defaultValue: String? = nil, isGenerated: Bool = false
    ) {
        self.name = name
        self.declaredType = declaredType
        self.primaryKeyPosition = primaryKeyPosition
        self.isNotNull = isNotNull
        self.defaultValue = defaultValue
        self.isGenerated = isGenerated
    }
}

/// Where the values of a statement's columns come from, as far as the database tells.
package struct SQLSources: Sendable, Equatable {
    /// For each column the name of the table's column that it is, whatever it is called in the result; `nil` for an
    /// expression.
    package var origins: [String?]
    /// Every column that the statement reads, also within expressions, conditions and views.
    package var reads: Set<String>
    /// Rows of several SELECTs are put together (UNION and its like): an origin is that of the first one only.
    package var isCompound: Bool

    package init(origins: [String?] = [], reads: Set<String> = [], isCompound: Bool = false) {
        self.origins = origins
        self.reads = reads
        self.isCompound = isCompound
    }
}

/// A page of rows.
package struct SQLRows: Sendable, Equatable {
    package var columns: [String]
    package var rows: [[SQLValue]]
    /// True when more rows exist than were asked for.
    package var hasMore: Bool
    package var duration: Duration
    /// Rows that were looked at without an index, in whole tables; `nil` where nobody counts.
    package var scanned: Int?
    /// What the columns are in truth; without it their names count.
    package var sources: SQLSources

    package init(
        columns: [String], rows: [[SQLValue]], hasMore: Bool = false, duration: Duration = .zero,
        sources: SQLSources = SQLSources()
    ) {
        self.sources = sources
        self.columns = columns
        self.rows = rows
        self.hasMore = hasMore
        self.duration = duration
    }
}

/// One entry of `sqlite_master`.
package struct SchemaEntry: Sendable, Equatable {
    /// `table`, `view`, `index` or `trigger`.
    package let type: String
    package let name: String
    package let table: String
    /// `nil` for automatic indexes.
    package let sql: String?

    package init(type: String, name: String, table: String, sql: String?) {
        self.type = type
        self.name = name
        self.table = table
        self.sql = sql
    }
}

/// What a database holds.
package struct DatabaseOverview: Sendable, Equatable {
    package struct Table: Sendable, Equatable {
        package enum Kind: String, Sendable, Equatable { case table, view, virtual, shadow }
        package let name: String
        package let kind: Kind
        /// `nil` when it was not counted, because the table is large.
        package let rows: Int?

        package init(name: String, kind: Kind, rows: Int?) {
            self.name = name
            self.kind = kind
            self.rows = rows
        }
    }

    /// False when nothing has been stored yet.
    package let exists: Bool
    package let tables: [Table]
    /// Main file and write-ahead log together.
    package let bytes: Int64
    package let indexes: Int
    package let triggers: Int
    /// `sqlite_master` without `_cf_*` and `sqlite_*`, in its own order.
    package let schema: [SchemaEntry]

    package init(
        exists: Bool, tables: [Table] = [], bytes: Int64 = 0, indexes: Int = 0, triggers: Int = 0,
        schema: [SchemaEntry] = []
    ) {
        self.schema = schema
        self.exists = exists
        self.tables = tables
        self.bytes = bytes
        self.indexes = indexes
        self.triggers = triggers
    }
}
