import CommandLineArguments
import FoundationEssentials
import Glibc
import WorkerDomain
import WorkerProject

/// Says whether a deploy will work, with evidence and a fix for what stands in its way.
struct CheckCommand: Command {
    static let backend = BackendArgument.parameter(help: "A backend to probe instead of the project's own.")
    static let json = Parameter.flag("json", help: "Print JSON.")
    static let declaration = CommandDeclaration(
        name: "check",
        abstract: "Check whether a deploy will work, and if not, why and how to fix it.",
        discussion: "Exit codes: 0 no check fails, 1 a check fails, 2 the checks could not run.",
        parameters: [ProjectOptions.path, ProjectOptions.env, Self.backend, Self.json, LanguageOption.parameter])

    let project: ProjectOptions
    let backends: [Backend]
    let isJSON: Bool

    init(_ arguments: Arguments) throws(UsageError) {
        self.project = ProjectOptions(arguments)
        self.backends = try BackendArgument.named(arguments[Self.backend])
        self.isJSON = arguments[Self.json]
    }

    func run() async throws(CommandFailure) {
        _ = try self.project.read()
        let backends = self.backends
        let runner = ProjectChecks.runner(folder: self.project.path, environment: self.project.env) { backends }
        let report = await runner.run()
        if self.isJSON {
            try StandardOutput.write(CheckReportText.json(report) + "\n")
        } else {
            let hasColour =
                isatty(STDOUT_FILENO) == 1 && (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty
            let text = CheckReportText.render(report, color: hasColour, language: LanguageOption.current)
            try StandardOutput.write(text + "\n")
        }
        guard report.exitCode == 0 else { throw CommandFailure(exitCode: report.exitCode) }
    }
}
