import CSQLite

/// A connection that makes and writes a database of ours; closed when it is dropped.
package struct WritableDatabase: ~Copyable {
    private let handle: OpaquePointer
    private let operation: String

    /// Opens a file, and makes it when it is missing.
    /// - Parameter operation: What is being done, in the user's words.
    /// - Throws: `SQLiteError` — `.denied`, `.unreachable`, `.malformed`.
    package init(path: String, operation: String) throws(SQLiteError) {
        var handle: OpaquePointer?
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE
        let code = sqlite3_open_v2(path, &handle, flags, nil)
        guard code == SQLITE_OK, let handle else {
            let reason = Self.reason(handle, code)
            sqlite3_close_v2(handle)
            throw SQLiteError(
                code & 0xFF == SQLITE_PERM ? .denied : .unreachable, operation: operation, reason: reason)
        }
        self.handle = handle
        self.operation = operation
    }

    deinit {
        sqlite3_close_v2(self.handle)
    }

    /// Runs statements that have no parameters, one after the other.
    package borrowing func run(_ sql: String) throws(SQLiteError) {
        let code = sqlite3_exec(self.handle, sql, nil, nil, nil)
        guard code == SQLITE_OK else { throw self.error(code) }
    }

    /// Runs one statement with these values for its parameters, in order.
    package borrowing func run(_ sql: String, _ values: [SQLiteValue]) throws(SQLiteError) {
        var statement: OpaquePointer?
        let prepared = sqlite3_prepare_v2(self.handle, sql, -1, &statement, nil)
        guard prepared == SQLITE_OK, let statement else { throw self.error(prepared) }
        defer { sqlite3_finalize(statement) }
        for (index, value) in values.enumerated() {
            let code = SQLiteBinding.bind(value, to: statement, Int32(index + 1))
            guard code == SQLITE_OK else { throw self.error(code) }
        }
        let code = sqlite3_step(statement)
        guard code == SQLITE_DONE || code == SQLITE_ROW else { throw self.error(code) }
    }

    private func error(_ code: Int32) -> SQLiteError {
        SQLiteError(.invalid, operation: self.operation, reason: Self.reason(self.handle, code))
    }

    private static func reason(_ handle: OpaquePointer?, _ code: Int32) -> String {
        (handle.flatMap { sqlite3_errmsg($0) } ?? sqlite3_errstr(code)).map { String(cString: $0) }
            ?? "SQLite error \(code)"
    }
}
