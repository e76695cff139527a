import Glibc
import SQLite
package import WorkerDomain

/// Changes a D1 database that `wrangler dev` keeps on this machine, with SQLite's own locks: workerd may run.
package struct MiniflareD1Writer: SQLWriter {
    private let database: MiniflareD1
    /// Where backups are put.
    private let folder: String
    /// The beginning of their names.
    private let name: String
    /// The time as a part of a file's name.
    private let stamp: @Sendable () -> String

    package init(
        _ database: MiniflareD1, backups folder: String, name: String,
        stamp: @escaping @Sendable () -> String
    ) {
        self.database = database
        self.folder = folder
        self.name = name
        self.stamp = stamp
    }

    private static let timeLimit = SQLLimits.statementTime
    private static let backupTime = Duration.seconds(600)

    package func backUp() async throws(StorageError) -> String {
        let operation = "back up d1:\(self.name)"
        guard let location = self.database.location, location.exists else {
            throw StorageError(.notFound, operation: operation, reason: "nothing has been stored yet")
        }
        let path = try Self.newFile(self.folder, self.name, self.stamp(), operation)
        let file = StateFile(path: location.database, timeLimit: Self.backupTime)
        do throws(StorageError) {
            let copied: Void? = try await file.read(operation) { connection throws(SQLiteError) in
                try connection.copy(to: path)
            }
            guard copied != nil else {
                throw StorageError(.notFound, operation: operation, reason: "nothing has been stored yet")
            }
        } catch {
            unlink(path)
            throw error
        }
        return path
    }

    /// A file of the user's alone, whose name nothing has yet.
    private static func newFile(
        _ folder: String, _ name: String, _ stamp: String, _ operation: String
    ) throws(StorageError) -> String {
        for part in folder.indices where folder[part] == "/" && part != folder.startIndex {
            mkdir(String(folder[..<part]), 0o700)
        }
        guard mkdir(folder, 0o700) == 0 || errno == EEXIST else {
            throw StorageError(system: errno, operation: operation)
        }
        let safe = String(
            name.unicodeScalars.map { scalar -> Character in
                switch scalar {
                case "a"..."z", "A"..."Z", "0"..."9", "-", "_": Character(scalar)
                default: "_"
                }
            })
        for number in 0..<100 {
            let path = "\(folder)/\(safe)-\(stamp)\(number == 0 ? "" : "-\(number)").sqlite"
            let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
            if descriptor >= 0 {
                close(descriptor)
                return path
            }
            guard errno == EEXIST else { break }
        }
        throw StorageError(system: errno, operation: operation)
    }

    package func write(_ sql: String, limit: Int) async throws(StorageError) -> SQLChange {
        let operation = "change d1:\(self.name)"
        guard let location = self.database.location, location.exists else {
            throw StorageError(.notFound, operation: operation, reason: "nothing has been stored yet")
        }
        guard sql.utf8.count <= 1 << 20, !sql.utf8.contains(0) else {
            let reason = "the statement is longer than 1 MiB or holds a NUL"
            throw StorageError(.invalid, operation: operation, reason: reason)
        }
        let deadline = SQLiteDeadline(after: Self.timeLimit)
        let path = location.database
        let result = await withTaskCancellationHandler {
            await BlockingWork.run { () throws(StorageError) -> SQLChange in
                do throws(SQLiteError) {
                    return try Self.write(sql, path, limit, deadline)
                } catch {
                    throw StorageError(error, operation: operation)
                }
            }
        } onCancel: {
            deadline.cancel()
        }
        return try result.get()
    }

    private static func write(
        _ sql: String, _ path: String, _ limit: Int, _ deadline: SQLiteDeadline
    ) throws(SQLiteError) -> SQLChange {
        let connection = try SQLiteConnection(writing: path, deadline: deadline)
        try connection.run("BEGIN IMMEDIATE")
        do throws(SQLiteError) {
            let before = connection.changes
            let statement = try connection.prepareWriting(sql)
            var rows = try RowReader.read(statement, limit: limit)
            // Rows that are not shown are changed all the same.
            if rows.hasMore { while try statement.step() {} }
            rows.sources = SQLSources(origins: statement.columnOrigins)
            connection.endRules()
            try connection.run("COMMIT")
            return SQLChange(rows: rows, changed: connection.changes - before)
        } catch {
            connection.endRules()
            // It fails when the error ended the transaction already.
            try? connection.run("ROLLBACK")
            throw error
        }
    }
}
