import CommandLineArguments
import WorkerDomain
import WorkerProject

/// What names a project: its folder and the wrangler environment.
struct ProjectOptions: Sendable {
    static let path = Parameter.argument(
        "path", default: ".", help: "The project's folder (default: this one).", completion: .folders)
    static let env = Parameter.option(
        "env", letter: "e", valueName: "name", help: "The wrangler environment to read.")

    let path: String
    let env: String?
    /// No command was named, so that what stands here as a folder may be a command with a slip.
    private let mayBeCommand: Bool

    init(_ arguments: Arguments) {
        self.path = arguments[Self.path]
        self.env = arguments[Self.env]
        self.mayBeCommand = arguments.isCommandImplied
    }

    /// A project whose folder is named by an option.
    init(path: String, env: String?) {
        self.path = path
        self.env = env
        self.mayBeCommand = false
    }

    /// - Throws: ``CommandFailure`` with exit code 2 when there is no such folder.
    func read() throws(CommandFailure) -> ProjectSettings {
        do {
            let settings = try ProjectSettings(folder: self.path, environment: self.env)
            LanguageOption.adopt(Language(name: settings.project.console.interface.language.rawValue))
            return settings
        } catch {
            guard self.mayBeCommand, !error.exists, !self.path.contains("/") else { throw .cannotRun("\(error)") }
            let nearest = Commands.program.commandNear(self.path).map { "; did you mean \($0)?" }
            throw .cannotRun(
                "no folder or command \"\(self.path)\"" + (nearest ?? "; worker-console --help lists them"))
        }
    }
}
