import SQLite
import WorkerDomain

/// One SQLite file of somebody else's, read as a guest and off the cooperative threads.
struct StateFile: Sendable {
    private let database: GuestDatabase
    /// How long one read may take, waiting for locks included.
    private let timeLimit: Duration

    init(path: String, timeLimit: Duration = .seconds(10)) {
        self.database = GuestDatabase(path: path)
        self.timeLimit = timeLimit
    }

    /// Main file and write-ahead log together; zero when there is none.
    var bytes: Int64 { self.database.bytes }

    /// Runs `body` on one consistent state of the database.
    /// - Parameters:
    ///   - operation: What is being done, in the user's words.
    ///   - body: May be run again when the files changed under it, so it must only collect.
    /// - Returns: `nil` when the file does not exist.
    /// - Throws: `StorageError` — `.locked` when its owner holds it, `.malformed` when it is not a database,
    ///   `.denied`, `.limit` when it took too long or the task was cancelled, `.invalid` for a wrong statement.
    func read<Value: Sendable>(
        _ operation: String, _ body: @escaping @Sendable (borrowing SQLiteConnection) throws(SQLiteError) -> Value
    ) async throws(StorageError) -> Value? {
        let database = self.database
        let deadline = SQLiteDeadline(after: self.timeLimit)
        let result = await withTaskCancellationHandler {
            await BlockingWork.run { () throws(StorageError) -> Value? in
                do throws(SQLiteError) {
                    return try database.read(until: deadline, body)
                } catch {
                    throw StorageError(error, operation: operation)
                }
            }
        } onCancel: {
            deadline.cancel()
        }
        return try result.get()
    }
}
