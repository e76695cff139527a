import Dispatch

/// A thread for one check: whatever the check computes, the threads that all tasks share stay free.
///
/// A serial queue, because Dispatch gives each of those a thread; a concurrent one gets as many as there are processors.
final class CheckThread: TaskExecutor {
    private let queue: DispatchQueue

    init(_ name: String) { self.queue = DispatchQueue(label: "check " + name) }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        self.queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
