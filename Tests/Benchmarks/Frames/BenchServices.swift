import ConsoleUI
import Glibc
import TrafficJournal
import WorkerDomain

/// What the console works with in a measurement: a journal, two backends, and nothing else.
enum BenchServices {
    /// The wall clock.
    static func now() -> WallTime {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return WallTime(nanosecondsSinceEpoch: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }

    static func services(_ journal: Journal) -> Services {
        Services(
            journal: journal, backends: StillBackends(), worker: StillWorker(), resources: [], checks: NoChecks())
    }
}

private struct StillBackends: BackendControl {
    func snapshot() -> BackendsSnapshot {
        BackendsSnapshot(
            backends: ["blue", "green"].enumerated().map { index, name in
                BackendStatus(
                    backend: Backend(
                        name: name, url: BackendURL(scheme: .http, host: "127.0.0.1", port: 9_001 + index)),
                    isActive: index == 0, health: .up)
            })
    }

    func activate(_: String) async throws(BackendControlError) {}
    func add(_: Backend) async throws(BackendControlError) {}
    func probe(_: String?) async {}
}

private struct StillWorker: WorkerStatusSource {
    private let start = BenchServices.now()

    func status() -> WorkerStatus {
        WorkerStatus(
            state: .serving, name: "bench", listening: ["127.0.0.1:8787"], startedAt: self.start)
    }

    func bindingHealth() -> [String: BindingHealth] { [:] }
    func probeBindings() async {}
}

private struct NoChecks: CheckRunner {
    func run() async -> CheckReport { CheckReport(results: [], startedAt: BenchServices.now(), duration: .zero) }
}
