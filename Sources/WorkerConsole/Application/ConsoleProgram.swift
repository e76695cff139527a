import ArgumentParser
import ConsoleUI
import Foundation
import Logging
import ServiceLifecycle
import TerminalCanvas
import TerminalDriver
import UnixSignals
import WorkerDomain

/// The console from its first line to its last: proxy, screen, shutdown in the right order.
struct ConsoleProgram {
    let settings: SessionSettings
    let interface: InterfaceOptions
    /// Runs beside the console, such as the sample's traffic; the session is there already.
    var companions: @Sendable (Session) -> [any Service] = { _ in [] }

    /// - Throws: `ExitCode` 2 after saying why, when the console cannot run.
    func run() async throws {
        LoggingSystem.bootstrap { StreamLogHandler.standardError(label: $0) }
        let environment = ProcessInfo.processInfo.environment
        let session: Session
        do {
            session = try await Session.start(self.settings)
        } catch {
            StandardError.say("worker-console: \(error)")
            throw ExitCode.cannotRun
        }
        var options = self.interface.consoleOptions(for: self.settings, environment: environment)
        let look = self.interface.terminalSettings(configured: self.settings.interface, environment: environment)
        let terminal = NcursesTerminal(settings: look)
        let current: ThemeName = look.colors == .mono ? .mono : look.theme == .light ? .light : .dark
        options.themes = [current.rawValue] + ThemeName.allCases.filter { $0 != current }.map(\.rawValue)
        options.setTheme = { name in
            guard let theme = ThemeName(rawValue: name) else { return }
            await terminal.use(theme: theme.theme ?? look.theme, colors: theme == .mono ? .mono : nil)
        }
        let console = ConsoleService(terminal: terminal, services: session.uiServices, options: options)
        var configurations = session.services.map { ServiceGroupConfiguration.ServiceConfiguration(service: $0) }
        configurations += self.companions(session).map { .init(service: $0) }
        configurations.append(
            .init(
                service: console, successTerminationBehavior: .gracefullyShutdownGroup,
                failureTerminationBehavior: .gracefullyShutdownGroup))
        var logger = Logger(label: "lifecycle")
        logger.logLevel = .error
        let diversion = LogDestination(divertingTo: ProgramPaths(environment: environment).logFile)
        let group = ServiceGroup(
            configuration: .init(
                services: configurations, gracefulShutdownSignals: [.sigterm, .sighup, .sigint], logger: logger))
        do {
            try await group.run()
            diversion?.restore()
        } catch {
            diversion?.restore()
            StandardError.say("worker-console: \(error)")
            throw ExitCode.cannotRun
        }
    }
}

/// Runs the console until the user quits or the program is told to end.
struct ConsoleService: Service {
    let terminal: NcursesTerminal
    let services: Services
    let options: ConsoleOptions

    func run() async throws {
        // Trapped before the terminal opens: ncurses then leaves the signal alone (docs/architecture.md, Concurrency).
        let sizes = await UnixSignalsSequence(trapping: .sigwinch)
        var options = self.options
        _ = try await self.terminal.open()
        options.glyphs = await self.terminal.glyphs
        let runtime = ConsoleRuntime(services: self.services, terminal: self.terminal, options: options)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for await _ in sizes { await self.terminal.adoptWindowSize() }
            }
            group.addTask {
                try await cancelWhenGracefulShutdown { try await runtime.run() }
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }
}
