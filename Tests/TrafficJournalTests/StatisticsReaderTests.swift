import TestSupport
import Testing
import WorkerDomain

@testable import TrafficJournal

@Suite("StatisticsReader")
struct StatisticsReaderTests {
    private static func figures(
        _ window: RateWindow, at instant: UInt64, by reader: StatisticsReader = StatisticsReader()
    ) -> TrafficStatistics {
        var statistics = TrafficStatistics()
        reader.fill(&statistics, from: window, at: instant)
        return statistics
    }

    @Test("a reader that remembers says what one says that sums everything anew", arguments: 0..<4 as Range<UInt64>)
    func sliding(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let reader = StatisticsReader()
        var window = RateWindow()
        var instant: UInt64 = 40_000_000_000_000
        for _ in 0..<300 {
            // Bursts, pauses of a few seconds, and now and then one that is longer than the window.
            switch Int.random(in: 0..<100, using: &generator) {
            case 0: instant += UInt64.random(in: 55...130, using: &generator) * 1_000_000_000
            case 1...20: instant += UInt64.random(in: 0...4_000_000_000, using: &generator)
            default: instant += UInt64.random(in: 0...200_000_000, using: &generator)
            }
            for _ in 0..<Int.random(in: 0...8, using: &generator) {
                // Some writers read the clock a while before they were let in.
                let late = UInt64.random(in: 0...3, using: &generator) == 0 ? UInt64(300_000_000) : 0
                window.countRequest(at: instant - late)
                window.countEnd(
                    statusClass: Int.random(in: 0...5, using: &generator),
                    isProxyFailure: Bool.random(using: &generator),
                    nanoseconds: Int64.random(in: 1_000...5_000_000_000, using: &generator), at: instant - late)
            }
            guard Int.random(in: 0...3, using: &generator) == 0 else { continue }
            // Two readers of one journal may come in either order.
            let behind = UInt64.random(in: 0...9, using: &generator) == 0 ? UInt64(1_100_000_000) : 0
            let remembered = Self.figures(window, at: instant - behind, by: reader)
            let anew = Self.figures(window, at: instant - behind)
            #expect(remembered == anew, "seed \(seed)")
            if let p95 = remembered.p95 {
                let highest = try #require(remembered.highestP95)
                #expect(p95 <= highest, "seed \(seed)")
                #expect(remembered.seconds.allSatisfy { $0.p95.map { $0 <= highest } ?? true })
            }
        }
    }

    @Test("a second whose longest time lies within a step has no lower percentile than all of them together")
    func withinAStep() throws {
        var window = RateWindow()
        for _ in 0..<99 {
            window.countEnd(statusClass: 2, isProxyFailure: false, nanoseconds: 100_000_000, at: 5_900_000_000)
        }
        window.countEnd(statusClass: 2, isProxyFailure: false, nanoseconds: 900_000_000, at: 6_100_000_000)
        let figures = Self.figures(window, at: 7_010_000_000)
        #expect(try #require(figures.p95) <= #require(figures.highestP95))
    }

    @Test("the second that runs counts for the highest percentile as it does for that of all")
    func runningSecond() throws {
        var window = RateWindow()
        window.countEnd(statusClass: 2, isProxyFailure: false, nanoseconds: 1_000_000, at: 5_900_000_000)
        for _ in 0..<9 {
            window.countEnd(statusClass: 2, isProxyFailure: false, nanoseconds: 800_000_000, at: 6_100_000_000)
        }
        let figures = Self.figures(window, at: 6_200_000_000)
        #expect(figures.p95 == .milliseconds(800) && figures.highestP95 == .milliseconds(800))
    }

    @Test("a writer that was held up still counts in the second that the clock has left")
    func lateWriter() {
        let reader = StatisticsReader()
        var window = RateWindow()
        window.countEnd(statusClass: 2, isProxyFailure: false, nanoseconds: 1_000_000, at: 5_900_000_000)
        #expect(Self.figures(window, at: 6_010_000_000, by: reader).p99 == .milliseconds(1))
        window.countEnd(statusClass: 2, isProxyFailure: false, nanoseconds: 2_000_000_000, at: 5_950_000_000)
        let late = Self.figures(window, at: 6_020_000_000, by: reader)
        #expect(late.p99.map { $0 >= .seconds(2) } == true)
        #expect(late.seconds.last?.p95.map { $0 >= .seconds(2) } == true)
        #expect(Self.figures(window, at: 7_020_000_000, by: reader).p99 == late.p99)
    }

    @Test(
        "5xx that the proxy answered are told apart from those of backends",
        arguments: [
            (ExchangeEnding(cause: .backendUnreachable, phase: .connect), 502, 1),
            (ExchangeEnding(cause: .backendTimeout, phase: .responseHead), 504, 1),
            (ExchangeEnding(cause: .backendAborted, phase: .requestBody), 502, 1),
            (ExchangeEnding(cause: .noBackend, phase: .queue), 503, 1),
            (ExchangeEnding(cause: .requestRefused, phase: .requestHead), 505, 1),
            (ExchangeEnding(cause: .requestRefused, phase: .requestHead), 400, 0),
            (ExchangeEnding(cause: .backendAborted, phase: .responseBody), 500, 0),
            (ExchangeEnding(cause: .clientAborted, phase: .responseBody), 503, 0),
            (.completed, 503, 0), (.completed, 200, 0),
        ])
    func proxyFailures(ending: ExchangeEnding, status: Int, expected: Int) {
        let clock = ManualClock()
        let journal = Journal(clock: clock.read)
        for id in 1...3 as ClosedRange<UInt64> {
            journal.begin(id)
            journal.record(Sample.responded(status), of: ExchangeID(rawValue: id))
            journal.end(id, Sample.summary(ending))
        }
        #expect(journal.delta(since: nil).statistics.proxyFailures == expected * 3)
        clock.advance(.seconds(61))
        #expect(journal.delta(since: nil).statistics.proxyFailures == 0)
    }
}
