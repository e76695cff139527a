import Glibc
import WorkerDomain

extension WallTime {
    /// The wall clock's time now, to the millisecond.
    static func now() -> WallTime {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return WallTime(millisecondsSinceEpoch: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000)
    }

    /// `2026-01-02T03:04:05.678Z` (RFC 3339, UTC, milliseconds).
    var rfc3339: String {
        let milliseconds = self.nanosecondsSinceEpoch / 1_000_000
        var seconds = time_t(milliseconds / 1_000)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        func padded(_ number: Int, _ width: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
        }
        let date = [(Int(parts.tm_year) + 1900, 4), (Int(parts.tm_mon) + 1, 2), (Int(parts.tm_mday), 2)]
        let time = [parts.tm_hour, parts.tm_min, parts.tm_sec].map { padded(Int($0), 2) }.joined(separator: ":")
        return date.map(padded).joined(separator: "-") + "T\(time).\(padded(Int(milliseconds % 1_000), 3))Z"
    }
}
