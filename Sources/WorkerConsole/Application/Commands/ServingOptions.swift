import CommandLineArguments
import WorkerDomain

/// What `open`, `serve` and `demo` share about listening and forwarding.
struct ServingOptions: Sendable {
    static let listen = Parameter<ListenAddress?>.option(
        "listen", letter: "l", valueName: "address:port", help: "Where to listen (default 127.0.0.1:8787).",
        expects: "must be ADDRESS:PORT, :PORT or PORT"
    ) { ListenAddress(parsing: $0) }
    static let backend = BackendArgument.parameter(
        help: "A backend to forward to; repeatable. The first is active, and the project's own are ignored.")
    static let loops = Parameter.option(
        "loops", valueName: "n", help: "Event loops that serve traffic (default: one per core).", in: 1...64)
    /// Of the commands that open a console.
    static let readOnly = Parameter.flag("read-only", help: "Let the console change nothing that is stored.")
    static let parameters: [any AnyParameter] = [Self.listen, Self.backend, ProjectOptions.env, Self.loops]

    var listen: ListenAddress?
    /// Each with a name, in the order that they were given.
    var backends: [Backend] = []
    var env: String?
    /// Event loops; `nil` for one a core.
    var loops: Int?
    /// The stores are opened so that nothing can write.
    var isReadOnly = true

    /// The options of an empty command line.
    init() {}

    /// - Throws: `UsageError` when two backends have the same name.
    init(_ arguments: Arguments) throws(UsageError) {
        self.listen = arguments[Self.listen]
        self.backends = try BackendArgument.named(arguments[Self.backend])
        self.env = arguments[ProjectOptions.env]
        self.loops = arguments[Self.loops]
    }
}
