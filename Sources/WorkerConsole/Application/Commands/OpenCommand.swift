import CommandLineArguments
import OperatingSystem

/// Opens the console on a project.
struct OpenCommand: Command {
    static let declaration = CommandDeclaration(
        name: "open", abstract: "Open the console on a project.",
        parameters: [ProjectOptions.path] + ServingOptions.parameters + [ServingOptions.readOnly]
            + InterfaceOptions.parameters)

    let project: ProjectOptions
    let serving: ServingOptions
    let interface: InterfaceOptions

    init(_ arguments: Arguments) throws(UsageError) {
        self.project = ProjectOptions(arguments)
        var serving = try ServingOptions(arguments)
        serving.isReadOnly = arguments[ServingOptions.readOnly]
        self.serving = serving
        self.interface = InterfaceOptions(arguments)
    }

    func run() async throws(CommandFailure) {
        let settings = try self.project.read().session(with: self.serving)
        var program = ConsoleProgram(settings: settings, interface: self.interface)
        program.greeting = FirstStart(environment: ProcessEnvironment.current())
        try await program.run()
    }
}
