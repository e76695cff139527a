import TestOrigin
import Testing
import WorkerDomain

@testable import ProxyCore

@Suite("Answers that come before the whole request", .everyEngine)
struct EarlyAnswerTests {
    private static let head = "POST /a HTTP/1.1\r\nHost: a\r\n"

    @Test(
        "the rest of the request is taken off, and the next one on the connection is answered",
        arguments: [
            ("Content-Length: 6\r\n\r\nabc", "def", "Content-Length: 2\r\n\r\nok"),
            (
                "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", "3\r\ndef\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"
            ),
        ])
    func kept(first: String, rest: String, answer: String) async throws {
        let origin = try await ScriptedOrigin.start(trigger: .head) { request in
            request.method == "GET"
                ? [.send("HTTP/1.1 204 No Content\r\n\r\n")]
                : [.send("HTTP/1.1 200 OK\r\n" + answer), .sink(rest.utf8.count)]
        }
        try await Bench.run([origin.backend]) { bench in
            let client = try await RawClient.connect(port: bench.port)
            try await client.send(Self.head + first)
            let early = try await client.answer()
            #expect(early.status == 200)
            #expect(early.field("Connection") == nil)
            try await client.send(rest)
            while origin.sunkBytes < rest.utf8.count { await Task.yield() }
            try await client.send("GET /b HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try await client.answer().status == 204)
            let rows = await bench.recorder.ended(2)
            #expect(rows.map(\.summary?.ending) == [.completed, .completed])
            #expect(rows.first?.summary?.requestBody.totalBytes == 6)
            client.close()
        }
        await origin.stop()
    }

    @Test("a backend that closes after it says so, and the client is told")
    func announced() async throws {
        let origin = try await ScriptedOrigin.start(trigger: .head) { _ in
            [.send("HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"), .close]
        }
        try await Bench.run([origin.backend]) { bench in
            let client = try await RawClient.connect(port: bench.port)
            try await client.send(Self.head + "Content-Length: 6\r\n\r\nabc")
            let answer = try await client.answer()
            #expect(answer.status == 413)
            #expect(answer.field("Connection") == "close")
            #expect(await bench.recorder.ended(1).first?.summary?.ending == .completed)
            client.close()
        }
        await origin.stop()
    }

    @Test("a client that leaves after the answer, or never sends the rest, has its answer all the same")
    func abandoned() async throws {
        let origin = try await ScriptedOrigin.start(trigger: .head) { _ in
            [.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"), .hold]
        }
        try await Bench.run([origin.backend]) { bench in
            for leaves in [true, false] {
                let client = try await RawClient.connect(port: bench.port)
                try await client.send(Self.head + "Content-Length: 6\r\n\r\nabc")
                #expect(try await client.answer().status == 200)
                if leaves {
                    client.close()
                    _ = await bench.recorder.ended(1)
                } else {
                    try await bench.pass(.seconds(30)) { bench.ended == 2 }
                    _ = try await client.ending()
                }
            }
            let rows = await bench.recorder.ended(2)
            #expect(rows.map(\.summary?.ending) == [.completed, .completed])
        }
        await origin.stop()
    }

    @Test("a part of an answer's head is an answer: nothing is sent again")
    func partOfHead() async throws {
        let origin = try await ScriptedOrigin.start { _ in [.send("HTTP/1.1 20"), .close] }
        try await Bench.run([origin.backend], { $0.upstream.retryLimit = 2 }) { bench in
            let status = try await bench.get("/").status
            #expect(status == 502)
            #expect(await bench.recorder.ended(1).first?.retries == 0)
        }
        #expect(origin.requests.count == 1)
        await origin.stop()
    }
}
