import Synchronization
import WorkerDomain

/// A sink that keeps every event and checks the order that sinks rely on.
final class Recorder: TrafficSink {
    struct State: Sendable {
        var exchanges: [ExchangeID: Record] = [:]
        var order: [ExchangeID] = []
        var ended = 0
        var violations: [String] = []
        var waiters: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    /// Everything that was said of one exchange.
    struct Record: Sendable {
        var beginning: ExchangeBeginning?
        var route: ExchangeRoute?
        var reused: Bool?
        var retries = 0
        var status: Int?
        var head: [UInt8] = []
        var summary: ExchangeSummary?

        mutating func note(_ answer: ExchangeAnswer, of id: ExchangeID, violations: inout [String]) {
            if self.status != nil { violations.append("\(id): responded twice") }
            self.status = answer.status
            self.head = answer.head
        }

        var line: (method: String, target: String) { MessageHead.requestLine(of: self.beginning?.requestHead ?? []) }
    }

    private let state = Mutex(State())

    func record(_ event: ExchangeEvent, of id: ExchangeID) {
        let ready = self.state.withLock { state -> [CheckedContinuation<Void, Never>] in
            var record = state.exchanges[id] ?? Record()
            if record.summary != nil { state.violations.append("\(id): an event after its end") }
            switch event {
            case .began(let beginning):
                if record.beginning != nil { state.violations.append("\(id): began twice") }
                record.beginning = beginning
                record.route = beginning.route
                record.reused = beginning.connection?.reused
                state.order.append(id)
            case .routed(let route): record.route = route
            case .connected(let connection): record.reused = connection.reused
            case .retried: record.retries += 1
            case .responded(let answer): record.note(answer, of: id, violations: &state.violations)
            case .ended(let summary):
                if let answer = summary.answer { record.note(answer, of: id, violations: &state.violations) }
                record.summary = summary
                state.ended += 1
            }
            if record.beginning == nil { state.violations.append("\(id): an event before its begin") }
            state.exchanges[id] = record
            let ended = state.ended
            let ready = state.waiters.filter { $0.count <= ended }.map { $0.continuation }
            state.waiters.removeAll { $0.count <= ended }
            return ready
        }
        for continuation in ready { continuation.resume() }
    }

    /// Waits until so many exchanges have ended.
    func ended(_ count: Int) async -> [Record] {
        await withCheckedContinuation { continuation in
            let isReady = self.state.withLock { state in
                if state.ended >= count { return true }
                state.waiters.append((count, continuation))
                return false
            }
            if isReady { continuation.resume() }
        }
        return self.records
    }

    /// All exchanges in the order in which they began.
    var records: [Record] {
        self.state.withLock { state in state.order.compactMap { state.exchanges[$0] } }
    }

    var violations: [String] { self.state.withLock { $0.violations } }
}
