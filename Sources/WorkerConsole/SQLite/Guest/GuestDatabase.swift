import Glibc

/// Reads an SQLite database that may belong to a running program, without leaving a trace in its folder.
///
/// Every read opens its own connection and closes it again: a connection that stayed open would keep the owner from
/// folding its write-ahead log back when it ends. What a read returns is one consistent state, rows that stand only in
/// the `-wal` included. Nothing is created, removed or written, also not the `-shm`; see ``GuestFileSystem``.
package struct GuestDatabase: Sendable {
    package let path: String

    /// How long an owner that holds the file is waited for.
    private static let lockPatience = Duration.seconds(2)

    package init(path: String) {
        self.path = path
    }

    /// True when there is something at the path.
    package var exists: Bool { GuestFiles.kind(of: self.path) != .missing }

    /// Main file and write-ahead log together; zero when there is none.
    package var bytes: Int64 { GuestFiles(path: self.path).bytes }

    /// Runs `body` on one consistent state of the database; waits for locks and for the disk.
    /// - Parameters:
    ///   - deadline: When the read must end, waiting for locks included.
    ///   - body: May be run again when the files changed under it, so it must only collect.
    /// - Returns: `nil` when the file does not exist.
    /// - Throws: `SQLiteError` — `.busy` or `.readOnly` when its owner holds it or left it unfinished, `.malformed` when
    ///   it is not a database, `.denied`, `.interrupted` at the deadline, and what `body` throws.
    package func read<Value>(
        until deadline: SQLiteDeadline, _ body: (borrowing SQLiteConnection) throws(SQLiteError) -> Value
    ) throws(SQLiteError) -> Value? {
        let patience = ContinuousClock.now.advanced(by: Self.lockPatience)
        while true {
            switch GuestFiles.kind(of: self.path) {
            case .missing: return nil
            case .other: throw self.notAFile
            case .regular: break
            }
            let before = GuestFiles(path: self.path)
            let (result, isProtected) = self.attempt(hasLog: before.log != nil, deadline, body)
            let after = GuestFiles(path: self.path)
            // Users of the shared index see each other's locks, and so does everybody without a write-ahead log.
            let isSettled =
                before.index != nil || isProtected ? before.areSameFiles(as: after) : before == after
            switch result {
            case .success(let value) where isSettled: return value
            case .failure(let error) where isSettled && !error.isRetryable: throw error
            case .failure(let error) where ContinuousClock.now >= patience || deadline.isOver: throw error
            default: break
            }
            if deadline.isOver || ContinuousClock.now >= patience {
                throw SQLiteError(.busy, message: "the files of the database kept changing: \(self.path)")
            }
            // An owner that opens or ends its database needs a moment.
            usleep(5_000)
        }
    }

    /// Opens the database, reads once and closes it.
    /// - Returns: Also whether the lock on the main file held every writer off, as it does without a write-ahead log.
    private func attempt<Value>(
        hasLog: Bool, _ deadline: SQLiteDeadline,
        _ body: (borrowing SQLiteConnection) throws(SQLiteError) -> Value
    ) -> (Result<Value, SQLiteError>, isProtected: Bool) {
        var isProtected = false
        do throws(SQLiteError) {
            let connection = try SQLiteConnection(guest: self.address(hasLog: hasLog), deadline: deadline)
            try connection.run("BEGIN")
            // The first read takes the lock, finds the write-ahead log and says whether this is a database at all.
            try connection.run("SELECT count(*) FROM sqlite_master")
            isProtected = try !Self.usesWriteAheadLog(connection)
            return (.success(try body(connection)), isProtected)
        } catch {
            return (.failure(self.explained(error)), isProtected)
        }
    }

    private static func usesWriteAheadLog(_ connection: borrowing SQLiteConnection) throws(SQLiteError) -> Bool {
        let statement = try connection.prepare("PRAGMA journal_mode")
        return try statement.step() && statement.text(0) == "wal"
    }

    private var notAFile: SQLiteError {
        let isDenied = access(self.path, R_OK) != 0 && errno == EACCES
        return isDenied
            ? SQLiteError(.denied, message: "permission denied: \(self.path)")
            : SQLiteError(.malformed, message: "not a file: \(self.path)")
    }

    /// What an error means for a guest.
    private func explained(_ error: SQLiteError) -> SQLiteError {
        switch error.code {
        case .readOnly:
            // The owner left something that only it can put in order; it does when it opens the file next.
            let text = "the last writer did not finish, and the file has not been recovered yet"
            return SQLiteError(.readOnly, message: "\(text) (\(error.message))")
        case .unreachable where self.isUnreadable: return SQLiteError(.denied, message: error.message)
        default: return error
        }
    }

    private var isUnreadable: Bool {
        let path = GuestFiles.resolved(self.path)
        return ["", "-wal", "-shm"].contains { access(path + $0, R_OK) != 0 && errno == EACCES }
    }

    /// The path as a URI: every byte that could mean something else is escaped.
    private func address(hasLog: Bool) -> String {
        // An absolute path follows an authority that is empty, so that its own slashes are not taken for one.
        var text = self.path.utf8.first == UInt8(ascii: "/") ? "file://" : "file:"
        for byte in self.path.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "-"),
                UInt8(ascii: "_"):
                text.unicodeScalars.append(Unicode.Scalar(byte))
            default: text += (byte < 16 ? "%0" : "%") + String(byte, radix: 16)
            }
        }
        return text + "?mode=ro&readonly_shm=1" + (hasLog ? "&has_log=1" : "")
    }
}
