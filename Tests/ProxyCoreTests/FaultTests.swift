import TestNetwork
import TestOrigin
import Testing
import WorkerDomain

@testable import ProxyCore

@Suite("Injected faults", .timeLimit(.minutes(1)))
struct FaultTests {
    /// A proxy with one backend that has this fault; both have the same clock.
    private func run(
        _ fault: BackendFault.Kind, answer: String = SteeringSwitchTests.ok,
        _ body: @escaping @Sendable (Bench, ScriptedOrigin) async throws -> Void
    ) async throws {
        let clock = ManualClock()
        let origin = try await ScriptedOrigin.answering(answer)
        let registry = BackendRegistry(backends: [origin.backend], time: clock.steering)
        try await registry.inject(fault, into: origin.backend.name)
        try await Bench.run(registry, { $0.timeouts.idle = .seconds(600) }, clock: clock) { bench in
            try await body(bench, origin)
        }
        await origin.stop()
    }

    @Test("it ends by itself after two minutes, and by hand", .everyEngine)
    func ends() async throws {
        try await self.run(.status(503)) { bench, origin in
            let registry = bench.server.backends
            #expect(registry.snapshot().backends.first?.fault?.kind == .status(503))
            #expect(
                registry.snapshot().backends.first?.fault?.until.since(bench.clock.steering.wall()) == .seconds(120))
            #expect(try await bench.get().status == 503)
            #expect(origin.requests.isEmpty)
            await bench.advance(by: .seconds(120))
            // Even before anybody looks at the clock's table.
            #expect(try await bench.get().status == 200)
            registry.tick()
            #expect(registry.snapshot().backends.first?.fault == nil)
            #expect(registry.direct != nil)
            #expect(registry.snapshot().events.map(\.kind) == [.faultStarted(.status(503)), .faultEnded])
            try await registry.inject(.reset, into: origin.backend.name)
            try await registry.inject(nil, into: origin.backend.name)
            #expect(registry.direct != nil)
        }
    }

    @Test("an injected status is on the row with its reason, and the connection goes on", .everyEngine)
    func status() async throws {
        try await self.run(.status(599)) { bench, _ in
            let client = try await RawClient.connect(port: bench.port)
            for _ in 0..<2 {
                try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(try await client.answer().status == 599)
            }
            client.close()
            let records = await bench.recorder.ended(2)
            #expect(records.allSatisfy { $0.summary?.ending.reason?.contains("fault injected") == true })
            #expect(bench.server.backends.snapshot().backends.first?.serverErrors == 2)
        }
    }

    @Test("an injected reset is answered as a backend's reset is", .everyEngine)
    func reset() async throws {
        try await self.run(.reset) { bench, origin in
            let answer = try await bench.get()
            #expect(answer.status == 502)
            let ending = await bench.recorder.ended(1).first?.summary?.ending
            #expect(ending?.cause == .backendAborted && ending?.reason?.contains("fault injected") == true)
            #expect(origin.requests.isEmpty)
            let status = bench.server.backends.snapshot().backends.first
            #expect(status?.failures == 1 && status?.inFlight == 0)
        }
    }

    @Test("a wait holds the request back, body and following requests included", .everyEngine)
    func latency() async throws {
        let wait = Duration.seconds(30)
        try await self.run(.latency(wait)) { bench, origin in
            let client = try await RawClient.connect(port: bench.port)
            let post = "POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
            try await client.send(post + "GET /g HTTP/1.1\r\nHost: a\r\n\r\n")
            // Another connection's head is read meanwhile.
            async let other = bench.get("/other")
            while bench.recorder.records.count < 2 { await Task.yield() }
            await bench.advance(by: wait - .nanoseconds(1))
            #expect(origin.requests.isEmpty)
            await bench.advance(by: .nanoseconds(1))
            #expect(try await client.answer().status == 200)
            #expect(try await other.status == 200)
            while bench.recorder.records.count < 3 { await Task.yield() }
            await bench.advance(by: wait - .nanoseconds(1))
            #expect(origin.requests.count == 2)
            await bench.advance(by: .nanoseconds(1))
            #expect(try await client.answer().status == 200)
            #expect(Set(origin.requests.map(\.target)) == ["/p", "/g", "/other"])
            #expect(origin.requests.first { $0.target == "/p" }?.body == Array("abc".utf8))
            client.close()
        }
    }

    @Test("a client may leave while it waits", .everyEngine)
    func leave() async throws {
        try await self.run(.latency(.seconds(20))) { bench, origin in
            let client = try await RawClient.connect(port: bench.port)
            try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            while bench.server.inFlight == 0 { await Task.yield() }
            try await client.reset()
            let ending = await bench.recorder.ended(1).first?.summary?.ending
            #expect(ending?.cause == .clientAborted && ending?.phase == .queue)
            #expect(origin.requests.isEmpty)
        }
    }

    @Test("a slow body is whole, comes late, and is followed by an answer that is not slow", .everyEngine)
    func slowBody() async throws {
        let body = String(repeating: "x", count: 40_000)
        let answer = "HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        try await self.run(.slowBody(bytesPerSecond: 100_000), answer: answer) { bench, origin in
            let client = try await RawClient.connect(port: bench.port)
            try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            while bench.recorder.records.first?.status == nil { await Task.yield() }
            var steps = 0
            while bench.ended == 0 {
                await bench.advance(by: .milliseconds(100))
                steps += 1
            }
            // A kilobyte leaves at once, then a tenth of what a second has.
            #expect(steps >= 4)
            let slow = try await client.answer()
            #expect(slow.isComplete && slow.text == body)
            try await bench.server.backends.inject(nil, into: origin.backend.name)
            for _ in 0..<2 {
                try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(try await client.answer().text == body)
            }
            client.close()
        }
    }

    @Test(
        "a slow body is slow no longer than its fault, whether the proxy has all of it already or not", .everyEngine,
        arguments: [100_000, 4_000_000])
    func slowBodyEnds(size: Int) async throws {
        let body = String(repeating: "x", count: size)
        let answer = "HTTP/1.1 200 OK\r\nContent-Length: \(size)\r\n\r\n\(body)"
        try await self.run(.slowBody(bytesPerSecond: 100), answer: answer) { bench, _ in
            let client = try await RawClient.connect(port: bench.port)
            try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            while bench.recorder.records.first?.status == nil { await Task.yield() }
            for _ in 0..<1_199 { await bench.advance(by: .milliseconds(100)) }
            #expect(bench.ended == 0)
            #expect(client.received.count < 20_000)
            await bench.advance(by: .seconds(1))
            // The fault has ended, and all the rest comes without any more time.
            #expect(try await client.answer().text == body)
            let total = await bench.recorder.ended(1).first?.summary?.timers.total ?? .zero
            #expect(total >= .seconds(120) && total <= .seconds(121))
            client.close()
        }
    }

    @Test("a body that is too short to be slow leaves nothing behind", .everyEngine)
    func shortBody() async throws {
        try await self.run(.slowBody(bytesPerSecond: 1)) { bench, _ in
            let client = try await RawClient.connect(port: bench.port)
            for _ in 0..<2 {
                try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(try await client.answer().text == "ok")
                await bench.advance(by: .seconds(120))
            }
            client.close()
        }
    }

    @Test(
        "what makes no sense is refused",
        arguments: [
            BackendFault.Kind.status(200), .status(600), .latency(.seconds(31)), .latency(.zero),
            .slowBody(bytesPerSecond: 0),
        ])
    func refused(kind: BackendFault.Kind) async throws {
        let url = BackendURL(scheme: .http, host: "127.0.0.1", port: 1)
        let registry = BackendRegistry(backends: [Backend(name: "a", url: url)])
        await #expect(throws: BackendControlError.self) { try await registry.inject(kind, into: "a") }
        await #expect(throws: BackendControlError.self) { try await registry.inject(.reset, into: "b") }
        #expect(BackendFault.Kind.usual.allSatisfy { FaultRule.isValid($0) })
    }
}

extension ManualClock {
    /// The same time for drains, canaries and faults.
    fileprivate var steering: SteeringTime {
        SteeringTime(
            now: { self.now() }, wall: { WallTime(nanosecondsSinceEpoch: 1_700_000_000_000_000_000 + self.now()) })
    }
}
