import CommandLineArguments
import OperatingSystem
import TextSafety
import WorkerDomain
import WorkerProject

/// Says which files the program reads and writes for a project.
struct PathsCommand: Command {
    static let declaration = CommandDeclaration(
        name: "paths", abstract: "Print the files read and written for a project.",
        parameters: [ProjectOptions.path, ProjectOptions.env, LanguageOption.parameter])

    let project: ProjectOptions

    init(_ arguments: Arguments) throws(UsageError) {
        self.project = ProjectOptions(arguments)
    }

    func run() async throws(CommandFailure) {
        let project = try self.project.read().project
        let own = ProgramPaths(environment: ProcessEnvironment.current())
        let rows: [(Phrase, String)] = [
            (Phrase("project", "项目"), project.root),
            (Phrase("wrangler", "wrangler"), project.wrangler.path ?? "—"),
            (Phrase("console", "控制台"), project.root + "/worker-console.toml"),
            (Phrase("state", "状态"), project.root + "/.wrangler/state/v3"),
            (Phrase("log", "日志"), own.logFile),
            (Phrase("audit", "审计"), own.auditFile),
            (Phrase("queries", "查询"), own.stateFolder + "/d1-statements.jsonl"),
            (Phrase("backups", "备份"), own.backupFolder),
        ]
        let language = LanguageOption.current
        let lines = rows.map { name, path in
            // A path must be exact: one that steers a terminal is printed as a shell's word.
            let shown = ControlCharacters.areIn(path) ? ControlCharacters.shellWord(path) : path
            return WrappedText.padded(name(language), to: 10) + shown + "\n"
        }
        try StandardOutput.write(lines.joined())
    }
}
