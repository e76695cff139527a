import Synchronization
import WorkerDomain

/// Keeps what is reported of each exchange and notes what is reported out of order.
final class FuzzSink: TrafficSink {
    struct Row: Sendable {
        var isHead = false
        var isForwarded = false
        var retries = 0
        var status: Int?
        var ending: ExchangeEnding?

        var phase: ExchangeEnding.Phase? { self.ending?.phase }
    }

    private struct State: Sendable {
        var order: [ExchangeID] = []
        var rows: [ExchangeID: Row] = [:]
        var violation: String?
    }

    private let state = Mutex(State())

    var rows: [Row] { self.state.withLock { state in state.order.compactMap { state.rows[$0] } } }
    var violation: String? { self.state.withLock { $0.violation } }

    func begin(_ id: ExchangeID, _ beginning: ExchangeBeginning, head: RawSpan, at instant: UInt64?) {
        self.state.withLock { state in
            if state.rows[id] != nil { state.violation = "\(id) began twice" }
            var row = Row()
            row.isHead = MessageHead.requestLine(of: head.withUnsafeBytes { Array($0) }).method == "HEAD"
            row.isForwarded = beginning.connection != nil
            state.rows[id] = row
            state.order.append(id)
        }
    }

    func route(_ id: ExchangeID, to route: ExchangeRoute) { self.change(id) { _ in nil } }

    func connect(_ id: ExchangeID, _ connection: ExchangeConnection) {
        self.change(id) { row in
            row.isForwarded = true
            return nil
        }
    }

    func retry(_ id: ExchangeID, reason: String) {
        self.change(id) { row in
            row.retries += 1
            return nil
        }
    }

    func respond(_ id: ExchangeID, _ response: ExchangeResponse, head: RawSpan) {
        self.change(id) { $0.respond(response) }
    }

    func end(
        _ id: ExchangeID, _ summary: ExchangeSummary, head: RawSpan, requestBody: [UInt8], responseBody: [UInt8],
        at instant: UInt64?
    ) {
        self.change(id) { row in
            row.ending = summary.ending
            return summary.response.flatMap { row.respond($0) }
        }
    }

    /// Changes a row; `change` returns what was out of order.
    private func change(_ id: ExchangeID, _ change: (inout Row) -> String?) {
        self.state.withLock { state in
            guard var row = state.rows[id] else {
                state.violation = "\(id) has an event before its begin"
                return
            }
            if row.ending != nil { state.violation = "\(id) has an event after its end" }
            if let violation = change(&row) { state.violation = "\(id) \(violation)" }
            state.rows[id] = row
        }
    }
}

extension FuzzSink.Row {
    fileprivate mutating func respond(_ response: ExchangeResponse) -> String? {
        defer { self.status = response.status }
        return self.status == nil ? nil : "is answered twice"
    }
}
