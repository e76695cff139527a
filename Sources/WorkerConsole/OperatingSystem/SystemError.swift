import WorkerDomain

/// What the operating system refused, and on what.
package struct SystemError: Error, Sendable, Equatable, CustomStringConvertible {
    package let path: String
    /// `errno`.
    package let code: Int32

    package init(path: String, code: Int32) {
        self.path = path
        self.code = code
    }

    /// Why, and where there is something to do, what.
    package var reason: String { SystemReason.text(self.code) }
    package var description: String { "\(self.path): \(self.reason)" }
}
