import Glibc

/// What went wrong in a storage call, and whether trying again can help.
package struct StorageError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Code: String, Sendable, Equatable {
        /// The bucket, object, table or key is not there.
        case notFound
        /// Permission or signature refused.
        case denied
        /// The store does not respond.
        case unreachable
        /// Somebody else holds the file; the same call may succeed in a moment.
        case locked
        /// What was read is not what the format says.
        case malformed
        /// The request itself is wrong: bad SQL, a statement that would write, a bad range.
        case invalid
        /// Development uses the resource at Cloudflare, which is not read here.
        case remote
        /// A library that the store is reached with is missing on this machine.
        case unsupported
        /// A bound of ours was reached: too large, too slow.
        case limit
    }
    package let code: Code
    /// What was being done, in the user's words: `list r2:UPLOADS_BUCKET/img/`.
    package let operation: String
    /// Why, from the system or the library; may hold text from outside, so it goes through the sanitiser.
    package let reason: String

    package init(_ code: Code, operation: String, reason: String) {
        self.code = code
        self.operation = operation
        self.reason = reason
    }

    /// What the system refused, by its error number.
    package init(system number: Int32, operation: String) {
        self.init(
            number == EACCES || number == EPERM ? .denied : .unreachable, operation: operation,
            reason: SystemReason.text(number))
    }

    /// True when the same call may succeed later without a change of configuration.
    package var isRetryable: Bool { self.code == .unreachable || self.code == .locked }

    package var description: String { "\(self.operation): \(self.reason)" }
}
