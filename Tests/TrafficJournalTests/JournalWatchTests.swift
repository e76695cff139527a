import Synchronization
import TestSupport
import Testing
import TrafficJournal
import WorkerDomain

@Suite("Journal tells of changes", .timeLimit(.minutes(1)))
struct JournalWatchTests {
    private final class Counter: Sendable {
        let value = Atomic(0)
        var count: Int { self.value.load(ordering: .sequentiallyConsistent) }
    }

    private func begin(_ number: UInt64, in journal: Journal) {
        journal.record(
            .began(
                ExchangeEvent.Beginning(
                    startedAt: WallTime(nanosecondsSinceEpoch: 0), downstream: "127.0.0.1:1",
                    requestHead: Array("GET / HTTP/1.1\r\n\r\n".utf8))),
            of: ExchangeID(rawValue: number))
    }

    @Test("once with the next event, at once when it has come already, and not before")
    func once() {
        let journal = Journal()
        let counter = Counter()
        let version = journal.delta(since: nil).cursor.version
        journal.whenChanged(from: version, for: counter) { counter.value.add(1, ordering: .sequentiallyConsistent) }
        #expect(counter.count == 0)
        self.begin(1, in: journal)
        #expect(counter.count == 1)
        self.begin(2, in: journal)
        #expect(counter.count == 1)
        journal.whenChanged(from: version, for: counter) { counter.value.add(1, ordering: .sequentiallyConsistent) }
        #expect(counter.count == 2)
    }

    @Test("no change goes by unseen, whatever the threads do")
    func neverLost() async {
        let journal = Journal()
        let events: UInt64 = 2_000
        let seen = await withTaskGroup(of: UInt64.self) { group in
            group.addTask {
                for number in 1...events { self.begin(number, in: journal) }
                return 0
            }
            group.addTask {
                let reader = Counter()
                var cursor = journal.delta(since: nil).cursor
                while cursor.version < events {
                    await withCheckedContinuation { continuation in
                        journal.whenChanged(from: cursor.version, for: reader) { continuation.resume() }
                    }
                    cursor = journal.delta(since: cursor).cursor
                }
                return cursor.version
            }
            return await group.reduce(0, max)
        }
        #expect(seen == events)
    }

    @Test("who asks every second of a quiet day is told once")
    func quietDay() {
        let journal = Journal()
        let (first, second) = (Counter(), Counter())
        for _ in 0..<86_400 {
            journal.whenChanged(from: 0, for: first) { first.value.add(1, ordering: .sequentiallyConsistent) }
        }
        journal.whenChanged(from: 0, for: second) { second.value.add(1, ordering: .sequentiallyConsistent) }
        self.begin(1, in: journal)
        #expect(first.count == 1 && second.count == 1)
    }
}
