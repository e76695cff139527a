import SQLite
import WorkerDomain

/// Reads the tables that miniflare keeps for one bucket or namespace.
enum MiniflareTables {
    /// Runs `body` on one consistent state.
    ///
    /// `table` must be there; a database that was made a moment ago may not have it yet.
    /// - Returns: `nil` when nothing has been stored yet.
    /// - Throws: `StorageError` — `.malformed` when the tables are not miniflare's, and as ``StateFile``.
    static func read<Value: Sendable>(
        _ location: MiniflareState.Location?, table: String, operation: String,
        _ body: @escaping @Sendable (borrowing SQLiteConnection) throws(SQLiteError) -> Value
    ) async throws(StorageError) -> Value? {
        guard let location, location.exists else { return nil }
        do throws(StorageError) {
            let result = try await StateFile(path: location.database).read(operation) {
                connection throws(SQLiteError) -> Value? in
                guard try connection.hasTable(table) else { return nil }
                return try body(connection)
            }
            return result ?? nil
        } catch {
            // The statements are ours: when SQLite refuses one, it is the table that is not as it should be.
            guard error.code == .invalid else { throw error }
            throw StorageError(.malformed, operation: operation, reason: error.reason)
        }
    }
}
