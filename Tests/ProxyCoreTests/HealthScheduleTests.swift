import Synchronization
import TestOrigin
import TestSupport
import Testing
import WorkerDomain

@testable import ProxyCore

@Suite("Health checks in time", .timeLimit(.minutes(1)))
struct HealthScheduleTests {
    /// Answers as it is told and counts.
    private final class Probe: HealthProbe {
        private let state = Mutex((passes: true, count: 0))

        var count: Int { self.state.withLock { $0.count } }
        func set(_ passes: Bool) { self.state.withLock { $0.passes = passes } }

        func probe(_: Backend) async -> HealthProbeResult {
            let passes = self.state.withLock { state in
                state.count += 1
                return state.passes
            }
            return HealthProbeResult(
                code: passes ? "L4OK" : "L4CON", detail: "", passed: passes, latency: .zero,
                at: WallTime(nanosecondsSinceEpoch: 0))
        }
    }

    private static let second: Int64 = 1_000_000_000

    @Test("a new backend is due at once, a running one is not, and a finished one after its wait")
    func schedule() {
        var schedule = ProbeSchedule()
        #expect(schedule.start(among: ["a", "b"], now: 0) == ["a", "b"])
        #expect(schedule.start(among: ["a", "b"], now: 0) == [])
        #expect(schedule.wait(now: 0) == nil)
        schedule.finished("a", now: Self.second, wait: 15 * Self.second)
        #expect(schedule.wait(now: 2 * Self.second) == 14 * Self.second)
        #expect(schedule.start(among: ["a", "b", "c"], now: 15 * Self.second) == ["c"])
        #expect(schedule.start(among: ["a", "b", "c"], now: 16 * Self.second) == ["a"])
    }

    @Test("an extra probe comes at once, but not sooner than the fast interval after the last one")
    func early() {
        var schedule = ProbeSchedule()
        _ = schedule.start(among: ["a"], now: 0)
        schedule.bringForward("a", now: 0, distance: 2 * Self.second)
        schedule.finished("a", now: 0, wait: 15 * Self.second)
        schedule.bringForward("a", now: Self.second, distance: 2 * Self.second)
        #expect(schedule.wait(now: Self.second) == Self.second)
        schedule.bringForward("a", now: 9 * Self.second, distance: 2 * Self.second)
        #expect(schedule.wait(now: 9 * Self.second) == 0)
    }

    @Test("another manner of probing is used soon, however long the wait for the next probe is")
    func newManner() async {
        let backend = Backend(name: "a", url: BackendURL(scheme: .http, host: "127.0.0.1", port: 9))
        let clock = SteeringClock()
        let registry = BackendRegistry(backends: [backend], time: clock.steering)
        var configuration = HealthConfiguration()
        (configuration.interval, configuration.fastInterval) = (.seconds(3_600), .seconds(3_600))
        let (first, second) = (Probe(), Probe())
        let checker = HealthChecker(registry: registry, configuration: configuration, probe: first, clock: clock)
        let running = Task { await checker.run() }
        while first.count == 0 || !checker.isAtRest { await Task.yield() }
        // An hour is to be slept, by a clock that stands.
        await clock.someoneSleeps()
        configuration.fall = 7
        checker.use(configuration, probe: second)
        #expect(registry.snapshot().check?.fall == 7)
        while second.count == 0 { await Task.yield() }
        #expect(first.count == 1)
        running.cancel()
        await running.value
    }

    @Test(
        "so many of the newest requests must have failed",
        arguments: [
            ([1, 2, 3, 4, 5], [5]), ([1, 11, 21, 31, 41], [41]), ([1, 20, 30, 40, 51], []),
            ([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], [5, 10]), ([1, 40, 50, 60, 70, 80], [80]),
        ])
    func passive(failures: [Int], triggers: [Int]) {
        var window = PassiveWindow()
        #expect(failures.filter { window.add(ordinal: $0, failures: 5, window: 50) } == triggers)
    }

    @Test("15 s while it is up, 2 s while that changes, 5 s while it is down, by the clock")
    func intervals() async throws {
        let clock = SteeringClock()
        let url = BackendURL(scheme: .http, host: "127.0.0.1", port: 1)
        let registry = BackendRegistry(backends: [Backend(name: "a", url: url)], time: clock.steering)
        let probe = Probe()
        let checker = HealthChecker(registry: registry, probe: probe, clock: clock, jitter: { 0 })
        let task = Task { await checker.run() }
        /// Moves the clock second by second to the next probe.
        func secondsToNextProbe() async -> Int {
            let before = probe.count
            for seconds in 1...60 {
                clock.advance(by: .seconds(1))
                await settle()
                if probe.count > before { return seconds }
            }
            return 0
        }
        /// What is due has been marked when the checker sleeps; then it sleeps for what its result has planned.
        func settle() async {
            await clock.someoneSleeps()
            while !checker.isAtRest { await Task.yield() }
            await clock.someoneSleeps()
        }
        await settle()
        #expect(probe.count == 1)
        #expect(await secondsToNextProbe() == 15)
        probe.set(false)
        #expect(await secondsToNextProbe() == 15)
        #expect(await secondsToNextProbe() == 2)
        #expect(await secondsToNextProbe() == 2)
        #expect(registry.snapshot().backends.first?.health == .down)
        #expect(await secondsToNextProbe() == 5)
        probe.set(true)
        #expect(await secondsToNextProbe() == 5)
        #expect(registry.snapshot().backends.first?.health == .rising(passed: 1, needed: 2))
        #expect(await secondsToNextProbe() == 2)
        #expect(registry.snapshot().backends.first?.health == .up)
        task.cancel()
        await task.value
        #expect(registry.snapshot().check?.method == "TCP")
    }

    @Test("a refused connection asks for a probe at once, and many of them for no more than one", .everyEngine)
    func alarm() async throws {
        let clock = SteeringClock()
        let closed = try LoopbackSocket.closed()
        defer { withExtendedLifetime(closed) {} }
        let registry = BackendRegistry(backends: [closed.backend], time: clock.steering)
        let probe = Probe()
        let checker = HealthChecker(registry: registry, probe: probe, clock: clock, jitter: { 0 })
        let task = Task { await checker.run() }
        while registry.snapshot().backends.first?.health != .up || !checker.isAtRest { await Task.yield() }
        await clock.someoneSleeps()
        clock.advance(by: .seconds(5))
        await clock.someoneSleeps()
        try await Bench.run(registry) { bench in
            for _ in 0..<10 {
                let answer = try await bench.get()
                #expect(answer.status == 502)
            }
            while probe.count < 2 { await Task.yield() }
            #expect(probe.count == 2)
            #expect(registry.snapshot().events.map(\.kind) == [.probedEarly])
            // It is asked, not cut: the backend still gets every request.
            #expect(registry.snapshot().backends.first?.requests == 10)
        }
        task.cancel()
        await task.value
    }

    @Test(
        "five 5xx answers ask for a probe, a single one does not, and injected ones never do", .everyEngine,
        arguments: [1, 5, 0])
    func serverErrors(count: Int) async throws {
        let clock = SteeringClock()
        let origin = try await ScriptedOrigin.answering("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n")
        let registry = BackendRegistry(backends: [origin.backend], time: clock.steering)
        let probe = Probe()
        let checker = HealthChecker(registry: registry, probe: probe, clock: clock, jitter: { 0 })
        let task = Task { await checker.run() }
        while registry.snapshot().backends.first?.health != .up || !checker.isAtRest { await Task.yield() }
        await clock.someoneSleeps()
        clock.advance(by: .seconds(5))
        await clock.someoneSleeps()
        let isInjected = count == 0
        if isInjected { try await registry.inject(.status(503), into: origin.backend.name) }
        try await Bench.run(registry) { bench in
            for _ in 0..<(isInjected ? 20 : count) {
                let answer = try await bench.get()
                #expect(answer.status >= 500)
            }
            if count == 5 { while probe.count < 2 { await Task.yield() } }
            #expect(probe.count == (count == 5 ? 2 : 1))
            #expect(registry.snapshot().backends.first?.health == .up)
        }
        task.cancel()
        await task.value
        await origin.stop()
    }

    @Test("expected statuses are ranges", arguments: [("204", true), ("301", false), ("404", true), ("500", false)])
    func expected(status: String, passes: Bool) async throws {
        let origin = try await ScriptedOrigin.answering("HTTP/1.1 \(status) X\r\nContent-Length: 0\r\n\r\n")
        var configuration = HealthConfiguration()
        configuration.method = .http(method: "GET", path: "/health")
        configuration.passingStatuses = [200...299, 404...404]
        let result = await NetworkProbe(configuration).probe(origin.backend)
        #expect(result.passed == passes && result.code == (passes ? "L7OK" : "L7STS"))
        #expect(origin.requests.first?.target == "/health")
        await origin.stop()
    }
}
