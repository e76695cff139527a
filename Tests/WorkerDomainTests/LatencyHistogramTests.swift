import TestSupport
import Testing
import WorkerDomain

@Suite("LatencyHistogram")
struct LatencyHistogramTests {
    private static func histogram(
        _ precision: LatencyHistogram.Precision, _ durations: [Duration]
    ) -> LatencyHistogram {
        var histogram = LatencyHistogram(precision: precision)
        for duration in durations {
            histogram.record(nanoseconds: Int64(clamping: duration.attoseconds / 1_000_000_000))
        }
        return histogram
    }

    @Test(
        "a percentile is the end of its step, and never beyond the longest duration",
        arguments: [
            (.hundredth, [7], 50, 7), (.hundredth, [0], 100, 0), (.hundredth, [255, 9_999], 50, 255),
            (.hundredth, [256, 9_999], 50, 257), (.hundredth, [511, 9_999], 50, 511),
            (.hundredth, [512, 9_999], 50, 515), (.hundredth, [1_000, 9_999], 50, 1_003),
            (.hundredth, [30_000, 90_000], 50, 30_079), (.hundredth, [30_000], 95, 30_000),
            (.sixteenth, [31, 9_999], 50, 31), (.sixteenth, [32, 9_999], 50, 33),
            (.sixteenth, [1_000, 9_999], 50, 1_023), (.sixteenth, [1_024, 9_999], 50, 1_087),
            (.sixteenth, [1_000], 99, 1_000),
        ] as [(LatencyHistogram.Precision, [Int], Double, Int)])
    func steps(precision: LatencyHistogram.Precision, microseconds: [Int], percent: Double, expected: Int) {
        let histogram = Self.histogram(precision, microseconds.map { .microseconds($0) })
        #expect(histogram.percentile(percent) == .microseconds(expected))
    }

    @Test(
        "ranks are the nearest ones",
        arguments: [
            (1, 1), (50, 50), (50.1, 51), (95, 95), (99, 99), (99.9, 100), (100, 100), (0.0001, 1),
        ])
    func ranks(percent: Double, expected: Int) {
        let histogram = Self.histogram(.hundredth, (1...100).reversed().map { .microseconds($0) })
        #expect(histogram.count == 100)
        #expect(histogram.percentile(percent) == .microseconds(expected))
    }

    @Test("an empty one has no percentile, and adding it changes nothing")
    func empty() {
        var sum = Self.histogram(.hundredth, [.milliseconds(3)])
        let before = sum
        sum.add(LatencyHistogram(precision: .hundredth))
        #expect(sum == before)
        var empty = LatencyHistogram(precision: .hundredth)
        #expect(empty.percentile(50) == nil)
        empty.add(before)
        #expect(empty == before)
    }

    @Test(
        "what is negative counts as zero, a part of a microsecond is cut off, and a day is the longest",
        arguments: [
            (.seconds(-5), .zero), (.nanoseconds(-1), .zero), (.nanoseconds(999), .zero),
            (.nanoseconds(1_999), .microseconds(1)), (.microseconds(9_999_999), .microseconds(9_999_999)),
            (.seconds(10), .seconds(10)), (.seconds(86_399), .seconds(86_399)),
            (.seconds(86_400), LatencyHistogram.longest), (.seconds(100_000), LatencyHistogram.longest),
            (.seconds(Int64.max), LatencyHistogram.longest), (.seconds(Int64.min), .zero),
        ] as [(Duration, Duration)])
    func bounds(duration: Duration, expected: Duration) {
        #expect(Self.histogram(.hundredth, [duration]).percentile(50) == expected)
    }

    @Test(
        "a sixteenth tells what a canary's guard needs", arguments: [3, 17, 250, 4_000, 1_000_000, 90_000_000])
    func sixteenth(microseconds: Int) throws {
        var histogram = LatencyHistogram(precision: .sixteenth)
        for _ in 0..<95 { histogram.record(nanoseconds: Int64(microseconds) * 1_000) }
        for _ in 0..<5 { histogram.record(nanoseconds: 100_000_000_000_000) }
        let p95 = try #require(histogram.percentile(95))
        #expect(abs(p95 / .microseconds(microseconds) - 1) < 0.07)
        #expect(try #require(histogram.percentile(96)) > .seconds(60_000))
    }

    @Test(
        "percentiles are those of the sorted durations to within the precision, also of a sum in any order",
        arguments: [LatencyHistogram.Precision.sixteenth, .hundredth], 0..<25 as Range<UInt64>)
    func sorted(precision: LatencyHistogram.Precision, seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var parts = [LatencyHistogram](repeating: LatencyHistogram(precision: precision), count: 5)
        var all: [Int] = []
        for _ in 0..<Int.random(in: 1...2_000, using: &generator) {
            // As many in every order of magnitude, up to 19 hours.
            let microseconds = Int.random(
                in: 0...((1 << 36) >> Int.random(in: 0...36, using: &generator)), using: &generator)
            all.append(microseconds)
            parts[Int.random(in: 0..<5, using: &generator)].record(nanoseconds: Int64(microseconds) * 1_000)
        }
        all.sort()
        var sum = LatencyHistogram(precision: precision)
        for part in parts { sum.add(part) }
        var other = LatencyHistogram(precision: precision)
        for part in parts.shuffled(using: &generator) { other.add(part) }
        #expect(sum == other && sum == Self.histogram(precision, all.map { .microseconds($0) }))
        #expect(sum.count == all.count)
        let part = precision == .hundredth ? 100 : 16
        for percent in [1, 5, 25, 50, 75, 90, 95, 99, 100] {
            let exact = Duration.microseconds(all[(percent * all.count + 99) / 100 - 1])
            let found = try #require(sum.percentile(Double(percent)))
            #expect(found >= exact && found <= exact + exact / part, "p\(percent) is \(found), not \(exact)")
        }
    }
}
