import CLinux
import Glibc
import Synchronization

/// A thread that turns an event loop.
package final class LoopThread: Sendable {
    /// Makes the clock of an event loop, on its thread.
    package typealias MakeClock = @Sendable () -> any LoopClock

    private typealias Started<Value> = Result<(thread: LoopThread, value: LoopBound<Value>), TransportError>

    private let loop: LoopBound<EventLoop>
    private let ended: Ended
    /// `epoll` or `io_uring`.
    package let engineName: String

    /// Starts a thread, and makes there what belongs to its loop.
    ///
    /// - Parameters:
    ///   - name: At most 15 bytes of it are seen in `top -H`.
    ///   - engine: Which engine; one that the kernel does not allow gives way to epoll.
    ///   - clock: Makes the clock of the loop.
    ///   - make: Runs on the new thread, before anything else there.
    /// - Returns: The thread, and what `make` made, which other threads may hold and not touch.
    /// - Throws: `.noDescriptors`, or that there is no thread (`.system` with `EAGAIN`).
    package static func start<Value>(
        name: String, engine: EngineChoice = .auto, clock: @escaping MakeClock = { SystemClock() },
        make: @escaping @Sendable (EventLoop) -> Value
    ) async throws(TransportError) -> (thread: LoopThread, value: LoopBound<Value>) {
        let result: Started<Value> = await withCheckedContinuation { continuation in
            let ended = Ended()
            let isStarted = DetachedThread.start(name: name) {
                cl_block_broken_pipe()
                // A function of its own: this thread holds nothing of the loop any more when it says that it has ended.
                self.turn(engine, clock, make, ended) { continuation.resume(returning: $0) }
                ended.finish()
            }
            if !isStarted { continuation.resume(returning: .failure(.system(errno: EAGAIN))) }
        }
        return try result.get()
    }

    private static func turn<Value>(
        _ engine: EngineChoice, _ clock: MakeClock, _ make: (EventLoop) -> Value, _ ended: Ended,
        started: (Started<Value>) -> Void
    ) {
        let loop: EventLoop
        do throws(TransportError) {
            loop = EventLoop(engine: try Engines.make(engine), clock: clock())
        } catch {
            return started(.failure(error))
        }
        let bound = LoopBound(make(loop), on: loop)
        let thread = LoopThread(loop: LoopBound(loop, on: loop), ended: ended, engineName: loop.engineName)
        started(.success((thread, bound)))
        loop.run()
    }

    private init(loop: LoopBound<EventLoop>, ended: Ended, engineName: String) {
        self.loop = loop
        self.ended = ended
        self.engineName = engineName
    }

    /// Ends the loop after what was asked of it until now, and waits for that.
    package func stop() async {
        self.loop.execute { $0.stop() }
        await self.ended.wait()
    }
}

/// Tells when a thread's loop has ended.
private final class Ended: Sendable {
    private struct State {
        var hasEnded = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    func finish() {
        let waiting = self.state.withLock { state in
            state.hasEnded = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    func wait() async {
        await withCheckedContinuation { continuation in
            let hasEnded = self.state.withLock { state in
                if !state.hasEnded { state.waiting.append(continuation) }
                return state.hasEnded
            }
            if hasEnded { continuation.resume() }
        }
    }
}
