package import TerminalCanvas

/// A terminal in memory, for tests: events are sent by hand, canvases can be waited for.
package actor HeadlessTerminal: Terminal {
    package nonisolated let events: AsyncStream<TerminalEvent>
    /// The canvas shown last; `nil` before the first.
    package private(set) var canvas: Canvas?
    /// How many canvases were shown that differed from the one before.
    package private(set) var presented = 0
    /// What was put on the clipboard, oldest first.
    package private(set) var copied: [String] = []
    package private(set) var suspensions = 0
    package private(set) var isOpen = false
    package private(set) var usesMouse = false
    private var isClosed = false
    private let size: Size
    private let failure: TerminalError?
    private let sending: ClipboardSending
    private let continuation: AsyncStream<TerminalEvent>.Continuation
    private var waiters: [Waiter] = []

    private struct Waiter {
        let condition: @Sendable (Canvas) -> Bool
        let continuation: CheckedContinuation<Canvas?, Never>
    }

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

    package func present(_ canvas: Canvas) {
        guard self.canvas != canvas else { return }
        self.canvas = canvas
        self.presented += 1
        let met = self.waiters.filter { $0.condition(canvas) }
        self.waiters.removeAll { $0.condition(canvas) }
        for waiter in met { waiter.continuation.resume(returning: canvas) }
    }

    package func copy(_ text: String, through _: ClipboardPassage) -> ClipboardSending {
        if self.sending == .sent { self.copied.append(text) }
        return self.sending
    }
    package func useMouse(_ isOn: Bool) { self.usesMouse = isOn }
    package func suspend() { self.suspensions += 1 }

    package func close() {
        self.isOpen = false
        self.isClosed = true
        self.continuation.finish()
        for waiter in self.waiters { waiter.continuation.resume(returning: nil) }
        self.waiters = []
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
        if let canvas = self.canvas, condition(canvas) { return canvas }
        if self.isClosed { return nil }
        return await withCheckedContinuation { continuation in
            self.waiters.append(Waiter(condition: condition, continuation: continuation))
        }
    }

    /// Waits until some row of the screen has `text` in it.
    /// - Returns: That canvas; `nil` when the terminal was closed before.
    package func waitForText(_ text: String) async -> Canvas? {
        await self.waitForCanvas { canvas in canvas.lines.contains { $0.contains(text) } }
    }
}
