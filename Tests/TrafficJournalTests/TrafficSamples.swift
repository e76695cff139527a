import Synchronization
import TestSupport
import TrafficJournal
import WorkerDomain

/// Makes exchanges and events with little writing.
enum Sample {
    static func beginning(
        _ line: String = "GET /api/resumes HTTP/1.1", fields: [String] = [], at seconds: Int64 = 1_000,
        route: ExchangeRoute? = nil, connection: ExchangeConnection? = nil
    ) -> ExchangeEvent.Beginning {
        let head = ([line] + fields).joined(separator: "\r\n") + "\r\n\r\n"
        return ExchangeEvent.Beginning(
            startedAt: WallTime(nanosecondsSinceEpoch: seconds * 1_000_000_000), downstream: "127.0.0.1:50000",
            requestHead: Array(head.utf8), route: route, connection: connection)
    }

    static func summary(
        _ ending: ExchangeEnding = .completed, total: Duration? = .milliseconds(5), request: String = "",
        response: String = "", answer: ExchangeEvent.Response? = nil
    ) -> ExchangeEvent.Summary {
        ExchangeEvent.Summary(
            ending: ending, timers: ExchangeTimers(total: total),
            requestBody: CapturedBody(bytes: Array(request.utf8), totalBytes: request.utf8.count),
            responseBody: CapturedBody(bytes: Array(response.utf8), totalBytes: response.utf8.count),
            response: answer)
    }

    static func responded(_ status: Int, fields: [String] = []) -> ExchangeEvent {
        let head = (["HTTP/1.1 \(status) X"] + fields).joined(separator: "\r\n") + "\r\n\r\n"
        return .responded(ExchangeEvent.Response(status: status, head: Array(head.utf8), nanoseconds: 3_000_000))
    }

    /// An exchange that went through all its events.
    static func exchange(
        _ id: UInt64 = 1, _ line: String = "GET /api/resumes HTTP/1.1", fields: [String] = [],
        at seconds: Int64 = 1_000, route: ExchangeRoute = .backend("blue"), status: Int? = 200,
        answerFields: [String] = [], summary: ExchangeEvent.Summary? = Sample.summary(), retries: Int = 0
    ) -> Exchange {
        let journal = Journal()
        let id = ExchangeID(rawValue: id)
        journal.record(.began(self.beginning(line, fields: fields, at: seconds)), of: id)
        journal.record(.routed(route), of: id)
        for _ in 0..<retries { journal.record(.retried(reason: "refused"), of: id) }
        if case .backend = route {
            journal.record(.connected(ExchangeConnection(queue: .zero, connect: .zero, reused: retries == 0)), of: id)
        }
        if let status { journal.record(self.responded(status, fields: answerFields), of: id) }
        if let summary { journal.record(.ended(summary), of: id) }
        return journal.exchange(id)
            ?? Exchange(
                id: id, startedAt: WallTime(nanosecondsSinceEpoch: 0), downstream: "", requestHead: Array(line.utf8))
    }
}

extension Journal {
    func begin(_ id: UInt64, _ line: String = "GET /api/resumes HTTP/1.1", at seconds: Int64 = 1_000) {
        self.record(.began(Sample.beginning(line, at: seconds)), of: ExchangeID(rawValue: id))
    }

    func end(_ id: UInt64, _ summary: ExchangeEvent.Summary = Sample.summary()) {
        self.record(.ended(summary), of: ExchangeID(rawValue: id))
    }

    /// The exchange of this id; `nil` when it is not kept.
    func exchange(_ id: ExchangeID) -> Exchange? { self.delta(since: nil).changed.first { $0.id == id } }

    func ids(since cursor: JournalCursor? = nil) -> [UInt64] { self.delta(since: cursor).changed.map(\.id.rawValue) }
}

/// A monotonic clock that a test moves.
final class ManualClock: Sendable {
    private let nanoseconds = Atomic<UInt64>(100_000_000_000)

    var read: @Sendable () -> UInt64 { { self.nanoseconds.load(ordering: .relaxed) } }

    func advance(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        self.nanoseconds.add(UInt64(seconds) * 1_000_000_000 + UInt64(attoseconds / 1_000_000_000), ordering: .relaxed)
    }
}
