import CommandLineArguments
import Glibc
import NetworkIO
import ProxyCore
import TextSafety
import TrafficJournal
import WorkerDomain
import WorkerProject

/// Serves without a screen: a JSON line an exchange on standard output.
struct ServeCommand: Command {
    static let quiet = Parameter.flag("quiet", letter: "q", help: "Do not print exchanges.")
    static let declaration = CommandDeclaration(
        name: "serve",
        abstract: "Serve without a screen; print one JSON line per exchange on standard output.",
        discussion: """
            SIGTERM, SIGINT and SIGHUP let running exchanges finish, for at most proxy.drain_timeout_ms \
            (10 seconds). A second one ends them at once. Under nohup SIGHUP stays ignored.
            """,
        parameters: [ProjectOptions.path] + ServingOptions.parameters + [Self.quiet, LanguageOption.parameter])

    let project: ProjectOptions
    let serving: ServingOptions
    let isQuiet: Bool

    init(_ arguments: Arguments) throws(UsageError) {
        self.project = ProjectOptions(arguments)
        self.serving = try ServingOptions(arguments)
        self.isQuiet = arguments[Self.quiet]
    }

    func run() async throws(CommandFailure) {
        let signals = SignalWatch.process
        let settings = try self.project.read()
        try self.requireReadable(settings.project)
        let session = try await Session.start(settings.session(with: self.serving))
        let ends = signals.events()
        for notice in session.worker.status().notices { StandardError.say(notice) }
        let target = session.backends.snapshot().active.map { "forwarding to \($0.backend.name) \($0.backend.url)" }
        let addresses = session.addresses.map { "http://\($0)" }.joined(separator: ", ")
        StandardError.say(
            "serving \(addresses), \(target ?? "no backend: add one with --backend URL")")
        DescriptorReserve.process.whenShort {
            // Not on the event loop that found out: whoever reads messages may be slow.
            let limit = DescriptorReserve.process.limit
            Task {
                StandardError.say(
                    "out of file descriptors (limit \(limit)): new connections wait until one is "
                        + "free; raise the limit with ulimit -n")
            }
        }
        let report = self.isQuiet ? nil : self.report(of: session)
        let changes = Task { await Self.tellChanges(of: session) }
        await session.run(signals: signals) {
            for await event in ends where event == .end { return }
        }
        changes.cancel()
        // The proxy has drained by now: what the report still prints is final.
        report?.cancel()
        await report?.value
        let statistics = session.journal.delta(since: nil).statistics
        let dropped = statistics.dropped > 0 ? ", \(statistics.dropped) not recorded" : ""
        StandardError.say("stopped; exchanges served: \(statistics.total)\(dropped)")
    }

    /// Says what changes of the project's files mean, a line each.
    private static func tellChanges(of session: Session) async {
        guard let project = session.project else { return }
        var told = Set(session.worker.status().notices)
        var revision = 0
        while let news = await project.next(after: revision)?.news {
            revision = news.revision
            let notices = session.worker.status().notices
            StandardError.say(
                ProjectLines.line(news, notices: notices.filter { !told.contains($0) }))
            told = Set(notices)
        }
    }

    /// Nobody looks at a screen here, so that what cannot be read of `worker-console.toml` ends the command at once.
    private func requireReadable(_ project: ProjectConfiguration) throws(CommandFailure) {
        if let fault = project.consoleFault {
            throw .cannotRun("\(fault.place ?? "worker-console.toml"): \(fault.message)")
        }
        guard self.serving.backends.isEmpty, project.console.backends.isEmpty else { return }
        let faults = project.findings.filter { $0.severity == .error && $0.field?.hasPrefix("backends.") == true }
        guard let first = faults.first else { return }
        throw .cannotRun("no backend of worker-console.toml can be used: \(first.place ?? ""): \(first.message)")
    }

    private func report(of session: Session) -> Task<Void, Never> {
        let names = session.settings.redaction
        let redaction = Redaction(extraHeaders: names.headers, extraQuery: names.queryParameters)
        let report = ExchangeReport(journal: session.journal, redaction: redaction, output: STDOUT_FILENO)
        return Task { await report.run() }
    }
}
