import TestSupport
import Testing
import WorkerDomain

@testable import TrafficJournal

@Suite("Exchanges that have ended, a part at a time", .timeLimit(.minutes(1)))
struct EndedExchangesTests {
    private func ids(_ reader: inout EndedExchanges) -> [UInt64] { reader.next().map(\.id.rawValue) }

    @Test("each comes once, when it has ended, and those in flight come later")
    func each() {
        let journal = Journal()
        var reader = EndedExchanges(of: journal)
        #expect(self.ids(&reader) == [])
        for id in 1...4 as ClosedRange<UInt64> { journal.begin(id) }
        #expect(self.ids(&reader) == [])
        journal.end(3)
        journal.end(1)
        #expect(self.ids(&reader) == [3, 1])
        #expect(self.ids(&reader) == [])
        #expect(reader.version == journal.version)
        journal.record(Sample.responded(200), of: ExchangeID(rawValue: 2))
        #expect(self.ids(&reader) == [])
        journal.end(2)
        journal.end(4)
        #expect(self.ids(&reader) == [2, 4])
        #expect(self.ids(&reader) == [])
    }

    @Test("a reader that has fallen behind gets a few hundred at a time, and all of them")
    func parts() {
        let journal = Journal()
        var reader = EndedExchanges(of: journal)
        for id in 1...5_000 as ClosedRange<UInt64> {
            journal.begin(id)
            // Every tenth goes on, between the others.
            if !id.isMultiple(of: 10) { journal.end(id) }
        }
        var got: [UInt64] = []
        while true {
            let part = self.ids(&reader)
            #expect(part.count <= 256)
            got += part
            if part.isEmpty { break }
        }
        #expect(got == (1...5_000).filter { !$0.isMultiple(of: 10) })
    }

    @Test("what is let go between two parts neither comes twice nor hides what follows it", arguments: 1...20)
    func evictions(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let journal = Journal(limits: JournalLimits(exchanges: 400, bytes: .max))
        var reader = EndedExchanges(of: journal)
        var got: Set<UInt64> = []
        var order: [UInt64] = []
        var flying: [UInt64] = []
        var ends: [UInt64] = []
        var last: UInt64 = 0
        for _ in 0..<60 {
            // Often more ends than are kept.
            for _ in 0..<Int.random(in: 0...2_000, using: &random) {
                if flying.count < 50, Bool.random(using: &random) {
                    last += 1
                    journal.begin(last)
                    flying.append(last)
                } else if !flying.isEmpty {
                    let id = flying.remove(at: Int.random(in: flying.indices, using: &random))
                    journal.end(id)
                    ends.append(id)
                }
            }
            // Sometimes one part alone, so that the next one begins where much has been let go.
            let isWhole = Bool.random(using: &random)
            var part: [UInt64] = []
            repeat {
                part = self.ids(&reader)
                order += part
                let isNew = part.allSatisfy { got.insert($0).inserted }
                #expect(isNew, "one came twice")
            } while isWhole && !part.isEmpty
            guard isWhole else { continue }
            let kept = journal.delta(since: nil).changed.filter { !$0.isInFlight }.map(\.id.rawValue)
            #expect(got.isSuperset(of: kept))
        }
        #expect(order == ends.filter { got.contains($0) }, "they come in the order of their ends")
        #expect(got.count > 5_000)
        #expect(ends.count > got.count, "some were let go before they were read")
    }

    @Test("exchanges in flight are passed over, however many there are")
    func inFlight() {
        let journal = Journal()
        var reader = EndedExchanges(of: journal)
        for id in 1...2_000 as ClosedRange<UInt64> { journal.begin(id) }
        #expect(self.ids(&reader) == [])
        journal.end(1_999)
        for id in 1...1_000 as ClosedRange<UInt64> {
            journal.record(Sample.responded(100), of: ExchangeID(rawValue: id))
        }
        #expect(self.ids(&reader) == [1_999])
    }
}
