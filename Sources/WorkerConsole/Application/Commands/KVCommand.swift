import CommandLineArguments
import Digests
import TextOutput
import TextSafety
import WorkerDomain

/// Lists and reads a KV namespace without a screen.
struct KVCommand: Command {
    enum Action: String, Sendable, CaseIterable { case ls, get }

    static let action = Parameter<Action>.required(
        "action", help: "What to do: ls or get.", completion: .values(Action.allCases.map(\.rawValue)),
        expects: "must be ls or get"
    ) { Action(rawValue: $0) }
    static let place = Parameter<BindingPlace>.required(
        "binding", help: "A namespace binding, with a name or its beginning behind a slash: BINDING/KEY.",
        expects: "must be BINDING or BINDING/KEY"
    ) { BindingPlace($0) }
    static let limit = Parameter.option(
        "limit", valueName: "n", help: "ls: lines at most (default: all).", in: 1...Int.max)

    static let declaration = CommandDeclaration(
        name: "kv", abstract: "List and read the entries of a KV namespace binding.",
        discussion: """
            ls prints a line an entry, with --json its name, metadata and expiration as KV's binding gives them; \
            get prints the value as it is stored. \
            Exit codes: 0 done, 1 no such entry, 2 the namespace cannot be read.
            """,
        parameters: [Self.action, Self.place, Self.limit] + DataOptions.parameters)

    let action: Action
    let place: BindingPlace
    let limit: Int?
    let options: DataOptions

    init(_ arguments: Arguments) throws(UsageError) {
        self.action = arguments[Self.action]
        self.place = arguments[Self.place]
        self.limit = arguments[Self.limit]
        self.options = DataOptions(arguments)
        guard self.action == .get else { return }
        if self.place.path.isEmpty { throw UsageError("kv get needs a name: \(self.place.binding)/KEY") }
        if self.limit != nil { throw UsageError("--limit is of kv ls, not of kv get") }
    }

    func run() async throws(CommandFailure) {
        let resource = try self.options.open(.kv, self.place.binding)
        guard case .namespace(let store) = resource.reader else {
            throw .cannotRun("\(self.place.binding) is not a namespace")
        }
        switch self.action {
        case .ls: try await self.list(store)
        case .get: try await self.get(store)
        }
    }

    private func list(_ store: any KeyValueStore) async throws(CommandFailure) {
        var left = self.limit ?? .max
        var cursor: String?
        repeat {
            let (prefix, after, count) = (self.place.path, cursor, min(left, 1_000))
            let page = try await reading { () async throws(StorageError) in
                try await store.list(prefix: prefix, cursor: after, limit: count)
            }
            var line = JSONLine()
            for entry in page.entries { self.append(entry, to: &line) }
            try StandardOutput.write(line.bytes)
            left -= page.entries.count
            cursor = page.nextCursor
            if left == 0, cursor != nil {
                StandardError.say("stopped at --limit \(self.limit ?? 0), more exist")
                return
            }
        } while cursor != nil
    }

    private func append(_ entry: KeyValueEntry, to line: inout JSONLine) {
        let seconds = entry.expiresAt.map { $0.nanosecondsSinceEpoch / 1_000_000_000 }
        guard self.options.isJSON else {
            let expiry = entry.expiresAt?.rfc3339 ?? "-"
            line.bytes += "\(WrappedText.padded(expiry, to: 26))\(ObjectText.key(entry.key))\n".utf8
            return
        }
        line.begin()
        line.member("name", entry.key)
        if let seconds { line.member("expiration", signed: seconds) }
        if let metadata = entry.metadata { self.append(metadata: metadata, to: &line) }
        line.end(isLine: true)
    }

    /// Metadata is JSON; what is stored and is none becomes a text.
    private func append(metadata: String, to line: inout JSONLine) {
        if JSONCheck.isJSON(metadata) {
            // Line feeds between its tokens would end the line.
            line.member("metadata", json: ControlCharacters.escaped(json: JSONCheck.onOneLine(metadata)))
        } else {
            line.member("metadata", metadata)
        }
    }

    private func get(_ store: any KeyValueStore) async throws(CommandFailure) {
        let key = self.place.path
        let value = try await reading { () async throws(StorageError) in
            try await store.value(of: key, maximumBytes: .max)
        }
        guard let value else {
            throw CommandFailure(exitCode: 1, message: "read \(self.place.shown(.kv)): no such entry")
        }
        guard Int64(value.bytes.count) == value.totalBytes else {
            throw .cannotRun("read \(self.place.shown(.kv)): the value is larger than one read")
        }
        guard self.options.isJSON else { return try StandardOutput.write(value.bytes) }
        var line = JSONLine()
        line.begin()
        line.member("name", value.entry.key)
        if let time = value.entry.expiresAt {
            line.member("expiration", signed: time.nanosecondsSinceEpoch / 1_000_000_000)
        }
        if let metadata = value.entry.metadata { self.append(metadata: metadata, to: &line) }
        if let text = String(validating: value.bytes, as: UTF8.self) {
            line.member("value", text)
        } else {
            line.member("value", json: "{\"blob\":\"\(Base64.text(value.bytes))\"}")
        }
        line.end(isLine: true)
        try StandardOutput.write(line.bytes)
    }
}
