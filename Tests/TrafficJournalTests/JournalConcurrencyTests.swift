import TestSupport
import Testing
import TrafficJournal
import WorkerDomain

@Suite("Journal under many writers")
struct JournalConcurrencyTests {
    @Test("nothing is lost or doubled while readers pull")
    func manyWriters() async {
        let writers: UInt64 = 8
        let each: UInt64 = 500
        let journal = Journal(limits: JournalLimits(exchanges: 1_000))
        await withTaskGroup(of: Void.self) { group in
            for writer in 0..<writers {
                group.addTask {
                    for number in 0..<each {
                        let id = ExchangeID(rawValue: number * writers + writer)
                        journal.record(.began(Sample.beginning()), of: id)
                        journal.record(.routed(.backend("blue")), of: id)
                        journal.record(
                            .connected(ExchangeConnection(queue: .zero, connect: .zero, reused: true)), of: id)
                        journal.record(Sample.responded(200), of: id)
                        journal.record(.ended(Sample.summary()), of: id)
                    }
                }
            }
            for _ in 0..<2 {
                group.addTask {
                    var list = TrafficList()
                    var cursor: JournalCursor?
                    var isDone = false
                    while !isDone {
                        let delta = journal.delta(since: cursor)
                        cursor = delta.cursor
                        list.apply(delta)
                        isDone = delta.statistics.total == Int(writers * each) && delta.statistics.inFlight == 0
                        #expect(list.count == delta.statistics.kept)
                        let isAscending = zip(list, list.dropFirst()).allSatisfy { $0.id < $1.id }
                        #expect(isAscending)
                        await Task.yield()
                    }
                    #expect(Array(list) == journal.delta(since: nil).changed)
                }
            }
        }
        let statistics = journal.delta(since: nil).statistics
        #expect(statistics.total == Int(writers * each) && statistics.dropped == 0 && statistics.inFlight == 0)
        #expect(statistics.kept == 1_000 && statistics.evicted == Int(writers * each) - 1_000)
        #expect(statistics.statusMix == [2: Int(writers * each)])
    }
}
