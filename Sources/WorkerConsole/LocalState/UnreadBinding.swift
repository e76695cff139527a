package import WorkerDomain

/// A binding that cannot be read, which is said in place of its data: development takes it from Cloudflare
/// (`remote = true`), or its settings lead nowhere.
struct UnreadBinding: ObjectStore, KeyValueStore, SQLDatabase {
    let error: StorageError

    func list(_: ObjectListRequest) async throws(StorageError) -> ObjectPage { throw self.error }

    func head(_: String) async throws(StorageError) -> StoredObject? { throw self.error }

    func read(_: String, offset _: Int64, length _: Int) async throws(StorageError) -> ObjectPart { throw self.error }

    func usage() async throws(StorageError) -> BucketUsage { throw self.error }

    func list(prefix _: String, cursor _: String?, limit _: Int) async throws(StorageError) -> KeyValuePage {
        throw self.error
    }

    func value(of _: String, maximumBytes _: Int) async throws(StorageError) -> KeyValueContent? { throw self.error }

    func overview() async throws(StorageError) -> DatabaseOverview { throw self.error }

    func columns(of _: String) async throws(StorageError) -> [SQLColumn] { throw self.error }

    func rows(
        of _: String, order _: SQLOrder?, offset _: Int, limit _: Int
    ) async throws(StorageError) -> SQLRows { throw self.error }

    func page(_: SQLPageRequest) async throws(StorageError) -> SQLPage { throw self.error }

    func relations(of _: String) async throws(StorageError) -> SQLRelations { throw self.error }

    func count(of _: String) async throws(StorageError) -> Int { throw self.error }

    func query(_: String, limit _: Int) async throws(StorageError) -> SQLRows { throw self.error }

    func stream(
        _: String, limit _: Int?, timeLimit _: Duration, to _: any SQLRowTaker
    ) async throws(StorageError) -> Bool { throw self.error }

    func reader(of kind: Binding.Kind) -> BoundResource.Reader {
        switch kind {
        case .d1: .database(self)
        case .r2: .bucket(self)
        case .kv: .namespace(self)
        }
    }
}

extension BoundResource {
    /// A binding that development takes from Cloudflare, which is said in place of its data.
    package static func remote(_ binding: Binding) -> BoundResource {
        let store = UnreadBinding(
            error: StorageError(
                .remote, operation: "open \(binding.id)",
                reason: "remote = true: wrangler dev uses the resource at Cloudflare"))
        return BoundResource(
            binding: binding, reader: store.reader(of: binding.kind),
            place: "cloudflare://\(binding.resource ?? binding.name)",
            findings: { [.remote] })
    }

    /// A binding whose settings cannot be used; every call says why.
    package static func unusable(_ binding: Binding, place: String, reason: String) -> BoundResource {
        let store = UnreadBinding(error: StorageError(.invalid, operation: "open \(binding.id)", reason: reason))
        return BoundResource(binding: binding, reader: store.reader(of: binding.kind), place: place)
    }
}
