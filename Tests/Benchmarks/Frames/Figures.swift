/// The median and the 99th percentile of some durations.
struct Figures: CustomStringConvertible {
    let median: Duration
    let p99: Duration
    private let count: Int

    /// - Parameter times: At least one.
    init(of times: [Duration]) {
        let sorted = times.sorted()
        func rank(_ share: Double) -> Duration { sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))] }
        self.median = rank(0.5)
        self.p99 = rank(0.99)
        self.count = sorted.count
    }

    var description: String {
        "median \(Self.microseconds(self.median)), p99 \(Self.microseconds(self.p99)) of \(self.count)"
    }

    private static func microseconds(_ time: Duration) -> String { "\(Int(time / .microseconds(1))) µs" }
}
