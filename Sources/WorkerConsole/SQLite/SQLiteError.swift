/// What went wrong in a call of SQLite, or with the file below it.
package struct SQLiteError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Code: Sendable, Equatable {
        /// There is no such table, view or row.
        case notFound
        case denied
        /// The file cannot be read.
        case unreachable
        /// Somebody else holds the file; the same call may succeed in a moment.
        case locked
        /// The file is not a database, or not what it should be.
        case malformed
        /// The statement is wrong, or would write.
        case invalid
        /// Too large, or it took too long.
        case limit
    }

    package let code: Code
    /// What was being done, in the user's words.
    package let operation: String
    /// Why, in SQLite's or the system's words; may hold text from outside, so it goes through the sanitiser.
    package let reason: String

    package init(_ code: Code, operation: String, reason: String) {
        self.code = code
        self.operation = operation
        self.reason = reason
    }

    /// True when the same call may succeed later without a change of anything.
    package var isRetryable: Bool { self.code == .unreachable || self.code == .locked }

    package var description: String { "\(self.operation): \(self.reason)" }
}
