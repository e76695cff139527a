import ArgumentParser
import WorkerProject

/// Prints what was read of a project's configuration, and from where.
struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Print what was read: file, environment, values under wrangler's own names, problems with places.",
        discussion: "Exit code 1 where wrangler would refuse the configuration. Findings go to standard error.")

    @Argument(help: "The project's folder.")
    var path = "."

    @Option(name: .long, help: "The wrangler environment to read.")
    var env: String?

    @Flag(name: .long, help: "Print JSON.")
    var json = false

    @Flag(name: .long, help: "Show secrets of .dev.vars and .env.")
    var reveal = false

    func run() async throws {
        let project: ProjectConfiguration
        do {
            project = try ProjectSettings(folder: self.path, environment: self.env).project
        } catch {
            StandardError.say("worker-console: \(error)")
            throw ExitCode.cannotRun
        }
        if self.json {
            try StandardOutput.write(line: project.json(reveal: self.reveal))
        } else {
            for line in project.lines(reveal: self.reveal) {
                try StandardOutput.write(line: StandardOutput.plain(line))
            }
        }
        StandardError.say(lines: project.findings.map(\.description))
        if project.wouldWranglerRefuse { throw ExitCode.found }
    }
}
