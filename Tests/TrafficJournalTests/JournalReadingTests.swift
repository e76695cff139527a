import TestSupport
import Testing
import WorkerDomain

@testable import TrafficJournal

@Suite("JournalReading")
struct JournalReadingTests {
    private static func end(_ id: UInt64, body: [UInt8] = [], in state: inout JournalState) {
        let summary = ExchangeSummary(ending: .completed, timers: ExchangeTimers(), responseBytes: body.count)
        state.end(
            ExchangeID(rawValue: id), summary, head: RawSpan(), requestBody: [], responseBody: body,
            at: 1)
    }

    private static func begin(_ id: UInt64, in state: inout JournalState) {
        let beginning = ExchangeBeginning(startedAt: WallTime(nanosecondsSinceEpoch: 0), downstream: "")
        state.begin(ExchangeID(rawValue: id), beginning, head: RawSpan(), at: 1)
    }

    @Test("an exchange that is let go between two looks does not hide what follows it", arguments: 1...6)
    func evictionBetweenLooks(first: Int) throws {
        // Room for nine without a body.
        var state = JournalState(limits: JournalLimits(exchanges: 100, bytes: 8_000))
        for id in 1...9 as ClosedRange<UInt64> { Self.begin(id, in: &state) }
        for id in 1...8 as ClosedRange<UInt64> { Self.end(id, in: &state) }
        #expect(state.counts.kept == 9 && (6_000...7_500).contains(state.counts.keptBytes))
        let each = state.counts.keptBytes / 9
        var reading = JournalReading(since: JournalCursor(version: 9))
        let isWhole = reading.readMore(of: state, limit: first)
        #expect(!isWhole)
        // A body drives out what has been copied, and nothing takes its place yet.
        let body = [UInt8](repeating: 0, count: 8_000 - 9 * each + (first - 1) * each + each / 2)
        Self.end(9, body: body, in: &state)
        #expect(state.counts.evicted == first)
        while !reading.readMore(of: state, limit: 2) {}
        let delta = reading.delta(with: StatisticsReader(), at: 1)
        let kept = (UInt64(first) + 1)...9
        #expect(delta.changed.map(\.id.rawValue) == Array(kept))
    }
}
