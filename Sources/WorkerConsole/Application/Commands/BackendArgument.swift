import CommandLineArguments
import WorkerDomain

/// `http://127.0.0.1:9000` or `blue=http://127.0.0.1:9000`.
struct BackendArgument: Sendable, Equatable {
    let name: String?
    let url: BackendURL

    init?(_ argument: String) {
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

    /// `--backend`, as often as one likes.
    static func parameter(help: String) -> Parameter<[BackendArgument]> {
        .repeated(
            "backend", letter: "b", valueName: "[name=]url", help: help,
            expects: "must be URL or NAME=URL, such as green=http://127.0.0.1:9001"
        ) { BackendArgument($0) }
    }

    /// Backends with a name each: `backend`, `backend-2` where none was given.
    /// - Parameter arguments: As they were typed.
    /// - Returns: In the order they were given.
    /// - Throws: `UsageError` when two have the same name.
    static func named(_ arguments: [BackendArgument]) throws(UsageError) -> [Backend] {
        var result: [Backend] = []
        for (index, argument) in arguments.enumerated() {
            let name = argument.name ?? (index == 0 ? "backend" : "backend-\(index + 1)")
            guard !result.contains(where: { $0.name == name }) else {
                throw UsageError("two backends have the name \(name)")
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
