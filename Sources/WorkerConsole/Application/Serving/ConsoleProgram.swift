import CommandLineArguments
import ConsoleUI
import FoundationEssentials
import ProxyCore
import TerminalCanvas
import TerminalDriver
import TrafficJournal
import WorkerDomain
import WorkerProject

/// The console from its first line to its last: proxy, screen, shutdown in the right order.
struct ConsoleProgram: Sendable {
    let settings: SessionSettings
    let interface: InterfaceOptions
    /// Runs beside the console until it is cancelled, such as the sample's traffic; the session is there already.
    var companion: @Sendable (Session) async -> Void = { _ in }

    /// - Throws: `CommandFailure` with exit code 2 when the console cannot run.
    func run() async throws(CommandFailure) {
        let environment = ProcessInfo.processInfo.environment
        // Before the threads of the session are there, which read the environment.
        LocalTime.use(zone: self.settings.interface.timezone)
        let session = try await Session.start(self.settings)
        var options = self.interface.consoleOptions(for: self.settings, environment: environment)
        let look = self.interface.terminalSettings(configured: self.settings.interface, environment: environment)
        let terminal = NcursesTerminal(settings: look)
        let current: ThemeName = look.colors == .mono ? .mono : look.theme == .light ? .light : .dark
        options.themes = [current.rawValue] + ThemeName.allCases.filter { $0 != current }.map(\.rawValue)
        options.setTheme = { name in
            guard let theme = ThemeName(rawValue: name) else { return }
            await terminal.use(theme: theme.theme ?? look.theme, colors: theme == .mono ? .mono : nil)
        }
        let diversion = LogDestination(divertingTo: ProgramPaths(environment: environment).logFile)
        let console = Console(
            terminal: terminal, services: session.uiServices, options: options,
            events: SignalWatch.process.events())
        MessageLog.note("serving", session.facts)
        let companion = self.companion
        let outcome = await Result(of: { () async throws(CommandFailure) in
            try await session.run(signals: SignalWatch.process) { () async throws(CommandFailure) in
                let running = Task { await companion(session) }
                let outcome = await Result(of: { () async throws(CommandFailure) in try await console.run() })
                running.cancel()
                await running.value
                try outcome.get()
            }
        })
        let statistics = session.journal.delta(since: nil).statistics
        MessageLog.note(
            "stopped", ["exchanges": "\(statistics.total)", "not_recorded": "\(statistics.dropped)"])
        diversion?.restore()
        try outcome.get()
    }
}

/// The screen from opening to closing, and the signals that reach it.
struct Console: Sendable {
    let terminal: NcursesTerminal
    let services: Services
    let options: ConsoleOptions
    /// Listened to before the terminal is opened, so that no signal is missed.
    let events: AsyncStream<SignalWatch.Event>

    /// Runs until the user quits, the terminal goes or a signal says to end; the terminal is given back in any case.
    /// - Throws: `CommandFailure` with exit code 2 when there is no terminal to draw on.
    func run() async throws(CommandFailure) {
        var options = self.options
        do {
            _ = try await self.terminal.open()
        } catch {
            throw .cannotRun("\(error)")
        }
        options.glyphs = await self.terminal.glyphs
        let runtime = ConsoleRuntime(services: self.services, terminal: self.terminal, options: options)
        let (terminal, events) = (self.terminal, self.events)
        let failure = await withTaskGroup(of: (any Error)?.self) { group in
            group.addTask {
                for await event in events {
                    switch event {
                    case .end: return nil
                    case .resized: await terminal.adoptWindowSize()
                    case .resumed: await terminal.resume()
                    }
                }
                return nil
            }
            group.addTask {
                do {
                    try await runtime.run()
                    return nil
                } catch {
                    return error
                }
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
        if let failure { throw .cannotRun("\(failure)") }
    }
}
