import TestOrigin
import Testing
import WorkerDomain

@testable import ProxyCore

@Suite("Switches, drains and cuts", .timeLimit(.minutes(1)))
struct SteeringSwitchTests {
    static let ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
    private static let url = BackendURL(scheme: .http, host: "127.0.0.1", port: 1)

    @Test(
        "after a switch the next request, on a connection that is open, is with the new target within 10 ms",
        .everyEngine)
    func speed() async throws {
        let blue = try await ScriptedOrigin.answering(Self.ok)
        let green = try await ScriptedOrigin.answering(Self.ok)
        try await Bench.run([blue.backend, green.backend]) { bench in
            let client = try await RawClient.connect(port: bench.port)
            var times: [Duration] = []
            for turn in 0..<20 {
                let target = turn.isMultiple(of: 2) ? green : blue
                let before = target.requests.count
                let begin = ContinuousClock.now
                try await bench.server.backends.activate(target.backend.name)
                try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(try await client.answer().status == 200)
                times.append(ContinuousClock.now - begin)
                #expect(target.requests.count == before + 1)
            }
            // The median: this machine may be busy with something else for one of them.
            #expect(times.sorted()[10] < .milliseconds(10), "\(times)")
            client.close()
        }
        await blue.stop()
        await green.stop()
    }

    @Test("every act is written down with who, from, to and why, and the target is remembered")
    func ledger() async throws {
        let ledger = SteeringLedgerRecorder()
        let registry = BackendRegistry(
            backends: [Backend(name: "a", url: Self.url), Backend(name: "b", url: Self.url)], user: "alice",
            ledger: ledger)
        try await registry.activate("b")
        try await registry.activate("b")
        try await registry.activate("a", why: "undo")
        #expect(ledger.records.map(\.action) == [.switched, .switched])
        #expect(ledger.records.map(\.from) == ["a", "b"])
        #expect(ledger.records.map(\.to) == ["b", "a"])
        #expect(ledger.records.map(\.why) == ["", "undo"])
        #expect(ledger.records.allSatisfy { $0.by == "alice" })
        #expect(ledger.active == ["b", "a"])
        #expect(registry.snapshot().switches.map(\.why) == ["", "undo"])
    }

    @Test("a switch that cannot be written down happens all the same, and is told")
    func failedLedger() async throws {
        let registry = BackendRegistry(
            backends: [Backend(name: "a", url: Self.url), Backend(name: "b", url: Self.url)],
            ledger: SteeringLedgerRecorder(failure: "the disk is full"))
        try await registry.activate("b")
        #expect(registry.direct?.backend.name == "b")
        #expect(registry.snapshot().events.contains { $0.kind == .auditFailed(reason: "the disk is full") })
    }

    @Test("what still runs is counted down, and after the deadline it is reported, not cut", .everyEngine)
    func drain() async throws {
        let clock = SteeringClock()
        let blue = try await ScriptedOrigin.start { _ in [.hold, .send(Self.ok)] }
        let green = try await ScriptedOrigin.answering(Self.ok)
        try await Bench.run(
            BackendRegistry(backends: [blue.backend, green.backend], time: clock.steering)
        ) { bench in
            let registry = bench.server.backends
            let client = try await RawClient.connect(port: bench.port)
            try await client.send("GET /old HTTP/1.1\r\nHost: a\r\n\r\n")
            while blue.requests.isEmpty { await Task.yield() }
            try await registry.activate(green.backend.name)
            let old = try #require(registry.snapshot().backends.first)
            #expect(old.isDraining && old.inFlight == 1)
            #expect(old.drainDeadline?.since(clock.steering.wall()) == .seconds(30))
            clock.advance(by: .seconds(31))
            registry.tick()
            registry.tick()
            #expect(registry.snapshot().events.filter { $0.kind == .drainOverdue(left: 1) }.count == 1)
            try await registry.drain(blue.backend.name, deadline: .seconds(60))
            #expect(
                registry.snapshot().backends.first?.drainDeadline?.since(clock.steering.wall()) == .seconds(60))
            blue.release()
            #expect(try await client.answer().status == 200)
            _ = await bench.recorder.ended(1)
            registry.tick()
            #expect(registry.snapshot().events.last?.kind == .drainEnded(seconds: 31))
            #expect(registry.snapshot().backends.first?.drainDeadline == nil)
            client.close()
        }
        await blue.stop()
        await green.stop()
    }

    @Test("a cut ends what runs on the old target only, with an answer that says so", .everyEngine)
    func cut() async throws {
        let blue = try await ScriptedOrigin.start { _ in [.hold] }
        let green = try await ScriptedOrigin.start { _ in [.hold, .send(Self.ok)] }
        try await Bench.run([blue.backend, green.backend]) { bench in
            let registry = bench.server.backends
            let old = try await RawClient.connect(port: bench.port)
            try await old.send("GET /old HTTP/1.1\r\nHost: a\r\n\r\n")
            while blue.requests.isEmpty { await Task.yield() }
            await #expect(throws: BackendControlError.self) { try await registry.cut(blue.backend.name) }
            try await registry.activate(green.backend.name)
            let new = try await RawClient.connect(port: bench.port)
            try await new.send("GET /new HTTP/1.1\r\nHost: a\r\n\r\n")
            while green.requests.isEmpty { await Task.yield() }
            #expect(try await registry.cut(blue.backend.name) == 1)
            #expect(try await old.answer().status == 503)
            green.release()
            #expect(try await new.answer().status == 200)
            let records = await bench.recorder.ended(2)
            #expect(records.first?.summary?.ending.reason?.contains("closed by the user") == true)
            #expect(registry.snapshot().events.last?.kind == .cut(count: 1))
            old.close()
            new.close()
        }
        await blue.stop()
        await green.stop()
    }

    @Test("under a policy a backend is held back and put back, and the only one is not")
    func holdBack() async throws {
        var settings = SteeringSettings()
        settings.policy = .roundRobin
        let registry = BackendRegistry(
            backends: [Backend(name: "a", url: Self.url), Backend(name: "b", url: Self.url)], settings: settings)
        try await registry.drain("a", deadline: .seconds(30))
        #expect(registry.snapshot().backends.map(\.isHeldBack) == [true, false])
        #expect(registry.direct?.backend.name == "b")
        await #expect(throws: BackendControlError.self) { try await registry.drain("b", deadline: .seconds(30)) }
        try await registry.resume("a")
        #expect(registry.direct == nil)
        await #expect(throws: BackendControlError.self) { try await registry.resume("a") }
    }

    @Test("under a policy requests are shared out, and one that is held back gets none", .everyEngine)
    func policy() async throws {
        var settings = SteeringSettings()
        settings.policy = .weighted
        let one = try await ScriptedOrigin.answering(Self.ok)
        let two = try await ScriptedOrigin.answering(Self.ok)
        let backends = [
            Backend(name: "one", url: one.backend.url, weight: 3), Backend(name: "two", url: two.backend.url),
        ]
        try await Bench.run(BackendRegistry(backends: backends, settings: settings)) { bench in
            let client = try await RawClient.connect(port: bench.port)
            func ask(_ count: Int) async throws {
                for _ in 0..<count {
                    try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                    #expect(try await client.answer().status == 200)
                }
            }
            try await ask(8)
            #expect([one.requests.count, two.requests.count] == [6, 2])
            try await bench.server.backends.drain("one", deadline: .seconds(1))
            try await ask(4)
            #expect([one.requests.count, two.requests.count] == [6, 6])
            client.close()
        }
        await one.stop()
        await two.stop()
    }

    @Test(
        "a request names its target only from this machine and when switched on; the field is never passed on",
        .everyEngine,
        arguments: [(true, "green", 200), (false, "blue", 200), (true, "none", 400)])
    func targetField(isOn: Bool, expected: String, status: Int) async throws {
        let blue = try await ScriptedOrigin.answering(Self.ok)
        let green = try await ScriptedOrigin.answering(Self.ok)
        var settings = SteeringSettings()
        settings.takesTargetField = isOn
        let backends = [
            Backend(name: "blue", url: blue.backend.url), Backend(name: "green", url: green.backend.url),
        ]
        try await Bench.run(BackendRegistry(backends: backends, settings: settings)) { bench in
            let wish = expected == "none" ? "red" : "green"
            let answer = try await bench.exchange(
                "GET / HTTP/1.1\r\nHost: a\r\nX-WorkerConsole-Target: \(wish)\r\nX-After: 1\r\n\r\n")
            #expect(answer.status == status)
            #expect(blue.requests.count == (expected == "blue" ? 1 : 0))
            #expect(green.requests.count == (expected == "green" ? 1 : 0))
            for request in blue.requests + green.requests {
                #expect(MessageHead(request.head).value(of: "X-WorkerConsole-Target") == nil)
                #expect(MessageHead(request.head).value(of: "X-After") == "1")
            }
            #expect(try await bench.get().status == 200)
        }
        await blue.stop()
        await green.stop()
    }
}
