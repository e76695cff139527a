import TestOrigin
import Testing
import WorkerDomain

@testable import ProxyCore

/// Rules that hold on the wire, where the parser's own tables end.
@Suite("Table of rules", .everyEngine, .timeLimit(.minutes(1)))
struct RuleTableTests {
    static let ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

    @Test(
        "a request that is refused reaches no backend, is answered, and ends its connection",
        arguments: [
            ("GET / HTTP/1.1\r\n\r\n", 400), ("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
            ("GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n", 400), ("CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n", 400),
            ("GET /\r\n\r\n", 400), ("nonsense\r\n\r\n", 400), ("GET / HTTP/1.1\nHost: a\n\n", 400),
            ("GET / HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n", 400), ("GET / HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: a\r\nX: \u{7F}\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: a\r\nX : 1\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\n\t2\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: a\r\nX@: 1\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx", 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked;q=1\r\n\r\n0\r\n\r\n", 400),
            ("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
            ("GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505), ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
            ("GET / HTTP/1.1\r\nHost: a\r\nExpect: more\r\n\r\n", 417),
            ("GET /" + String(repeating: "x", count: 300) + " HTTP/1.1\r\nHost: a\r\n\r\n", 414),
            ("GET / HTTP/1.1\r\nHost: a\r\nX: " + String(repeating: "x", count: 1_100) + "\r\n\r\n", 431),
        ])
    func refusedRequest(request: String, status: Int) async throws {
        let origin = try await ScriptedOrigin.answering(Self.ok)
        try await Bench.run(
            [origin.backend],
            {
                $0.limits.requestLine = 200
                $0.limits.head = 1_024
            }
        ) { bench in
            let client = try await RawClient.connect(port: bench.port)
            try await client.send(request + "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n")
            let answer = try await client.answer()
            #expect(answer.status == status)
            #expect(answer.field("Connection") == "close")
            #expect(try await client.ending() == .closed)
            #expect(client.received.isEmpty)
            let rows = await bench.recorder.ended(1)
            #expect(rows.map { $0.summary?.ending.cause } == [.requestRefused])
            #expect(rows.first?.route == .local)
            #expect(rows.first?.summary?.ending.reason?.isEmpty == false)
        }
        #expect(origin.connections == 0)
        await origin.stop()
    }

    @Test(
        "an answer whose head is broken is a 502, and no byte of it is passed on",
        arguments: [
            "HTTP/1.1 200 OK\r\nX-Mark: MARK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok",
            "HTTP/1.1 200 OK\r\nX-Mark: MARK\r\nContent-Length: +2\r\n\r\nok",
            "HTTP/1.1 200 OK\r\nX-Mark: MARK\r\nContent-Length: 2, 2\r\n\r\nok",
            "HTTP/1.1 200 OK\r\nX-Mark: MARK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nX-Mark: MARK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
            "HTTP/1.0 200 OK\r\nX-Mark: MARK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nX-Mark: MARK\r\nX: a\rb\r\n\r\n", "HTTP/1.1 200 OK\r\nX-Mark: MARK\nX: a\r\n\r\n",
            "HTTP/1.1 200 OK\r\nX-Mark: MARK\r\nX: 1\r\n 2\r\n\r\n", "HTTP/1.1 200 OK\r\nX-Mark: MARK\r\n: 1\r\n\r\n",
            "HTTP/1.1 200 OK\r\nX-Mark: MARK\r\nX(y): 1\r\n\r\n", "HTTP/1.1 200 OK\r\nX-Mark: MARK\r\nX\r\n\r\n",
            "HTTP/1.1 200 O\0K\r\nX-Mark: MARK\r\n\r\n", "HTTP/1.1 099 MARK\r\n\r\n", "HTTP/1.1 2000 MARK\r\n\r\n",
            "HTTP/2.0 200 MARK\r\n\r\n", "HTTP/1.1  200 MARK\r\n\r\n", "http/1.1 200 MARK\r\n\r\n",
            "\r\nHTTP/1.1 200 MARK\r\n\r\n",
            "HTTP/1.1 200 OK\r\nX-Mark: MARK" + String(repeating: "x", count: 3_000) + "\r\n\r\n",
        ])
    func brokenAnswer(text: String) async throws {
        let origin = try await ScriptedOrigin.answering(text)
        try await Bench.run([origin.backend], { $0.limits.head = 2_048 }) { bench in
            let answer = try await bench.exchange("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n")
            #expect(answer.status == 502)
            #expect(!String(decoding: answer.head + answer.body, as: UTF8.self).contains("MARK"))
            let ending = await bench.recorder.ended(1).first?.summary?.ending
            #expect(ending?.cause == .backendMalformed)
            #expect(ending?.reason?.isEmpty == false)
        }
        await origin.stop()
    }

    @Test("fields go on in their order, spelling and number, both ways")
    func fields() async throws {
        let lines = "aCCept: 1\r\nX-A:  two \r\nx-a: three\r\nSet-Cookie: a=1\r\nX-Empty:\r\nset-cookie: b=2\r\n"
        let origin = try await ScriptedOrigin.answering("HTTP/1.1 200 Fine then\r\n\(lines)Content-Length: 0\r\n\r\n")
        try await Bench.run([origin.backend]) { bench in
            let answer = try await bench.exchange("GET / HTTP/1.1\r\n\(lines)Host: a\r\n\r\n")
            let head = String(decoding: answer.head, as: UTF8.self)
            #expect(head.hasPrefix("HTTP/1.1 200 Fine then\r\n\(lines)Content-Length: 0\r\n"))
        }
        let head = String(decoding: origin.requests.first?.head ?? [], as: UTF8.self)
        #expect(head.hasPrefix("GET / HTTP/1.1\r\nHost: 127.0.0.1:\(origin.port)\r\n\(lines)"))
        await origin.stop()
    }

    @Test(
        "a path is passed on byte for byte, or normalised as a URL",
        arguments: [
            ("/a/../b/%2e/c?d=..'", ProxyConfiguration.PathForwarding.bytes, "/a/../b/%2e/c?d=..'"),
            ("/a/../b/%2e/c?d=..'", .url, "/b/c?d=..%27"), ("//x//", .bytes, "//x//"), ("/a|b{c}", .url, "/a|b%7Bc%7D"),
            ("/../../x", .url, "/x"), ("/a\\b", .url, "/a/b"),
        ])
    func path(target: String, forwarding: ProxyConfiguration.PathForwarding, expected: String) async throws {
        let origin = try await ScriptedOrigin.answering(Self.ok)
        try await Bench.run([origin.backend], { $0.path = forwarding }) { bench in
            let status = try await bench.get(target).status
            #expect(status == 200)
            #expect(bench.recorder.records.first?.line.target == target)
        }
        #expect(origin.requests.first?.target == expected)
        await origin.stop()
    }

    @Test("an HTTP/1.0 client keeps its connection only when it asks for that and the answer has a length")
    func oldClientKeepAlive() async throws {
        let origin = try await ScriptedOrigin.answering(Self.ok)
        try await Bench.run([origin.backend]) { bench in
            let client = try await RawClient.connect(port: bench.port)
            for _ in 0..<2 {
                try await client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
                let answer = try await client.answer()
                #expect(answer.field("Connection") == "keep-alive")
                #expect(answer.text == "ok")
            }
            try await client.send("GET / HTTP/1.0\r\n\r\n")
            #expect(try await client.answer().field("Connection") == "close")
            #expect(try await client.ending() == .closed)
        }
        await origin.stop()
    }

    @Test(
        "a backend's connection is used again only when the backend lets it",
        arguments: [
            ("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", false),
            ("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok", true),
            ("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok", false),
            ("HTTP/1.1 200 OK\r\nConnection: x, Close\r\nContent-Length: 2\r\n\r\nok", false), (Self.ok, true),
            (Self.ok + "surplus", false),
        ])
    func backendKeepAlive(answer: String, isKept: Bool) async throws {
        let origin = try await ScriptedOrigin.answering(answer)
        try await Bench.run([origin.backend]) { bench in
            let client = try await RawClient.connect(port: bench.port)
            for _ in 0..<2 {
                try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(try await client.answer().text == "ok")
            }
            #expect(client.received.isEmpty)
            client.close()
            let reused = await bench.recorder.ended(2).map(\.reused)
            #expect(reused == [false, isKept])
        }
        await origin.stop()
    }

    @Test("a client that says close, and one that has used up its requests, are told and closed")
    func clientClose() async throws {
        let origin = try await ScriptedOrigin.answering(Self.ok)
        try await Bench.run([origin.backend], { $0.limits.exchangesPerConnection = 2 }) { bench in
            let one = try await RawClient.connect(port: bench.port)
            try await one.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            #expect(try await one.answer().field("Connection") == "close")
            #expect(try await one.ending() == .closed)
            let many = try await RawClient.connect(port: bench.port)
            try await many.send(String(repeating: "GET / HTTP/1.1\r\nHost: a\r\n\r\n", count: 3))
            #expect(try await many.answer().field("Connection") == nil)
            #expect(try await many.answer().field("Connection") == "close")
            #expect(try await many.ending() == .closed)
            #expect(many.received.isEmpty)
        }
        #expect(origin.requests.count == 3)
        await origin.stop()
    }

    @Test("a backend that answers before the body has come ends the upload, with its own answer")
    func earlyAnswer() async throws {
        let origin = try await ScriptedOrigin.start(trigger: .head) { _ in
            [.send("HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig")]
        }
        try await Bench.run([origin.backend]) { bench in
            let client = try await RawClient.connect(port: bench.port)
            try await client.send(
                "PUT / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1000\r\n\r\n")
            let answer = try await client.answer()
            #expect(answer.status == 413)
            #expect(answer.text == "big")
            #expect(answer.field("Connection") == "close")
            #expect(try await client.ending() == .closed)
            let ending = await bench.recorder.ended(1).first?.summary?.ending
            #expect(ending == .completed)
        }
        await origin.stop()
    }

    @Test("a backend's own 5xx is no failure of its connection; a 502 of ours is one, and its row says so")
    func localOrigin() async throws {
        let origin = try await ScriptedOrigin.start { request in
            request.target == "/own" ? [.send("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n")] : [.close]
        }
        try await Bench.run([origin.backend]) { bench in
            let own = try await bench.get("/own").status
            #expect(own == 503)
            let ours = try await bench.exchange("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n").status
            #expect(ours == 502)
            let endings = await bench.recorder.ended(2).compactMap { $0.summary?.ending.cause }
            #expect(endings == [.completed, .backendAborted])
            #expect(bench.server.backends.snapshot().backends.first?.failures == 1)
        }
        await origin.stop()
    }

    @Test(
        "only what is safe is sent again, as often as configured, and the row counts it",
        arguments: [
            ("GET / HTTP/1.1\r\nHost: a\r\n\r\n", 2, 2), ("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n", 1, 1),
            ("GET / HTTP/1.1\r\nHost: a\r\n\r\n", 0, 0),
            ("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx", 2, 0),
            ("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx", 2, 0),
            ("DELETE / HTTP/1.1\r\nHost: a\r\n\r\n", 2, 0),
        ])
    func retries(request: String, limit: Int, expected: Int) async throws {
        let origin = try await ScriptedOrigin.start { _ in [.close] }
        try await Bench.run([origin.backend], { $0.upstream.retryLimit = limit }) { bench in
            let answer = try await bench.exchange(request, toHead: request.hasPrefix("HEAD"))
            #expect(answer.status == 502)
            let retries = await bench.recorder.ended(1).first?.retries
            #expect(retries == expected)
        }
        #expect(origin.requests.count == expected + 1)
        await origin.stop()
    }
}
