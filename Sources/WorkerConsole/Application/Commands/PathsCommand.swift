import CommandLineArguments
import FoundationEssentials
import TerminalCanvas
import WorkerProject

/// Says which files the program reads and writes for a project.
struct PathsCommand: Command {
    static let declaration = CommandDeclaration(
        name: "paths", abstract: "Print the files that are read and written for a project.",
        parameters: [ProjectOptions.path, ProjectOptions.env])

    let project: ProjectOptions

    init(_ arguments: Arguments) throws(UsageError) {
        self.project = ProjectOptions(arguments)
    }

    func run() async throws(CommandFailure) {
        let project = try self.project.read().project
        let own = ProgramPaths(environment: ProcessInfo.processInfo.environment)
        let rows: [(String, String)] = [
            ("project", project.root),
            ("wrangler", project.wrangler.path ?? "—"),
            ("console", project.root + "/worker-console.toml"),
            ("state", project.root + "/.wrangler/state/v3"),
            ("log", own.logFile),
            ("audit", own.auditFile),
        ]
        let lines = rows.map { name, path in
            name + String(repeating: " ", count: max(1, 10 - name.count)) + Sanitizer.line(path) + "\n"
        }
        try StandardOutput.write(lines.joined())
    }
}
