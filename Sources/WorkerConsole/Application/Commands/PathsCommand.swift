import ArgumentParser
import Foundation
import TerminalCanvas
import WorkerProject

/// Says which files the program reads and writes for a project.
struct PathsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "paths", abstract: "Print the files that are read and written for a project.")

    @Argument(help: "The project's folder.")
    var path = "."

    @Option(name: .long, help: "The wrangler environment to read.")
    var env: String?

    func run() async throws {
        let project = try ProjectSettings(folder: self.path, environment: self.env).project
        let own = ProgramPaths(environment: ProcessInfo.processInfo.environment)
        let rows: [(String, String)] = [
            ("project", project.root),
            ("wrangler", project.wrangler.path ?? "—"),
            ("console", project.root + "/worker-console.toml"),
            ("state", project.root + "/.wrangler/state/v3"),
            ("log", own.logFile),
            ("audit", own.auditFile),
        ]
        for (name, path) in rows {
            let padding = String(repeating: " ", count: max(1, 10 - name.count))
            try StandardOutput.write(line: name + padding + Sanitizer.line(path))
        }
    }
}
