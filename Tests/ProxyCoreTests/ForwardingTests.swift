import TestOrigin
import Testing
import WorkerDomain

@testable import ProxyCore

@Suite("Forwarding", .everyEngine, .timeLimit(.minutes(1)))
struct ForwardingTests {
    static let ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Backend: blue\r\n\r\nok"

    @Test("a request reaches the backend and its answer comes back with CORS and one row")
    func simple() async throws {
        let origin = try await ScriptedOrigin.answering(Self.ok)
        try await Bench.run([origin.backend]) { bench in
            let answer = try await bench.get("/api/jobs?q=1")
            #expect(answer.status == 200)
            #expect(answer.text == "ok")
            #expect(answer.field("Access-Control-Allow-Origin") == "*")
            #expect(answer.field("X-Backend") == "blue")
            let rows = await bench.recorder.ended(1)
            #expect(rows.count == 1)
            #expect(rows.first?.summary?.ending == .completed)
            #expect(rows.first?.summary?.responseBody.bytes == Array("ok".utf8))
            #expect(rows.first?.route == .backend(origin.backend.name))
            #expect(rows.first?.status == 200)
            #expect(rows.first?.head == answer.head)
        }
        let request = try #require(origin.requests.first)
        #expect(request.target == "/api/jobs?q=1")
        #expect(request.fields.value(of: "Host") == "127.0.0.1:\(origin.port)")
        #expect(request.fields.value(of: "X-Forwarded-For") == "127.0.0.1")
        #expect(request.fields.value(of: "X-Forwarded-Host") == "a")
        #expect(request.fields.value(of: "CF-Connecting-IP") == "127.0.0.1")
        #expect(request.fields.value(of: "CF-Ray")?.count == 20)
        await origin.stop()
    }

    @Test("a connection to the backend is used again, and both exchanges say so")
    func keepAlive() async throws {
        let origin = try await ScriptedOrigin.answering(Self.ok)
        try await Bench.run([origin.backend]) { bench in
            let client = try await RawClient.connect(port: bench.port)
            for _ in 0..<3 {
                try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(try await client.answer().status == 200)
            }
            client.close()
            #expect(await bench.recorder.ended(3).map(\.reused) == [false, true, true])
        }
        #expect(origin.connections == 1)
        await origin.stop()
    }

    @Test("requests that come at once are answered in order")
    func pipelining() async throws {
        let origin = try await ScriptedOrigin.start { request in
            let body = request.target
            return [.send("HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")]
        }
        try await Bench.run([origin.backend]) { bench in
            let client = try await RawClient.connect(port: bench.port)
            try await client.send(
                (0..<20).map { "GET /\($0) HTTP/1.1\r\nHost: a\r\n\r\n" }.joined()
                    + "OPTIONS / HTTP/1.1\r\nHost: a\r\n\r\n")
            for index in 0..<20 { #expect(try await client.answer().text == "/\(index)") }
            #expect(try await client.answer().status == 204)
        }
        await origin.stop()
    }

    @Test("a chunked upload arrives chunked and whole")
    func chunkedUpload() async throws {
        let origin = try await ScriptedOrigin.answering(Self.ok)
        try await Bench.run([origin.backend]) { bench in
            let client = try await RawClient.connect(port: bench.port)
            try await client.send("POST /up HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel")
            try await client.send("lo\r\n6;x=y\r\n world\r\n0\r\nTrailer: no\r\n\r\n")
            #expect(try await client.answer().status == 200)
            #expect(await bench.recorder.ended(1).first?.summary?.requestBody.totalBytes == 11)
        }
        #expect(origin.requests.first?.body == Array("hello world".utf8))
        #expect(origin.requests.first?.fields.value(of: "Transfer-Encoding") == "chunked")
        await origin.stop()
    }
}
