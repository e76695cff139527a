import Glibc
import Synchronization

/// When somebody gives way again, in nanoseconds of the monotonic clock; all threads share it.
private let nextTurn = Atomic<UInt64>(0)

/// Lets the threads that wait for this core go first, about once in 100 µs at most.
///
/// Linux looks at who else should run when a thread is woken and at its tick, which is 4 ms on most machines: until then an
/// event loop that shares its core with a thread at work waits, and with it the requests. Long work that no request waits for
/// calls this every few microseconds. Where somebody takes the core for more than a millisecond, all cores are busy and
/// everybody has a share: then nobody gives way for 20 ms, or what a person waits for would come last. Not to be called
/// while a lock is held.
package func giveWay() {
    let begin = monotonicNanoseconds()
    guard begin >= nextTurn.load(ordering: .relaxed) else { return }
    sched_yield()
    let end = monotonicNanoseconds()
    // Another thread may have found all cores busy meanwhile.
    nextTurn.max(end + (end - begin > 1_000_000 ? 20_000_000 : 100_000), ordering: .relaxed)
}

private func monotonicNanoseconds() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}
