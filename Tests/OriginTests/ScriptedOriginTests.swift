import TestOrigin
import Testing
import WorkerDomain

/// Client and origin against each other, so that what other tests stand on is known to do what it says.
@Suite("Scripted origin", .timeLimit(.minutes(1)))
struct ScriptedOriginTests {
    static let ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
    static let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"

    /// Runs a client on a connection to an origin with these steps for each request.
    private func with(
        trigger: ScriptedOrigin.Trigger = .wholeRequest, readsBody: Bool = true, closesWithPeer: Bool = true,
        _ script: @escaping ScriptedOrigin.Script,
        _ body: (ScriptedOrigin, RawClient) async throws -> Void
    ) async throws {
        let origin = try await ScriptedOrigin.start(
            trigger: trigger, readsBody: readsBody, closesWithPeer: closesWithPeer, script: script)
        let client = try await RawClient.connect(port: origin.port)
        try await body(origin, client)
        client.close()
        await origin.stop()
        #expect(origin.openConnections == 0)
    }

    @Test("requests on a kept connection are answered in order, also when they come at once")
    func keepAlive() async throws {
        let script: ScriptedOrigin.Script = { request in
            let count = request.target.utf8.count
            return [.send("HTTP/1.1 200 OK\r\nContent-Length: \(count)\r\n\r\n\(request.target)")]
        }
        try await self.with(script) { origin, client in
            try await client.send((0..<20).map { "GET /\($0) HTTP/1.1\r\nHost: a\r\n\r\n" }.joined())
            for index in 0..<20 { #expect(try await client.answer().text == "/\(index)") }
            #expect(client.received.isEmpty)
            #expect(origin.requests.map(\.target) == (0..<20).map { "/\($0)" })
            #expect(origin.requests.allSatisfy { $0.isComplete && $0.connection == 0 && $0.method == "GET" })
            #expect(try await RawClient.exchange(port: origin.port, Self.get).text == "/")
            #expect(origin.requests.last?.connection == 1)
            #expect(origin.connections == 2)
        }
    }

    @Test("a body is whole before the script is asked, however it is framed and cut", arguments: [1, 7, 1_000])
    func wholeBody(step: Int) async throws {
        let requests = [
            "POST /l HTTP/1.1\r\nContent-Length: 11\r\n\r\nhello world",
            "POST /c HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;x=y\r\n world\r\n0\r\nX: y\r\n\r\n",
        ]
        try await self.with({ _ in [.send(Self.ok)] }) { origin, client in
            for request in requests {
                var rest = Array(request.utf8)[...]
                while !rest.isEmpty {
                    try await client.send(Array(rest.prefix(step)))
                    rest = rest.dropFirst(step)
                }
                #expect(try await client.answer().text == "ok")
            }
            #expect(origin.requests.allSatisfy { $0.isComplete && $0.body == Array("hello world".utf8) })
            #expect(origin.requests.last?.rawBody.count == 36)
        }
    }

    @Test("answers with chunks and trailers, without a body, and until the end of the connection are read")
    func framing() async throws {
        let script: ScriptedOrigin.Script = { request in
            switch request.target {
            case "/chunked":
                [
                    .send(
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\nX: y\r\n\r\n")
                ]
            case "/204": [.send("HTTP/1.1 204 No Content\r\n\r\n")]
            case "/100": [.send("HTTP/1.1 100 Continue\r\n\r\n"), .send(Self.ok)]
            default: [.send("HTTP/1.1 200 OK\r\n\r\nto the end"), .close]
            }
        }
        try await self.with(script) { _, client in
            try await client.send("GET /chunked HTTP/1.1\r\n\r\nGET /204 HTTP/1.1\r\n\r\nGET /100 HTTP/1.1\r\n\r\n")
            #expect(try await client.answer().text == "abcde")
            #expect(try await client.answer().status == 204)
            #expect(try await client.answer().status == 100)
            #expect(try await client.answer().status == 200)
            try await client.send("HEAD / HTTP/1.1\r\n\r\n")
            #expect(try await client.answer(toHead: true).isComplete)
            let answer = try await client.answer()
            #expect(!answer.isComplete && answer.head == Array("to the end".utf8))
            let whole = try await client.ending()
            #expect(whole == .closed)
        }
        try await self.with(script) { _, client in
            try await client.send(Self.get)
            let answer = try await client.answer()
            #expect(answer.text == "to the end" && answer.isComplete)
        }
    }

    @Test("an origin that asks on the head reads the rest off, exactly")
    func sink() async throws {
        let script: ScriptedOrigin.Script = { request in
            request.method == "GET" ? [.send(Self.ok)] : [.send(Self.ok), .sink(3)]
        }
        try await self.with(trigger: .head, script) { origin, client in
            try await client.send("POST / HTTP/1.1\r\nContent-Length: 6\r\n\r\nabc")
            #expect(try await client.answer().status == 200)
            try await client.send("def" + Self.get)
            #expect(try await client.answer().status == 200)
            #expect(origin.sunkBytes == 3)
            #expect(origin.requests.map(\.rawBody) == [Array("abc".utf8), []])
            #expect(origin.requests.map(\.isComplete) == [false, true])
        }
    }

    @Test("an origin that does not read holds the client back until it is told to go on")
    func backPressure() async throws {
        let size = 64 << 20
        let script: ScriptedOrigin.Script = { request in
            [.hold, .sink(size - request.rawBody.count), .send(Self.ok)]
        }
        try await self.with(trigger: .head, readsBody: false, script) { origin, client in
            try await client.send("POST / HTTP/1.1\r\nContent-Length: \(size)\r\n\r\n")
            let flood = Task { try await client.flood(size) }
            while origin.requests.isEmpty { await Task.yield() }
            // What two sockets take is some megabytes; the rest waits.
            var last = -1
            while last != client.floodedBytes {
                last = client.floodedBytes
                try await Task.sleep(for: .milliseconds(50))
            }
            #expect(client.floodedBytes > 0 && client.floodedBytes < 32 << 20)
            #expect(origin.sunkBytes == 0)
            origin.release()
            try await flood.value
            #expect(try await client.answer().text == "ok")
            #expect(client.floodedBytes == size)
            #expect(origin.sunkBytes == size - (origin.requests.first?.rawBody.count ?? 0))
        }
    }

    @Test("a client that does not read holds the origin back, and then gets every byte")
    func slowReader() async throws {
        let size = 64 << 20
        let head = "HTTP/1.1 200 OK\r\nContent-Length: \(size)\r\n\r\n"
        try await self.with({ _ in [.send(head), .flood(size)] }) { origin, client in
            try await client.setReading(false)
            try await client.send(Self.get)
            while origin.floodedBytes == 0 { await Task.yield() }
            var last = -1
            while last != origin.floodedBytes {
                last = origin.floodedBytes
                try await Task.sleep(for: .milliseconds(50))
            }
            #expect(client.received.isEmpty)
            #expect(origin.floodedBytes < 32 << 20)
            client.startDiscarding()
            try await client.setReading(true)
            try await client.discard(size + head.utf8.count)
            #expect(origin.floodedBytes == size)
        }
    }

    @Test("waits last their time; a hold lasts until it is released, also for later requests")
    func waiting() async throws {
        let script: ScriptedOrigin.Script = { request in
            request.target == "/wait" ? [.wait(.milliseconds(60)), .send(Self.ok)] : [.hold, .send(Self.ok)]
        }
        try await self.with(script) { origin, client in
            let start = ContinuousClock.now
            try await client.send("GET /wait HTTP/1.1\r\n\r\n")
            #expect(try await client.answer().status == 200)
            #expect(start.duration(to: .now) >= .milliseconds(60))
            try await client.send(Self.get + Self.get)
            while origin.requests.count < 2 { await Task.yield() }
            #expect(client.received.isEmpty)
            origin.release()
            for _ in 0..<2 { #expect(try await client.answer().status == 200) }
        }
    }

    @Test("dribbled bytes come one after the other")
    func dribble() async throws {
        let script: ScriptedOrigin.Script = { _ in Self.ok.utf8.map { .bytes([$0]) } }
        try await self.with(script) { _, client in
            try await client.send(Self.get)
            for byte in Self.ok.utf8 { #expect(try await client.bytes(1) == [byte]) }
        }
    }

    @Test("echo sends back what came with the request and what comes later")
    func echo() async throws {
        try await self.with({ _ in [.send("HTTP/1.1 101 Switching\r\n\r\nfirst"), .echo] }) { _, client in
            try await client.send("GET /ws HTTP/1.1\r\nUpgrade: websocket\r\n\r\nearly")
            #expect(try await client.answer().status == 101)
            #expect(try await client.bytes(10) == Array("firstearly".utf8))
            let much = [UInt8](repeating: 0x61, count: 8 << 20)
            client.post(much)
            #expect(try await client.bytes(much.count) == much)
        }
    }
}
