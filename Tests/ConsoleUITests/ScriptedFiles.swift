import Synchronization
import WorkerDomain

/// Notes what it is asked to transfer, and says that it was done.
final class ScriptedFiles: ObjectFiles {
    private struct State {
        var saved: [ObjectDownload] = []
        var uploads: [FileUpload] = []
        var removals: [ObjectDeletion] = []
        var restored: [TrashedObjects] = []
        var outcome: (@Sendable () -> Result<TransferOutcome, StorageError>)?
    }

    private let state = Mutex(State())

    var saved: [ObjectDownload] { self.state.withLock { $0.saved } }
    var uploads: [FileUpload] { self.state.withLock { $0.uploads } }
    var removals: [ObjectDeletion] { self.state.withLock { $0.removals } }
    var restored: [TrashedObjects] { self.state.withLock { $0.restored } }
    /// What every transfer ends with, in place of success.
    var outcome: (@Sendable () -> Result<TransferOutcome, StorageError>)? {
        get { self.state.withLock { $0.outcome } }
        set { self.state.withLock { $0.outcome = newValue } }
    }

    private func end(
        _ objects: Int, _ bytes: Int64, _ change: (inout TransferOutcome) -> Void = { _ in }
    ) throws(StorageError) -> TransferOutcome {
        if let outcome = self.outcome { return try outcome().get() }
        var outcome = TransferOutcome()
        outcome.objects = objects
        outcome.bytes = bytes
        change(&outcome)
        return outcome
    }

    func md5(_ bytes: [UInt8]) -> String { "md5 of \(String(decoding: bytes, as: UTF8.self))" }

    func suggestion(for key: String) -> String { "safe-\(key.split(separator: "/").last ?? "")" }

    func save(_ download: ObjectDownload, _ meter: TransferMeter) async throws(StorageError) -> TransferOutcome {
        self.state.withLock { $0.saved.append(download) }
        let bytes = download.targets.reduce(Int64(0)) { sum, target in
            if case .object(let object) = target { sum + object.bytes } else { sum }
        }
        return try self.end(download.targets.count, bytes) { outcome in
            outcome.verified = 1
            outcome.place = download.path
        }
    }

    func upload(_ upload: FileUpload, _ meter: TransferMeter) async throws(StorageError) -> TransferOutcome {
        self.state.withLock { $0.uploads.append(upload) }
        return try self.end(1, 1)
    }

    func remove(_ removal: ObjectDeletion, _ meter: TransferMeter) async throws(StorageError) -> TransferOutcome {
        self.state.withLock { $0.removals.append(removal) }
        _ = try await removal.writer.delete(removal.objects.map(\.key))
        return try self.end(removal.objects.count, removal.objects.reduce(0) { $0 + $1.bytes }) { outcome in
            if removal.usesTrash { outcome.trashed = TrashedObjects(folder: "/trash/1", objects: removal.objects) }
        }
    }

    func restore(
        _ trashed: TrashedObjects, to store: any ObjectStore, _ writer: any ObjectWriter, _ meter: TransferMeter
    ) async throws(StorageError) -> TransferOutcome {
        self.state.withLock { $0.restored.append(trashed) }
        return try self.end(trashed.objects.count, 0)
    }

    func verify(
        _ object: StoredObject, of store: any ObjectStore, _ meter: TransferMeter
    ) async throws(StorageError) -> TransferOutcome {
        try self.end(1, object.bytes)
    }
}

/// Deletes from a store in memory.
struct MemoryWriter: ObjectWriter {
    let store: MemoryObjectStore

    func put(
        _ upload: ObjectUpload, progress: @escaping @Sendable (Int64) -> Void
    ) async throws(StorageError) -> StoredObject {
        let bytes = try upload.source.read(at: 0, length: Int(upload.source.count))
        let object = BucketsSample.object(upload.key, bytes).0
        self.store.put(object, bytes)
        return object
    }

    func delete(_ keys: [String]) async throws(StorageError) -> [ObjectRefusal] {
        for key in keys { self.store.remove(key) }
        return []
    }

    func delete(unchanged objects: [StoredObject]) async throws(StorageError) -> [ObjectRefusal] {
        try await self.delete(objects.map(\.key))
    }
}

/// Makes URLs that say how long they are valid.
struct ScriptedSharing: ObjectSharing {
    func presignedURL(
        of key: String, method: String, lifetime: Duration
    ) async throws(StorageError) -> String { "https://s3.example.com/\(key)?expires=\(lifetime.components.seconds)" }
}
