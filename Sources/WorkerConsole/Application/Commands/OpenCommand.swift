import ArgumentParser
import Foundation

/// Opens the console on a project.
struct OpenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "open", abstract: "Open the console on a project.")

    @Argument(help: "The project's folder.")
    var path = "."

    @OptionGroup var serving: ServingOptions
    @OptionGroup var interface: InterfaceOptions

    func run() async throws {
        let settings: SessionSettings
        do {
            settings = try ProjectSettings(folder: self.path, environment: self.serving.env)
                .session(with: self.serving)
        } catch {
            StandardError.say("worker-console: \(error)")
            throw ExitCode.cannotRun
        }
        try await ConsoleProgram(settings: settings, interface: self.interface).run()
    }
}
