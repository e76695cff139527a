import ArgumentParser
import ProxyCore
import WorkerDomain

/// What `open`, `serve` and `demo` share about listening and forwarding.
struct ServingOptions: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("Where to listen (default 127.0.0.1:8787).", valueName: "address:port"))
    var listen: ListenAddress?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "A backend to forward to; repeat it for more. The first is active, and the project's own are left out.",
            valueName: "[name=]url"))
    var backend: [BackendArgument] = []

    @Option(name: .long, help: ArgumentHelp("The wrangler environment to read.", valueName: "name"))
    var env: String?

    @Option(name: .long, help: ArgumentHelp("Event loops that serve traffic (default: one a core).", valueName: "n"))
    var loops: Int?

    func validate() throws {
        if let loops, !(1...64).contains(loops) { throw ValidationError("--loops must be 1 to 64") }
        _ = try self.backends()
    }

    /// The backends of the command line, each with a name, in the order they were given.
    func backends() throws -> [Backend] { try BackendArgument.named(self.backend) }
}

extension ListenAddress: ExpressibleByArgument {
    package init?(argument: String) {
        self.init(parsing: argument)
    }
}

/// `http://127.0.0.1:9000` or `blue=http://127.0.0.1:9000`.
struct BackendArgument: ExpressibleByArgument, Equatable {
    let name: String?
    let url: BackendURL

    init?(argument: String) {
        var text = Substring(argument)
        var name: String?
        if let equals = argument.firstIndex(of: "="), !argument[..<equals].contains("/"),
            !argument[..<equals].contains(":")
        {
            name = String(argument[..<equals])
            text = argument[argument.index(after: equals)...]
        }
        guard name.map(Self.isName) ?? true, let url = try? BackendURL(parsing: String(text)) else { return nil }
        self.name = name
        self.url = url
    }

    /// Backends with a name each: `backend`, `backend-2` where none was given.
    /// - Parameter arguments: As they were typed.
    /// - Returns: In the order they were given.
    /// - Throws: `ValidationError` when two have the same name.
    static func named(_ arguments: [BackendArgument]) throws -> [Backend] {
        var result: [Backend] = []
        for (index, argument) in arguments.enumerated() {
            let name = argument.name ?? (index == 0 ? "backend" : "backend-\(index + 1)")
            guard !result.contains(where: { $0.name == name }) else {
                throw ValidationError("two backends are named \(name)")
            }
            result.append(Backend(name: name, url: argument.url))
        }
        return result
    }

    private static func isName(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || byte == 0x2D || byte == 0x2E || byte == 0x5F
            }
    }
}
