/// Reads and steers the backends of the running proxy.
package protocol BackendControl: Sendable {
    func snapshot() -> BackendsSnapshot
    /// Sends new requests to the backend of this name; running ones finish where they began.
    /// - Throws: ``BackendControlError`` — `.unknown` when there is none of that name.
    func activate(_ name: String) async throws(BackendControlError)
    /// Adds a backend and remembers it in the project's `worker-console.toml`; the first one becomes active.
    /// - Throws: ``BackendControlError`` — `.duplicate`, `.notSaved` when the file could not be written (nothing changed).
    func add(_ backend: Backend) async throws(BackendControlError)
    /// Probes the backend of this name now, or all of them.
    func probe(_ name: String?) async
}

/// Why a backend could not be changed.
package struct BackendControlError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Code: Sendable, Equatable { case unknown, duplicate, notSaved }
    package let code: Code
    /// What was being done: `switch to green`.
    package let operation: String
    package let reason: String

    package init(_ code: Code, operation: String, reason: String) {
        self.code = code
        self.operation = operation
        self.reason = reason
    }

    package var description: String { "\(self.operation): \(self.reason)" }
}
