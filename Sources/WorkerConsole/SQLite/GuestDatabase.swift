import CSQLite
import Dispatch
import Glibc
import Synchronization

/// Reads an SQLite database that may belong to a running program, without leaving a trace in its folder.
///
/// Every read opens its own connection and closes it again: a connection that stayed open would keep the owner from
/// folding its write-ahead log back when it ends. What a read returns is one consistent state, rows that stand only in
/// the `-wal` included. Nothing is created, removed or written, also not the `-shm`; see ``GuestFileSystem``.
package struct GuestDatabase: Sendable {
    package let path: String
    /// How long one read may take, waiting for locks included.
    package let timeLimit: Duration

    /// How long an owner that holds the file is waited for.
    private static let lockPatience = Duration.seconds(2)
    /// One thread for each read that is under way; reads are as many as people and probes ask for.
    private static let queue = DispatchQueue(label: "guest-database", attributes: .concurrent)

    package init(path: String, timeLimit: Duration = .seconds(10)) {
        self.path = path
        self.timeLimit = timeLimit
    }

    /// True when there is something at the path.
    package var exists: Bool { GuestFiles.kind(of: self.path) != .missing }

    /// Main file and write-ahead log together; zero when there is none.
    package var bytes: Int64 { GuestFiles(path: self.path).bytes }

    /// Runs `body` on one consistent state of the database, off the cooperative threads.
    /// - Parameters:
    ///   - operation: What is being done, in the user's words.
    ///   - body: May be run again when the files changed under it, so it must only collect.
    /// - Returns: `nil` when the file does not exist.
    /// - Throws: `SQLiteError` — `.locked` when its owner holds it, `.malformed` when it is not a database,
    ///   `.denied`, `.limit` when it took too long or the task was cancelled, and what `body` throws.
    package func read<Value: Sendable>(
        _ operation: String, _ body: @escaping @Sendable (GuestConnection) throws(SQLiteError) -> Value
    ) async throws(SQLiteError) -> Value? {
        let deadline = GuestDeadline(after: self.timeLimit)
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Result<Value?, SQLiteError>, Never>) in
                Self.queue.async {
                    continuation.resume(returning: self.readNow(operation, deadline, body))
                }
            }
        } onCancel: {
            deadline.cancel()
        }
        return try result.get()
    }

    private func readNow<Value>(
        _ operation: String, _ deadline: GuestDeadline, _ body: (GuestConnection) throws(SQLiteError) -> Value
    ) -> Result<Value?, SQLiteError> {
        let patience = ContinuousClock.now.advanced(by: min(Self.lockPatience, self.timeLimit))
        while true {
            switch GuestFiles.kind(of: self.path) {
            case .missing: return .success(nil)
            case .other:
                let isDenied = access(self.path, R_OK) != 0 && errno == EACCES
                return .failure(
                    isDenied
                        ? SQLiteError(.denied, operation: operation, reason: "permission denied: \(self.path)")
                        : SQLiteError(.malformed, operation: operation, reason: "not a file: \(self.path)"))
            case .regular: break
            }
            let before = GuestFiles(path: self.path)
            var isProtected = before.index != nil
            let result: Result<Value, SQLiteError>
            do throws(SQLiteError) {
                let connection = try GuestConnection(
                    path: self.path, hasLog: before.log != nil, operation: operation, deadline: deadline)
                defer { connection.close() }
                try connection.begin()
                // Without a write-ahead log the lock on the main file holds every writer off.
                if !isProtected { isProtected = try !connection.usesWriteAheadLog() }
                result = .success(try body(connection))
            } catch {
                result = .failure(error)
            }
            let after = GuestFiles(path: self.path)
            let isSettled = isProtected ? before.areSameFiles(as: after) : before == after
            switch result {
            case .success(let value) where isSettled: return .success(value)
            case .failure(let error) where isSettled && !error.isRetryable: return .failure(error)
            case .failure(let error) where ContinuousClock.now >= patience || deadline.isOver:
                return .failure(error)
            default: break
            }
            if deadline.isOver || ContinuousClock.now >= patience {
                let reason = "the files of the database kept changing: \(self.path)"
                return .failure(SQLiteError(.locked, operation: operation, reason: reason))
            }
            // An owner that opens or ends its database needs a moment.
            usleep(5_000)
        }
    }
}

/// When a read must end, or that nobody waits for it any more.
final class GuestDeadline: Sendable {
    private let end: ContinuousClock.Instant
    private let isCancelled = Mutex(false)
    private let earlier = Mutex<ContinuousClock.Instant?>(nil)

    init(after duration: Duration) {
        self.end = ContinuousClock.now.advanced(by: duration)
    }

    var isOver: Bool {
        if self.isCancelled.withLock({ $0 }) { return true }
        return ContinuousClock.now >= self.earlier.withLock { $0.map { min($0, self.end) } ?? self.end }
    }

    /// Makes the read end at `end` already; `nil` takes that back.
    func limit(until end: ContinuousClock.Instant?) {
        self.earlier.withLock { $0 = end }
    }

    func cancel() {
        self.isCancelled.withLock { $0 = true }
    }
}
