import CommandLineArguments

/// The command line as a table.
enum Commands {
    /// Every subcommand, in the order of the help. Adding one: a new file beside this one, and its line here.
    static let all: [any Command.Type] = [
        OpenCommand.self, ServeCommand.self, DemoCommand.self, CheckCommand.self, InitCommand.self,
        ConfigCommand.self, PathsCommand.self, R2Command.self, KVCommand.self, D1Command.self,
    ]

    static let program = Program(
        name: "worker-console",
        abstract: "A terminal console for one Cloudflare Python Worker in front of a backend.",
        discussion: """
            Data goes to standard output, messages to standard error. Exit codes: 0 done, 1 something was found \
            (a failing check, a configuration that wrangler would reject), 2 the command could not run, \
            64 invalid command line.
            """,
        version: Application.version, commands: Self.all, defaultCommand: OpenCommand.self)
}

extension CommandFailure {
    /// Something was found or refused: a failing check, a configuration that wrangler would reject.
    static let found = CommandFailure(exitCode: 1)

    /// The work could not be done: no such folder, a port in use, no terminal.
    static func cannotRun(_ message: String) -> CommandFailure { CommandFailure(exitCode: 2, message: message) }
}
