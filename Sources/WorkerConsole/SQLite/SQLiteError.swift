import CSQLite

/// What went wrong in a call of SQLite, in terms of what a caller can do about it.
package struct SQLiteError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Code: String, Sendable, Equatable {
        /// Somebody else holds the file; the same call may succeed in a moment.
        case busy
        /// Only a connection that may write can go on: the last writer left work that has to be finished first.
        case readOnly
        /// The file is not a database, or a damaged one.
        case malformed
        /// The system does not let this user read or write the file.
        case denied
        /// The file can't be opened, read or written for another reason.
        case unreachable
        /// A value or the work is larger than what is allowed or than the memory.
        case tooLarge
        /// The deadline came, or nobody waits for the result any more.
        case interrupted
        /// The statement is wrong, or not one that may be run here.
        case invalid
    }

    package let code: Code
    /// SQLite's own words where it has some; may hold text from outside.
    package let message: String

    package init(_ code: Code, message: String) {
        self.code = code
        self.message = message
    }

    /// The meaning of a result code (https://sqlite.org/rescode.html).
    /// - Parameters:
    ///   - result: Extended or not.
    ///   - handle: The connection that returned it, which then has the message; `nil` for SQLite's text of the code.
    init(result: Int32, of handle: OpaquePointer?) {
        let text = handle.flatMap { sqlite3_errmsg($0) } ?? sqlite3_errstr(result)
        let message = text.map { String(cString: $0) } ?? "SQLite error \(result)"
        switch result & 0xff {
        case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_PROTOCOL: self.init(.busy, message: message)
        case SQLITE_READONLY: self.init(.readOnly, message: message)
        case SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_FORMAT: self.init(.malformed, message: message)
        case SQLITE_PERM: self.init(.denied, message: message)
        case SQLITE_CANTOPEN, SQLITE_IOERR, SQLITE_FULL: self.init(.unreachable, message: message)
        case SQLITE_TOOBIG, SQLITE_NOMEM: self.init(.tooLarge, message: message)
        case SQLITE_INTERRUPT: self.init(.interrupted, message: "stopped: it took too long")
        case SQLITE_AUTH: self.init(.invalid, message: ReadingRules.refusal)
        default: self.init(.invalid, message: message)
        }
    }

    /// True when the same call may succeed later without a change of the statement.
    package var isRetryable: Bool { self.code == .busy || self.code == .readOnly || self.code == .unreachable }

    package var description: String { self.message }
}
