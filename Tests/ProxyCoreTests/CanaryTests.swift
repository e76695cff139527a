import TestOrigin
import Testing
import WorkerDomain

@testable import ProxyCore

@Suite("Canaries", .timeLimit(.minutes(1)))
struct CanaryTests {
    private static func tally(_ count: Int, errors: Int = 0, milliseconds: Int = 10) -> SideTally {
        var tally = SideTally()
        for index in 0..<count {
            tally.add(isServerError: index < errors, duration: .milliseconds(milliseconds))
        }
        return tally
    }

    @Test(
        "the rule is broken by errors or by slowness, and not by too few requests",
        arguments: [
            (100, 0, 10, false), (100, 2, 10, false), (100, 3, 10, true), (19, 19, 10, false), (20, 1, 10, true),
            (100, 0, 19, false), (100, 0, 25, true),
        ])
    func rule(count: Int, errors: Int, milliseconds: Int, isBroken: Bool) {
        var watch = CanaryGuard(CanaryPlan.Guard())
        let verdict = watch.judge(
            stable: Self.tally(100), canary: Self.tally(count, errors: errors, milliseconds: milliseconds), now: 0)
        #expect((verdict != .nothing) == isBroken, "\(verdict)")
    }

    @Test("a breach is announced, then ends or is acted on")
    func announced() {
        let second: Int64 = 1_000_000_000
        var watch = CanaryGuard(CanaryPlan.Guard())
        let (good, bad) = (Self.tally(100), Self.tally(100, errors: 10))
        let breach = CanaryBreach.serverErrors(percent: 10, limit: 2)
        #expect(watch.judge(stable: good, canary: bad, now: 0) == .warned(breach))
        #expect(watch.actsAt == 30 * second)
        #expect(watch.judge(stable: good, canary: bad, now: 20 * second) == .nothing)
        #expect(watch.judge(stable: good, canary: good, now: 25 * second) == .recovered)
        #expect(watch.judge(stable: good, canary: bad, now: 40 * second) == .warned(breach))
        // Its clients have stayed away: that heals nothing.
        #expect(watch.judge(stable: good, canary: Self.tally(0), now: 60 * second) == .nothing)
        #expect(watch.judge(stable: good, canary: Self.tally(0), now: 70 * second) == .rollBack(breach))
    }

    @Test("the window forgets after half a minute, the total does not")
    func window() {
        var record = SideRecord()
        let second: Int64 = 1_000_000_000
        for at in 0..<40 { record.add(isServerError: false, duration: nil, now: Int64(at) * second) }
        #expect(record.total.count == 40)
        #expect(record.window(now: 39 * second).count == 30)
        #expect(record.window(now: 200 * second).count == 0)
    }

    @Test("a percentage takes about so many clients, the same ones each time, and a higher one keeps them")
    func pins() {
        let entry = BackendEntry(
            Backend(name: "b", url: BackendURL(scheme: .http, host: "h", port: 1)), slot: 0)
        func taken(_ percent: Int) -> Set<Int> {
            let run = CanaryRun(
                entry: entry, plan: CanaryPlan(target: "b", percent: percent),
                startedAt: WallTime(nanosecondsSinceEpoch: 0))
            return Set((0..<5_000).filter { run.takes(StableHash.of("10.0.\($0 / 250).\($0 % 250)".utf8)) })
        }
        let (ten, half) = (taken(10), taken(50))
        #expect(abs(ten.count - 500) < 90 && abs(half.count - 2_500) < 150, "\(ten.count) \(half.count)")
        #expect(ten == taken(10))
        #expect(ten.isSubset(of: half))
    }

    @Test(
        "a client is its address; on this machine the last forwarded one, or else its connection",
        arguments: [
            ("10.0.0.1", "10.0.0.1:1", nil, "10.0.0.1"), ("10.0.0.1", "10.0.0.1:1", "8.8.8.8", "10.0.0.1"),
            ("127.0.0.1", "127.0.0.1:1", nil, "127.0.0.1:1"),
            ("127.0.0.1", "127.0.0.1:1", "1.1.1.1, 8.8.8.8", "8.8.8.8"), ("::1", "[::1]:9", "", "[::1]:9"),
        ] as [(String, String, String?, String)])
    func key(address: String, connection: String, forwarded: String?, expected: String) {
        let bytes = forwarded.map { Array($0.utf8) }
        let key = (bytes ?? []).withUnsafeBytes { buffer in
            ClientKey.of(
                address: Array(address.utf8), connection: connection, forwardedFor: bytes == nil ? nil : buffer)
        }
        #expect(key == StableHash.of(expected.utf8))
    }

    @Test(
        "both sides are counted, a breach is announced, then the canary is taken back; who asked for it again keeps it",
        .everyEngine)
    func guarded() async throws {
        let clock = SteeringClock()
        let ledger = SteeringLedgerRecorder()
        let good = try await ScriptedOrigin.answering(SteeringSwitchTests.ok)
        let bad = try await ScriptedOrigin.answering("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n")
        let backends = [Backend(name: "good", url: good.backend.url), Backend(name: "bad", url: bad.backend.url)]
        let registry = BackendRegistry(backends: backends, user: "alice", time: clock.steering, ledger: ledger)
        try await Bench.run(registry) { bench in
            await #expect(throws: BackendControlError.self) {
                try await registry.startCanary(CanaryPlan(target: "good", percent: 10))
            }
            var plan = CanaryPlan(target: "bad", percent: 50)
            var rule = plan.rule
            rule.requests = 5
            plan = CanaryPlan(target: "bad", percent: 50, rule: rule)
            try await registry.startCanary(plan)
            #expect(registry.snapshot().backends.map(\.share) == [50, 50])
            for client in 0..<60 {
                for _ in 0..<2 {
                    _ = try await bench.exchange(
                        "GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 10.1.1.\(client)\r\n\r\n")
                }
            }
            _ = await bench.recorder.ended(120)
            let canary = try #require(registry.snapshot().canary)
            #expect(canary.stable.count == good.requests.count && canary.canary.count == bad.requests.count)
            #expect(canary.stable.count.isMultiple(of: 2) && (20...100).contains(canary.canary.count))
            #expect(canary.stable.serverErrors == 0 && canary.canary.serverErrors == canary.canary.count)
            #expect(canary.stable.p95 != nil && canary.canary.p50 != nil)
            registry.tick()
            let breach = CanaryBreach.serverErrors(percent: 100, limit: 2)
            #expect(registry.snapshot().events.last?.kind == .canaryWarned(breach, seconds: 30))
            #expect(registry.snapshot().canary?.rollsBackAt?.since(clock.steering.wall()) == .seconds(30))
            clock.advance(by: .seconds(29))
            registry.tick()
            #expect(registry.snapshot().canary != nil)
            clock.advance(by: .seconds(1))
            registry.tick()
            #expect(registry.snapshot().canary == nil)
            #expect(registry.snapshot().events.last?.kind == .canaryRolledBack(breach))
            #expect(registry.direct?.backend.name == "good")
            #expect(ledger.records.map(\.action) == [.canary, .canaryEnd])
            #expect(ledger.records.map(\.by) == ["alice", "guard"])
        }
        await good.stop()
        await bad.stop()
    }

    @Test("a canary that is finished becomes the active backend, and one whose backend is down gets nothing")
    func promoted() async throws {
        let url = BackendURL(scheme: .http, host: "127.0.0.1", port: 1)
        let ledger = SteeringLedgerRecorder()
        let registry = BackendRegistry(
            backends: [Backend(name: "a", url: url), Backend(name: "b", url: url)], ledger: ledger)
        await #expect(throws: BackendControlError.self) { try await registry.endCanary(promoted: true) }
        try await registry.startCanary(CanaryPlan(target: "b", percent: 99))
        let failed = HealthProbeResult(
            code: "L4CON", detail: "", passed: false, latency: .zero, at: WallTime(nanosecondsSinceEpoch: 0))
        registry.addProbe(failed, of: "b", fall: 1, rise: 1)
        #expect((0..<200).allSatisfy { registry.table.choose(UInt64($0))?.backend.name == "a" })
        try await registry.endCanary(promoted: true)
        #expect(registry.direct?.backend.name == "b")
        #expect(registry.snapshot().canary == nil)
        #expect(ledger.records.last?.why == "canary finished")
    }
}
