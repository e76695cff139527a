import TestSupport
import Testing
import TrafficJournal
import WorkerDomain

/// The journal as plainly as it can be written: every question is answered by looking through everything.
private struct NaiveJournal {
    let limits: JournalLimits
    var rows: [Exchange] = []
    var endOrder: [ExchangeID] = []
    var seen: Set<ExchangeID> = []
    var total = 0
    var dropped = 0
    var evicted = 0
    var preflights = 0

    mutating func record(_ event: ExchangeEvent, of id: ExchangeID) {
        if case .began(let beginning) = event {
            guard self.seen.insert(id).inserted else {
                self.dropped += 1
                return
            }
            self.total += 1
            self.rows.append(
                Exchange(
                    id: id, startedAt: beginning.known.startedAt, downstream: beginning.known.downstream,
                    requestHead: beginning.requestHead))
            self.apply(beginning, to: self.rows.count - 1)
            self.rows.sort { $0.id < $1.id }
            return self.evict()
        }
        guard let index = self.rows.firstIndex(where: { $0.id == id && $0.ending == nil }) else {
            self.dropped += 1
            return
        }
        switch event {
        case .began: break
        case .routed(let route):
            if route == .preflight, self.rows[index].route != .preflight { self.preflights += 1 }
            self.rows[index].route = route
        case .connected(let connection): self.apply(connection, to: index)
        case .retried: self.rows[index].retries += 1
        case .responded(let answer):
            guard self.rows[index].status == nil else {
                self.dropped += 1
                return
            }
            self.apply(answer, to: index)
        case .ended(let summary):
            if let answer = summary.response, self.rows[index].status == nil { self.apply(answer, to: index) }
            let before = self.rows[index].timers
            self.rows[index].timers = summary.timers
            self.rows[index].timers.queueNanoseconds = before.queueNanoseconds
            self.rows[index].timers.connectNanoseconds = before.connectNanoseconds
            self.rows[index].timers.responseNanoseconds = before.responseNanoseconds
            self.rows[index].requestBody = summary.requestBody
            self.rows[index].responseBody = summary.responseBody
            self.rows[index].ending = summary.ending
            self.endOrder.append(id)
        }
        self.evict()
    }

    private mutating func apply(_ beginning: ExchangeEvent.Beginning, to index: Int) {
        if let connection = beginning.connection { self.apply(connection, to: index) }
        guard let route = beginning.route else { return }
        if route == .preflight { self.preflights += 1 }
        self.rows[index].route = route
    }

    private mutating func apply(_ connection: ExchangeConnection, to index: Int) {
        self.rows[index].timers.queueNanoseconds = connection.queueNanoseconds
        self.rows[index].timers.connectNanoseconds = connection.connectNanoseconds
        self.rows[index].reusedConnection = connection.reused
    }

    private mutating func apply(_ answer: ExchangeEvent.Response, to index: Int) {
        self.rows[index].status = answer.status
        self.rows[index].responseHead = answer.head
        self.rows[index].timers.responseNanoseconds = answer.nanoseconds
    }

    private mutating func evict() {
        while self.rows.count > self.limits.exchanges {
            let victim = self.endOrder.isEmpty ? self.rows[0].id : self.endOrder.removeFirst()
            self.rows.removeAll { $0.id == victim }
            self.evicted += 1
        }
    }
}

@Suite("Journal and TrafficList against a naive model")
struct JournalModelTests {
    private func event(_ generator: inout SeededGenerator) -> ExchangeEvent {
        let line = "GET /\(Int.random(in: 0..<9, using: &generator)) HTTP/1.1"
        let route: ExchangeRoute = [.preflight, .backend("blue"), .local].randomElement(using: &generator) ?? .local
        return switch Int.random(in: 0..<10, using: &generator) {
        case 0, 1: .began(Sample.beginning(line))
        case 8:
            .began(
                Sample.beginning(
                    line, route: route,
                    connection: ExchangeConnection(queue: .zero, connect: .zero, reused: true)))
        case 9: .ended(Sample.summary(answer: ExchangeEvent.Response(status: 201, head: [65], nanoseconds: 4_000_000)))
        case 2: .routed(route)
        case 3:
            .connected(
                ExchangeConnection(
                    queue: .milliseconds(1), connect: .milliseconds(2), reused: Bool.random(using: &generator)))
        case 4: .retried(reason: "refused")
        case 5: Sample.responded([200, 404, 500].randomElement(using: &generator) ?? 200)
        default:
            .ended(Sample.summary(response: String(repeating: "y", count: Int.random(in: 0..<40, using: &generator))))
        }
    }

    @Test("random events in any order, read at random moments by two readers", arguments: 0..<16 as Range<UInt64>)
    func randomEvents(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let limits = JournalLimits(exchanges: Int.random(in: 1..<40, using: &generator))
        let journal = Journal(limits: limits)
        var model = NaiveJournal(limits: limits)
        var readers: [(list: TrafficList, cursor: JournalCursor?)] = [(TrafficList(), nil), (TrafficList(), nil)]
        var highest: UInt64 = 1
        for step in 0..<2_000 {
            if Bool.random(using: &generator) { highest += 1 }
            let behind = UInt64.random(in: 0...min(highest, 30), using: &generator)
            let id = ExchangeID(rawValue: highest - behind)
            let event = self.event(&generator)
            journal.record(event, of: id)
            model.record(event, of: id)
            for index in readers.indices where Int.random(in: 0..<(index == 0 ? 3 : 400), using: &generator) == 0 {
                let delta = journal.delta(since: readers[index].cursor)
                readers[index].cursor = delta.cursor
                readers[index].list.apply(delta)
                #expect(Array(readers[index].list) == model.rows, "seed \(seed) step \(step) reader \(index)")
                #expect(delta.oldest <= model.rows.first?.id ?? delta.oldest)
                #expect(delta.changed.map(\.id) == delta.changed.map(\.id).sorted())
                let counts = delta.statistics
                #expect(counts.kept == model.rows.count)
                #expect(counts.inFlight == model.rows.count { $0.ending == nil })
                #expect(
                    [counts.total, counts.dropped, counts.evicted, counts.preflights]
                        == [model.total, model.dropped, model.evicted, model.preflights])
            }
        }
        for row in model.rows { #expect(journal.exchange(row.id) == row) }
    }
}
