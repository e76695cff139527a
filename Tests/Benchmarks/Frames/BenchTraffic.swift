import TrafficJournal
import WorkerDomain

/// Exchanges as a small interface has them.
enum BenchTraffic {
    static func exchange(_ id: UInt64, at now: WallTime) -> Exchange {
        let targets = ["/api/resumes?city=%E4%B8%8A%E6%B5%B7&page=\(id)", "/api/projects/\(id)/timeline", "/api/me"]
        let target = targets[Int(id % 3)]
        let head =
            "\(id % 5 == 0 ? "POST" : "GET") \(target) HTTP/1.1\r\nHost: 127.0.0.1:8787\r\n"
            + "Origin: https://app.example.com\r\nAuthorization: Bearer 0123456789abcdef\r\n\r\n"
        var exchange = Exchange(
            id: ExchangeID(rawValue: id), startedAt: now, downstream: "127.0.0.1:51934", requestHead: Array(head.utf8))
        let status = id % 11 == 0 ? 500 : 200
        exchange.route = .backend("blue")
        exchange.status = status
        exchange.timers.requestHeadNanoseconds = 200_000
        exchange.timers.queueNanoseconds = 0
        exchange.timers.connectNanoseconds = 3_000_000
        exchange.timers.responseNanoseconds = 58_000_000
        exchange.timers.dataNanoseconds = 5_000_000
        exchange.timers.totalNanoseconds = 66_000_000
        exchange.reusedConnection = false
        exchange.responseHead = Array(
            "HTTP/1.1 \(status) X\r\nContent-Type: application/json\r\nServer: bench\r\n\r\n".utf8)
        let body = Array(#"{"ok":true,"items":[1,2,3],"name":"somebody"}"#.utf8)
        exchange.responseBody = CapturedBody(bytes: body, totalBytes: body.count)
        exchange.ending = ExchangeEnding(cause: .completed, phase: .done)
        return exchange
    }

    /// Tells a journal all of one exchange.
    static func record(_ exchange: Exchange, in journal: Journal) {
        let (request, response) = (exchange.requestHead, exchange.responseHead)
        journal.begin(
            exchange.id,
            ExchangeBeginning(startedAt: exchange.startedAt, downstream: exchange.downstream, route: exchange.route),
            head: request.span.bytes, at: nil)
        let body = exchange.responseBody.bytes
        let summary = ExchangeSummary(
            ending: .completed, timers: exchange.timers, responseBytes: body.count,
            response: exchange.status.map { ExchangeResponse(status: $0, nanoseconds: 58_000_000) })
        journal.end(
            exchange.id, summary, head: response.span.bytes, requestBody: [], responseBody: body, at: nil)
    }
}
