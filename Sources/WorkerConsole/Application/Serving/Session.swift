import CommandLineArguments
import ConsoleUI
import Glibc
import LocalState
import NetworkIO
import OperatingSystem
import ProxyCore
import TrafficJournal
import WorkerDomain

/// The running parts behind the console or `serve`: proxy, journal, health, bindings, status.
struct Session: Sendable {
    let settings: SessionSettings
    let journal: Journal
    let backends: BackendRegistry
    let server: ProxyServer
    let health: HealthChecker
    let worker: LiveWorkerStatus
    /// Follows the project's files; `nil` where nobody looks at them.
    let project: LiveProject?
    /// Where the proxy listens.
    let addresses: [ListenAddress]

    /// Starts to listen; the console or the report comes after, so that a port in use is said on a whole terminal.
    /// - Parameter settings: What to start with.
    /// - Returns: A session that serves; ``run(signals:foreground:)`` keeps it going and ends it.
    /// - Throws: `CommandFailure` with exit code 2: the port is in use, with its holder, or is refused.
    static func start(_ settings: SessionSettings) async throws(CommandFailure) -> Session {
        let journal = Journal(limits: settings.journal)
        let backends = BackendRegistry(
            backends: settings.backends, active: settings.active, user: SystemUser.name, settings: settings.steering,
            ledger: settings.ledger, persist: settings.remember)
        let server = ProxyServer(
            configuration: settings.proxy, registry: backends, sink: journal,
            eventLoopCount: settings.eventLoops ?? max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        // Its event loop is there before clients come, who may take every descriptor that is left.
        await NetworkProbe.prepare()
        let addresses: [ListenAddress]
        do {
            addresses = try await server.start()
        } catch {
            throw .cannotRun("\(error)")
        }
        let probe = BindingProbe()
        let worker = LiveWorkerStatus(settings.status, resources: settings.resources) { resource in
            await probe.health(of: resource, timeout: .seconds(5))
        }
        worker.update { status in
            status.state = .serving
            status.listening = addresses.map(\.description)
            status.isExposed = !addresses.allSatisfy(\.isLoopback)
            status.engine = server.engineName
            status.engineObstacle = settings.proxy.engine == .epoll ? nil : Engines.uringObstacle()
        }
        let health = HealthChecker(
            registry: backends, configuration: settings.health,
            probe: NetworkProbe(settings.health, tls: settings.proxy.upstream.tls))
        let parts = RunningParts(backends: backends, server: server, health: health, worker: worker)
        return Session(
            settings: settings, journal: journal, backends: backends, server: server, health: health, worker: worker,
            project: settings.opened.map { LiveProject($0, settings: settings, parts: parts) }, addresses: addresses)
    }

    /// What the log says of it: where it listens, the engine of its event loops, and why that is not io_uring.
    var facts: KeyValuePairs<String, String> {
        let listen = self.addresses.map(\.description).joined(separator: " ")
        let status = self.worker.status()
        let engine = status.engine ?? "none"
        guard let obstacle = status.engineObstacle else {
            return ["listen": listen, "engine": engine]
        }
        return ["listen": listen, "engine": engine, "io_uring": obstacle]
    }

    /// The ports that the console's screens work with.
    func uiServices(files: any ObjectFiles = NoObjectFiles()) -> Services {
        let settings = self.settings
        let project = self.project
        let journal = self.journal
        var services = Services(
            journal: self.journal, backends: self.backends, worker: self.worker,
            project: project ?? FixedProject(settings.resources),
            checks: ProjectChecks.runner(
                folder: settings.opened?.folder ?? settings.rootFolder, environment: settings.environment,
                backends: { settings.givenBackends }, exchanges: { journal.delta(since: nil).changed },
                stateIsReady: settings.stateIsReady,
                files: { project?.noteChecks($0) }), files: files)
        let environment = ProcessEnvironment.current()
        services.statements = StatementFile(folder: ProgramPaths(environment: environment).stateFolder)
        services.rowFiles = RowFile(
            folder: Folders.current, home: environment["HOME"] ?? SystemUser.home)
        return services
    }
}
