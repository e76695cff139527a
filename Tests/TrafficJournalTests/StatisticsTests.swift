import TestSupport
import Testing
import TrafficJournal
import WorkerDomain

@Suite("TrafficStatistics")
struct StatisticsTests {
    @Test("an empty journal has sixty empty seconds and no percentiles")
    func empty() {
        let statistics = Journal().delta(since: nil).statistics
        #expect(statistics.seconds == Array(repeating: TrafficStatistics.Second(), count: 60))
        #expect(statistics.p50 == nil && statistics.p99 == nil && statistics.requestsPerSecond == 0)
        #expect(statistics.statusMix.isEmpty && statistics.oldestIsUnset)
    }

    @Test("percentiles are the exact ones to within one hundredth", arguments: [1, 2, 10, 999, 5_000])
    func percentiles(count: Int) throws {
        var generator = SeededGenerator(seed: UInt64(count))
        let clock = ManualClock()
        let journal = Journal(limits: JournalLimits(exchanges: 10), clock: clock.read)
        var times: [Int] = []
        for id in 1...UInt64(count) {
            // From 1 µs to about 3 s, as many in every order of magnitude.
            let microseconds = Int.random(
                in: 1...3_000_000 / (1 << Int.random(in: 0..<21, using: &generator)), using: &generator)
            times.append(microseconds)
            journal.begin(id)
            journal.end(id, Sample.summary(total: .microseconds(microseconds)))
            if id % 100 == 0 { clock.advance(.milliseconds(900)) }
        }
        times.sort()
        let statistics = journal.delta(since: nil).statistics
        for (percent, found) in [(50.0, statistics.p50), (95, statistics.p95), (99, statistics.p99)] {
            let rank = max(1, Int((percent / 100 * Double(count)).rounded(.up)))
            let exact = Duration.microseconds(times[rank - 1])
            let value = try #require(found)
            #expect(value >= exact && value <= exact + exact / 100 + .microseconds(1), "p\(percent) \(value) \(exact)")
        }
    }

    @Test("seconds, rate and mix follow the clock and fade when nothing comes")
    func windows() {
        let clock = ManualClock()
        let journal = Journal(clock: clock.read)
        var id: UInt64 = 0
        for second in 0..<30 {
            for _ in 0...second {
                id += 1
                journal.begin(id)
                journal.record(Sample.responded(second % 2 == 0 ? 200 : 503), of: ExchangeID(rawValue: id))
                journal.end(id, Sample.summary(total: .milliseconds(second + 1)))
            }
            clock.advance(.seconds(1))
        }
        var statistics = journal.delta(since: nil).statistics
        #expect(statistics.seconds.suffix(30).map(\.requests) == Array(1...30))
        #expect(statistics.seconds.prefix(30).allSatisfy { $0.requests == 0 && $0.p95 == nil })
        #expect(statistics.seconds.last?.p95 == .microseconds(30_000))
        #expect(statistics.requestsPerSecond == 25.5)
        #expect(statistics.statusMix == [2: 225, 5: 240])
        clock.advance(.seconds(45))
        statistics = journal.delta(since: nil).statistics
        #expect(statistics.requestsPerSecond == 0)
        #expect(statistics.seconds.prefix(15).map(\.requests) == Array(16...30))
        #expect(statistics.statusMix.values.reduce(0, +) == (16...30).reduce(0, +))
        clock.advance(.seconds(16))
        statistics = journal.delta(since: nil).statistics
        #expect(statistics.statusMix.isEmpty && statistics.p50 == nil)
        #expect(statistics.total == 465, "counts since the start stay")
    }

    @Test("the rate of a young journal is over its age")
    func youngJournal() {
        let clock = ManualClock()
        let journal = Journal(clock: clock.read)
        for id in 1...8 as ClosedRange<UInt64> { journal.begin(id) }
        #expect(journal.delta(since: nil).statistics.requestsPerSecond == 0)
        clock.advance(.seconds(2))
        #expect(journal.delta(since: nil).statistics.requestsPerSecond == 4)
    }

    @Test(
        "a time that is missing, negative or endless is counted",
        arguments: [nil, .seconds(-5), .seconds(1 << 62)] as [Duration?])
    func oddTimes(time: Duration?) throws {
        let clock = ManualClock()
        let journal = Journal(clock: clock.read)
        journal.begin(1)
        clock.advance(.milliseconds(700))
        journal.end(1, Sample.summary(total: time))
        let p50 = try #require(journal.delta(since: nil).statistics.p50)
        switch time {
        case nil: #expect(p50 >= .milliseconds(700) && p50 < .milliseconds(708))
        case .seconds(-5): #expect(p50 == .zero)
        default: #expect(p50 == LatencyHistogram.longest)
        }
    }

    @Test(
        "preflights and statuses outside the classes are told apart",
        arguments: [(199, 1), (204, 2), (999, 0), (42, 0)])
    func classes(status: Int, kind: Int) {
        let journal = Journal()
        journal.begin(1)
        journal.record(.routed(.preflight), of: ExchangeID(rawValue: 1))
        journal.record(.routed(.preflight), of: ExchangeID(rawValue: 1))
        journal.record(Sample.responded(status), of: ExchangeID(rawValue: 1))
        journal.end(1)
        let statistics = journal.delta(since: nil).statistics
        #expect(statistics.preflights == 1 && statistics.statusMix == [kind: 1])
    }
}

extension TrafficStatistics {
    fileprivate var oldestIsUnset: Bool { self.kept == 0 && self.total == 0 }
}
