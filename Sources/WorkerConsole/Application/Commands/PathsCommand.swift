import CommandLineArguments
import FoundationEssentials
import TextSafety
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
            // A path must be exact: one that steers a terminal is printed as a shell's word.
            let shown = ControlCharacters.areIn(path) ? ControlCharacters.shellWord(path) : path
            return name + String(repeating: " ", count: max(1, 10 - name.count)) + shown + "\n"
        }
        try StandardOutput.write(lines.joined())
    }
}
