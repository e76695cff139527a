import CommandLineArguments
import Glibc
import TextOutput
import WorkerDomain

/// What has to be given before a bucket is changed.
struct WriteConsent {
    let resource: BoundResource
    let confirmed: String?

    /// - Returns: What changes the bucket.
    /// - Throws: ``CommandFailure`` with exit code 2 without leave to write, or when a remote bucket is not named.
    func writer(for what: String) throws(CommandFailure) -> any ObjectWriter {
        guard let writer = self.resource.writer else {
            throw .cannotRun("nothing was changed: \(what) needs --write; --dry-run says what it would do")
        }
        guard let host = self.resource.host else { return writer }
        let bucket = self.resource.place.split(separator: "/").last.map(String.init) ?? ""
        guard self.confirmed.hasSameBytes(as: bucket) else {
            throw .cannotRun(
                "nothing was changed: the bucket is remote, on \(host); give its name with --confirm \(bucket)")
        }
        return writer
    }
}

/// `r2 put`: stores a file.
struct ObjectPut {
    private let command: R2Command
    private let resource: BoundResource
    private let store: any ObjectStore

    init(_ command: R2Command, _ resource: BoundResource, _ store: any ObjectStore) {
        self.command = command
        self.resource = resource
        self.store = store
    }

    func run() async throws(CommandFailure) {
        let (key, path) = (self.command.place.path, self.command.file ?? "")
        let file = path == "-" ? try UploadFile.standardInput() : try UploadFile(path)
        let shown = self.command.place.shown(.r2)
        let there = try await reading { () async throws(StorageError) in try await self.store.head(key) }
        if there != nil, !self.command.isOverwriting {
            throw CommandFailure(
                exitCode: 1, message: "put \(shown): it already exists; --overwrite replaces it")
        }
        let type = self.command.type ?? MediaTypes.type(of: path == "-" ? key : path)
        if self.command.isDryRun {
            try StandardOutput.write(
                "\(there == nil ? "put" : "replace") \(file.count) \(type ?? "-") \(ObjectText.key(key))\n")
            return
        }
        let writer = try WriteConsent(resource: self.resource, confirmed: self.command.confirmed).writer(for: "put")
        let meter = ProgressLine(total: file.count, name: key)
        let upload = ObjectUpload(
            key: key, source: file, http: ObjectHTTPMetadata(contentType: type),
            custom: self.command.metadata)
        let object: StoredObject
        do throws(StorageError) {
            object = try await writer.put(upload) { meter.show($0) }
            meter.clear()
        } catch {
            meter.clear()
            throw .of(error)
        }
        if self.command.options.isJSON {
            var line = JSONLine()
            ObjectText.json(object, to: &line)
            try StandardOutput.write(line.bytes)
        } else {
            StandardError.say("\(shown): \(Counted.text(object.bytes, "byte")) stored, etag \(object.etag)")
        }
    }
}

/// `r2 rm`: deletes one object, or all below a prefix.
struct ObjectRemoval {
    private let command: R2Command
    private let resource: BoundResource
    private let store: any ObjectStore

    init(_ command: R2Command, _ resource: BoundResource, _ store: any ObjectStore) {
        self.command = command
        self.resource = resource
        self.store = store
    }

    func run() async throws(CommandFailure) {
        if !self.command.isDryRun {
            _ = try WriteConsent(resource: self.resource, confirmed: self.command.confirmed).writer(for: "rm")
        }
        if !self.command.isRecursive {
            let object = try await self.command.object(self.store)
            try await self.delete([.object(object)])
            return
        }
        var count = 0
        var walk = ObjectWalk(self.store, ObjectListRequest(prefix: self.command.place.path))
        while let page = try await self.command.page(&walk) {
            try await self.delete(page.entries)
            count += page.entries.count
        }
        if count == 0 {
            throw CommandFailure(exitCode: 1, message: "rm \(self.command.place.shown(.r2)): no such object")
        }
    }

    /// Deletes, or says what would be; each key that is done is a line.
    private func delete(_ entries: [ObjectEntry]) async throws(CommandFailure) {
        let objects = entries.compactMap { if case .object(let object) = $0 { object } else { nil } }
        var refused: [ObjectRefusal] = []
        if !self.command.isDryRun, !objects.isEmpty {
            let writer = try WriteConsent(resource: self.resource, confirmed: self.command.confirmed).writer(for: "rm")
            let keys = objects.map(\.key)
            refused = try await reading { () async throws(StorageError) in try await writer.delete(keys) }
        }
        let kept = Set(refused.map { ByteString($0.key) })
        var line = JSONLine()
        for object in objects where !kept.contains(ByteString(object.key)) {
            if self.command.options.isJSON {
                ObjectText.json(object, to: &line)
            } else {
                line.bytes += ObjectText.line(.object(object)).utf8
            }
        }
        try StandardOutput.write(line.bytes)
        for refusal in refused {
            StandardError.say("rm r2:\(self.command.place.binding)/\(refusal.key): \(refusal.reason)")
        }
        if !refused.isEmpty { throw CommandFailure(exitCode: 1) }
    }
}
