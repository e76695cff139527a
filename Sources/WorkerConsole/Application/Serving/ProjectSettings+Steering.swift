import OperatingSystem
import WorkerDomain
import WorkerProject

/// What the project says of probes, policies and canaries.
extension ProjectSettings {
    /// - Parameters:
    ///   - settings: Its backends are known already.
    ///   - file: The project's `worker-console.toml`.
    func steer(_ settings: inout SessionSettings, file: String) {
        let console = self.project.console
        settings.health = console.health
        settings.steering = console.steering
        let files = SteeringFiles(
            paths: ProgramPaths(environment: ProcessEnvironment.current()), project: self.project.root,
            configuredActive: console.active,
            memory: settings.givenBackends.isEmpty ? console.remember : .none, configurationFile: file)
        settings.ledger = files
        if settings.givenBackends.isEmpty {
            if let name = files.rememberedActive(), settings.backends.contains(where: { $0.name == name }) {
                if let written = settings.active, written != name {
                    settings.status.notices.append(
                        "requests go to \(name), as at the end of the last run; the project's file names \(written)")
                }
                settings.active = name
            }
            if let name = console.canary.backend, name != settings.active {
                settings.steering.canary = CanaryPlan(
                    target: name, percent: console.canary.percent, rule: console.steering.canaryRule)
            }
        }
    }
}
