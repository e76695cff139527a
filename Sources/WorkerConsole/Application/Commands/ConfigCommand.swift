import CommandLineArguments
import TerminalCanvas
import TextSafety
import WorkerDomain
import WorkerProject

/// Prints what was read of a project's configuration, and from where.
struct ConfigCommand: Command {
    static let json = Parameter.flag("json", help: "Print JSON.")
    static let reveal = Parameter.flag(
        "reveal", help: "Show hidden values: .dev.vars, .env and secrets.")
    static let declaration = CommandDeclaration(
        name: "config",
        abstract: """
            Print what was read: file, environment, values under wrangler's own names, settings, and problems with their locations.
            """,
        discussion: "Exit code 1 if wrangler would reject the configuration. Findings go to standard error.",
        parameters: [ProjectOptions.path, ProjectOptions.env, Self.json, Self.reveal, LanguageOption.parameter])

    let project: ProjectOptions
    let isJSON: Bool
    let isRevealing: Bool

    init(_ arguments: Arguments) throws(UsageError) {
        self.project = ProjectOptions(arguments)
        self.isJSON = arguments[Self.json]
        self.isRevealing = arguments[Self.reveal]
    }

    func run() async throws(CommandFailure) {
        let project = try self.project.read().project
        if self.isJSON {
            try StandardOutput.write(project.json(reveal: self.isRevealing) + "\n")
        } else {
            let lines = project.lines(reveal: self.isRevealing, language: LanguageOption.current).map {
                Sanitizer.line($0) + "\n"
            }
            try StandardOutput.write(lines.joined())
        }
        for finding in project.findings {
            StandardError.print(finding.text(in: LanguageOption.current, redaction: .standard))
        }
        if project.wouldWranglerRefuse { throw .found }
    }
}
