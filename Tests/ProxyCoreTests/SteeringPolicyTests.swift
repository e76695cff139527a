import Testing
import WorkerDomain

@testable import ProxyCore

@Suite("Selection policies")
struct SteeringPolicyTests {
    private static func loads(_ weights: [Int], inFlight: [Int]? = nil, active: Int = 0) -> [BackendLoad] {
        weights.indices.map { index in
            BackendLoad(
                nameHash: StableHash.of("b\(index)".utf8), weight: weights[index], inFlight: inFlight?[index] ?? 0,
                isActive: index == active)
        }
    }

    private func choices(_ policy: any SelectionPolicy, _ loads: [BackendLoad], count: Int) -> [Int] {
        var policy = policy
        return (0..<count).map { policy.select(among: loads, key: StableHash.mix(UInt64($0))) }
    }

    @Test("each has a name of its own and never leaves the candidates", arguments: SteeringSettings.Policy.allCases)
    func registered(name: SteeringSettings.Policy) {
        let type = SelectionPolicies.type(named: name)
        #expect(type.name == name && SelectionPolicies.all.count { $0.name == name } == 1)
        for count in 1...5 {
            let loads = Self.loads([Int](repeating: 3, count: count), inFlight: Array(0..<count))
            #expect(self.choices(type.init(), loads, count: 50).allSatisfy { (0..<count).contains($0) })
        }
    }

    @Test("the default: everything goes to the active backend")
    func activeOnly() {
        #expect(SteeringSettings().policy == .active)
        #expect(self.choices(ActiveOnly(), Self.loads([1, 9, 9], active: 2), count: 3) == [2, 2, 2])
    }

    @Test("round-robin takes turns")
    func roundRobin() {
        #expect(self.choices(RoundRobin(), Self.loads([1, 9, 1]), count: 7) == [0, 1, 2, 0, 1, 2, 0])
    }

    @Test("weights are kept exactly and spread evenly")
    func weighted() {
        #expect(self.choices(Weighted(), Self.loads([3, 1]), count: 8) == [0, 0, 1, 0, 0, 0, 1, 0])
        let many = self.choices(Weighted(), Self.loads([5, 3, 2]), count: 1_000)
        #expect((0..<3).map { index in many.filter { $0 == index }.count } == [500, 300, 200])
    }

    @Test(
        "least-connections divides by the weight, and the first wins a tie",
        arguments: [([1, 1], [2, 1], 1), ([1, 1], [1, 1], 0), ([3, 1], [5, 2], 0), ([3, 1], [6, 1], 1)])
    func leastConnections(weights: [Int], inFlight: [Int], expected: Int) {
        var policy = LeastConnections()
        #expect(policy.select(among: Self.loads(weights, inFlight: inFlight), key: 0) == expected)
    }

    @Test("client-hash keeps a client, follows the weights, and moves only the clients of what has left")
    func clientHash() {
        let loads = Self.loads([1, 1, 2])
        let first = self.choices(ClientHash(), loads, count: 4_000)
        #expect(first == self.choices(ClientHash(), loads, count: 4_000))
        let counts = (0..<3).map { index in first.filter { $0 == index }.count }
        #expect(zip(counts, [1_000, 1_000, 2_000]).allSatisfy { abs($0 - $1) < 150 }, "\(counts)")
        let without = self.choices(ClientHash(), Array(loads.dropLast()), count: 4_000)
        #expect(zip(first, without).allSatisfy { $0 == 2 || $0 == $1 })
    }

    @Test("what is down is left out, and the last one standing is not")
    func down() async throws {
        let backends = ["a", "b", "c"].map {
            Backend(name: $0, url: BackendURL(scheme: .http, host: "127.0.0.1", port: 1))
        }
        var settings = SteeringSettings()
        settings.policy = .roundRobin
        let registry = BackendRegistry(backends: backends, settings: settings)
        func used() -> Set<String> {
            Set((0..<12).compactMap { _ in registry.table.choose(0)?.backend.name })
        }
        func probe(_ name: String, passed: Bool) {
            let result = HealthProbeResult(
                code: passed ? "L4OK" : "L4CON", detail: "", passed: passed, latency: .zero,
                at: WallTime(nanosecondsSinceEpoch: 0))
            registry.addProbe(result, of: name, fall: 1, rise: 1)
        }
        #expect(used() == ["a", "b", "c"])
        probe("a", passed: false)
        #expect(used() == ["b", "c"])
        probe("b", passed: false)
        #expect(used() == ["c"])
        #expect(registry.direct?.backend.name == "c")
        probe("c", passed: false)
        #expect(used() == ["a", "b", "c"])
        #expect(
            registry.snapshot().events.last
                == BackendEvent(
                    at: registry.snapshot().events.last?.at ?? WallTime(nanosecondsSinceEpoch: 0), backend: "c",
                    kind: .keptAsLast))
        probe("b", passed: true)
        #expect(used() == ["b"])
    }

    @Test("the active backend is never taken out, it is reported")
    func activeDown() {
        let url = BackendURL(scheme: .http, host: "127.0.0.1", port: 1)
        let registry = BackendRegistry(backends: [Backend(name: "a", url: url), Backend(name: "b", url: url)])
        for _ in 0..<3 {
            let result = HealthProbeResult(
                code: "L4CON", detail: "", passed: false, latency: .zero, at: WallTime(nanosecondsSinceEpoch: 0))
            registry.addProbe(result, of: "a", fall: 3, rise: 2)
        }
        #expect(registry.direct?.backend.name == "a")
        #expect(registry.snapshot().events.map(\.kind) == [.health(isUp: false, code: "L4CON"), .keptAsLast])
        #expect(registry.snapshot().events.allSatisfy { $0.isTrouble })
    }

    @Test(
        "shares are shown where they are known",
        arguments: [(SteeringSettings.Policy.weighted, [75, 25]), (.roundRobin, [50, 50])])
    func shares(policy: SteeringSettings.Policy, expected: [Int]) {
        let url = BackendURL(scheme: .http, host: "127.0.0.1", port: 1)
        var settings = SteeringSettings()
        settings.policy = policy
        let registry = BackendRegistry(
            backends: [Backend(name: "a", url: url, weight: 3), Backend(name: "b", url: url)], settings: settings)
        #expect(registry.snapshot().backends.map(\.share) == expected)
        #expect(registry.snapshot().policy == policy.rawValue)
    }

    @Test(
        "a request may name its target only from this machine",
        arguments: [
            ("127.0.0.1", true), ("127.255.255.254", true), ("::1", true), ("::ffff:127.0.0.1", true),
            ("10.0.0.1", false), ("192.168.127.1", false), ("128.0.0.1", false), ("::", false), ("::12", false),
            ("::ffff:10.0.0.1", false), ("2001:db8::1", false), ("fe80::127.0.0.1", false), ("1127.0.0.1", false),
            ("127", false), ("", false),
        ])
    func loopback(address: String, isLoopback: Bool) {
        #expect(ClientKey.isLoopback(Array(address.utf8)) == isLoopback)
    }
}
