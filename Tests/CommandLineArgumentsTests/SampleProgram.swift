import CommandLineArguments

/// A program with three commands, in the shape of the real one.
enum SampleProgram {
    static let program = Program(
        name: "sample-console", abstract: "A program for tests.", discussion: "It does nothing. Exit codes: none.",
        version: "1.2.3", commands: [OpenSample.self, ServeSample.self, CheckSample.self],
        defaultCommand: OpenSample.self)

    /// What was read, as the sample's commands show it; help, version, scripts and refusals as they are.
    static func outcome(_ words: [String]) -> String {
        switch self.program.request(words) {
        case .run(let command): "\(command)"
        case .print(let text): "print: " + (text.split(separator: "\n").first.map(String.init) ?? "")
        case .refuse(let lines): lines.first ?? ""
        }
    }
}

enum Colour: String, CaseIterable, Sendable {
    case dark, light, mono
}

struct OpenSample: Command, CustomStringConvertible {
    static let path = Parameter.argument("path", default: ".", help: "The folder.", completion: .folders)
    static let env = Parameter.option("env", letter: "e", valueName: "name", help: "The environment: its [name].")
    static let loops = Parameter.option("loops", valueName: "n", help: "How many.", in: -4...64)
    static let colour = Parameter.option("colour", valueName: "name", help: "What's shown.", of: Colour.self)
    static let quiet = Parameter.flag("quiet", letter: "q", help: "Say nothing.")
    static let backend = Parameter<[String]>.repeated(
        "backend", letter: "b", valueName: "url", help: "Where to; repeat it for more, which are then tried in turn.",
        expects: "must begin with http"
    ) { $0.hasPrefix("http") ? $0 : nil }
    static let declaration = CommandDeclaration(
        name: "open", abstract: "Open it.",
        parameters: [Self.path, Self.env, Self.loops, Self.colour, Self.quiet, Self.backend])

    let description: String

    init(_ arguments: Arguments) throws(UsageError) {
        var words = [arguments.isCommandImplied ? "(open)" : "open", arguments[Self.path]]
        if let env = arguments[Self.env] { words.append("env=\(env)") }
        if let loops = arguments[Self.loops] { words.append("loops=\(loops)") }
        if let colour = arguments[Self.colour] { words.append("colour=\(colour)") }
        if arguments[Self.quiet] { words.append("quiet") }
        words += arguments[Self.backend]
        self.description = words.joined(separator: " ")
    }

    func run() async throws(CommandFailure) {}
}

struct ServeSample: Command, CustomStringConvertible {
    static let declaration = CommandDeclaration(
        name: "serve", abstract: "Serve it: without a screen.", discussion: "Until it is told to end.",
        parameters: [OpenSample.path, OpenSample.quiet, OpenSample.backend])

    let description: String

    init(_ arguments: Arguments) throws(UsageError) {
        if arguments[OpenSample.backend].count > 2 { throw UsageError("more than two backends") }
        self.description =
            "serve \(arguments[OpenSample.path])" + (arguments[OpenSample.quiet] ? " quiet" : "")
    }

    func run() async throws(CommandFailure) {}
}

struct CheckSample: Command, CustomStringConvertible {
    static let json = Parameter.flag("json", help: "Print JSON.")
    static let declaration = CommandDeclaration(name: "check", abstract: "Check it.", parameters: [Self.json])

    let description: String

    init(_ arguments: Arguments) throws(UsageError) {
        self.description = arguments[Self.json] ? "check json" : "check"
    }

    func run() async throws(CommandFailure) {}
}
