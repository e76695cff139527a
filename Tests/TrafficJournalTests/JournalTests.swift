import TestSupport
import Testing
import TrafficJournal
import WorkerDomain

@Suite("Journal")
struct JournalTests {
    @Test("one exchange with all its events is one row that holds everything")
    func wholeExchange() throws {
        let journal = Journal()
        let id = ExchangeID(rawValue: 7)
        journal.record(.began(Sample.beginning("POST /api/upload?a=1 HTTP/1.1")), of: id)
        journal.record(.routed(.backend("blue")), of: id)
        journal.record(.retried(reason: "connection refused"), of: id)
        let connection = ExchangeConnection(queue: .milliseconds(1), connect: .milliseconds(2), reused: false)
        journal.record(.connected(connection), of: id)
        journal.record(Sample.responded(201), of: id)
        journal.record(.ended(Sample.summary(request: "abc", response: "{}")), of: id)
        let delta = journal.delta(since: nil)
        let row = try #require(delta.changed.first)
        #expect(delta.changed.count == 1)
        #expect(row.method == "POST" && row.target == "/api/upload?a=1")
        #expect(row.route == .backend("blue") && row.retries == 1 && row.reusedConnection == false)
        #expect(row.status == 201 && row.ending == .completed)
        #expect(row.timers.connect == .milliseconds(2), "a timer that the summary leaves out is kept")
        #expect(row.timers.total == .milliseconds(5))
        #expect(row.requestBody.bytes == Array("abc".utf8))
        #expect(journal.exchange(id) == row)
        #expect(delta.statistics.total == 1 && delta.statistics.dropped == 0)
    }

    @Test("a cursor gives what changed after it, once, by ascending id")
    func cursors() {
        let journal = Journal()
        for id in [1, 3, 2, 4] as [UInt64] { journal.begin(id) }
        let first = journal.delta(since: nil)
        #expect(first.changed.map(\.id.rawValue) == [1, 2, 3, 4])
        #expect(journal.ids(since: first.cursor) == [])
        journal.end(4)
        journal.record(.routed(.local), of: ExchangeID(rawValue: 2))
        journal.end(2)
        #expect(journal.ids(since: first.cursor) == [2, 4])
        #expect(journal.ids() == [1, 2, 3, 4], "another reader starts where it wants")
        #expect(journal.version == journal.delta(since: nil).cursor.version)
    }

    @Test("events that fit no row are dropped and counted, and change nothing")
    func strayEvents() throws {
        let journal = Journal()
        journal.end(9)
        journal.record(Sample.responded(200), of: ExchangeID(rawValue: 9))
        journal.begin(1)
        journal.begin(1, "POST /other HTTP/1.1")
        journal.end(1)
        journal.end(1, Sample.summary(total: .seconds(9)))
        journal.record(Sample.responded(500), of: ExchangeID(rawValue: 1))
        journal.begin(1)
        let delta = journal.delta(since: nil)
        #expect(delta.changed.count == 1)
        #expect(delta.changed.first?.method == "GET" && delta.changed.first?.status == nil)
        #expect(delta.changed.first?.timers.total == .milliseconds(5))
        #expect(delta.statistics.dropped == 6 && delta.statistics.total == 1)
    }

    @Test("a second answer is dropped, but one after an interim answer counts")
    func interimAnswers() {
        let journal = Journal()
        journal.begin(1)
        journal.record(Sample.responded(103), of: ExchangeID(rawValue: 1))
        journal.record(Sample.responded(200), of: ExchangeID(rawValue: 1))
        journal.record(Sample.responded(500), of: ExchangeID(rawValue: 1))
        #expect(journal.exchange(ExchangeID(rawValue: 1))?.status == 200)
        #expect(journal.delta(since: nil).statistics.dropped == 1)
    }

    @Test("what ended longest ago goes first, and what is in flight stays")
    func evictionOrder() {
        let journal = Journal(limits: JournalLimits(exchanges: 3))
        for id in 1...3 as ClosedRange<UInt64> { journal.begin(id) }
        journal.end(3)
        journal.end(2)
        let cursor = journal.delta(since: nil).cursor
        journal.begin(4)
        #expect(journal.ids() == [1, 2, 4])
        journal.begin(5)
        #expect(journal.ids() == [1, 4, 5])
        let delta = journal.delta(since: cursor)
        #expect(delta.removed.map(\.rawValue) == [3, 2])
        #expect(delta.oldest.rawValue == 1)
        journal.begin(6)
        #expect(journal.ids() == [4, 5, 6], "when all are in flight the oldest goes")
        journal.end(1)
        #expect(journal.delta(since: nil).statistics.dropped == 1, "its end comes too late and is counted")
        #expect(journal.delta(since: nil).statistics.evicted == 3)
    }

    @Test("an exchange that was let go does not come back by a second beginning")
    func noReturn() {
        let journal = Journal(limits: JournalLimits(exchanges: 1))
        for id in 1...70_000 as ClosedRange<UInt64> {
            journal.begin(id)
            journal.end(id)
        }
        for id in [1, 2, 4_464, 4_465, 69_999] as [UInt64] { journal.begin(id) }
        #expect(journal.ids() == [70_000])
        #expect(journal.delta(since: nil).statistics.dropped == 5)
        #expect(journal.delta(since: nil).statistics.total == 70_000)
    }

    @Test("heads and bodies count against the limit of bytes")
    func byteLimit() {
        let limit = 100_000
        let journal = Journal(limits: JournalLimits(exchanges: 1_000, bytes: limit))
        let body = String(repeating: "x", count: 10_000)
        for id in 1...50 as ClosedRange<UInt64> {
            journal.begin(id)
            journal.end(id, Sample.summary(response: body))
            #expect(journal.delta(since: nil).statistics.keptBytes <= limit)
        }
        let statistics = journal.delta(since: nil).statistics
        #expect(statistics.kept >= 8 && statistics.kept < 10)
        #expect(statistics.evicted == 50 - statistics.kept && statistics.total == 50)
        journal.begin(51)
        journal.end(51, Sample.summary(response: String(repeating: "x", count: 200_000)))
        #expect(journal.delta(since: nil).statistics.keptBytes <= limit)
    }

    @Test("a reader that fell too far behind gets everything that is kept")
    func lateReader() {
        let journal = Journal(limits: JournalLimits(exchanges: 10))
        journal.begin(1)
        let cursor = journal.delta(since: nil).cursor
        for id in 2...2_000 as ClosedRange<UInt64> {
            journal.begin(id)
            journal.end(id)
        }
        let delta = journal.delta(since: cursor)
        #expect(delta.isComplete && delta.changed.count == 10)
        #expect(!journal.delta(since: delta.cursor).isComplete)
        let foreign = journal.delta(since: JournalCursor(version: 1 << 60))
        #expect(foreign.isComplete && foreign.changed.count == 10)
    }

    @Test("limits of nothing keep one exchange at most and never fail", arguments: [0, -1, 1])
    func tinyLimits(limit: Int) {
        let journal = Journal(limits: JournalLimits(exchanges: limit, bytes: limit))
        for id in 1...5 as ClosedRange<UInt64> {
            journal.begin(id)
            journal.end(id)
        }
        let statistics = journal.delta(since: nil).statistics
        #expect(statistics.kept == 0 && statistics.keptBytes == 0 && statistics.total == 5 && statistics.evicted == 5)
    }
}
