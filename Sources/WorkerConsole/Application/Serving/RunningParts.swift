import ProxyCore
import WorkerDomain
import WorkerProject

/// The parts of a session that take over settings while they run.
struct RunningParts: Sendable {
    /// What came of a change.
    struct Outcome: Sendable {
        /// What the program runs with now.
        var running: ConsoleConfiguration
        var applied: [String] = []
        var needRestart: [String]
    }

    let backends: BackendRegistry
    let server: ProxyServer
    let health: HealthChecker
    let worker: LiveWorkerStatus

    func take(_ change: SettingsChange) -> Outcome {
        var outcome = Outcome(running: change.running, needRestart: change.needRestart)
        let wanted = change.wanted
        if !change.proxy.isEmpty {
            let (cors, routes) = Self.rules(change)
            if self.server.use(cors: cors, routes: routes) {
                outcome.running.proxy.cors = cors
                outcome.running.proxy.routes = routes
                outcome.applied += change.proxy
            } else {
                outcome.needRestart += change.proxy
            }
        }
        if change.health.contains(where: { !$0.hasPrefix("health.passive") }) {
            outcome.running.health = wanted.health
            let probe = NetworkProbe(wanted.health, tls: change.running.proxy.upstream.tls)
            self.health.use(wanted.health, probe: probe)
        }
        if !change.health.isEmpty {
            outcome.running.steering.passiveFailures = wanted.steering.passiveFailures
            outcome.running.steering.passiveWindow = wanted.steering.passiveWindow
        }
        if change.steering.contains(where: { $0.hasPrefix("balance.") }) {
            outcome.running.steering.drainTimeout = wanted.steering.drainTimeout
        }
        if change.steering.contains(where: { $0.hasPrefix("canary.") }) {
            outcome.running.steering.canaryRule = wanted.steering.canaryRule
        }
        if !change.health.isEmpty || !change.steering.isEmpty { self.backends.use(outcome.running.steering) }
        if !change.bindings.isEmpty { outcome.running.stores = wanted.stores }
        outcome.applied += change.health + change.steering + change.bindings
        for backend in change.backends { self.add(backend, to: &outcome) }
        // Where requests go is switched by a person, never by a file that changes; who has switched may have written it.
        let active = self.backends.snapshot().active?.backend.name
        if let place = outcome.needRestart.firstIndex(of: "active"), active.hasSameBytes(as: wanted.active) {
            outcome.needRestart.remove(at: place)
            outcome.running.active = active
        }
        return outcome
    }

    /// A backend that a person has added in the console is in the file, and runs already.
    private func add(_ backend: Backend, to outcome: inout Outcome) {
        do throws(BackendControlError) {
            try self.backends.addConfigured(backend)
            outcome.applied.append("backends.\(backend.name)")
        } catch {
            let known = self.backends.snapshot().backends.first { $0.backend.name.hasSameBytes(as: backend.name) }
            guard known?.backend == backend else {
                outcome.needRestart.append("backends.\(backend.name)")
                return
            }
        }
        outcome.running.backends.append(backend)
    }

    /// The rules that count from now on: those of a table with a wrong value stay.
    private static func rules(_ change: SettingsChange) -> (CORSConfiguration, [String]) {
        let hasCORS = change.proxy.contains { $0.hasPrefix("cors.") }
        let hasRoutes = change.proxy.contains("proxy.routes")
        return (
            hasCORS ? change.wanted.proxy.cors : change.running.proxy.cors,
            hasRoutes ? change.wanted.proxy.routes : change.running.proxy.routes
        )
    }
}
