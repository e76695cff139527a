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
    }
    private let exists: Bool
    private let state: Mutex<State>
    private struct State {
        var tables: [Table]
        var failure: StorageError?
        var statements: [String] = []
        var answer: Result<SQLRows, StorageError>?
        var offsets: [Int] = []
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
    var offsets: [Int] { self.state.withLock { $0.offsets } }
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
        self.state.withLock {
            $0.offsets.append(offset)
            $0.orders.append(order)
        }
        guard let found = self.tables.first(where: { $0.name.hasSameBytes(as: table) }) else {
            throw StorageError(.notFound, operation: "read \(table)", reason: "no such table")
        }
        let rest = found.rows.dropFirst(offset)
        return SQLRows(
            columns: found.columns.map(\.name), rows: Array(rest.prefix(limit)), hasMore: rest.count > limit,
            duration: .microseconds(1_100))
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
