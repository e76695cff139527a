import FoundationEssentials
import ProxyCore
import WorkerDomain
import WorkerProject

/// What the project says of probes, policies and canaries.
extension ProjectSettings {
    /// Says so when there is no policy of the name that the file gives; which there are is the proxy's to say.
    static func unknownPolicy(in console: ConsoleConfiguration) -> ConfigurationFinding? {
        guard !SelectionPolicies.names.contains(console.balance.policy) else { return nil }
        let names = SelectionPolicies.names.map { "\"\($0)\"" }.joined(separator: ", ")
        return ConfigurationFinding(
            .error, file: console.path, at: console.balance.policyPosition, field: "balance.policy",
            message: "\"balance.policy\" must be one of \(names); until then every request goes to the active backend")
    }

    /// - Parameters:
    ///   - settings: Its backends are known already.
    ///   - file: The project's `worker-console.toml`.
    func steer(_ settings: inout SessionSettings, file: String) {
        let console = self.project.console
        settings.health = Self.health(console.health)
        var steering = SteeringSettings()
        if Self.unknownPolicy(in: console) == nil { steering.policy = console.balance.policy }
        steering.drainTimeout = .milliseconds(console.balance.drain)
        steering.takesTargetField = console.takesTargetHeader
        steering.passiveFailures = console.health.passiveFailures
        steering.passiveWindow = console.health.passiveWindow
        steering.canaryRule = console.canary.rule
        let files = SteeringFiles(
            paths: ProgramPaths(environment: ProcessInfo.processInfo.environment), project: self.project.root,
            configuredActive: console.active,
            memory: settings.givenBackends.isEmpty ? console.balance.remember : .none, configurationFile: file)
        settings.ledger = files
        if settings.givenBackends.isEmpty {
            if let name = files.rememberedActive(), settings.backends.contains(where: { $0.name == name }) {
                if let written = settings.active, written != name {
                    settings.status.notices.append(
                        "requests go to \(name), as at the end of the last run; the project's file says \(written)")
                }
                settings.active = name
            }
            if let name = console.canary.backend, name != settings.active {
                steering.canary = CanaryPlan(target: name, percent: console.canary.percent, rule: console.canary.rule)
            }
        }
        settings.steering = steering
    }

    static func health(_ health: ConsoleConfiguration.Health) -> HealthConfiguration {
        var result = HealthConfiguration()
        result.method = health.method == "TCP" ? .tcp : .http(method: health.method, path: health.path)
        result.passingStatuses = health.expected
        result.interval = .milliseconds(health.interval)
        result.fastInterval = .milliseconds(health.fastInterval)
        result.downInterval = .milliseconds(health.downInterval)
        result.timeout = .milliseconds(health.timeout)
        result.fall = health.fall
        result.rise = health.rise
        result.jitter = Double(health.jitter) / 100
        return result
    }
}
