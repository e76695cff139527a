import Synchronization
package import WorkerDomain

/// Holds the table of backends, publishes it to every event loop, and steers it.
///
/// A switch replaces the table at once: every request that is routed afterwards goes to the new target, running ones
/// finish where they began and are counted until they have.
package final class BackendRegistry: BackendControl {
    /// Remembers an added backend; throws when that failed, and then nothing changes.
    package typealias Persist = @Sendable (Backend) throws(BackendControlError) -> Void

    private struct State: Sendable {
        var table: BackendTable
        var switches: [BackendSwitch] = []
        var health: [String: HealthState] = [:]
        var prober: (@Sendable (String?) async -> Void)?
    }

    /// The newest switches that are kept.
    private static let switchLimit = 200

    private let state: Mutex<State>
    private let user: String
    private let persist: Persist

    /// - Parameters:
    ///   - backends: In configured order; of two with the same name the first counts.
    ///   - active: The name of the backend that gets new requests; `nil` or an unknown name for the first.
    ///   - user: Who is named as the author of switches.
    ///   - persist: Remembers a backend that was added.
    package init(
        backends: [Backend], active: String? = nil, user: String = "", persist: @escaping Persist = { _ in }
    ) {
        var entries: [BackendEntry] = []
        for backend in backends where !entries.contains(where: { $0.backend.name == backend.name }) {
            entries.append(BackendEntry(backend, slot: entries.count))
        }
        let chosen = entries.first { $0.backend.name == active } ?? entries.first
        self.state = Mutex(State(table: BackendTable(entries: entries, active: chosen)))
        self.user = user
        self.persist = persist
    }

    /// The table that counts now.
    var table: BackendTable { self.state.withLock { $0.table } }

    /// The backend that a new request goes to now.
    var active: BackendEntry? { self.state.withLock { $0.table.active } }

    package func snapshot() -> BackendsSnapshot {
        let state = self.state.withLock { $0 }
        let statuses = state.table.entries.map { entry in
            let health = state.health[entry.backend.name] ?? HealthState()
            return BackendStatus(
                backend: entry.backend, isActive: entry === state.table.active, health: health.health,
                probes: health.probes, inFlight: entry.inFlight.load(ordering: .relaxed),
                requests: entry.requests.load(ordering: .relaxed), failures: entry.failures.load(ordering: .relaxed))
        }
        return BackendsSnapshot(backends: statuses, switches: state.switches)
    }

    package func activate(_ name: String) async throws(BackendControlError) {
        let user = self.user
        let isKnown = self.state.withLock { state in
            guard let entry = state.table.entry(named: name) else { return false }
            guard entry !== state.table.active else { return true }
            Self.record(from: state.table.active, to: entry, by: user, in: &state)
            state.table = BackendTable(entries: state.table.entries, active: entry)
            return true
        }
        guard isKnown else {
            throw BackendControlError(
                .unknown, operation: "switch to \(name)", reason: "there is no backend of this name")
        }
    }

    package func add(_ backend: Backend) async throws(BackendControlError) {
        let operation = "add backend \(backend.name)"
        guard self.table.entry(named: backend.name) == nil else {
            throw BackendControlError(.duplicate, operation: operation, reason: "the name is taken")
        }
        try self.persist(backend)
        let user = self.user
        let wasAdded = self.state.withLock { state in
            guard state.table.entry(named: backend.name) == nil else { return false }
            let entry = BackendEntry(backend, slot: state.table.entries.count)
            let active = state.table.active ?? entry
            if state.table.active == nil { Self.record(from: nil, to: entry, by: user, in: &state) }
            state.table = BackendTable(entries: state.table.entries + [entry], active: active)
            return true
        }
        guard wasAdded else {
            throw BackendControlError(.duplicate, operation: operation, reason: "the name is taken")
        }
    }

    package func probe(_ name: String?) async {
        let prober = self.state.withLock { $0.prober }
        await prober?(name)
    }

    /// Lets ``probe(_:)`` reach whoever probes.
    func attach(prober: @escaping @Sendable (String?) async -> Void) {
        self.state.withLock { $0.prober = prober }
    }

    /// What the health checks know of one backend.
    func health(of name: String) -> HealthState {
        self.state.withLock { $0.health[name] ?? HealthState() }
    }

    func setHealth(_ health: HealthState, of name: String) {
        self.state.withLock { $0.health[name] = health }
    }

    private static func record(from: BackendEntry?, to: BackendEntry, by user: String, in state: inout State) {
        state.switches.append(
            BackendSwitch(from: from?.backend.name, to: to.backend.name, at: SystemTime.wall(), by: user))
        if state.switches.count > Self.switchLimit { state.switches.removeFirst() }
    }
}
