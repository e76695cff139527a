import ConsoleUI
import Foundation
import Logging
import ObjectStorage
import ProxyCore
import SQLStorage
import ServiceLifecycle
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
    /// Where the proxy listens.
    let addresses: [ListenAddress]

    /// Starts to listen; the console or the report comes after, so that a port in use is said on a whole terminal.
    /// - Parameter settings: What to start with.
    /// - Returns: A session that serves; ``services`` keeps it going.
    /// - Throws: `ProxyError` — `.addressInUse` with the port's holder, `.addressRefused`.
    static func start(_ settings: SessionSettings) async throws -> Session {
        let journal = Journal(limits: settings.journal)
        let backends = BackendRegistry(
            backends: settings.backends, active: settings.active, user: NSUserName(), settings: settings.steering,
            ledger: settings.ledger, persist: settings.remember)
        let logger = Logger(label: "proxy")
        let server = ProxyServer(
            configuration: settings.proxy, registry: backends, sink: journal,
            eventLoopCount: settings.eventLoops ?? ProcessInfo.processInfo.activeProcessorCount, logger: logger)
        let addresses = try await server.start()
        let probe = BindingProbe()
        let worker = LiveWorkerStatus(settings.status, resources: settings.resources) { resource in
            await probe.health(of: resource, timeout: .seconds(5))
        }
        worker.update { status in
            status.state = .serving
            status.listening = addresses.map(\.description)
            status.isExposed = !addresses.allSatisfy(\.isLoopback)
        }
        return Session(
            settings: settings, journal: journal, backends: backends, server: server,
            health: HealthChecker(
                registry: backends, configuration: settings.health,
                probe: NetworkProbe(settings.health, tls: settings.proxy.upstream.tls)), worker: worker,
            addresses: addresses)
    }

    /// The ports that the console's screens work with.
    var uiServices: Services {
        let settings = self.settings
        return Services(
            journal: self.journal, backends: self.backends, worker: self.worker, resources: settings.resources,
            checks: ProjectChecks.runner(folder: settings.rootFolder, environment: settings.environment) {
                settings.givenBackends
            })
    }

    /// What runs until the end, in the order of start; it is shut down from the last to the first.
    var services: [any Service] {
        [
            BindingProbeService(worker: self.worker),
            BackendHealthService(checker: self.health),
            ProxyDrainService(server: self.server, worker: self.worker, timeout: self.settings.drainTimeout),
        ]
    }
}

/// Probes the backends until the end.
struct BackendHealthService: Service {
    let checker: HealthChecker

    func run() async throws {
        await cancelWhenGracefulShutdown { await self.checker.run() }
    }
}

/// Lets running exchanges finish when the program ends, for a limited time.
struct ProxyDrainService: Service {
    let server: ProxyServer
    let worker: LiveWorkerStatus
    let timeout: Duration

    func run() async throws {
        try? await gracefulShutdown()
        self.worker.update { $0.state = .draining }
        await self.server.drain(deadline: self.timeout)
    }
}
