import CommandLineArguments
import Glibc
import WorkerDomain
import WorkerProject

/// Says whether a deploy will work, with evidence and a fix for what stands in its way, and makes the fix.
struct CheckCommand: Command {
    static let backend = BackendArgument.parameter(help: "A backend to probe instead of the project's own.")
    static let json = Parameter.flag("json", help: "Print JSON.")
    static let sarif = Parameter.flag("sarif", help: "Print SARIF 2.1.0, for code review tools.")
    static let junit = Parameter.flag("junit", help: "Print JUnit XML, for build servers.")
    static let failOn = Parameter.option(
        "fail-on", valueName: "outcome",
        help: "The mildest outcome that gives exit code 1: fail, warn or undecided (default: fail).",
        of: CheckFailure.self)
    static let only = Parameter.repeated(
        "only", valueName: "id", help: "Run only this check, or those whose ids begin with it, like config.",
        expects: "must be the id of a check, or the part before its dot"
    ) { id in DeployChecks.named(id).map { _ in id } }
    static let fix = Parameter.flag(
        "fix", help: "Show what would fix it as a diff, and change the files after a confirmation.")
    static let yes = Parameter.flag("yes", help: "With --fix, change the files without asking.")
    static let parity = Parameter.flag(
        "parity",
        help: "Also run the project's Worker, isolated, and compare its responses with the embedded proxy's.")
    static let declaration = CommandDeclaration(
        name: "check",
        abstract: "Check whether a deploy will work, and if not, why and how to fix it.",
        discussion: """
            Exit codes: 0 no check fails, 1 a check fails (see --fail-on), 2 the checks could not run. A file that --fix \
            changes keeps a copy beside it: worker.py.bak.
            """,
        parameters: [
            ProjectOptions.path, ProjectOptions.env, Self.backend, Self.only, Self.parity, Self.failOn, Self.fix,
            Self.yes,
            Self.json,
            Self.sarif, Self.junit, LanguageOption.parameter,
        ])

    enum Format: Sendable { case text, json, sarif, junit }

    let project: ProjectOptions
    let backends: [Backend]
    let format: Format
    let failOn: CheckFailure
    let only: [String]
    /// The project's code may be run.
    let comparesWorker: Bool
    let isFixing: Bool
    let isConfirmed: Bool

    init(_ arguments: Arguments) throws(UsageError) {
        self.project = ProjectOptions(arguments)
        self.backends = try BackendArgument.named(arguments[Self.backend])
        let formats: [(Bool, Format)] = [
            (arguments[Self.json], .json), (arguments[Self.sarif], .sarif), (arguments[Self.junit], .junit),
        ]
        let chosen = formats.filter(\.0).map(\.1)
        guard chosen.count < 2 else { throw UsageError("choose one of --json, --sarif and --junit") }
        self.format = chosen.first ?? .text
        self.failOn = arguments[Self.failOn] ?? .fail
        self.only = arguments[Self.only]
        self.comparesWorker = arguments[Self.parity]
        self.isFixing = arguments[Self.fix]
        self.isConfirmed = arguments[Self.yes]
        if self.isConfirmed, !self.isFixing { throw UsageError("--yes needs --fix") }
    }

    func run() async throws(CommandFailure) {
        _ = try self.project.read()
        let backends = self.backends
        let chosen = self.only.flatMap { DeployChecks.named($0) ?? [] }
        let checks =
            DeployChecks.all.filter { check in self.only.isEmpty || chosen.contains { $0.id == check.id } }
            + (self.comparesWorker ? DeployChecks.onlyWhenAsked : [])
        let runner = ProjectChecks.runner(
            folder: self.project.path, environment: self.project.env, checks: checks
        ) { backends }
        if self.isFixing { try await self.fix(with: runner) }
        let report = await runner.run()
        try StandardOutput.write(self.text(of: report) + "\n")
        let exitCode = report.exitCode(failOn: self.failOn)
        guard exitCode == 0 else { throw CommandFailure(exitCode: exitCode) }
    }

    private func text(of report: CheckReport) -> String {
        switch self.format {
        case .json: CheckReportJSON.text(report, failOn: self.failOn)
        case .sarif: CheckReportSARIF.text(report, version: Application.version, failOn: self.failOn)
        case .junit: CheckReportJUnit.text(report, failOn: self.failOn)
        case .text:
            CheckReportText.render(
                report, color: CheckFix.hasColour(STDOUT_FILENO), language: LanguageOption.current, failOn: self.failOn)
        }
    }

    // MARK: - Fixing

    /// Shows what would change, and changes it when that is confirmed.
    private func fix(with runner: DeployCheckRunner) async throws(CommandFailure) {
        guard let repair = await runner.repair() else {
            StandardError.say("nothing is known that fixes this project's checks")
            return
        }
        // Data for a program stays alone on standard output.
        let isData = self.format != .text
        let lines = CheckFix.lines(of: repair, color: CheckFix.hasColour(isData ? STDERR_FILENO : STDOUT_FILENO))
        if isData {
            for line in lines { StandardError.print(line) }
        } else {
            try StandardOutput.write(lines.map { $0 + "\n" }.joined() + "\n")
        }
        guard self.isConfirmed || CheckFix.confirm(repair, in: LanguageOption.current) else {
            StandardError.say("nothing was changed; --yes applies the fix without asking")
            return
        }
        switch await runner.apply(repair) {
        case .applied(let backups):
            for (file, backup) in zip(repair.files, backups) {
                StandardError.say("\(file.name) was changed; \(backup) is the file as it was")
            }
        case .refused(let why): throw .cannotRun("nothing was changed: \(why)")
        }
    }
}
