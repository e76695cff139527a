import Histogram

/// Total times of exchanges: 1 µs to one hour, each kept to within one hundredth of itself.
struct LatencyHistogram: Sendable {
    /// Longer times count as this one.
    private static let highest: UInt64 = 3_600_000_000

    private var histogram = Histogram<UInt32>(
        highestTrackableValue: LatencyHistogram.highest, numberOfSignificantValueDigits: .two)

    var isEmpty: Bool { self.histogram.totalCount == 0 }

    mutating func record(_ time: Duration) {
        if time >= .zero, time < .seconds(10) {
            // So many attoseconds fit into 64 bits, which divide in a tenth of the time that 128 take.
            self.histogram.record(UInt64(truncatingIfNeeded: time.attoseconds) / 1_000_000_000_000)
            return
        }
        let (seconds, attoseconds) = time.components
        let microseconds = seconds.multipliedReportingOverflow(by: 1_000_000)
        let sum = microseconds.partialValue.addingReportingOverflow(attoseconds / 1_000_000_000_000)
        let value = microseconds.overflow || sum.overflow ? Int64(Self.highest) : sum.partialValue
        self.histogram.record(min(UInt64(max(0, seconds < 0 ? 0 : value)), Self.highest))
    }

    mutating func add(_ other: LatencyHistogram) {
        for step in other.histogram.recordedValues() { self.histogram.record(step.value, count: step.count) }
    }

    /// The time that `percent` of the recorded ones do not exceed, over 0 and up to 100; `nil` when there are none.
    func percentile(_ percent: Double) -> Duration? {
        guard !self.isEmpty else { return nil }
        return .microseconds(Int64(min(self.histogram.valueAtPercentile(percent), Self.highest)))
    }
}
