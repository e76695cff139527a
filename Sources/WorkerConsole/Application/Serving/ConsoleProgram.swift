import CommandLineArguments
import ConsoleUI
import NetworkIO
import OperatingSystem
import ProxyCore
import StorageScreens
import TerminalCanvas
import TerminalDriver
import TrafficJournal
import WorkerDomain
import WorkerProject

/// The console from its first line to its last: proxy, screen, shutdown in the right order.
struct ConsoleProgram: Sendable {
    let settings: SessionSettings
    let interface: InterfaceOptions
    /// Whether the screens are explained first; `nil` for a console that keeps nothing of itself, like the sample's.
    var greeting: FirstStart?
    /// Runs beside the console until it is cancelled, such as the sample's traffic; the session is there already.
    var companion: @Sendable (Session) async -> Void = { _ in }

    /// - Throws: `CommandFailure` with exit code 2 when the console cannot run.
    func run() async throws(CommandFailure) {
        let environment = ProcessEnvironment.current()
        // Before the threads of the session are there, which read the environment.
        LocalTime.use(zone: self.settings.interface.timezone)
        let look = self.interface.terminalSettings(configured: self.settings.interface, environment: environment)
        // Before clients come, who may take every descriptor that is left.
        let terminal: NcursesTerminal
        do throws(TerminalError) {
            terminal = try NcursesTerminal(settings: look)
        } catch {
            throw Self.failure(error)
        }
        let session = try await Session.start(self.settings)
        var options = self.interface.consoleOptions(for: self.settings, environment: environment)
        let current: ThemeName = look.colors == .mono ? .mono : look.theme == .light ? .light : .dark
        if let greeting { options.greets = { greeting.take() } }
        options.clipboard = SystemClipboard(environment: environment)
        options.themes = [current.rawValue] + ThemeName.allCases.filter { $0 != current }.map(\.rawValue)
        options.setTheme = { name in
            guard let theme = ThemeName(rawValue: name) else { return }
            terminal.use(theme: theme.theme ?? look.theme, colors: theme == .mono ? .mono : nil)
        }
        SignalWatch.process.beforeEnding { terminal.abandon() }
        let diversion = LogDestination(divertingTo: ProgramPaths(environment: environment).logFile)
        let trash = ObjectTrash(stateFolder: ProgramPaths(environment: environment).stateFolder)
        defer { trash.empty() }
        let files = ConsoleFiles(
            folder: Folders.current, home: environment["HOME"] ?? SystemUser.home, trash: trash
        )
        let console = Console(
            terminal: terminal, services: session.uiServices(files: files), options: options,
            events: SignalWatch.process.events())
        MessageLog.note("serving", session.facts)
        DescriptorReserve.process.whenShort {
            Task { MessageLog.note("no descriptor is left", ["limit": "\(DescriptorReserve.process.limit)"]) }
        }
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

    /// Why the console cannot run, and what to do.
    static func failure(_ error: any Error) -> CommandFailure {
        guard case .noThread(let code)? = error as? TerminalError else { return .cannotRun("\(error)") }
        return .cannotRun("cannot start a thread of the console: \(SystemReason.text(code))")
    }
}

/// The screen from opening to closing, and the signals that reach it.
struct Console: Sendable {
    let terminal: NcursesTerminal
    let services: Services
    let options: ConsoleOptions
    /// Listened to before the terminal is opened, so that no signal is missed.
    let events: AsyncStream<SignalWatch.Event>

    /// What the console waits for.
    private enum News: Sendable {
        case ended((any Error)?)
        /// A signal says to end.
        case mustEnd
        /// A person has said to end: the terminal is being given back.
        case isEnding
        /// The screen should have ended by now: nobody reads what it shows.
        case isLate
    }

    /// How long the screen has to end by itself after a signal or a key.
    private static let patience = Duration.seconds(1)

    /// Runs until the user quits, the terminal goes or a signal says to end; the terminal is given back in any case, also
    /// when nobody reads what it shows.
    /// - Throws: `CommandFailure` with exit code 2 when there is no terminal to draw on.
    func run() async throws(CommandFailure) {
        let (news, tell) = AsyncStream.makeStream(of: News.self)
        // Neither is waited for when the terminal's thread hangs: it is the process's end that ends them.
        let screen = Task {
            do {
                try await self.show { tell.yield(.isEnding) }
                tell.yield(.ended(nil))
            } catch {
                tell.yield(.ended(error))
            }
        }
        let watch = Task { await self.watchSignals { tell.yield(.mustEnd) } }
        defer { watch.cancel() }
        for await event in news {
            switch event {
            case .ended(let failure):
                if let failure { throw ConsoleProgram.failure(failure) }
                return
            case .mustEnd, .isEnding:
                if case .mustEnd = event { screen.cancel() }
                Task {
                    try? await Task.sleep(for: Self.patience)
                    tell.yield(.isLate)
                }
            case .isLate:
                self.terminal.abandon()
                return
            }
        }
    }

    private func show(ending: @escaping @Sendable () -> Void) async throws {
        var options = self.options
        options.ending = ending
        _ = try await self.terminal.open()
        options.glyphs = await self.terminal.glyphs
        let runtime: ConsoleRuntime
        do {
            runtime = try ConsoleRuntime(
                services: self.services, terminal: self.terminal, options: options, catalog: .all)
        } catch {
            await self.terminal.close()
            throw error
        }
        try await runtime.run()
    }

    private func watchSignals(_ end: () -> Void) async {
        let terminal = self.terminal
        for await event in self.events {
            switch event {
            case .end: return end()
            // Not waited for: a terminal that nobody reads must not keep the next signal.
            case .resized: Task { await terminal.adoptWindowSize() }
            case .resumed: Task { await terminal.resume() }
            }
        }
    }
}
