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
                guard try connection.hasTable(table) else {
                    let others = try self.strangers(connection)
                    guard !others.isEmpty else { return nil }
                    // `.invalid` becomes what the layout is: not one that is read here.
                    let found = others.prefix(5).joined(separator: ", ")
                    throw SQLiteError(.invalid, message: "no table \(table); the file has: \(found)")
                }
                return try body(connection)
            }
            return result ?? nil
        } catch {
            // What this reader knows is of wrangler 3 and 4. The statements are ours: when SQLite refuses one, it is the table that is not as it should be.
            guard error.code == .invalid else { throw error }
            throw StorageError(.malformed, operation: operation, reason: error.reason)
        }
    }

    private static let known = ["_mf_objects", "_mf_multipart_uploads", "_mf_multipart_parts", "_mf_entries"]

    /// Tables that are neither miniflare's as they are known here, nor SQLite's or workerd's own.
    private static func strangers(_ connection: borrowing SQLiteConnection) throws(SQLiteError) -> [String] {
        let statement = try connection.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        var names: [String] = []
        while try statement.step() {
            let name = statement.text(0)
            let isKnown = Catalog.isInternal(name) || self.known.contains { $0.hasSameBytes(as: name) }
            if !isKnown { names.append(name) }
        }
        return names
    }
}
