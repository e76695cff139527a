import CommandLineArguments
import TextOutput
import WorkerDomain

/// Lists, reads and changes the objects of a bucket without a screen.
struct R2Command: Command {
    enum Action: String, Sendable, CaseIterable { case ls, cat, get, stat, du, put, rm, presign }

    static let action = Parameter<Action>.required(
        "action", help: "What to do: \(UsageError.list(Action.allCases.map(\.rawValue), "or")).",
        completion: .values(Action.allCases.map(\.rawValue)),
        expects: "must be \(UsageError.list(Action.allCases.map(\.rawValue), "or"))"
    ) { Action(rawValue: $0) }
    static let place = Parameter<BindingPlace>.required(
        "binding", help: "A bucket binding, with a key or prefix behind a slash: BINDING/KEY.",
        expects: "must be BINDING or BINDING/KEY"
    ) { BindingPlace($0) }
    static let file = Parameter.optionalArgument(
        "file",
        help:
            "For get the file or folder to write (default: the key's last part, here), for put the file to store, - for standard input."
    )
    static let recursive = Parameter.flag(
        "recursive", letter: "r", help: "ls: every key below; get, rm: every object that starts with the key.")
    static let delimiter = Parameter.option(
        "delimiter", valueName: "text", help: "ls: what folders end with (default: /).")
    static let limit = Parameter.option(
        "limit", valueName: "n", help: "ls: lines at most (default: all).", in: 1...Int.max)
    static let startAfter = Parameter.option(
        "start-after", valueName: "key", help: "ls: only keys behind this one.")
    static let overwrite = Parameter.flag("overwrite", help: "get, put: replace what is there.")
    static let write = Parameter.flag("write", help: "put, rm: really change the bucket.")
    static let dryRun = Parameter.flag("dry-run", help: "put, rm: say what would be done, and do nothing.")
    static let confirm = Parameter.option(
        "confirm", valueName: "bucket", help: "put, rm: the name of a remote bucket, which shows that it is meant.")
    static let type = Parameter.option(
        "type", valueName: "media-type", help: "put: the content type (default: by the file's name).")
    static let metadata = Parameter<[MetadataArgument]>.repeated(
        "metadata", letter: "m", valueName: "name=value", help: "put: a field of custom metadata; repeatable.",
        expects: "must be NAME=VALUE"
    ) { MetadataArgument($0) }
    static let method = Parameter.option(
        "method", valueName: "method", help: "presign: GET, HEAD, PUT or DELETE (default: GET).", of: ShareMethod.self)
    static let expires = Parameter.option(
        "expires", valueName: "seconds", help: "presign: how long the URL is valid (default: 3600).", in: 1...604_800)

    enum ShareMethod: String, Sendable, CaseIterable { case get = "GET", head = "HEAD", put = "PUT", delete = "DELETE" }

    static let declaration = CommandDeclaration(
        name: "r2", abstract: "List, read and change the objects of a bucket binding.",
        discussion: """
            Lists are streamed, a line an object; with --json an object of JSON with the field names of R2's binding. \
            put and rm change nothing without --write. \
            Exit codes: 0 done, 1 no such object or a refused request, 2 the bucket cannot be read or written.
            """,
        parameters: [
            Self.action, Self.place, Self.file, Self.recursive, Self.delimiter, Self.limit, Self.startAfter,
            Self.overwrite, Self.write, Self.dryRun, Self.confirm, Self.type, Self.metadata,
            Self.method, Self.expires,
        ] + DataOptions.parameters)

    let action: Action
    let place: BindingPlace
    let file: String?
    let options: DataOptions
    let isRecursive: Bool
    let delimiter: String?
    let limit: Int?
    let startAfter: String?
    let isOverwriting: Bool
    let isWriting: Bool
    let isDryRun: Bool
    let confirmed: String?
    let type: String?
    let metadata: ObjectFields
    let method: ShareMethod
    let seconds: Int

    init(_ arguments: Arguments) throws(UsageError) {
        self.action = arguments[Self.action]
        self.place = arguments[Self.place]
        self.file = arguments[Self.file]
        self.options = DataOptions(arguments)
        self.isRecursive = arguments[Self.recursive]
        self.delimiter = arguments[Self.delimiter]
        self.limit = arguments[Self.limit]
        self.startAfter = arguments[Self.startAfter]
        self.isOverwriting = arguments[Self.overwrite]
        self.isWriting = arguments[Self.write]
        self.isDryRun = arguments[Self.dryRun]
        self.confirmed = arguments[Self.confirm]
        self.type = arguments[Self.type]
        let fields = arguments[Self.metadata]
        self.metadata = ObjectFields(fields.map { (key: $0.name, value: $0.value) })
        self.method = arguments[Self.method] ?? .get
        self.seconds = arguments[Self.expires] ?? 3_600
        try self.check(hasMetadata: !fields.isEmpty)
    }

    /// Refuses what would be ignored otherwise.
    private func check(hasMetadata: Bool) throws(UsageError) {
        let given: [(name: String, isGiven: Bool, actions: [Action])] = [
            ("--recursive", self.isRecursive, [.ls, .get, .rm]), ("--delimiter", self.delimiter != nil, [.ls]),
            ("--limit", self.limit != nil, [.ls]), ("--start-after", self.startAfter != nil, [.ls]),
            ("--overwrite", self.isOverwriting, [.get, .put]), ("--write", self.isWriting, [.put, .rm]),
            ("--dry-run", self.isDryRun, [.put, .rm]), ("--confirm", self.confirmed != nil, [.put, .rm]),
            ("--type", self.type != nil, [.put]),
            ("--metadata", hasMetadata, [.put]), ("<file>", self.file != nil, [.get, .put]),
        ]
        for option in given where option.isGiven && !option.actions.contains(self.action) {
            let names = UsageError.list(option.actions.map(\.rawValue), "or")
            throw UsageError("\(option.name) is of r2 \(names), not of r2 \(self.action.rawValue)")
        }
        try self.options.check(isWriting: self.isWriting)
        if self.isWriting, self.isDryRun { throw UsageError("--write and --dry-run exclude each other") }
        if self.isRecursive, self.delimiter != nil {
            throw UsageError("--recursive and --delimiter exclude each other")
        }
        let needsKey: [Action] = [.cat, .stat, .put, .presign]
        if needsKey.contains(self.action) || ([.get, .rm].contains(self.action) && !self.isRecursive),
            self.place.path.isEmpty
        {
            throw UsageError("r2 \(self.action.rawValue) needs a key: \(self.place.binding)/KEY")
        }
        if self.action == .put, self.file == nil { throw UsageError("r2 put needs a file: r2 put BINDING/KEY FILE") }
    }

    func run() async throws(CommandFailure) {
        let mode: StoreRequest.Mode = self.isWriting ? .write : .read
        let resource = try self.options.open(.r2, self.place.binding, mode: mode)
        guard case .bucket(let store) = resource.reader else {
            throw .cannotRun("\(self.place.binding) is not a bucket")
        }
        switch self.action {
        case .ls: try await ObjectList(self, store).run()
        case .cat: try await self.cat(store)
        case .stat: try await self.stat(store)
        case .du: try await self.measure(store)
        case .get: try await ObjectGet(self, store).run()
        case .put: try await ObjectPut(self, resource, store).run()
        case .rm: try await ObjectRemoval(self, resource, store).run()
        case .presign: try await self.presign(resource)
        }
    }

    /// The object of the key.
    func object(_ store: any ObjectStore) async throws(CommandFailure) -> StoredObject {
        let key = self.place.path
        let found = try await reading { () async throws(StorageError) in try await store.head(key) }
        guard let found else {
            throw CommandFailure(exitCode: 1, message: "look at \(self.place.shown(.r2)): no such object")
        }
        return found
    }

    private func cat(_ store: any ObjectStore) async throws(CommandFailure) {
        var (offset, size, known) = (Int64(0), Int64?.none, StoredObject?.none)
        while size.map({ offset < $0 }) ?? true {
            let (key, from) = (self.place.path, offset)
            let part = try await reading { () async throws(StorageError) in
                try await store.read(key, offset: from, length: 4 << 20)
            }
            if let known, !part.object.isSameVersion(as: known) {
                throw .cannotRun(
                    "read \(self.place.shown(.r2)): it was rewritten while it was read; what was printed is not whole")
            }
            known = part.object
            size = part.object.bytes
            try StandardOutput.write(part.bytes)
            if part.bytes.isEmpty { break }
            offset += Int64(part.bytes.count)
        }
    }

    private func stat(_ store: any ObjectStore) async throws(CommandFailure) {
        let object = try await self.object(store)
        if self.options.isJSON {
            var line = JSONLine()
            ObjectText.json(object, to: &line)
            try StandardOutput.write(line.bytes)
        } else {
            try StandardOutput.write(ObjectText.details(object, language: LanguageOption.current))
        }
    }

    private func measure(_ store: any ObjectStore) async throws(CommandFailure) {
        var walk = ObjectWalk(store, ObjectListRequest(prefix: self.place.path))
        var (objects, bytes) = (0, Int64(0))
        while let page = try await self.page(&walk) {
            for case .object(let object) in page.entries {
                objects += 1
                let sum = bytes.addingReportingOverflow(object.bytes)
                bytes = sum.overflow ? .max : sum.partialValue
            }
        }
        if self.options.isJSON {
            var line = JSONLine()
            line.begin()
            line.member("prefix", self.place.path)
            line.member("objects", objects)
            line.member("bytes", bytes)
            line.end(isLine: true)
            try StandardOutput.write(line.bytes)
        } else {
            try StandardOutput.write(
                "\(ObjectText.right("\(objects)", 12))  \(ObjectText.right("\(bytes)", 15))  \(ObjectText.key(self.place.path))\n"
            )
        }
    }

    /// The next page of a walk, failures as those of a command.
    func page(_ walk: inout ObjectWalk) async throws(CommandFailure) -> ObjectPage? {
        do throws(StorageError) {
            return try await walk.next()
        } catch {
            throw .of(error)
        }
    }

    private func presign(_ resource: BoundResource) async throws(CommandFailure) {
        guard let sharing = resource.sharing else {
            throw .cannotRun("\(self.place.shown(.r2)) has no URL to share: only buckets of an S3 server have")
        }
        let (key, method, seconds) = (self.place.path, self.method.rawValue, self.seconds)
        let url = try await reading { () async throws(StorageError) in
            try await sharing.presignedURL(of: key, method: method, lifetime: .seconds(seconds))
        }
        try StandardOutput.write(url + "\n")
    }
}
