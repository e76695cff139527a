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

    func record(_ event: ExchangeEvent, of id: ExchangeID) {
        self.state.withLock { state in
            if case .began(let beginning) = event {
                if state.rows[id] != nil { state.violation = "\(id) began twice" }
                var row = Row()
                row.isHead = MessageHead.requestLine(of: beginning.requestHead).method == "HEAD"
                row.isForwarded = beginning.connection != nil
                state.rows[id] = row
                state.order.append(id)
                return
            }
            guard var row = state.rows[id] else {
                state.violation = "\(id) has an event before its begin"
                return
            }
            if row.ending != nil { state.violation = "\(id) has an event after its end" }
            switch event {
            case .began, .routed: break
            case .connected: row.isForwarded = true
            case .retried: row.retries += 1
            case .responded(let answer):
                if row.status != nil { state.violation = "\(id) is answered twice" }
                row.status = answer.status
            case .ended(let summary):
                if let answer = summary.answer {
                    if row.status != nil { state.violation = "\(id) is answered twice" }
                    row.status = answer.status
                }
                row.ending = summary.ending
            }
            state.rows[id] = row
        }
    }
}
