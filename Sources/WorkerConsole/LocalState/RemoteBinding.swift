package import WorkerDomain

/// A binding that development takes from Cloudflare (`remote = true`): there is nothing to read on this machine.
struct RemoteBinding: ObjectStore, KeyValueStore, SQLDatabase {
    let binding: Binding

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

    func count(of _: String) async throws(StorageError) -> Int { throw self.error }

    func query(_: String, limit _: Int) async throws(StorageError) -> SQLRows { throw self.error }

    private var error: StorageError {
        StorageError(
            .remote, operation: "open \(self.binding.id)",
            reason: "remote = true: wrangler dev uses the resource at Cloudflare")
    }
}

extension BoundResource {
    /// A binding that development takes from Cloudflare, which is said in place of its data.
    package static func remote(_ binding: Binding) -> BoundResource {
        let store = RemoteBinding(binding: binding)
        let reader: Reader =
            switch binding.kind {
            case .d1: .database(store)
            case .r2: .bucket(store)
            case .kv: .namespace(store)
            }
        return BoundResource(
            binding: binding, reader: reader, place: "cloudflare://\(binding.resource ?? binding.name)",
            findings: { [.remote] })
    }
}
