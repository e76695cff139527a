import Dispatch
import Synchronization
import TerminalCanvas

/// A terminal in memory that notes when it was given a frame.
final class BenchTerminal: Terminal {
    struct Frame: Sendable {
        let moment: ContinuousClock.Instant
        let canvas: Canvas
    }

    let events: AsyncStream<TerminalEvent>
    private let continuation: AsyncStream<TerminalEvent>.Continuation
    private let size: Size
    private let frames = Mutex<[Frame]>([])
    private let arrived = DispatchSemaphore(value: 0)

    init(columns: Int, rows: Int) {
        self.size = Size(columns: columns, rows: rows)
        (self.events, self.continuation) = AsyncStream.makeStream()
    }

    func open() -> Size { self.size }

    func present(_ canvas: Canvas) {
        let frame = Frame(moment: .now, canvas: canvas)
        self.frames.withLock { $0.append(frame) }
        self.arrived.signal()
    }

    func repaint() {}
    func copy(_: String, through _: ClipboardPassage) -> ClipboardSending { .sent }
    func useMouse(_: Bool) {}
    func suspend() {}
    func lend(_ use: @escaping @Sendable () -> Void) { use() }
    func close() { self.continuation.finish() }

    func press(_ key: KeyEvent) { self.continuation.yield(.key(key)) }

    /// Forgets the frames that were given so far.
    func forget() {
        self.frames.withLock { $0 = [] }
        while self.arrived.wait(timeout: .now()) == .success {}
    }

    /// Waits for a frame that satisfies `condition`, at most five seconds; blocks the thread.
    func frame(where condition: (Canvas) -> Bool) -> Frame? {
        let end = DispatchTime.now() + .seconds(5)
        while self.arrived.wait(timeout: end) == .success {
            let frame = self.frames.withLock { $0.isEmpty ? nil : $0.removeFirst() }
            if let frame, condition(frame.canvas) { return frame }
        }
        return nil
    }
}
