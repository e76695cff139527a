import ConsoleUI
import TerminalCanvas
import WorkerDomain

/// A moment in the life of a worker with two backends, one of them down.
enum BackendsSample {
    static let now = WallTime(millisecondsSinceEpoch: 1_763_812_800_000)

    static func time(_ secondsAgo: Int64) -> WallTime {
        WallTime(nanosecondsSinceEpoch: self.now.nanosecondsSinceEpoch - secondsAgo * 1_000_000_000)
    }

    static let status = WorkerStatus(
        state: .serving, name: "x12523-site", listening: ["127.0.0.1:8787"], startedAt: Self.time(3_600))

    static func world(
        _ language: Language = .english, resources: [BoundResource] = [],
        backends: BackendsSnapshot = BackendsSnapshot()
    ) -> World {
        World(language: language, now: self.now, status: self.status, backends: backends, resources: resources)
    }

    private static func probe(_ passed: Bool, _ secondsAgo: Int64) -> HealthProbeResult {
        passed
            ? HealthProbeResult(
                code: "L7OK", detail: "200", passed: true, latency: .milliseconds(12), at: self.time(secondsAgo))
            : HealthProbeResult(
                code: "L4CON", detail: "connection refused", passed: false, latency: .milliseconds(1),
                at: self.time(secondsAgo))
    }

    static let snapshot = BackendsSnapshot(
        backends: [
            BackendStatus(
                backend: Backend(
                    name: "blue", url: BackendURL(scheme: .https, host: "api.example.com", port: 443, basePath: "/v2")),
                isActive: true, health: .up, probes: (0..<20).map { Self.probe($0 != 7, Int64(300 - $0 * 15)) },
                inFlight: 3, requests: 12_418, failures: 5),
            BackendStatus(
                backend: Backend(name: "green", url: BackendURL(scheme: .http, host: "127.0.0.1", port: 9_000)),
                health: .down, probes: (0..<6).map { Self.probe($0 < 2, Int64(90 - $0 * 15)) }, inFlight: 2,
                requests: 88, failures: 31),
            BackendStatus(
                backend: Backend(name: "canary", url: BackendURL(scheme: .http, host: "::1", port: 9_001)),
                health: .rising(passed: 1, needed: 2), probes: [Self.probe(false, 30), Self.probe(true, 15)]),
            BackendStatus(
                backend: Backend(name: "new", url: BackendURL(scheme: .https, host: "new.example.net", port: 443))),
        ],
        switches: [
            BackendSwitch(from: nil, to: "green", at: Self.time(3_500), by: "alice"),
            BackendSwitch(from: "green", to: "blue", at: Self.time(600), by: "alice"),
        ])
}
