import CLinux
import Glibc
import Synchronization

/// A serial executor that owns one POSIX thread, which waits for jobs and for one moment.
///
/// A job or the moment costs one wake-up; a sleep of Swift's own costs three, on threads that the whole process shares.
/// The thread lives until ``stop()``; jobs that come after that are not run.
package final class SerialThread: SerialExecutor {
    private enum Work {
        case job(UnownedJob)
        case call(@Sendable () -> Void)
    }

    private struct State {
        var work: [Work] = []
        var alarm: ContinuousClock.Instant?
        var onAlarm: (@Sendable () -> Void)?
        var isStopped = false
        /// The thread looks at what was added before it waits, or the pipe holds a byte for it.
        var isAwake = false
        var thread: pthread_t?
    }

    /// The shortest slice of processor time that Linux gives, in nanoseconds.
    private static let slice: UInt64 = 100_000

    private let state = Mutex(State())
    private let wakePipe: WakePipe

    /// - Throws: ``ThreadUnavailable`` when the system gives no descriptor or no thread.
    package init() throws(ThreadUnavailable) {
        self.wakePipe = try WakePipe()
        var handle = pthread_t()
        let context = Unmanaged.passRetained(self)
        let start: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { raw in
            if let raw { Unmanaged<SerialThread>.fromOpaque(raw).takeRetainedValue().loop() }
            return nil
        }
        let status = pthread_create(&handle, nil, start, context.toOpaque())
        guard status == 0 else {
            context.release()
            throw ThreadUnavailable(code: status)
        }
        pthread_detach(handle)
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        self.change { $0.work.append(.job(job)) }
    }

    /// Calls `act` on this thread, after what was asked before; does not wait for it.
    package func perform(_ act: @escaping @Sendable () -> Void) {
        self.change { $0.work.append(.call(act)) }
    }

    package func checkIsolated() {
        let isHere = self.state.withLock { $0.thread.map { pthread_equal($0, pthread_self()) != 0 } ?? false }
        precondition(isHere, "not on the thread of this executor")
    }

    /// What is called on this thread when the moment of ``setAlarm(at:)`` has come.
    package func onAlarm(_ act: (@Sendable () -> Void)?) { self.state.withLock { $0.onAlarm = act } }

    /// Calls what ``onAlarm(_:)`` was given once, at this moment; `nil` for never. To be called on this thread.
    package func setAlarm(at moment: ContinuousClock.Instant?) { self.state.withLock { $0.alarm = moment } }

    package func stop() { self.change { $0.isStopped = true } }

    private func change(_ body: (inout State) -> Void) {
        let mustWake = self.state.withLock { state in
            body(&state)
            defer { state.isAwake = true }
            return !state.isAwake
        }
        if mustWake { self.wakePipe.wake() }
    }

    private func loop() {
        self.state.withLock { $0.thread = pthread_self() }
        // From Linux 6.18 on, giving way costs the rest of a slice: on a busy machine a long one would be too much.
        cl_ask_for_slices(Self.slice)
        while true {
            let (work, alarm, isStopped) = self.state.withLock { state in
                // Whoever adds something while this thread works need not wake it.
                state.isAwake = !state.work.isEmpty
                defer { state.work = [] }
                return (state.work, state.alarm, state.isStopped)
            }
            for item in work {
                switch item {
                case .job(let job): job.runSynchronously(on: self.asUnownedSerialExecutor())
                case .call(let act): act()
                }
                giveWay()
            }
            if !work.isEmpty { continue }
            if isStopped { return }
            if let alarm, alarm <= .now {
                let act = self.state.withLock { state in
                    state.alarm = nil
                    return state.onAlarm
                }
                act?()
                continue
            }
            var place = self.wakePipe.place
            guard poll(&place, 1, Self.milliseconds(until: alarm)) > 0 else { continue }
            self.wakePipe.drain()
        }
    }

    /// Rounded up: a thread that wakes too soon would have to wait again.
    private static func milliseconds(until moment: ContinuousClock.Instant?) -> Int32 {
        guard let moment else { return -1 }
        let (seconds, attoseconds) = ContinuousClock.now.duration(to: moment).components
        if seconds >= 60 { return 60_000 }
        return Int32(max(0, seconds * 1_000 + attoseconds / 1_000_000_000_000_000 + 1))
    }
}
