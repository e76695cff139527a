import Executors
import Glibc
import Synchronization
import TerminalCanvas
import TerminalDriver
import TestSupport
import Testing

@Suite("SerialThread", .timeLimit(.minutes(1)))
struct SerialThreadTests {
    private actor Counter {
        private nonisolated let thread: SerialThread
        private var count = 0

        nonisolated var unownedExecutor: UnownedSerialExecutor { self.thread.asUnownedSerialExecutor() }

        init(_ thread: SerialThread) { self.thread = thread }

        func add() -> Int {
            self.count += 1
            return self.count
        }

        nonisolated func addLater(_ done: @escaping @Sendable (Int) -> Void) {
            self.thread.perform { self.assumeIsolated { done($0.add()) } }
        }
    }

    @Test("jobs and calls of many threads are done one after the other, and none is lost")
    func work() async throws {
        let thread = try SerialThread()
        let counter = Counter(thread)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<500 {
                        _ = await counter.add()
                        await withCheckedContinuation { continuation in
                            counter.addLater { _ in continuation.resume() }
                        }
                    }
                }
            }
        }
        #expect(await counter.add() == 8_001)
        thread.stop()
    }

    @Test("the moment comes once, and not before its time")
    func alarm() async throws {
        let thread = try SerialThread()
        let start = ContinuousClock.now
        let moment = start + .milliseconds(30)
        let (calls, continuation) = AsyncStream.makeStream(of: ContinuousClock.Instant.self)
        thread.onAlarm { continuation.yield(.now) }
        thread.perform { thread.setAlarm(at: moment) }
        var call = calls.makeAsyncIterator()
        let first = await call.next()
        #expect(first.map { $0 >= moment } == true)
        // The next call is that of the next moment, so that there was none in between.
        let later = ContinuousClock.now + .milliseconds(30)
        thread.perform { thread.setAlarm(at: later) }
        let second = await call.next()
        #expect(second.map { $0 >= later } == true)
        thread.stop()
    }

    @Test("without descriptors there is no thread, and nothing ends for it")
    func scarce() {
        #expect(throws: ThreadUnavailable(code: EMFILE)) {
            try ScarceDescriptors.during { _ = try SerialThread() }
        }
        #expect(throws: TerminalError.noThread(errno: EMFILE)) {
            try ScarceDescriptors.during { _ = try NcursesTerminal() }
        }
    }
}
