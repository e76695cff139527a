import Synchronization
package import WorkerDomain

/// Holds the table of backends, publishes it to every event loop, and steers it.
///
/// A switch replaces the table at once: every request that is routed afterwards goes to the new target, running ones
/// finish where they began and are counted until they have.
package final class BackendRegistry: BackendControl {
    /// Remembers an added backend; throws when that failed, and then nothing changes.
    package typealias Persist = @Sendable (Backend) throws(BackendControlError) -> Void

    /// What still runs on a backend that gets no new requests.
    struct Drain: Sendable {
        var began: Int64
        var deadline: Int64
        var isOverdueTold = false
    }

    struct State: Sendable {
        var table: BackendTable
        var switches: [BackendSwitch] = []
        var events: [BackendEvent] = []
        var health: [String: HealthState] = [:]
        /// When the health last settled.
        var healthSince: [String: WallTime] = [:]
        /// Slots that get no new requests until a person puts them back.
        var heldBack: Set<Int> = []
        /// By slot.
        var drains: [Int: Drain] = [:]
        var check: HealthCheckSummary?
        var prober: (@Sendable (String?) async -> Void)?
        /// Told of a backend whose requests fail.
        var alarm: (@Sendable (String) -> Void)?
        /// Told when what is to be looked after may be more than before.
        var changed: (@Sendable () -> Void)?
        /// One a loop: ends what is with the backend of a slot.
        var cutters: [@Sendable (Int) async -> Int] = []
    }

    /// The newest switches, and the newest events, that are kept.
    private static let historyLimit = 200

    let state: Mutex<State>
    private let liveSettings: Mutex<SteeringSettings>
    let time: SteeringTime
    let user: String
    private let selector: Selector
    private let persist: Persist
    private let ledger: (any SteeringLedger)?

    /// - Parameters:
    ///   - backends: In configured order; of two with the same name the first counts.
    ///   - active: The name of the backend that gets new requests; `nil` or an unknown name for the first.
    ///   - user: Who is named as the author of switches.
    ///   - settings: How requests find their backend.
    ///   - time: The clock of drains, canaries and faults.
    ///   - ledger: Writes down what is done.
    ///   - persist: Remembers a backend that was added.
    package init(
        backends: [Backend], active: String? = nil, user: String = "", settings: SteeringSettings = SteeringSettings(),
        time: SteeringTime = .system, ledger: (any SteeringLedger)? = nil, persist: @escaping Persist = { _ in }
    ) {
        var entries: [BackendEntry] = []
        for backend in backends where !entries.contains(where: { $0.backend.name == backend.name }) {
            entries.append(BackendEntry(backend, slot: entries.count))
        }
        let chosen = entries.first { $0.backend.name == active } ?? entries.first
        let selector = Selector(settings.policy)
        var canary: CanaryRun?
        if let plan = settings.canary, let entry = entries.first(where: { $0.backend.name == plan.target }),
            entry !== chosen
        {
            canary = CanaryRun(entry: entry, plan: plan, startedAt: time.wall())
        }
        self.selector = selector
        self.liveSettings = Mutex(settings)
        self.time = time
        self.user = user
        self.ledger = ledger
        self.persist = persist
        self.state = Mutex(
            State(
                table: BackendTable(
                    entries: entries, active: chosen, isUsable: { _ in true }, isHeldBack: { _ in false },
                    selector: selector, canary: canary, faults: [:], takesTargetField: settings.takesTargetField)))
    }

    /// The table that counts now.
    var table: BackendTable { self.state.withLock { $0.table } }

    /// The backend of every new request; `nil` when each has to be looked at (``BackendTable/direct``).
    @inline(__always)
    var direct: BackendEntry? { self.state.withLock { $0.table.direct } }

    /// How requests find their backend; what of it changes, ``use(_:)`` says.
    var settings: SteeringSettings { self.liveSettings.withLock { $0 } }

    // MARK: - Reading

    package func snapshot() -> BackendsSnapshot {
        let state = self.state.withLock { $0 }
        let (now, wall) = (self.time.now(), self.time.wall())
        func moment(_ nanoseconds: Int64) -> WallTime {
            WallTime(nanosecondsSinceEpoch: wall.nanosecondsSinceEpoch + nanoseconds - now)
        }
        let table = state.table
        let statuses = table.entries.map { entry in
            let health = state.health[entry.backend.name] ?? HealthState()
            var status = BackendStatus(
                backend: entry.backend, isActive: entry === table.active, health: health.health,
                inFlight: entry.inFlight.load(ordering: .relaxed),
                requests: entry.requests.load(ordering: .relaxed), failures: entry.failures.load(ordering: .relaxed))
            status.history = health.history
            status.serverErrors = entry.serverErrors.load(ordering: .relaxed)
            status.share = table.share(of: entry)
            status.isHeldBack = state.heldBack.contains(entry.slot)
            status.healthSince = state.healthSince[entry.backend.name]
            status.drainDeadline = state.drains[entry.slot].map { moment($0.deadline) }
            status.fault = table.faults[entry.slot].map { BackendFault(kind: $0.kind, until: moment($0.until)) }
            return status
        }
        var snapshot = BackendsSnapshot(backends: statuses, switches: state.switches)
        snapshot.policy = self.selector.name
        snapshot.events = state.events
        snapshot.canaryRule = self.settings.canaryRule
        snapshot.check = state.check
        snapshot.canary = table.canary?.status(stable: table.active?.backend.name ?? "", now: now, wall: wall)
        return snapshot
    }

    // MARK: - Switching

    package func activate(_ name: String) async throws(BackendControlError) {
        try await self.activate(name, why: "")
    }

    package func activate(_ name: String, why: String) async throws(BackendControlError) {
        let change = try self.change("switch to \(name)") { state throws(BackendControlError) -> BackendSwitch? in
            let entry = try Self.entry(name, "switch to \(name)", in: state)
            guard entry !== state.table.active else { return nil }
            let change = self.note(from: state.table.active, to: entry, why: why, in: &state)
            self.startDrain(of: state.table.active, after: entry, in: &state)
            state.heldBack.remove(entry.slot)
            // A canary was measured against the backend that is left: with another one it says nothing.
            self.rebuild(&state, active: entry, canary: .some(nil))
            return change
        }
        if let change { self.write(change) }
    }

    package func add(_ backend: Backend) async throws(BackendControlError) {
        let operation = "add backend \(backend.name)"
        guard self.table.entry(named: backend.name) == nil else {
            throw BackendControlError(.duplicate, operation: operation, reason: "the name is taken")
        }
        try self.persist(backend)
        if let change = try self.insert(backend, operation) { self.write(change) }
    }

    /// Adds a backend that the project's file names already; it gets no request that another one can get.
    /// - Throws: ``BackendControlError`` — `.duplicate`.
    package func addConfigured(_ backend: Backend) throws(BackendControlError) {
        let operation = "add backend \(backend.name)"
        if let change = try self.insert(backend, operation) { self.write(change) }
    }

    private func insert(_ backend: Backend, _ operation: String) throws(BackendControlError) -> BackendSwitch? {
        try self.change(operation) { state throws(BackendControlError) -> BackendSwitch? in
            guard state.table.entry(named: backend.name) == nil else {
                throw BackendControlError(.duplicate, operation: operation, reason: "the name is taken")
            }
            let entry = BackendEntry(backend, slot: state.table.entries.count)
            let isFirst = state.table.active == nil
            let change = isFirst ? self.note(from: nil, to: entry, why: "the first one", in: &state) : nil
            self.rebuild(&state, entries: state.table.entries + [entry], active: state.table.active ?? entry)
            return change
        }
    }

    /// Takes over, of new settings, what concerns no running decision: when failing requests ask for a probe, how long
    /// drains take, and the rule of the next canary.
    package func use(_ settings: SteeringSettings) {
        self.liveSettings.withLock { live in
            live.passiveFailures = settings.passiveFailures
            live.passiveWindow = settings.passiveWindow
            live.drainTimeout = settings.drainTimeout
            live.canaryRule = settings.canaryRule
        }
    }

    package func probe(_ name: String?) async {
        let prober = self.state.withLock { $0.prober }
        await prober?(name)
    }

    // MARK: - Parts

    /// Runs `body` with the state, so that a change is seen whole or not at all.
    func change<Result: Sendable>(
        _ operation: String, _ body: (inout State) throws(BackendControlError) -> Result
    ) throws(BackendControlError) -> Result {
        let (result, changed) = try self.state.withLock { state throws(BackendControlError) in
            (try body(&state), state.changed)
        }
        changed?()
        return result
    }

    static func entry(
        _ name: String, _ operation: String, in state: State
    ) throws(BackendControlError) -> BackendEntry {
        guard let entry = state.table.entry(named: name) else {
            throw BackendControlError(.unknown, operation: operation, reason: "no such backend")
        }
        return entry
    }

    /// Replaces the table; what is not given stays as it is.
    func rebuild(
        _ state: inout State, entries: [BackendEntry]? = nil, active: BackendEntry? = nil, canary: CanaryRun?? = nil,
        faults: [Int: FaultRule]? = nil
    ) {
        let old = state.table
        let health = state.health
        let heldBack = state.heldBack
        state.table = BackendTable(
            entries: entries ?? old.entries, active: active ?? old.active,
            isUsable: { health[$0.backend.name]?.isUsable ?? true }, isHeldBack: { heldBack.contains($0) },
            selector: self.selector, canary: canary ?? old.canary, faults: faults ?? old.faults,
            takesTargetField: old.takesTargetField)
    }

    func say(_ kind: BackendEvent.Kind, of name: String, in state: inout State) {
        state.events.append(BackendEvent(at: self.time.wall(), backend: name, kind: kind))
        if state.events.count > Self.historyLimit { state.events.removeFirst() }
    }

    private func note(
        from: BackendEntry?, to: BackendEntry, why: String, in state: inout State
    ) -> BackendSwitch {
        let change = BackendSwitch(
            from: from?.backend.name, to: to.backend.name, at: self.time.wall(), by: self.user, why: why)
        state.switches.append(change)
        if state.switches.count > Self.historyLimit { state.switches.removeFirst() }
        self.say(.switched(from: change.from, to: change.to), of: change.to, in: &state)
        return change
    }

    /// Writes a switch down, after it has happened: a full disk must not keep anybody from leaving a broken backend.
    private func write(_ change: BackendSwitch) {
        self.append(
            SteeringRecord(
                action: .switched, from: change.from, to: change.to, at: change.at, by: change.by, why: change.why))
        if let reason = self.ledger?.remember(active: change.to) {
            self.state.withLock { self.say(.auditFailed(reason: reason), of: change.to, in: &$0) }
        }
    }

    func append(_ record: SteeringRecord) {
        guard let reason = self.ledger?.append(record) else { return }
        self.state.withLock { self.say(.auditFailed(reason: reason), of: record.to, in: &$0) }
    }
}
