import ConsoleUI
import Synchronization
import WorkerDomain

/// Notes what it is asked, and refuses what it is told to refuse.
final class ScriptedBackends: BackendControl {
    private let calls = Mutex<[String]>([])
    private let current: BackendsSnapshot
    private let refusal: BackendControlError?

    init(_ current: BackendsSnapshot = BackendsSnapshot(), refusal: BackendControlError? = nil) {
        self.current = current
        self.refusal = refusal
    }

    var log: [String] { self.calls.withLock { $0 } }

    func snapshot() -> BackendsSnapshot { self.current }

    func activate(_ name: String) async throws(BackendControlError) {
        self.calls.withLock { $0.append("activate \(name)") }
        if let refusal { throw refusal }
    }

    func add(_ backend: Backend) async throws(BackendControlError) {
        self.calls.withLock { $0.append("add \(backend.name) \(backend.url)") }
        if let refusal { throw refusal }
    }

    private func note(_ call: String) throws(BackendControlError) {
        self.calls.withLock { $0.append(call) }
        if let refusal { throw refusal }
    }

    func drain(_ name: String, deadline: Duration) async throws(BackendControlError) {
        try self.note("drain \(name) \(deadline)")
    }

    func resume(_ name: String) async throws(BackendControlError) { try self.note("resume \(name)") }

    func cut(_ name: String) async throws(BackendControlError) -> Int {
        try self.note("cut \(name)")
        return 2
    }

    func startCanary(_ plan: CanaryPlan) async throws(BackendControlError) {
        try self.note("canary \(plan.target) \(plan.percent)")
    }

    func endCanary(promoted: Bool) async throws(BackendControlError) { try self.note("end \(promoted)") }

    func inject(_ fault: BackendFault.Kind?, into name: String) async throws(BackendControlError) {
        try self.note("fault \(name) \(fault?.name ?? "none")")
    }

    func probe(_ name: String?) async { self.calls.withLock { $0.append("probe \(name ?? "all")") } }
}

struct ScriptedChecks: CheckRunner {
    var report: CheckReport
    func run() async -> CheckReport { self.report }
}

struct ScriptedWorker: WorkerStatusSource {
    func status() -> WorkerStatus { BackendsSample.status }
    func bindingHealth() -> [String: BindingHealth] { [:] }
    func probeBindings() async {}
}
