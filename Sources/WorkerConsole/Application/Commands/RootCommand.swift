import ArgumentParser

/// The command line's top: without a subcommand it opens the console on the current folder.
struct RootCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker-console",
        abstract: "A terminal console for one Cloudflare Python Worker that stands before a backend.",
        discussion: """
            Standard output is data, standard error is talk. Exit codes: 0 done, 1 something was found \
            (a failing check, a configuration that wrangler would refuse), 2 the work could not be done, \
            64 the command line is wrong.
            """,
        version: Application.version,
        subcommands: [
            OpenCommand.self, ServeCommand.self, DemoCommand.self, CheckCommand.self, ConfigCommand.self,
            PathsCommand.self,
        ],
        defaultSubcommand: OpenCommand.self)
}
