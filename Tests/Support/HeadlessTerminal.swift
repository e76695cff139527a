import Synchronization
package import TerminalCanvas

/// A terminal in memory, for tests: events are sent by hand, canvases can be waited for.
package actor HeadlessTerminal: Terminal {
    private struct State {
        var canvas: Canvas?
        var presented = 0
        var suspensions = 0
        var loans = 0
        var repaints = 0
        var usesMouse = false
        var isClosed = false
        var waiters: [Waiter] = []
    }

    private struct Waiter {
        let condition: @Sendable (Canvas) -> Bool
        let continuation: CheckedContinuation<Canvas?, Never>
    }

    package nonisolated let events: AsyncStream<TerminalEvent>
    /// The canvas shown last; `nil` before the first.
    package var canvas: Canvas? { self.state.withLock { $0.canvas } }
    /// How many canvases were shown that differed from the one before.
    package var presented: Int { self.state.withLock { $0.presented } }
    /// What was put on the clipboard, oldest first.
    package private(set) var copied: [String] = []
    package var suspensions: Int { self.state.withLock { $0.suspensions } }
    /// How often the terminal was given to another program.
    package var loans: Int { self.state.withLock { $0.loans } }
    /// How often everything was to be sent anew.
    package var repaints: Int { self.state.withLock { $0.repaints } }
    package private(set) var isOpen = false
    package var usesMouse: Bool { self.state.withLock { $0.usesMouse } }
    private nonisolated let state = Mutex(State())
    private let size: Size
    private let failure: TerminalError?
    private let sending: ClipboardSending
    private let continuation: AsyncStream<TerminalEvent>.Continuation

    /// - Parameters:
    ///   - columns: The width of the screen.
    ///   - rows: The height of the screen.
    ///   - failure: What ``open()`` throws.
    ///   - sending: What becomes of a text for the clipboard.
    package init(
        columns: Int = 80, rows: Int = 24, failure: TerminalError? = nil, sending: ClipboardSending = .sent
    ) {
        self.size = Size(columns: columns, rows: rows)
        self.failure = failure
        self.sending = sending
        (self.events, self.continuation) = AsyncStream.makeStream()
    }

    package func open() throws(TerminalError) -> Size {
        if let failure = self.failure { throw failure }
        self.isOpen = true
        return self.size
    }

    package nonisolated func present(_ canvas: Canvas) {
        let met = self.state.withLock { state -> [Waiter] in
            guard state.canvas != canvas else { return [] }
            state.canvas = canvas
            state.presented += 1
            defer { state.waiters.removeAll { $0.condition(canvas) } }
            return state.waiters.filter { $0.condition(canvas) }
        }
        for waiter in met { waiter.continuation.resume(returning: canvas) }
    }

    package func copy(_ text: String, through _: ClipboardPassage) -> ClipboardSending {
        if self.sending == .sent { self.copied.append(text) }
        return self.sending
    }
    package nonisolated func useMouse(_ isOn: Bool) { self.state.withLock { $0.usesMouse = isOn } }
    package nonisolated func suspend() { self.state.withLock { $0.suspensions += 1 } }
    package nonisolated func lend(_ use: @escaping @Sendable () -> Void) {
        self.state.withLock { $0.loans += 1 }
        use()
    }
    package nonisolated func repaint() { self.state.withLock { $0.repaints += 1 } }

    package func close() {
        self.isOpen = false
        self.continuation.finish()
        let waiters = self.state.withLock { state in
            state.isClosed = true
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.continuation.resume(returning: nil) }
    }

    /// Acts as the terminal that sends `event`.
    package nonisolated func send(_ event: TerminalEvent) { self.continuation.yield(event) }

    /// Types each character of `text`.
    package nonisolated func type(_ text: String) {
        for character in text { self.send(.key(.character(character))) }
    }

    /// Waits until a canvas meets `condition`; the one that is shown counts.
    /// - Returns: That canvas; `nil` when the terminal was closed before.
    package func waitForCanvas(where condition: @escaping @Sendable (Canvas) -> Bool) async -> Canvas? {
        await withCheckedContinuation { continuation in
            let (isKnown, canvas) = self.state.withLock { state -> (Bool, Canvas?) in
                if let canvas = state.canvas, condition(canvas) { return (true, canvas) }
                if state.isClosed { return (true, nil) }
                state.waiters.append(Waiter(condition: condition, continuation: continuation))
                return (false, nil)
            }
            if isKnown { continuation.resume(returning: canvas) }
        }
    }

    /// Waits until some row of the screen has `text` in it.
    /// - Returns: That canvas; `nil` when the terminal was closed before.
    package func waitForText(_ text: String) async -> Canvas? {
        await self.waitForCanvas { canvas in canvas.lines.contains { $0.contains(text) } }
    }
}
