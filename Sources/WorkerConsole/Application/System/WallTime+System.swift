import FoundationEssentials
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
        Date(timeIntervalSince1970: Double(self.nanosecondsSinceEpoch / 1_000_000) / 1_000)
            .formatted(
                .iso8601.year().month().day().time(includingFractionalSeconds: true).timeZone(separator: .omitted))
    }
}
