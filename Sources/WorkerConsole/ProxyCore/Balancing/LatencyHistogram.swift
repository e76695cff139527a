/// Counts of durations in steps of an eighth of their size, so that a percentile is within 6 %.
struct LatencyHistogram: Sendable, Equatable {
    /// Microseconds up to 15 each have a step; above, eight for each power of two up to 2^36 (19 hours).
    private static let steps = 16 + 33 * 8
    private var counts = [Int32](repeating: 0, count: Self.steps)
    private(set) var count = 0

    mutating func add(_ duration: Duration) {
        self.counts[Self.step(of: UInt64(max(0, duration.nanoseconds) / 1_000))] &+= 1
        self.count += 1
    }

    mutating func add(_ other: LatencyHistogram) {
        for index in self.counts.indices { self.counts[index] &+= other.counts[index] }
        self.count += other.count
    }

    /// - Parameter part: 0 to 1.
    /// - Returns: The middle of the step that holds it; `nil` without a duration.
    func percentile(_ part: Double) -> Duration? {
        guard self.count > 0 else { return nil }
        let rank = max(1, Int((Double(self.count) * part).rounded(.up)))
        var seen = 0
        for (index, count) in self.counts.enumerated() {
            seen += Int(count)
            if seen >= rank { return .microseconds(Int64(Self.middle(of: index))) }
        }
        return nil
    }

    private static func step(of micros: UInt64) -> Int {
        guard micros >= 16 else { return Int(micros) }
        let power = min(36, 63 - micros.leadingZeroBitCount)
        let part = power == 36 ? min(7, (micros >> 33) - 8) : (micros >> UInt64(power - 3)) & 7
        return 16 + (power - 4) * 8 + Int(part)
    }

    private static func middle(of step: Int) -> UInt64 {
        guard step >= 16 else { return UInt64(step) }
        let power = UInt64((step - 16) / 8 + 4)
        let width = UInt64(1) << (power - 3)
        return (UInt64(1) << power) + UInt64((step - 16) % 8) * width + width / 2
    }
}
