/// A point on the wall clock, in nanoseconds since 1970-01-01T00:00:00Z.
///
/// For display and export only: durations are measured on the monotonic clock and carried as `Duration`.
package struct WallTime: Sendable, Hashable, Comparable {
    package let nanosecondsSinceEpoch: Int64

    package init(nanosecondsSinceEpoch: Int64) {
        self.nanosecondsSinceEpoch = nanosecondsSinceEpoch
    }

    /// Makes a time from milliseconds since the epoch, as miniflare and Cloudflare's API store it.
    package init(millisecondsSinceEpoch: Int64) {
        let (product, overflow) = millisecondsSinceEpoch.multipliedReportingOverflow(by: 1_000_000)
        self.nanosecondsSinceEpoch = overflow ? (millisecondsSinceEpoch < 0 ? .min : .max) : product
    }

    /// The time from `earlier` to this one; negative when `earlier` is later.
    package func since(_ earlier: WallTime) -> Duration { .nanoseconds(self.nanoseconds(since: earlier)) }

    /// The same in nanoseconds: where thousands are looked through, a `Duration` costs calls.
    package func nanoseconds(since earlier: WallTime) -> Int64 {
        self.nanosecondsSinceEpoch.subtractingReportingOverflow(earlier.nanosecondsSinceEpoch).partialValue
    }

    package static func < (left: WallTime, right: WallTime) -> Bool {
        left.nanosecondsSinceEpoch < right.nanosecondsSinceEpoch
    }
}
