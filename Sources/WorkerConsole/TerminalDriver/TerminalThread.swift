import Glibc
import Synchronization

/// A serial executor that owns one POSIX thread and waits on both actor jobs and keyboard input.
///
/// The thread lives until ``stop()``; jobs that come after that are not run.
final class TerminalThread: SerialExecutor {
    private struct State {
        var jobs: [UnownedJob] = []
        var onInput: (@Sendable (_ isGone: Bool) -> Void)?
        var isStopped = false
        var thread: pthread_t?
    }

    private let state = Mutex(State())
    private let wakeReader: Int32
    private let wakeWriter: Int32
    private let input: Int32

    init(input: Int32) {
        var ends: [Int32] = [-1, -1]
        precondition(pipe(&ends) == 0, "no file descriptors are left for the terminal")
        for end in ends {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
        (self.wakeReader, self.wakeWriter) = (ends[0], ends[1])
        self.input = input
        var handle = pthread_t()
        let context = Unmanaged.passRetained(self).toOpaque()
        let start: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { raw in
            if let raw { Unmanaged<TerminalThread>.fromOpaque(raw).takeRetainedValue().loop() }
            return nil
        }
        let status = pthread_create(&handle, nil, start, context)
        precondition(status == 0, "the terminal's thread cannot be started")
        pthread_detach(handle)
    }

    deinit {
        _ = Glibc.close(self.wakeReader)
        _ = Glibc.close(self.wakeWriter)
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        self.state.withLock { $0.jobs.append(job) }
        self.wake()
    }

    func checkIsolated() {
        let isHere = self.state.withLock { $0.thread.map { pthread_equal($0, pthread_self()) != 0 } ?? false }
        precondition(isHere, "not on the terminal's thread")
    }

    /// Runs `handler` on this thread whenever the keyboard has something to read, and once, with true, when it is gone;
    /// `nil` stops watching.
    func watchInput(_ handler: (@Sendable (_ isGone: Bool) -> Void)?) {
        self.state.withLock { $0.onInput = handler }
        self.wake()
    }

    func stop() {
        self.state.withLock { $0.isStopped = true }
        self.wake()
    }

    private func wake() {
        var byte: UInt8 = 0
        // A full pipe wakes as well as one more byte would.
        _ = write(self.wakeWriter, &byte, 1)
    }

    private func loop() {
        self.state.withLock { $0.thread = pthread_self() }
        var scratch = [UInt8](repeating: 0, count: 64)
        while true {
            let (jobs, onInput, isStopped) = self.state.withLock { state in
                defer { state.jobs.removeAll(keepingCapacity: true) }
                return (state.jobs, state.onInput, state.isStopped)
            }
            for job in jobs { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
            if !jobs.isEmpty { continue }
            if isStopped { return }
            var descriptors = [pollfd(fd: self.wakeReader, events: Int16(POLLIN), revents: 0)]
            if onInput != nil { descriptors.append(pollfd(fd: self.input, events: Int16(POLLIN), revents: 0)) }
            _ = poll(&descriptors, nfds_t(descriptors.count), -1)
            while read(self.wakeReader, &scratch, scratch.count) > 0 {}
            guard descriptors.count > 1 else { continue }
            let found = Int32(descriptors[1].revents)
            if found & POLLIN != 0 {
                onInput?(false)
            } else if found & (POLLHUP | POLLERR | POLLNVAL) != 0 {
                self.watchInput(nil)
                onInput?(true)
            }
        }
    }
}
