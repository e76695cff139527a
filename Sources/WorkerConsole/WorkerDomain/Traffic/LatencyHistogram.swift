/// Counts durations in steps that grow with their size, so that a percentile is right to within a fixed part of itself.
///
/// Below ``Precision`` steps each microsecond has one of its own; above, each power of two is divided into so many. Only
/// the steps up to the longest duration are stored: a second of short exchanges takes a few kilobytes.
package struct LatencyHistogram: Sendable, Equatable {
    /// How finely durations are told apart; the raw value is the binary logarithm of the steps for a power of two.
    package enum Precision: UInt64, Sendable {
        /// 16 steps: a percentile is at most one sixteenth too long.
        case sixteenth = 4
        /// 128 steps: a percentile is at most one hundredth too long.
        case hundredth = 7
    }

    /// Longer durations count as this one.
    package static let longest = Duration.seconds(86_400)
    private static let longestMicroseconds: UInt64 = 86_400_000_000

    /// Durations in each step, up to the highest step that has one.
    private var counts: [UInt32] = []
    private let precision: Precision
    /// Of the durations; 0 without one.
    private var maximumMicroseconds: UInt64 = 0
    package private(set) var count = 0
    /// Zero without any.
    package var longestCounted: Duration { .microseconds(Int64(self.maximumMicroseconds)) }

    package init(precision: Precision) {
        self.precision = precision
    }

    /// Counts a duration; a negative one counts as zero.
    package mutating func record(nanoseconds: Int64) {
        let microseconds = min(UInt64(max(0, nanoseconds)) / 1_000, Self.longestMicroseconds)
        let step = self.step(of: microseconds)
        if step >= self.counts.count { self.grow(to: step + 1) }
        self.counts[step] &+= 1
        self.count += 1
        self.maximumMicroseconds = max(self.maximumMicroseconds, microseconds)
    }

    /// Adds the durations of a histogram of the same precision.
    package mutating func add(_ other: LatencyHistogram) {
        precondition(self.precision == other.precision, "histograms of two precisions have no common steps")
        if self.counts.count < other.counts.count { self.grow(to: other.counts.count) }
        let added = other.counts.span
        var steps = self.counts.mutableSpan
        for step in added.indices { steps[unchecked: step] &+= added[unchecked: step] }
        self.count += other.count
        self.maximumMicroseconds = max(self.maximumMicroseconds, other.maximumMicroseconds)
    }

    /// The duration that `percent` of the counted ones do not exceed (nearest rank).
    /// - Parameter percent: Over 0 and up to 100.
    /// - Returns: The end of the step that holds it, and never more than ``longestCounted``; `nil` without any.
    package func percentile(_ percent: Double) -> Duration? {
        self.step(of: percent).map { min($0, self.longestCounted) }
    }

    /// The end of the step that holds what `percent` do not exceed, which may be beyond the longest one counted.
    ///
    /// Of several histograms the highest of these is never below that of their sum.
    /// - Parameter percent: Over 0 and up to 100.
    /// - Returns: `nil` without any.
    package func step(of percent: Double) -> Duration? {
        guard self.count > 0 else { return nil }
        // Rounded up by hand: the standard library's own way wants the library of mathematics, which is not imported here.
        let rank = percent * Double(self.count) / 100
        var left = max(1, Int(rank))
        if Double(left) < rank { left += 1 }
        for (step, count) in self.counts.enumerated() {
            left -= Int(count)
            if left <= 0 { return .microseconds(Int64(self.end(of: step))) }
        }
        return .microseconds(Int64(self.maximumMicroseconds))
    }

    /// The step of a duration. With seven bits: 0 to 255 µs each have one, then two share one, from 512 on four.
    private func step(of microseconds: UInt64) -> Int {
        let bits = self.precision.rawValue
        let steps = UInt64(1) << bits
        let shift = UInt64(63 &- (microseconds | steps).leadingZeroBitCount) &- bits
        return Int((shift &<< bits) &+ (microseconds &>> shift))
    }

    /// The longest duration of a step.
    private func end(of step: Int) -> UInt64 {
        let bits = self.precision.rawValue
        let step = UInt64(step)
        let shift = max(1, step >> bits) - 1
        return ((step - (shift << bits) + 1) << shift) - 1
    }

    @inline(never)
    private mutating func grow(to steps: Int) {
        self.counts.append(contentsOf: repeatElement(0, count: steps - self.counts.count))
    }
}
