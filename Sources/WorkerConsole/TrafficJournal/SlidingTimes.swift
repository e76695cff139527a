import WorkerDomain

/// The times of a span of whole seconds that slides forward, summed at a cost of one or two additions a second.
///
/// A histogram cannot give values back, and adding sixty of them once a second costs more than all else that the figures
/// need. So the span is kept as two stacks: sums that end at a fixed second and begin at each second before it, which
/// are dropped one by one, and one sum of everything since. When the first run out, they are made anew.
struct SlidingTimes {
    /// The seconds of the span; a second that is in it may not change any more.
    private(set) var seconds: Range<UInt64> = 0..<0
    /// Sums of each second below the fixed one with all that follow up to it, the shortest first; `nil` while empty.
    private var older: [LatencyHistogram?] = []
    /// Sum of the seconds from the fixed one on; `nil` while empty.
    private var newer: LatencyHistogram?

    init() {}

    /// Makes this the span; a bound that goes back costs a sum of all of it.
    /// `times` gives those of one second; `nil` when nothing ended in it.
    mutating func slide(to seconds: Range<UInt64>, times: (UInt64) -> LatencyHistogram?) {
        guard seconds != self.seconds else { return }
        let known = self.seconds
        if seconds.lowerBound >= known.upperBound || seconds.lowerBound < known.lowerBound
            || seconds.upperBound < known.upperBound
        {
            self = SlidingTimes()
            self.seconds = seconds.lowerBound..<seconds.lowerBound
        }
        for second in self.seconds.upperBound..<seconds.upperBound {
            Self.add(times(second), to: &self.newer)
        }
        let passed = Int(seconds.lowerBound - self.seconds.lowerBound)
        if passed <= self.older.count {
            self.older.removeLast(passed)
        } else {
            self.older = []
            self.newer = nil
            var sum: LatencyHistogram?
            for second in seconds.reversed() {
                Self.add(times(second), to: &sum)
                self.older.append(sum)
            }
        }
        self.seconds = seconds
    }

    /// The sum of the span; `nil` when nothing ended in it.
    var sum: LatencyHistogram? {
        var sum = self.older.last ?? nil
        Self.add(self.newer, to: &sum)
        return sum
    }

    private static func add(_ times: LatencyHistogram?, to sum: inout LatencyHistogram?) {
        guard let times else { return }
        if sum == nil { sum = times } else { sum?.add(times) }
    }
}
