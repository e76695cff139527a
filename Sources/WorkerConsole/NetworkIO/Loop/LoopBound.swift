import Synchronization

/// A value of one event loop that other threads may hold and not touch.
///
/// `@unchecked Sendable`: the value is reached only by tasks of the loop, all on its one thread, and by `init`, which runs
/// there too.
package struct LoopBound<Value>: @unchecked Sendable {
    private let value: Value
    private let inbox: LoopInbox

    /// Called on the loop's thread.
    package init(_ value: Value, on loop: EventLoop) {
        self.value = value
        self.inbox = loop.inbox
    }

    /// Calls `body` with the value on the loop, soon.
    /// - Returns: False when the loop has ended; then `body` is not called.
    @discardableResult
    package func execute(_ body: @escaping @Sendable (Value) -> Void) -> Bool {
        self.inbox.add { body(self.value) }
    }

    /// Calls `body` with the value on the loop and waits for what it returns; `nil` when the loop has ended.
    package func submit<Result: Sendable>(_ body: @escaping @Sendable (Value) -> Result) async -> Result? {
        await withCheckedContinuation { (continuation: CheckedContinuation<Result?, Never>) in
            let isAdded = self.inbox.add { continuation.resume(returning: body(self.value)) }
            if !isAdded { continuation.resume(returning: nil) }
        }
    }

    /// Calls `body` with the value and a continuation that it, or what it begins, resumes once; `nil` when the loop has
    /// ended.
    package func submit<Result: Sendable>(
        resuming body: @escaping @Sendable (Value, CheckedContinuation<Result?, Never>) -> Void
    ) async -> Result? {
        await withCheckedContinuation { (continuation: CheckedContinuation<Result?, Never>) in
            let isAdded = self.inbox.add { body(self.value, continuation) }
            if !isAdded { continuation.resume(returning: nil) }
        }
    }
}
