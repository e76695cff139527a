import Synchronization
import TestSupport
import WorkerDomain

/// A sink that keeps every event and checks the order that sinks rely on.
final class Recorder: EventSink {
    struct State: Sendable {
        var exchanges: [ExchangeID: Record] = [:]
        var order: [ExchangeID] = []
        var ended = 0
        var violations: [String] = []
        var waiters: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    /// Everything that was said of one exchange.
    struct Record: Sendable {
        var beginning: Beginning?
        var route: ExchangeRoute?
        var reused: Bool?
        var retries = 0
        var status: Int?
        var head: [UInt8] = []
        var summary: Summary?

        mutating func note(_ answer: ExchangeEvent.Response, of id: ExchangeID, violations: inout [String]) {
            if self.status != nil { violations.append("\(id): responded twice") }
            self.status = answer.status
            self.head = answer.head
        }

        var line: (method: String, target: String) { MessageHead.requestLine(of: self.beginning?.requestHead ?? []) }
    }

    /// What was said at the begin.
    struct Beginning: Sendable {
        let downstream: String
        let requestHead: [UInt8]
    }

    /// What was said at the end.
    struct Summary: Sendable {
        let ending: ExchangeEnding
        let timers: ExchangeTimers
        let requestBody: CapturedBody
        let responseBody: CapturedBody
    }

    private let state = Mutex(State())

    func note(_ event: ExchangeEvent, of id: ExchangeID) {
        let ready = self.state.withLock { state -> [CheckedContinuation<Void, Never>] in
            var record = state.exchanges[id] ?? Record()
            if record.summary != nil { state.violations.append("\(id): an event after its end") }
            switch event {
            case .began(let beginning):
                if record.beginning != nil { state.violations.append("\(id): began twice") }
                record.beginning = Beginning(
                    downstream: beginning.known.downstream,
                    requestHead: beginning.requestHead)
                record.route = beginning.route
                record.reused = beginning.connection?.reused
                state.order.append(id)
            case .routed(let route): record.route = route
            case .connected(let connection): record.reused = connection.reused
            case .retried: record.retries += 1
            case .responded(let answer): record.note(answer, of: id, violations: &state.violations)
            case .ended(let summary):
                if let answer = summary.response { record.note(answer, of: id, violations: &state.violations) }
                record.summary = Summary(
                    ending: summary.ending, timers: summary.timers, requestBody: summary.requestBody,
                    responseBody: summary.responseBody)
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
