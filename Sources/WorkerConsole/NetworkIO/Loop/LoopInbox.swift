import Synchronization

/// What other threads ask of an event loop.
final class LoopInbox: Sendable {
    private struct State {
        var tasks: [@Sendable () -> Void] = []
        var isClosed = false
    }

    private let state = Mutex(State())
    private let waker: LoopWaker

    init(waker: LoopWaker) {
        self.waker = waker
    }

    /// - Returns: False when the loop has ended: `task` will not run.
    func add(_ task: @escaping @Sendable () -> Void) -> Bool {
        let mustWake: Bool? = self.state.withLock { state in
            guard !state.isClosed else { return nil }
            state.tasks.append(task)
            return state.tasks.count == 1
        }
        if mustWake == true { self.waker.wake() }
        return mustWake != nil
    }

    func wake() { self.waker.wake() }

    func takeAll() -> [@Sendable () -> Void] {
        self.state.withLock { state in
            defer { state.tasks = [] }
            return state.tasks
        }
    }

    /// Takes nothing more.
    func close() {
        self.state.withLock { $0.isClosed = true }
    }
}
