import NetworkIO
import Synchronization
import WorkerDomain

/// What the probes and the data plane tell.
extension BackendRegistry {
    /// Lets ``probe(_:)`` reach whoever probes, failing requests ask for a probe out of turn, and changes be looked after.
    func attach(
        check: HealthCheckSummary? = nil, prober: @escaping @Sendable (String?) async -> Void,
        alarm: (@Sendable (String) -> Void)? = nil, changed: (@Sendable () -> Void)? = nil
    ) {
        self.state.withLock { state in
            state.check = check
            state.prober = prober
            state.alarm = alarm
            state.changed = changed
        }
    }

    /// What the health checks know of one backend.
    func health(of name: String) -> HealthState {
        self.state.withLock { $0.health[name] ?? HealthState() }
    }

    func addProbe(_ result: HealthProbeResult, of name: String, fall: Int, rise: Int) {
        self.state.withLock { state in
            var health = state.health[name] ?? HealthState()
            let before = health.health
            health.add(result, fall: fall, rise: rise)
            state.health[name] = health
            guard before != health.health, health.health == .up || health.health == .down else { return }
            // Back from a failure that never counted is no news.
            if case .falling = before, health.health == .up { return }
            state.healthSince[name] = result.at
            let wasServing = state.table.entry(named: name).map { state.table.serves($0) } ?? false
            self.rebuild(&state)
            if before != .unknown || health.health == .down {
                self.say(.health(isUp: health.health == .up, code: result.code), of: name, in: &state)
            }
            let isServing = state.table.entry(named: name).map { state.table.serves($0) } ?? false
            if health.health == .down, wasServing, isServing { self.say(.keptAsLast, of: name, in: &state) }
        }
    }

    /// A request to the backend has failed, or got a 5xx; with `atOnce` one is reason enough for a probe.
    func requestFailed(_ entry: BackendEntry, atOnce: Bool) {
        // What fails on purpose says nothing of the backend.
        guard self.table.faults[entry.slot] == nil else { return }
        let ordinal = entry.requests.load(ordering: .relaxed)
        let settings = self.settings
        let isMuch = entry.passive.withLock {
            $0.add(ordinal: ordinal, failures: settings.passiveFailures, window: settings.passiveWindow)
        }
        guard settings.passiveFailures > 0, atOnce || isMuch else { return }
        self.state.withLock { $0.alarm }?(entry.backend.name)
    }

    /// An event loop has come: what it does for a backend can be cut.
    func join(_ loop: LoopContext) {
        // Weak, because the loop holds what holds this registry.
        let bound = LoopBound(WeakLoop(loop), on: loop.loop)
        self.state.withLock { state in
            state.cutters.append { slot in await bound.submit { $0.loop?.cut(slot: slot) ?? 0 } ?? 0 }
        }
    }
}

private final class WeakLoop {
    weak var loop: LoopContext?

    init(_ loop: LoopContext) {
        self.loop = loop
    }
}
