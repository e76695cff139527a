import FileWatching
import LocalState
import OperatingSystem
import ProxyCore
import WorkerDomain
import WorkerProject

/// Joins the deploy checks with the project's files, its local state and its backends.
enum ProjectChecks {
    /// - Parameters:
    ///   - folder: Where the project is looked for, anew at each run.
    ///   - environment: The wrangler environment; `nil` for the top level.
    ///   - checks: Which checks, in order.
    ///   - backends: Instead of the project's own; empty for those.
    ///   - exchanges: Those that are kept, the oldest first; `nil` where none is recorded.
    ///   - stateIsReady: Waited for before local state is read.
    ///   - files: Told of the files that the results depend on.
    /// - Returns: The checks, which read the project each time that they run.
    static func runner(
        folder: String, environment: String?, checks: [any DeployCheck.Type] = DeployChecks.all,
        backends: @escaping @Sendable () -> [Backend],
        exchanges: (@Sendable () -> [Exchange])? = nil, stateIsReady: @escaping @Sendable () async -> Void = {},
        files: @escaping @Sendable ([ByteString: FileStamp]) -> Void = { _ in }
    ) -> DeployCheckRunner {
        DeployCheckRunner(checks: checks, files: files) {
            let settings = try ProjectSettings(folder: folder, environment: environment)
            var context = self.context(
                of: settings.project, resources: settings.storeRequests().compactMap(\.resource),
                network: settings.probe, backends: backends(),
                stateIsReady: stateIsReady)
            context.exchanges = exchanges
            let probe = settings.probe
            let resources = settings.resources
            context.resource = { wanted in
                await stateIsReady()
                return resources.first { $0.binding.id == wanted.id }
            }
            context.ask = { await probe.ask($0, $1) }
            context.startCore = { backend in await CheckCore.start(settings.project.console.proxy, in: backend) }
            context.startParityBackend = { await ParityBackend.start() }
            context.freePort = { ParityBackend.freePort() }
            return context
        }
    }

    private static func context(
        of project: ProjectConfiguration, resources: [BoundResource], network: NetworkProbe, backends: [Backend],
        stateIsReady: @escaping @Sendable () async -> Void
    ) -> CheckContext {
        let binding = BindingProbe()
        return CheckContext(
            project: project, backends: backends.isEmpty ? nil : backends,
            searchPath: ProcessEnvironment.current()["PATH"] ?? "/usr/local/bin:/usr/bin:/bin",
            bindingHealth: { wanted in
                guard let resource = resources.first(where: { $0.binding.id == wanted.id }) else {
                    return BindingHealth()
                }
                await stateIsReady()
                return await binding.health(of: resource, timeout: .seconds(5))
            },
            probe: { await network.probe($0) })
    }
}
