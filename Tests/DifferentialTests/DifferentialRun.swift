import Synchronization
import TestOrigin

/// Sends cases to one proxy and says what became of each.
struct DifferentialRun: Sendable {
    let peer: DifferentialPeer

    private static let sentinel = Array(
        "GET /sentinel HTTP/1.1\r\nHost: differential.test\r\nConnection: close\r\n\r\n".utf8)

    /// A client that sends the case with one more request behind it, and reads until the connection ends.
    func request(_ test: DifferentialCase) async throws -> Outcome {
        self.peer.script.answer.withLock { $0 = nil }
        let before = self.peer.origin.requests.count
        let counted = self.peer.counter?.counts
        let received = try await self.exchange(test.bytes + Self.sentinel)
        let whole = self.peer.origin.requests.dropFirst(before).filter { $0.isComplete }
        let isKept = whole.last?.target == "/sentinel"
        let arrived = (isKept ? whole.dropLast() : whole).map {
            "\(Normal.text($0.method.utf8)) \(Normal.text($0.target.utf8))"
                + ($0.body.isEmpty ? "" : " [\(Normal.text($0.body))]") + Normal.fields($0.head)
        }
        let statuses = AnswerReader.read(received, methods: [test.method, "GET"]).answers.map { $0.status }
        var outcome = Outcome(verdict: "", arrived: arrived)
        let word = isKept ? "kept" : "closed"
        let first = statuses.first { $0 >= 200 }
        if let first, arrived.isEmpty {
            outcome.verdict = first < 400 ? "responded \(first), \(word)" : "rejected \(first), \(word)"
        } else {
            outcome.verdict = arrived.isEmpty ? "dropped, \(word)" : "forwarded, \(word)"
        }
        if let counted, let counts = self.peer.counter?.counts {
            let rows = counts.began - counted.began
            let forwarded = counts.forwarded - counted.forwarded
            if whole.count > min(rows, forwarded) {
                outcome.violation = "the origin saw \(whole.count) requests of \(rows) counted"
            }
        }
        return outcome
    }

    /// A backend that gives the case's answer to the first of two requests.
    func answer(_ test: DifferentialCase) async throws -> Outcome {
        self.peer.script.answer.withLock { $0 = test }
        let first = Array("\(test.method) /case HTTP/1.1\r\nHost: differential.test\r\n\r\n".utf8)
        let received = try await self.exchange(first + Self.sentinel)
        let (answers, rest) = AnswerReader.read(received, methods: [test.method, "GET"])
        let finals = answers.filter { $0.status >= 200 }
        let informational = answers.count - finals.count
        let hasSentinel = finals.count > 1
        var outcome = Outcome(verdict: "dropped", arrived: [])
        if let final = finals.first {
            let isOwn = final.status >= 500 && final.status < 600
            outcome.verdict =
                isOwn ? "refused \(final.status)" : final.isComplete ? "passed on \(final.status)" : "cut off"
            if !isOwn, final.isComplete {
                outcome.arrived = [
                    (final.body.isEmpty ? "no body" : "[\(Normal.text(final.body))]") + Normal.fields(final.head)
                        + (informational > 0 ? " after \(informational) of 1xx" : "")
                ]
            }
        }
        if finals.count > 2 || !rest.isEmpty {
            outcome.violation = "the client got more than two answers"
        } else if hasSentinel, String(decoding: finals[1].body, as: UTF8.self) != "sentinel" {
            outcome.violation = "the second request got another's answer"
        }
        return outcome
    }

    private func exchange(_ bytes: [UInt8]) async throws -> [UInt8] {
        let client = try await RawClient.connect(port: self.peer.port)
        defer { client.close() }
        client.post(bytes)
        _ = try await client.ending()
        return client.received
    }
}
