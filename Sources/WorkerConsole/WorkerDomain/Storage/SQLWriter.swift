/// Changes one SQL database binding; there is one only where writing is allowed.
package protocol SQLWriter: Sendable {
    /// Copies the database as it is now, write-ahead log included, to a new file of the program's own.
    /// - Returns: Its path.
    func backUp() async throws(StorageError) -> String
    /// Runs one statement in a transaction of its own; foreign keys are enforced.
    /// - Returns: What RETURNING gives, and how many rows were changed.
    /// - Throws: `StorageError` — `.invalid` for an error in it, `.locked`, `.limit`; nothing is changed then.
    func write(_ sql: String, limit: Int) async throws(StorageError) -> SQLChange
}

/// What a statement has changed.
package struct SQLChange: Sendable, Equatable {
    /// What RETURNING gives.
    package let rows: SQLRows
    package let changed: Int

    package init(rows: SQLRows, changed: Int) {
        self.rows = rows
        self.changed = changed
    }
}
