import CommandLineArguments
import WorkerDomain
import WorkerProject

/// `BINDING` or `BINDING/KEY` on a command line; all behind the first slash is the key.
struct BindingPlace: Sendable, Equatable {
    let binding: String
    let path: String
    /// A slash was typed behind the binding.
    let hasSlash: Bool

    init?(_ text: String) {
        let slash = text.utf8.firstIndex(of: UInt8(ascii: "/"))
        self.binding = String(text[..<(slash ?? text.endIndex)])
        self.path = slash.map { String(decoding: text.utf8[$0...].dropFirst(), as: UTF8.self) } ?? ""
        self.hasSlash = slash != nil
        guard !self.binding.isEmpty else { return nil }
    }

    /// The binding with the kind's name: `r2:UPLOADS_BUCKET/a`.
    func shown(_ kind: Binding.Kind) -> String {
        "\(kind.rawValue):\(self.binding)" + (self.hasSlash ? "/\(self.path)" : "")
    }
}

/// What the commands of stored data have in common.
struct DataOptions: Sendable {
    static let project = Parameter.option(
        "project", valueName: "path", help: "The project's folder (default: this one).", completion: .folders,
        expects: "must be a folder"
    ) { $0.isEmpty ? nil : $0 }
    static let json = Parameter.flag("json", help: "Print JSON.")
    static let readOnly = Parameter.flag("read-only", help: "Change nothing that is stored: --write is refused.")
    static let parameters: [any AnyParameter] = [
        Self.project, ProjectOptions.env, Self.json, Self.readOnly, LanguageOption.parameter,
    ]

    let project: ProjectOptions
    let isJSON: Bool
    /// Nothing is opened for writing.
    let isReadOnly: Bool

    init(_ arguments: Arguments) {
        self.project = ProjectOptions(path: arguments[Self.project] ?? ".", env: arguments[ProjectOptions.env])
        self.isJSON = arguments[Self.json]
        self.isReadOnly = arguments[Self.readOnly]
    }

    /// Refuses to write and not to write.
    func check(isWriting: Bool) throws(UsageError) {
        if isWriting, self.isReadOnly { throw UsageError("--write and --read-only exclude each other") }
    }

    /// Opens a binding of a kind by its name, or by the name or id of its resource.
    /// - Throws: ``CommandFailure`` with exit code 2 when the project has none.
    func open(
        _ kind: Binding.Kind, _ name: String, mode: StoreRequest.Mode = .read
    ) throws(CommandFailure) -> BoundResource {
        let requests = try self.project.read().storeRequests().filter { $0.identity.binding.kind == kind }
        let named = requests.first { $0.identity.binding.name.hasSameBytes(as: name) }
        let others = requests.filter { request in
            request.identity.binding.resource.hasSameBytes(as: name)
                || request.identity.binding.identifier.hasSameBytes(as: name)
        }
        guard var request = named ?? (others.count == 1 ? others.first : nil) else {
            let names = requests.map { $0.identity.binding.name }
            let list = names.isEmpty ? "" : "; it has \(Counted.list(names, atMost: 12))"
            throw .cannotRun("the project has no \(kind.rawValue) binding \"\(name)\"\(list)")
        }
        request.mode = self.isReadOnly ? .read : mode
        guard let resource = request.resource else {
            throw .cannotRun("\(request.identity.binding.name) is not read here: its store is \"none\"")
        }
        return resource
    }
}

extension CommandFailure {
    /// Exit code 1 for what is not there or was refused as it was asked, 2 for a store that cannot be read.
    static func of(_ error: StorageError) -> CommandFailure {
        switch error.code {
        case .notFound, .invalid: CommandFailure(exitCode: 1, message: "\(error)")
        case .denied, .unreachable, .locked, .malformed, .remote, .unsupported, .limit:
            CommandFailure(exitCode: 2, message: "\(error)")
        }
    }
}

/// Runs a call of a store as a part of a command.
func reading<Value>(
    _ body: () async throws(StorageError) -> Value
) async throws(CommandFailure) -> Value {
    do throws(StorageError) {
        return try await body()
    } catch {
        throw .of(error)
    }
}
