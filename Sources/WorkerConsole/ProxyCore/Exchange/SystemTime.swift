import Glibc
import NetworkIO
import WorkerDomain

/// Reads the system's clocks without a detour: both calls stand in the path of every request.
enum SystemTime {
    /// Nanoseconds of the monotonic clock.
    @inline(__always)
    static func now() -> Int64 { SystemClock.monotonic() }

    @inline(__always)
    static func wall() -> WallTime {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return WallTime(nanosecondsSinceEpoch: Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec))
    }
}

extension Duration {
    /// Nanoseconds, cut to what 64 bits hold.
    var nanoseconds: Int64 {
        let (seconds, attoseconds) = self.components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        return overflow ? (seconds < 0 ? .min : .max) : product.addingReportingOverflow(attoseconds / 1_000_000_000).0
    }
}
