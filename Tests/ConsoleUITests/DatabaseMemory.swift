import Synchronization
import WorkerDomain

/// A database in memory, of tables with rows; it notes the statements that it is given.
final class MemoryDatabase: SQLDatabase {
    struct Table: Sendable {
        var name: String
        var columns: [SQLColumn]
        var rows: [[SQLValue]]
        var sql: String
        var isCounted = true
        var relations = SQLRelations()
    }
    private let exists: Bool
    private let state: Mutex<State>
    private struct State {
        var tables: [Table]
        var failure: StorageError?
        var statements: [String] = []
        var answer: Result<SQLRows, StorageError>?
        var starts: [SQLPageRequest.Start] = []
        var filters: [String] = []
        var orders: [SQLOrder?] = []
    }

    init(_ tables: [Table], exists: Bool = true, failure: StorageError? = nil) {
        self.exists = exists
        self.state = Mutex(State(tables: tables, failure: failure))
    }

    private var tables: [Table] { self.state.withLock { $0.tables } }

    /// Writes as another program would.
    func change(_ change: (inout [Table]) -> Void) { self.state.withLock { change(&$0.tables) } }

    var statements: [String] { self.state.withLock { $0.statements } }
    var starts: [SQLPageRequest.Start] { self.state.withLock { $0.starts } }
    var filters: [String] { self.state.withLock { $0.filters } }
    var orders: [SQLOrder?] { self.state.withLock { $0.orders } }

    /// What the next statements answer.
    func answer(_ answer: Result<SQLRows, StorageError>) { self.state.withLock { $0.answer = answer } }

    private func check() throws(StorageError) {
        if let failure = self.state.withLock({ $0.failure }) { throw failure }
    }

    func overview() async throws(StorageError) -> DatabaseOverview {
        try self.check()
        let tables = self.tables
        return DatabaseOverview(
            exists: self.exists,
            tables: tables.map {
                DatabaseOverview.Table(name: $0.name, kind: .table, rows: $0.isCounted ? $0.rows.count : nil)
            }, bytes: 40_960, indexes: 2, triggers: 1,
            schema: tables.map { SchemaEntry(type: "table", name: $0.name, table: $0.name, sql: $0.sql) })
    }

    func columns(of table: String) async throws(StorageError) -> [SQLColumn] {
        self.tables.first { $0.name.hasSameBytes(as: table) }?.columns ?? []
    }

    func rows(of table: String, order: SQLOrder?, offset: Int, limit: Int) async throws(StorageError) -> SQLRows {
        try self.check()
        guard let found = self.tables.first(where: { $0.name.hasSameBytes(as: table) }) else {
            throw StorageError(.notFound, operation: "read \(table)", reason: "no such table")
        }
        let rest = found.rows.dropFirst(offset)
        return SQLRows(
            columns: found.columns.map(\.name), rows: Array(rest.prefix(limit)), hasMore: rest.count > limit,
            duration: .microseconds(1_100))
    }

    func page(_ request: SQLPageRequest) async throws(StorageError) -> SQLPage {
        try self.check()
        self.state.withLock {
            $0.starts.append(request.start)
            $0.orders.append(request.order)
            $0.filters.append(request.filter)
        }
        guard let found = self.tables.first(where: { $0.name.hasSameBytes(as: request.table) }) else {
            throw StorageError(.notFound, operation: "read \(request.table)", reason: "no such table")
        }
        let rows = found.rows.filter { row in
            request.filter.isEmpty
                || row.contains { if case .text(let text) = $0 { text.contains(request.filter) } else { false } }
        }
        let window = Self.window(request, rows, columns: found.columns.map(\.name))
        return SQLPage(
            rows: SQLRows(
                columns: found.columns.map(\.name), rows: Array(rows[window]), hasMore: window.upperBound < rows.count,
                duration: .microseconds(1_100)),
            first: window.isEmpty ? nil : Self.place(window.lowerBound),
            last: window.isEmpty ? nil : Self.place(window.upperBound - 1), hasBefore: window.lowerBound > 0,
            offset: window.lowerBound == 0 ? 0 : nil)
    }

    /// The number of a row stands for its key.
    static func place(_ row: Int) -> SQLPlace { SQLPlace([.integer(Int64(row))]) }

    private static func row(of place: SQLPlace) -> Int {
        if case .integer(let number) = place.values.first { Int(number) } else { 0 }
    }

    private static func window(_ request: SQLPageRequest, _ rows: [[SQLValue]], columns: [String]) -> Range<Int> {
        let limit = request.limit
        let start: Int
        switch request.start {
        case .first: start = 0
        case .last: start = max(0, rows.count - limit)
        case .after(let place): start = self.row(of: place) + 1
        case .from(let place): start = self.row(of: place)
        case .offset(let offset): start = offset
        case .before(let place):
            let end = min(self.row(of: place), rows.count)
            return max(0, end - limit)..<end
        case .match(let names, let values):
            let places = names.map { name in columns.firstIndex(of: name) ?? 0 }
            start = rows.firstIndex { row in places.map { row[$0] } == values } ?? rows.count
        }
        let first = min(start, rows.count)
        return first..<min(rows.count, first + limit)
    }

    func relations(of table: String) async throws(StorageError) -> SQLRelations {
        self.tables.first { $0.name.hasSameBytes(as: table) }?.relations ?? SQLRelations()
    }

    func count(of table: String) async throws(StorageError) -> Int {
        self.tables.first { $0.name.hasSameBytes(as: table) }?.rows.count ?? 0
    }

    func query(_ sql: String, limit: Int) async throws(StorageError) -> SQLRows {
        let answer = self.state.withLock { state in
            state.statements.append(sql)
            return state.answer
        }
        guard let answer else { return SQLRows(columns: ["n"], rows: [[.integer(1)]], duration: .microseconds(400)) }
        return try answer.get()
    }
}
