import Digests
import Glibc
import OperatingSystem
import SQLite
package import WorkerDomain

/// Changes a local R2 bucket in miniflare's own layout, also while `wrangler dev` runs: in one transaction, and as
/// miniflare does it (src/workers/r2/bucket.worker.ts): a write makes new blobs, and the old ones go when it is done.
package struct MiniflareBucketWriter: ObjectWriter {
    private let store: MiniflareBucketStore

    /// Miniflare's own limit (src/workers/r2/validator.worker.ts).
    private static let largestKey = 1_024

    package init(_ store: MiniflareBucketStore) {
        self.store = store
    }

    package func put(
        _ upload: ObjectUpload, progress: @escaping @Sendable (Int64) -> Void
    ) async throws(StorageError) -> StoredObject {
        let operation = "put r2:\(self.store.candidates.first ?? "")/\(upload.key)"
        guard (1...Self.largestKey).contains(upload.key.utf8.count) else {
            throw StorageError(.invalid, operation: operation, reason: "a key has 1 to 1,024 bytes")
        }
        guard let location = self.store.location else {
            throw StorageError(.invalid, operation: operation, reason: "the binding has no name")
        }
        try await BlockingWork.run { () throws(StorageError) in
            try Self.makeFolders(location, operation)
            let blob = try Self.writeBlob(upload.source, into: location.blobs, operation, progress)
            do throws(StorageError) {
                let old = try Self.change(location, operation) { database in
                    let old = try Self.blobs(of: upload.key, database)
                    try Self.insert(upload, blob, database)
                    return old
                }
                Self.remove(old, from: location.blobs)
            } catch {
                unlink("\(location.blobs)/\(blob.name)")
                throw error
            }
        }.get()
        guard let object = try await self.store.head(upload.key) else {
            throw StorageError(.notFound, operation: operation, reason: "it was deleted again meanwhile")
        }
        return object
    }

    package func delete(_ keys: [String]) async throws(StorageError) -> [ObjectRefusal] {
        try await self.delete(keys.map { (key: $0, seen: nil) })
    }

    package func delete(unchanged objects: [StoredObject]) async throws(StorageError) -> [ObjectRefusal] {
        try await self.delete(objects.map { (key: $0.key, seen: $0) })
    }

    /// Deletes in one transaction what is still as it was seen.
    private func delete(
        _ items: [(key: String, seen: StoredObject?)]
    ) async throws(StorageError) -> [ObjectRefusal] {
        let operation = "delete from r2:\(self.store.candidates.first ?? "")"
        guard let location = self.store.location, location.exists else { return [] }
        return try await BlockingWork.run { () throws(StorageError) in
            var refusals: [ObjectRefusal] = []
            let old = try Self.change(location, operation) { database in
                let head = try database.prepare("SELECT \(ObjectRow.columns) FROM _mf_objects WHERE key = ?1")
                let row = try database.prepare("DELETE FROM _mf_objects WHERE key = ?1")
                var old: [String] = []
                for item in items {
                    if let seen = item.seen {
                        head.reset()
                        try head.bind(1, item.key)
                        if try head.step(), !ObjectRow(head).object.isSameVersion(as: seen) {
                            refusals.append(ObjectRefusal(key: item.key, reason: ObjectRefusal.rewritten))
                            continue
                        }
                    }
                    old += try Self.blobs(of: item.key, database)
                    row.reset()
                    try row.bind(1, item.key)
                    _ = try row.step()
                }
                return old
            }
            Self.remove(old, from: location.blobs)
            return refusals
        }.get()
    }

    // MARK: - The database

    private static func change(
        _ location: MiniflareState.Location, _ operation: String,
        _ body: (borrowing SQLiteConnection) throws -> [String]
    ) throws(StorageError) -> [String] {
        do {
            let database = try SQLiteConnection(path: location.database)
            try database.run("PRAGMA journal_mode = WAL")
            var old: [String] = []
            try database.transaction {
                try database.run(MiniflareStateWriter.bucketSchema)
                old = try body(database)
            }
            return old
        } catch let error as SQLiteError {
            throw StorageError(error, operation: operation)
        } catch {
            throw StorageError(.unreachable, operation: operation, reason: "\(error)")
        }
    }

    /// The blobs of an object; the parts of one that was uploaded in parts are unlinked with it.
    private static func blobs(of key: String, _ database: borrowing SQLiteConnection) throws -> [String] {
        var blobs: [String] = []
        do {
            let row = try database.prepare("SELECT blob_id FROM _mf_objects WHERE key = ?1 AND blob_id IS NOT NULL")
            try row.bind(1, key)
            if try row.step() { blobs.append(row.text(0)) }
        }
        do {
            let parts = try database.prepare("SELECT blob_id FROM _mf_multipart_parts WHERE object_key = ?1")
            try parts.bind(1, key)
            while try parts.step() { blobs.append(parts.text(0)) }
        }
        try database.run("DELETE FROM _mf_multipart_parts WHERE object_key = ?", [.text(key)])
        return blobs
    }

    private static func insert(
        _ upload: ObjectUpload, _ blob: Blob, _ database: borrowing SQLiteConnection
    ) throws {
        let custom = Dictionary(upload.custom.map { ($0.name, $0.value) }) { $1 }
        try database.run(
            "INSERT OR REPLACE INTO _mf_objects VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                .text(upload.key), .text(blob.name),
                .text(MiniflareIdentity.hexadecimal(MiniflareStateWriter.random(16))),
                .integer(upload.source.count), .text(blob.digest), .integer(Self.now()), .text("{}"),
                .text(MiniflareMetadata.http(upload.http)),
                .text(MiniflareMetadata.custom(custom)),
            ])
    }

    // MARK: - Blobs

    private struct Blob {
        let name: String
        /// The MD5 of its bytes.
        let digest: String
    }

    private static func makeFolders(_ location: MiniflareState.Location, _ operation: String) throws(StorageError) {
        for folder in [StateSurvey.parent(of: location.database), location.blobs] {
            do throws(SystemError) {
                try Folders.make(folder)
            } catch {
                throw StorageError(
                    .denied, operation: operation, reason: "\(folder) cannot be created: \(error.reason)")
            }
        }
    }

    private static func writeBlob(
        _ source: any UploadSource, into folder: String, _ operation: String, _ progress: (Int64) -> Void
    ) throws(StorageError) -> Blob {
        let stamp = UInt64(bitPattern: Self.now())
        let time = (0..<8).map { UInt8(truncatingIfNeeded: stamp >> (8 * (7 - UInt64($0)))) }
        let name = MiniflareIdentity.hexadecimal(MiniflareStateWriter.random(32) + time)
        let path = "\(folder)/\(name)"
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw StorageError(system: errno, operation: operation) }
        var digest = DigestStream(.md5)
        var isWhole = false
        defer {
            close(file)
            if !isWhole { unlink(path) }
        }
        try source.copy(to: file, operation, progress: progress) { digest.update($0[...]) }
        isWhole = true
        return Blob(name: name, digest: MiniflareIdentity.hexadecimal(digest.finish()))
    }

    /// Removes blobs that no row names any more; one that stays is no damage.
    private static func remove(_ blobs: [String], from folder: String) {
        for blob in blobs where BlobFolder.isIdentifier(blob) { unlink("\(folder)/\(blob)") }
    }

    /// Milliseconds since 1970.
    private static func now() -> Int64 { MiniflareNamespaceStore.wallClock().nanosecondsSinceEpoch / 1_000_000 }
}
