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
    /// As ``activate(_:)``, with the reason for the audit file: `undo`.
    func activate(_ name: String, why: String) async throws(BackendControlError)
    /// Sends no new requests to the backend; what runs there finishes, and its end is expected within `deadline`.
    ///
    /// When the deadline passes nothing is cut: it is reported. Called again, the deadline is a new one.
    /// - Throws: ``BackendControlError`` — `.unknown`; `.refused` for the only backend that gets requests.
    func drain(_ name: String, deadline: Duration) async throws(BackendControlError)
    /// Lets a backend that was held back get new requests again.
    func resume(_ name: String) async throws(BackendControlError)
    /// Ends every exchange that is with a backend which gets no new requests.
    /// - Returns: How many were ended.
    /// - Throws: ``BackendControlError`` — `.unknown`; `.refused` for a backend that gets new requests.
    func cut(_ name: String) async throws(BackendControlError) -> Int
    /// Starts a canary, or changes the one that runs.
    /// - Throws: ``BackendControlError`` — `.unknown`; `.refused` for the active backend.
    func startCanary(_ plan: CanaryPlan) async throws(BackendControlError)
    /// Ends the canary: `promoted` makes its target the active backend, else all requests go where they went before.
    /// - Throws: ``BackendControlError`` — `.refused` when none runs.
    func endCanary(promoted: Bool) async throws(BackendControlError)
    /// Makes something go wrong with a backend for ``BackendFault/duration``; `nil` ends it.
    func inject(_ fault: BackendFault.Kind?, into name: String) async throws(BackendControlError)
}

extension BackendControl {
    package func activate(_ name: String, why _: String) async throws(BackendControlError) {
        try await self.activate(name)
    }

    package func drain(_ name: String, deadline _: Duration) async throws(BackendControlError) {
        throw .unsupported("drain \(name)")
    }

    package func resume(_ name: String) async throws(BackendControlError) { throw .unsupported("resume \(name)") }

    package func cut(_ name: String) async throws(BackendControlError) -> Int { throw .unsupported("cut \(name)") }

    package func startCanary(_ plan: CanaryPlan) async throws(BackendControlError) {
        throw .unsupported("canary \(plan.target)")
    }

    package func endCanary(promoted _: Bool) async throws(BackendControlError) { throw .unsupported("end the canary") }

    package func inject(_: BackendFault.Kind?, into name: String) async throws(BackendControlError) {
        throw .unsupported("inject a fault into \(name)")
    }
}

/// Why a backend could not be changed.
package struct BackendControlError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Code: Sendable, Equatable { case unknown, duplicate, notSaved, refused, unsupported }
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

    fileprivate static func unsupported(_ operation: String) -> Self {
        Self(.unsupported, operation: operation, reason: "these backends do not support that")
    }
}
