import ArgumentParser
import ConsoleUI
import Foundation
import Logging
import ProxyCore
import ServiceLifecycle
import TrafficJournal
import UnixSignals
import WorkerDomain
import WorkerProject

/// Serves without a screen: a JSON line an exchange on standard output.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve without a screen; one JSON line an exchange on standard output.",
        discussion: """
            SIGTERM and SIGINT let running exchanges finish, for as long as proxy.drain_timeout_ms says (10 seconds).
            """)

    @Argument(help: "The project's folder.")
    var path = "."

    @OptionGroup var serving: ServingOptions

    @Flag(name: .long, help: "Print no line for exchanges.")
    var quiet = false

    func run() async throws {
        // A reader of standard output that goes away must not take the proxy with it.
        signal(SIGPIPE, SIG_IGN)
        LoggingSystem.bootstrap { StreamLogHandler.standardError(label: $0) }
        let session: Session
        do {
            session = try await Session.start(
                try ProjectSettings(folder: self.path, environment: self.serving.env).session(with: self.serving))
        } catch {
            StandardError.say("worker-console: \(error)")
            throw ExitCode.cannotRun
        }
        for notice in session.worker.status().notices { StandardError.say("worker-console: \(notice)") }
        let target = session.backends.snapshot().active.map { "forwarding to \($0.backend.name) \($0.backend.url)" }
        let addresses = session.addresses.map { "http://\($0)" }.joined(separator: ", ")
        StandardError.say(
            "worker-console: serving \(addresses), \(target ?? "no backend: choose one with --backend URL")")
        var services = session.services
        if !self.quiet {
            let names = session.settings.redaction
            let redaction = Redaction(extraHeaders: names.headers, extraQuery: names.queryParameters)
            services.insert(
                ExchangeReportService(journal: session.journal, hiding: { redaction.target($0) }), at: 0)
        }
        var logger = Logger(label: "lifecycle")
        logger.logLevel = .error
        try await ServiceGroup(
            services: services, gracefulShutdownSignals: [.sigterm, .sigint, .sighup], logger: logger
        ).run()
        let statistics = session.journal.delta(since: nil).statistics
        let dropped = statistics.dropped > 0 ? ", \(statistics.dropped) not recorded" : ""
        StandardError.say("worker-console: stopped; exchanges served: \(statistics.total)\(dropped)")
    }
}
