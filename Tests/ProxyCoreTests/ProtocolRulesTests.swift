import TestOrigin
import Testing
import WorkerDomain

@testable import ProxyCore

@Suite("Rules of HTTP", .everyEngine, .timeLimit(.minutes(1)))
struct ProtocolRulesTests {
    @Test(
        "an answer that is not valid HTTP becomes a 502, and nothing of it is passed on",
        arguments: [
            "garbage", "HTTP/1.1 200 OK\nContent-Length: 0\n\n", "HTTP/1.1 200 OK\r\nX : y\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx",
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
            "HTTP/1.1 20x OK\r\n\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
            "HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
            "HTTP/1.1 200 OK\r\nX: a\0b\r\n\r\n",
        ])
    func malformedAnswer(text: String) async throws {
        let origin = try await ScriptedOrigin.answering(text)
        try await Bench.run([origin.backend]) { bench in
            let answer = try await bench.get()
            #expect(answer.status == 502)
            #expect(answer.field("Access-Control-Allow-Origin") == "*")
            #expect(await bench.recorder.ended(1).first?.summary?.ending.cause == .backendMalformed)
        }
        await origin.stop()
    }

    @Test(
        "an answer that breaks off never looks complete",
        arguments: [
            ("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", "1.1"),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n", "1.1"),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n", "1.0"),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalfX", "1.1"),
        ])
    func truncated(text: String, version: String) async throws {
        let origin = try await ScriptedOrigin.start { _ in [.send(text), .hold, .close] }
        try await Bench.run([origin.backend]) { bench in
            async let coming = bench.exchange("GET / HTTP/\(version)\r\nHost: a\r\n\r\n")
            while bench.recorder.records.first?.status == nil { await Task.yield() }
            origin.release()
            let answer = try await coming
            #expect(answer.status == 200)
            #expect(!answer.isComplete)
            let ending = await bench.recorder.ended(1).first?.summary?.ending
            #expect(ending?.phase == .responseBody)
            #expect(ending?.cause == .backendAborted || ending?.cause == .backendMalformed)
        }
        await origin.stop()
    }

    @Test("a body that ends with its connection: a clean end is complete, a reset is not")
    func untilClose() async throws {
        for (last, isComplete) in [(ScriptedOrigin.Step.close, true), (.reset, false)] {
            let origin = try await ScriptedOrigin.start { _ in
                [.send("HTTP/1.0 200 OK\r\n\r\nall of it"), .hold, last]
            }
            try await Bench.run([origin.backend]) { bench in
                async let coming = bench.get()
                while bench.recorder.records.first?.status == nil { await Task.yield() }
                origin.release()
                let answer = try await coming
                #expect(answer.isComplete == isComplete)
                if isComplete { #expect(answer.text == "all of it") }
            }
            await origin.stop()
        }
    }

    @Test("HEAD, 204 and 304 have no body, whatever their fields say")
    func bodiless() async throws {
        let origin = try await ScriptedOrigin.start { request in
            if request.method == "HEAD" { return [.send("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n")] }
            return [.send("HTTP/1.1 \(request.target.dropFirst()) X\r\nContent-Length: 5\r\n\r\n")]
        }
        try await Bench.run([origin.backend]) { bench in
            let client = try await RawClient.connect(port: bench.port)
            try await client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try await client.answer(toHead: true).field("Content-Length") == "99")
            try await client.send("GET /204 HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try await client.answer().field("Content-Length") == nil)
            try await client.send("GET /304 HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try await client.answer().field("Content-Length") == "5")
            client.close()
        }
        #expect(origin.connections == 1)
        await origin.stop()
    }

    @Test("100 and 103 are passed on, and the body follows the 100")
    func informational() async throws {
        let origin = try await ScriptedOrigin.start(trigger: .head) { _ in
            [
                .send("HTTP/1.1 100 Continue\r\n\r\n"), .send("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"),
                .send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
            ]
        }
        try await Bench.run([origin.backend]) { bench in
            let client = try await RawClient.connect(port: bench.port)
            try await client.send("PUT / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n")
            #expect(try await client.answer().status == 100)
            #expect(try await client.answer().field("Link") == "x")
            #expect(try await client.answer().status == 200)
            client.close()
        }
        await origin.stop()
    }

    @Test("a refused request is answered, reported and its connection closed")
    func refused() async throws {
        try await Bench.run([]) { bench in
            let client = try await RawClient.connect(port: bench.port)
            try await client.send("GET / HTTP/1.1\r\nHost: a\r\nX : 1\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n")
            let answer = try await client.answer()
            #expect(answer.status == 400)
            #expect(answer.field("Connection") == "close")
            #expect(answer.field("Access-Control-Allow-Origin") == "*")
            #expect(try await client.ending() == .closed)
            #expect(client.received.isEmpty)
            let rows = await bench.recorder.ended(1)
            #expect(rows.count == 1)
            #expect(rows.first?.summary?.ending.cause == .requestRefused)
        }
    }

    @Test(
        "bad chunks of a request are answered 400 and never look complete to the backend",
        arguments: ["5\r\nhelloX", "zz\r\n", "5\nhello"])
    func badChunks(body: String) async throws {
        let origin = try await ScriptedOrigin.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        try await Bench.run([origin.backend]) { bench in
            let client = try await RawClient.connect(port: bench.port)
            try await client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n\(body)")
            #expect(try await client.answer().status == 400)
            #expect(await bench.recorder.ended(1).first?.summary?.ending.cause == .requestRefused)
        }
        #expect(origin.requests.allSatisfy { !$0.isComplete })
        await origin.stop()
    }

    @Test("a body above the limit is answered 413, announced or not")
    func tooLarge() async throws {
        let origin = try await ScriptedOrigin.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        try await Bench.run([origin.backend], { $0.limits.body = 10 }) { bench in
            let known = try await bench.exchange("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n")
            #expect(known.status == 413)
            let counted = try await bench.exchange(
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nb\r\nhello world\r\n")
            #expect(counted.status == 413)
        }
        await origin.stop()
    }

    @Test("an upgrade becomes a tunnel with bytes both ways, and one row")
    func tunnel() async throws {
        let origin = try await ScriptedOrigin.start { _ in
            [.send("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nhi"), .echo]
        }
        try await Bench.run([origin.backend]) { bench in
            let client = try await RawClient.connect(port: bench.port)
            try await client.send(
                "GET /ws HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n\r\n")
            let answer = try await client.answer()
            #expect(answer.status == 101)
            #expect(answer.field("Upgrade") == "websocket")
            #expect(try await client.bytes(2) == Array("hi".utf8))
            try await client.send("ping")
            #expect(try await client.bytes(4) == Array("ping".utf8))
            try await client.finish()
            #expect(try await client.ending() == .closed)
            let summary = await bench.recorder.ended(1).first?.summary
            #expect(summary?.ending.phase == .tunnel)
            #expect(summary?.ending.cause == .completed)
            #expect(summary?.requestBody.bytes == Array("ping".utf8))
            #expect(summary?.responseBody.bytes == Array("hiping".utf8))
        }
        #expect(origin.requests.first?.fields.value(of: "Upgrade") == "websocket")
        await origin.stop()
    }

    @Test("an HTTP/1.0 client gets what it can read")
    func oldClient() async throws {
        let origin = try await ScriptedOrigin.answering(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n")
        try await Bench.run([origin.backend]) { bench in
            let answer = try await bench.exchange("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            #expect(answer.text == "ok")
            #expect(answer.isComplete)
            #expect(answer.field("Transfer-Encoding") == nil)
        }
        await origin.stop()
    }

    @Test("an event of a stream arrives before the stream goes on")
    func serverSentEvents() async throws {
        let origin = try await ScriptedOrigin.start { _ in
            [.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\ndata:1\r\n"), .hold, .send("0\r\n\r\n")]
        }
        try await Bench.run([origin.backend]) { bench in
            let client = try await RawClient.connect(port: bench.port)
            try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            _ = try await client.bytes(100)
            while !String(decoding: client.received, as: UTF8.self).contains("data:1") { _ = try await client.bytes(1) }
            origin.release()
            #expect(await bench.recorder.ended(1).first?.summary?.ending == .completed)
        }
        await origin.stop()
    }
}
