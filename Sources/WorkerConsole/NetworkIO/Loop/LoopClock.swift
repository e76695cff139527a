import Glibc

/// Tells an event loop the time; tests give one that stands still.
package protocol LoopClock: AnyObject {
    /// Nanoseconds of a monotonic clock.
    func now() -> Int64
}

/// The system's monotonic clock.
package final class SystemClock: LoopClock {
    package init() {}

    package func now() -> Int64 { Self.monotonic() }

    /// Nanoseconds of the system's monotonic clock.
    @inline(__always)
    package static func monotonic() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
    }
}
