import ArgumentParser
import Foundation
import WorkerDomain
import WorkerProject

/// Says whether a deploy will work, with evidence and a fix for what stands in its way.
struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Say whether a deploy will work, why not, and what to do.",
        discussion: "Exit codes: 0 nothing fails, 1 something does, 2 the checks could not run.")

    @Argument(help: "The project's folder.")
    var path = "."

    @Option(name: .long, help: "The wrangler environment to read.")
    var env: String?

    @Option(
        name: .long, help: ArgumentHelp("A backend to ask instead of the project's own.", valueName: "[name=]url"))
    var backend: [BackendArgument] = []

    @Flag(name: .long, help: "Print JSON.")
    var json = false

    func run() async throws {
        let backends = try BackendArgument.named(self.backend)
        do {
            _ = try ProjectSettings(folder: self.path, environment: self.env)
        } catch {
            StandardError.say("worker-console: \(error)")
            throw ExitCode.cannotRun
        }
        let runner = ProjectChecks.runner(folder: self.path, environment: self.env) { backends }
        let report = await runner.run()
        if self.json {
            try StandardOutput.write(line: CheckReportText.json(report))
        } else {
            let hasColour =
                isatty(STDOUT_FILENO) == 1
                && (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty
            try StandardOutput.write(line: CheckReportText.render(report, color: hasColour))
        }
        guard report.exitCode == 0 else { throw ExitCode(report.exitCode) }
    }
}
