import Synchronization

/// When the work of a connection must end, or that nobody waits for it any more.
///
/// Thread-safe: another thread may cancel while the connection works.
package final class SQLiteDeadline: Sendable {
    private struct State {
        var end: ContinuousClock.Instant
        /// An end for a part of the work.
        var earlier: ContinuousClock.Instant?
        var isCancelled = false
    }
    private let state: Mutex<State>

    package init(after duration: Duration) {
        self.state = Mutex(State(end: ContinuousClock.now.advanced(by: duration)))
    }

    package var isOver: Bool {
        let end: ContinuousClock.Instant? = self.state.withLock { state in
            if state.isCancelled { return nil }
            return state.earlier.map { min($0, state.end) } ?? state.end
        }
        return end.map { ContinuousClock.now >= $0 } ?? true
    }

    package func cancel() {
        self.state.withLock { $0.isCancelled = true }
    }

    /// Makes the work end at `end` already; `nil` takes that back.
    func limit(until end: ContinuousClock.Instant?) {
        self.state.withLock { $0.earlier = end }
    }
}
