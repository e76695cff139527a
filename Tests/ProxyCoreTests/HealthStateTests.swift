import TestOrigin
import TestSupport
import Testing
import WorkerDomain

@testable import ProxyCore

@Suite("Health", .timeLimit(.minutes(1)))
struct HealthStateTests {
    @Test(
        "three failures take a backend down and two passes bring it up",
        arguments: [
            ("+", BackendHealth.up), ("-", .falling(failed: 1, needed: 3)), ("+--", .falling(failed: 2, needed: 3)),
            ("+---", .down), ("+--+", .up), ("+---+", .rising(passed: 1, needed: 2)), ("+---+-", .down),
            ("+---++", .up),
        ])
    func sequence(probes: String, expected: BackendHealth) {
        var state = HealthState()
        for probe in probes {
            let result = HealthProbeResult(
                code: "L4OK", detail: "", passed: probe == "+", latency: .zero, at: WallTime(nanosecondsSinceEpoch: 0))
            state.add(result, fall: 3, rise: 2)
        }
        #expect(state.health == expected)
        #expect(state.history.newest.count == probes.count)
    }

    @Test(
        "a probe says how far it came",
        arguments: [
            ("HTTP/1.1 200 OK\r\n\r\n", "L7OK"), ("HTTP/1.1 503 No\r\n\r\n", "L7STS"), ("nonsense\r\n\r\n", "L7RSP"),
        ])
    func codes(answer: String, code: String) async throws {
        let origin = try await ScriptedOrigin.answering(answer)
        var configuration = HealthConfiguration()
        configuration.method = .http(method: "GET", path: "/health")
        let result = await NetworkProbe(configuration).probe(origin.backend)
        #expect(result.code == code)
        #expect(result.passed == (code == "L7OK"))
        await origin.stop()
    }

    @Test("a closed port is L4CON, an open one L4OK")
    func connecting() async throws {
        let origin = try await ScriptedOrigin.start { _ in [.hold] }
        let probe = NetworkProbe(HealthConfiguration())
        #expect(await probe.probe(origin.backend).code == "L4OK")
        await origin.stop()
        let closed = try LoopbackSocket.closed()
        defer { withExtendedLifetime(closed) {} }
        #expect(await probe.probe(closed.backend).code == "L4CON")
    }

    @Test("asking the registry probes now")
    func onDemand() async throws {
        let origin = try await ScriptedOrigin.answering("HTTP/1.1 200 OK\r\n\r\n")
        let registry = BackendRegistry(backends: [origin.backend])
        let checker = HealthChecker(registry: registry)
        await registry.probe(nil)
        #expect(registry.snapshot().backends.first?.health == .up)
        #expect(registry.snapshot().backends.first?.probes.count == 1)
        await origin.stop()
        withExtendedLifetime(checker) {}
    }
}
