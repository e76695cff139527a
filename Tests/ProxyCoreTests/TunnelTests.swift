import TestOrigin
import Testing
import WorkerDomain

@testable import ProxyCore

@Suite("Upgrades", .everyEngine, .timeLimit(.minutes(1)))
struct TunnelTests {
    static let asked = "GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
    static let granted = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"

    /// Opens a tunnel whose other end does these steps.
    private func withTunnel(
        _ steps: [ScriptedOrigin.Step], _ configure: (inout ProxyConfiguration) -> Void = { _ in },
        _ body: @Sendable (Bench, ScriptedOrigin, RawClient) async throws -> Void
    ) async throws {
        let origin = try await ScriptedOrigin.start { _ in [.send(Self.granted)] + steps }
        try await Bench.run([origin.backend], configure) { bench in
            let client = try await RawClient.connect(port: bench.port)
            try await client.send(Self.asked)
            let status = try await client.answer().status
            #expect(status == 101)
            try await body(bench, origin, client)
            client.close()
        }
        await origin.stop()
    }

    @Test("a running tunnel is a row that says what it is, and counts as in flight")
    func row() async throws {
        try await self.withTunnel([.echo]) { bench, _, client in
            try await client.send("ping")
            #expect(try await client.bytes(4) == Array("ping".utf8))
            let record = try #require(bench.recorder.records.first)
            #expect(record.status == 101)
            #expect(MessageHead(record.head).value(of: "Upgrade") == "websocket")
            #expect(bench.server.inFlight == 1)
            client.close()
            let summary = await bench.recorder.ended(1).first?.summary
            #expect(summary?.ending.phase == .tunnel)
            #expect(summary?.requestBody.totalBytes == 4)
            #expect(summary?.responseBody.totalBytes == 4)
        }
    }

    @Test("when the backend closes its sending side, the client's bytes still go on")
    func backendHalfClose() async throws {
        try await self.withTunnel([.send("bye"), .finish, .sink(5), .close]) { bench, origin, client in
            #expect(try await client.bytes(3) == Array("bye".utf8))
            #expect(try await client.ending() == .closed)
            try await client.send("later")
            while origin.sunkBytes < 5 { await Task.yield() }
            try await client.finish()
            let ending = await bench.recorder.ended(1).first?.summary?.ending
            #expect(ending?.cause == .completed)
            #expect(ending?.reason?.hasPrefix("websocket: ") == true)
        }
    }

    @Test("when the client closes its sending side, the backend's bytes still come")
    func clientHalfClose() async throws {
        try await self.withTunnel([.sink(3), .hold, .send("after"), .close]) { bench, origin, client in
            try await client.send("abc")
            try await client.finish()
            while origin.sunkBytes < 3 { await Task.yield() }
            origin.release()
            let ending = await bench.recorder.ended(1).first?.summary?.ending
            #expect(ending?.cause == .completed)
            #expect(ending?.reason?.hasPrefix("websocket: ") == true)
            _ = try await client.ending()
        }
    }

    @Test("a tunnel without a byte ends after its time, and the row says so")
    func idle() async throws {
        try await self.withTunnel([.hold]) { bench, origin, client in
            try await bench.pass(.seconds(3_600)) { bench.ended == 1 }
            let closing = try await client.ending()
            #expect(closing != .open)
            let ending = await bench.recorder.ended(1).first?.summary?.ending
            #expect(
                ending
                    == ExchangeEnding(
                        cause: .backendTimeout, phase: .tunnel, reason: "websocket: idle for too long"))
            while origin.openConnections > 0 { await Task.yield() }
        }
    }

    @Test("bytes behind the request's head and behind the 101 go through, in order")
    func early() async throws {
        let origin = try await ScriptedOrigin.start { _ in [.send(Self.granted + "first"), .echo] }
        try await Bench.run([origin.backend]) { bench in
            let client = try await RawClient.connect(port: bench.port)
            try await client.send(Self.asked + "early")
            #expect(try await client.answer().status == 101)
            #expect(try await client.bytes(10) == Array("firstearly".utf8))
            client.close()
            _ = await bench.recorder.ended(1)
        }
        await origin.stop()
    }

    @Test("a refused upgrade is an ordinary answer, and the connection goes on")
    func refused() async throws {
        let origin = try await ScriptedOrigin.answering("HTTP/1.1 426 Upgrade Required\r\nContent-Length: 2\r\n\r\nno")
        try await Bench.run([origin.backend]) { bench in
            let client = try await RawClient.connect(port: bench.port)
            for _ in 0..<2 {
                try await client.send(Self.asked)
                let answer = try await client.answer()
                #expect(answer.status == 426)
                #expect(answer.text == "no")
            }
            client.close()
            let rows = await bench.recorder.ended(2)
            #expect(rows.allSatisfy { $0.summary?.ending == .completed })
            #expect(rows.map(\.reused) == [false, true])
        }
        await origin.stop()
    }

    @Test(
        "what must not be tunnelled is forwarded without its upgrade",
        arguments: [
            "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: x\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n\r\n",
            "GET / HTTP/1.0\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: 1\r\n\r\nx",
        ])
    func notTunnelled(request: String) async throws {
        let origin = try await ScriptedOrigin.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        try await Bench.run([origin.backend]) { bench in
            let status = try await bench.exchange(request).status
            #expect(status == 200)
        }
        let fields = try #require(origin.requests.first?.fields)
        #expect(fields.value(of: "Upgrade") == nil)
        #expect(fields.value(of: "HTTP2-Settings") == nil)
        #expect(fields.value(of: "Connection") == nil)
        await origin.stop()
    }

    private static func asking(_ upgrade: String) -> String {
        "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: \(upgrade)\r\n\r\n"
    }

    @Test(
        "Upgrade is a list, of which only what may be asked for goes on",
        arguments: [
            ("websocket, h2c", "websocket"), (",h2c", nil), ("foo,\th2c", "foo"), ("h2c,WebSocket", "WebSocket"),
            ("H2C", nil), ("h2c/1", nil), ("HTTP/2.0, websocket", "websocket"), ("TLS/1.2", nil), ("h2", nil),
            (" , ,", nil),
            ("h2c\r\nUpgrade: websocket", "websocket"), ("websocket\r\nUpgrade: h2c", "websocket"),
            ("a/1, b", "a/1, b"), ("h2c;q=1", nil), ("\"h2c\"", nil), ("web socket", nil), ("/1", nil), ("a/", nil),
            ("a\r\nUpgrade: b", "a, b"),
        ])
    func list(upgrade: String, forwarded: String?) async throws {
        let origin = try await ScriptedOrigin.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        try await Bench.run([origin.backend]) { bench in
            let status = try await bench.exchange(Self.asking(upgrade)).status
            #expect(status == 200)
        }
        let fields = try #require(origin.requests.first?.fields)
        #expect(fields.fields.filter { $0.name == "Upgrade" }.map(\.value) == (forwarded.map { [$0] } ?? []))
        #expect(fields.value(of: "Connection") == (forwarded == nil ? nil : "Upgrade"))
        await origin.stop()
    }

    @Test(
        "a 101 to what was not asked for opens no tunnel",
        arguments: [
            ("websocket", "Upgrade: h2c\r\n"), ("websocket, h2c", "Upgrade: h2c\r\n"), ("websocket", ""),
            ("websocket", "Upgrade:\r\n"), ("websocket", "Upgrade: websocket, h2c\r\n"),
            ("foo", "Upgrade: websocket\r\n"),
            ("websocket", "Upgrade: websocket\r\nUpgrade: h2c\r\n"), ("a/1", "Upgrade: a/2\r\n"),
            ("h2c", "Upgrade: h2c\r\n"),
        ])
    func granted(upgrade: String, answer: String) async throws {
        let origin = try await ScriptedOrigin.answering(
            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n\(answer)\r\n")
        try await Bench.run([origin.backend]) { bench in
            let status = try await bench.exchange(Self.asking(upgrade)).status
            #expect(status == 502)
            let rows = await bench.recorder.ended(1)
            #expect(rows.first?.summary?.ending.cause == .backendMalformed)
        }
        await origin.stop()
    }
}
