import LocalState
import OperatingSystem
import S3Storage
import WorkerDomain
import WorkerProject

/// What a store needs to know to open a binding.
struct StoreRequest: Sendable, Equatable {
    /// What may be done with it; what is opened for reading alone has nothing that could write.
    enum Mode: Sendable, Equatable { case read, write }

    let identity: LocalIdentity
    let settings: ConsoleConfiguration.Store
    /// Names of the local data of every binding of the project that is of the same kind.
    let known: [String]
    /// The project's folder, absolute.
    let project: String
    /// Cloudflare's id of the account, where the wrangler file names it.
    var account: String?
    /// Of a database: the absolute folder of its migrations, and the table that notes them.
    var migrations: MigrationsPlace?
    var mode = Mode.read

    /// What reads the binding; `nil` for nothing to read.
    var resource: BoundResource? { Stores.all[self.settings.kind]?(self) }

    /// True when the same data is read, whatever other bindings there are.
    func readsSame(as other: StoreRequest) -> Bool {
        self.identity == other.identity && self.settings == other.settings && self.mode == other.mode
            && self.project.hasSameBytes(as: other.project) && self.account.hasSameBytes(as: other.account)
            && self.migrations == other.migrations
    }
}

/// Every kind of store that `worker-console.toml` can give to a binding, and how it is opened; `nil` for nothing to
/// read. Adding one: its module, its name in `StoreKind`, and its line here.
enum Stores {
    static let all: [ConsoleConfiguration.StoreKind: @Sendable (StoreRequest) -> BoundResource?] = [
        .local: { Self.local($0) },
        .folder: { Self.folder($0) },
        .s3: { S3Stores.resource($0, environment: ProcessEnvironment.current()) },
        .none: { _ in nil },
    ]

    private static func local(_ request: StoreRequest) -> BoundResource {
        let binding = request.identity.binding
        // A folder that was named is read all the same.
        if request.identity.isRemote, request.settings.path == nil { return .remote(binding) }
        let state =
            request.settings.path.map { MiniflareState(persistTo: $0) }
            ?? MiniflareState(projectFolder: request.project)
        var resource = state.resource(
            for: binding, candidates: request.identity.candidates, known: request.known, below: request.project)
        if binding.kind == .d1 {
            let database = MiniflareD1(state: state, candidates: request.identity.candidates)
            resource.migrations = request.migrations.map {
                D1Migrations(database: database, folder: $0.directory, table: $0.table)
            }
            if request.mode == .write {
                let paths = ProgramPaths(environment: ProcessEnvironment.current())
                resource.databaseWriter = MiniflareD1Writer(database, backups: paths.backupFolder, name: binding.name) {
                    String(WallTime.now().rfc3339.filter { $0.isNumber || $0 == "T" }.prefix(15))
                }
            }
        }
        if request.mode == .write, binding.kind == .r2 {
            let store = MiniflareBucketStore(state: state, candidates: request.identity.candidates)
            resource.writer = MiniflareBucketWriter(store)
        }
        return resource
    }

    private static func folder(_ request: StoreRequest) -> BoundResource {
        let binding = request.identity.binding
        guard binding.kind == .r2 else { return self.onlyBuckets(binding, "folder") }
        guard let path = request.settings.path else {
            return .unusable(
                binding, place: "—", reason: "bindings.\(binding.name).path is missing: it names the folder")
        }
        let prefix = request.project + "/"
        let place = path.hasPrefix(prefix) ? String(path.dropFirst(prefix.count)) : path
        var resource = BoundResource.folder(binding, path: path, place: place)
        if request.mode == .write {
            resource.writer = FolderBucketWriter(FolderBucketStore(path: path, name: binding.id))
        }
        return resource
    }

    static func onlyBuckets(_ binding: Binding, _ store: String) -> BoundResource {
        .unusable(
            binding, place: "—", reason: "store = \"\(store)\" is only for buckets; \(binding.name) is not one")
    }
}
