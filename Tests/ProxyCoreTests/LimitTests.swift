import TestOrigin
import TestSupport
import Testing
import WorkerDomain

@testable import ProxyCore

@Suite("Time limits, back-pressure and chaos", .everyEngine, .timeLimit(.minutes(2)))
struct LimitTests {
    typealias Ending = ExchangeEnding

    @Test("a silent backend is 504, a closed port 502, both in both styles with CORS")
    func failures() async throws {
        let silent = try await ScriptedOrigin.start { _ in [.hold] }
        let closed = try LoopbackSocket.closed()
        defer { withExtendedLifetime(closed) {} }
        for (backend, status, cause) in [
            (silent.backend, 504, Ending.Cause.backendTimeout), (closed.backend, 502, .backendUnreachable),
        ] {
            for style in ProxyConfiguration.ErrorStyle.allCases {
                let known = silent.requests.count
                try await Bench.run([backend], { $0.errors = style }) { bench in
                    async let coming = bench.get()
                    if status == 504 {
                        while silent.requests.count == known { await Task.yield() }
                        try await bench.pass(.seconds(30)) { bench.ended == 1 }
                    }
                    let answer = try await coming
                    #expect(answer.status == (style == .worker ? 500 : status))
                    #expect(style == .gateway || answer.text == "Internal Server Error")
                    #expect(answer.field("Access-Control-Allow-Origin") == "*")
                    let summary = await bench.recorder.ended(1).first?.summary
                    #expect(summary?.ending.cause == cause)
                    #expect(bench.server.backends.snapshot().backends.first?.failures == 1)
                }
            }
        }
        await silent.stop()
    }

    @Test("an idle connection is closed, and is no row")
    func idleClient() async throws {
        try await Bench.run([], { $0.timeouts.idle = .seconds(60) }) { bench in
            let idle = try await RawClient.connect(port: bench.port)
            while bench.server.connections == 0 { await Task.yield() }
            try await bench.pass(.seconds(60)) { bench.server.connections == 0 }
            let ending = try await idle.ending()
            #expect(ending == .closed)
            #expect(bench.recorder.records.isEmpty)
        }
    }

    @Test("slow heads and bodies are answered 408")
    func slowClients() async throws {
        let origin = try await ScriptedOrigin.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        try await Bench.run(
            [origin.backend],
            {
                $0.timeouts.requestHead = .seconds(10)
                $0.timeouts.requestBody = .seconds(30)
            }
        ) { bench in
            let head = try await RawClient.connect(port: bench.port)
            try await head.send("GET / HT")
            while bench.server.connections == 0 { await Task.yield() }
            try await bench.pass(.seconds(10), isExact: false) { bench.ended == 1 }
            #expect(try await head.answer().status == 408)
            let body = try await RawClient.connect(port: bench.port)
            try await body.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab")
            while bench.recorder.records.last?.reused == nil { await Task.yield() }
            try await bench.pass(.seconds(30)) { bench.ended == 2 }
            #expect(try await body.answer().status == 408)
            let rows = await bench.recorder.ended(2)
            #expect(rows.compactMap { $0.summary?.ending.phase } == [.requestHead, .requestBody])
            #expect((rows.first?.summary?.timers.total ?? .zero) <= .milliseconds(10_500))
            #expect(rows.allSatisfy { $0.summary?.ending.cause == .clientTimeout })
        }
        await origin.stop()
    }

    @Test("a slow reader of a huge answer holds the backend back")
    func slowReader() async throws {
        let size = 64 << 20
        let origin = try await ScriptedOrigin.start { _ in
            [.send("HTTP/1.1 200 OK\r\nContent-Length: \(size)\r\n\r\n"), .flood(size)]
        }
        try await Bench.run(
            [origin.backend],
            {
                $0.timeouts.write = .seconds(60)
                // The backend's thread may be late, but never that late.
                $0.timeouts.responseBody = .seconds(1_000_000)
            }
        ) { bench in
            let client = try await RawClient.connect(port: bench.port)
            try await client.setReading(false)
            try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            while origin.floodedBytes == 0 { await Task.yield() }
            try await bench.advance(until: { bench.ended == 1 })
            let rows = await bench.recorder.ended(1)
            #expect(rows.first?.summary?.ending.cause == .clientTimeout)
            #expect((rows.first?.summary?.timers.total ?? .zero) > .seconds(60))
            // What the kernel's own buffers take of four sockets, far below the whole.
            #expect(origin.floodedBytes < 32 << 20)
            #expect((rows.first?.summary?.responseBody.totalBytes ?? size) < 24 << 20)
            client.close()
        }
        await origin.stop()
    }

    @Test("a client that leaves mid-upload never looks complete to the backend")
    func abortedUpload() async throws {
        let origin = try await ScriptedOrigin.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        try await Bench.run([origin.backend]) { bench in
            for (index, framing) in ["Content-Length: 10", "Transfer-Encoding: chunked"].enumerated() {
                let client = try await RawClient.connect(port: bench.port)
                try await client.send("POST / HTTP/1.1\r\nHost: a\r\n\(framing)\r\n\r\n3\r\nabc\r\n")
                // The origin's kernel accepts before the proxy knows that it is connected.
                while bench.recorder.records.count(where: { $0.reused != nil }) <= index { await Task.yield() }
                while origin.openConnections == 0 { await Task.yield() }
                client.close()
                while origin.openConnections > 0 { await Task.yield() }
            }
            let rows = await bench.recorder.ended(2)
            #expect(rows.allSatisfy { $0.summary?.ending == Ending(cause: .clientAborted, phase: .requestBody) })
        }
        #expect(origin.requests.allSatisfy { !$0.isComplete })
        await origin.stop()
    }

    @Test("a client that leaves mid-download or while waiting frees its backend connection")
    func abortedDownload() async throws {
        let origin = try await ScriptedOrigin.start { request in
            request.target == "/wait"
                ? [.hold] : [.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n"), .hold]
        }
        try await Bench.run([origin.backend], { $0.halfCloseWindow = .zero }) { bench in
            for (path, phase) in [("/wait", Ending.Phase.responseHead), ("/stream", .responseBody)] {
                let client = try await RawClient.connect(port: bench.port)
                try await client.send("GET \(path) HTTP/1.1\r\nHost: a\r\n\r\n")
                if phase == .responseBody { _ = try await client.bytes(10) }
                while !origin.requests.contains(where: { $0.target == path }) { await Task.yield() }
                client.close()
                while origin.openConnections > 0 { await Task.yield() }
                let rows = await bench.recorder.ended(phase == .responseHead ? 1 : 2)
                #expect(rows.last?.summary?.ending == Ending(cause: .clientAborted, phase: phase))
            }
        }
        await origin.stop()
    }

    @Test("a stale connection is replaced without the client noticing")
    func staleConnection() async throws {
        let ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
        let origin = try await ScriptedOrigin.start { request in
            request.connection == 0 && request.target == "/2" ? [.close] : [.send(ok)]
        }
        try await Bench.run([origin.backend]) { bench in
            let answers = [try await bench.get("/1"), try await bench.get("/2")]
            #expect(answers.map(\.status) == [200, 200])
            #expect(await bench.recorder.ended(2).map(\.retries) == [0, 1])
        }
        await origin.stop()
    }

    @Test("a full pool makes requests wait")
    func queue() async throws {
        try await self.withFullPool(waiting: .seconds(60)) { bench, origin, first in
            let second = try await RawClient.connect(port: bench.port)
            try await second.send("GET /2 HTTP/1.1\r\nHost: a\r\n\r\n")
            origin.release()
            let answers = [try await first.answer().status, try await second.answer().status]
            #expect(answers == [200, 200])
            second.close()
        }
    }

    @Test("a request that waits too long for a full pool is told so")
    func queueTimeout() async throws {
        try await self.withFullPool(waiting: .seconds(5)) { bench, origin, first in
            async let refused = bench.get("/2").status
            while bench.recorder.records.count < 2 { await Task.yield() }
            try await bench.pass(.seconds(5)) { bench.ended == 1 }
            #expect(try await refused == 503)
            origin.release()
            let answered = try await first.answer().status
            #expect(answered == 200)
        }
    }

    /// Runs with one upstream connection that is taken by a request whose answer is held.
    private func withFullPool(
        waiting limit: Duration, _ body: @Sendable (Bench, ScriptedOrigin, RawClient) async throws -> Void
    ) async throws {
        let origin = try await ScriptedOrigin.start { _ in
            [.hold, .send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")]
        }
        try await Bench.run(
            [origin.backend],
            {
                $0.upstream.connectionLimit = 1
                $0.timeouts.queue = limit
            }
        ) { bench in
            let first = try await RawClient.connect(port: bench.port)
            try await first.send("GET /1 HTTP/1.1\r\nHost: a\r\n\r\n")
            while origin.requests.isEmpty { await Task.yield() }
            try await body(bench, origin, first)
            first.close()
        }
        await origin.stop()
    }

    @Test("whatever the backend does, every request has one row with one end")
    func chaos() async throws {
        let origin = try await ScriptedOrigin.start { request in
            let seed = Int(request.target.dropFirst().prefix { $0.isNumber }) ?? 0
            switch seed % 8 {
            case 0: return [.close]
            case 1: return [.reset]
            case 2: return [.send("garbage\r\n\r\n")]
            case 3: return [.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"), .close]
            case 4: return [.hold, .send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"), .close]
            case 5: return [.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"), .reset]
            case 6: return [.hold, .sink(1)]
            default: return [.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")]
            }
        }
        let count = 160
        // Those whose clients stay: the late ones, and the ones that are never answered.
        let late = (0..<count).filter { $0 % 8 == 4 && $0 % 5 != 4 }
        let unanswered = (0..<count).filter { $0 % 8 == 6 && $0 % 5 != 4 }
        try await Bench.run([origin.backend]) { bench in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<count {
                    group.addTask {
                        guard let client = try? await RawClient.connect(port: bench.port) else { return }
                        let body = index % 3 == 0 ? "hello" : ""
                        let method = body.isEmpty ? "GET" : "POST"
                        try? await client.send(
                            "\(method) /\(index) HTTP/1.1\r\nHost: a\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
                        )
                        if index % 5 == 4 {
                            try? await client.reset()
                        } else {
                            _ = try? await client.answer()
                            client.close()
                        }
                    }
                }
                group.addTask {
                    _ = await bench.recorder.ended(count - late.count - unanswered.count)
                    while !Set(unanswered.map { "/\($0)" }).isSubset(of: origin.requests.map(\.target)) {
                        await Task.yield()
                    }
                    origin.release()
                    _ = await bench.recorder.ended(count - unanswered.count)
                    try await bench.pass(.seconds(30)) { bench.ended == count }
                }
                try await group.waitForAll()
            }
            #expect(bench.recorder.records.count == count)
            self.checkEndings(bench.recorder.records)
            let status = bench.server.backends.snapshot().backends.first
            #expect(status?.inFlight == 0)
            #expect(status?.requests == count)
        }
        await origin.stop()
    }

    /// What each way of the chaos above must have come to; a client that resets may have been faster.
    private func checkEndings(_ rows: [Recorder.Record]) {
        let expected: [(Ending.Cause, Ending.Phase)] = [
            (.backendAborted, .responseHead), (.backendAborted, .responseHead), (.backendMalformed, .responseHead),
            (.backendAborted, .responseBody), (.completed, .done), (.backendAborted, .responseBody),
            (.backendTimeout, .responseHead), (.completed, .done),
        ]
        for row in rows {
            guard let index = Int(row.line.target.dropFirst()), let ending = row.summary?.ending else {
                Issue.record("a row without a number or an end: \(row.line)")
                continue
            }
            let (cause, phase) = expected[index % 8]
            let isExpected = ending.cause == cause && ending.phase == phase
            #expect(isExpected || (index % 5 == 4 && ending.cause == .clientAborted), "\(index): \(ending)")
        }
    }
}
