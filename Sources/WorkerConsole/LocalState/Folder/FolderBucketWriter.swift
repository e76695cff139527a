import Glibc
package import WorkerDomain

/// Changes a plain folder as a bucket; keys that are not paths below it are refused.
package struct FolderBucketWriter: ObjectWriter {
    private let store: FolderBucketStore

    package init(_ store: FolderBucketStore) {
        self.store = store
    }

    package func put(
        _ upload: ObjectUpload, progress: @escaping @Sendable (Int64) -> Void
    ) async throws(StorageError) -> StoredObject {
        let operation = "put \(self.store.name)/\(upload.key)"
        let root = self.store.path
        guard let parts = FolderTree.parts(of: Array(upload.key.utf8)), let name = parts.last else {
            throw StorageError(
                .invalid, operation: operation, reason: "a folder can hold only keys that are relative paths")
        }
        try await BlockingWork.run { () throws(StorageError) in
            let folder = try Self.enter(parts.dropLast(), below: root, operation)
            defer { close(folder) }
            let hidden = Array(".worker-console-\(UInt64.random(in: 0 ... .max))".utf8)
            let file = FolderTree.withName(hidden) {
                openat(folder, $0, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o644)
            }
            guard file >= 0 else { throw StorageError(system: errno, operation: operation) }
            do throws(StorageError) {
                defer { close(file) }
                try upload.source.copy(to: file, operation, progress: progress)
            } catch {
                _ = FolderTree.withName(hidden) { unlinkat(folder, $0, 0) }
                throw error
            }
            let isRenamed = FolderTree.withName(hidden) { from in
                FolderTree.withName(name) { renameat(folder, from, folder, $0) } == 0
            }
            guard isRenamed else {
                let code = errno
                _ = FolderTree.withName(hidden) { unlinkat(folder, $0, 0) }
                throw StorageError(system: code, operation: operation)
            }
        }.get()
        guard let object = try await self.store.head(upload.key) else {
            throw StorageError(.notFound, operation: operation, reason: "it was deleted again meanwhile")
        }
        return object
    }

    package func delete(_ keys: [String]) async throws(StorageError) -> [ObjectRefusal] {
        let operation = "delete from \(self.store.name)"
        let root = self.store.path
        return try await BlockingWork.run { () throws(StorageError) in
            var refusals: [ObjectRefusal] = []
            for key in keys {
                guard let parts = FolderTree.parts(of: Array(key.utf8)), let name = parts.last else { continue }
                guard let folder = try Self.existing(parts.dropLast(), below: root, operation) else { continue }
                defer { close(folder) }
                if FolderTree.withName(name, { unlinkat(folder, $0, 0) }) != 0, errno != ENOENT {
                    refusals.append(ObjectRefusal(key: key, reason: SystemReason.text(errno)))
                }
            }
            return refusals
        }.get()
    }

    /// Opens a folder below the root, made where it is missing; links are not followed.
    private static func enter(
        _ parts: ArraySlice<[UInt8]>, below root: String, _ operation: String
    ) throws(StorageError) -> Int32 {
        var folder = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw StorageError(system: errno, operation: operation) }
        for part in parts {
            _ = FolderTree.withName(part) { mkdirat(folder, $0, 0o755) }
            let next = FolderTree.withName(part) {
                openat(folder, $0, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            }
            let code = errno
            close(folder)
            guard next >= 0 else { throw StorageError(system: code, operation: operation) }
            folder = next
        }
        return folder
    }

    private static func existing(
        _ parts: ArraySlice<[UInt8]>, below root: String, _ operation: String
    ) throws(StorageError) -> Int32? {
        guard var folder = try FolderTree(root: root).open(operation) else { return nil }
        for part in parts {
            let next = FolderTree.withName(part) {
                openat(folder, $0, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            }
            close(folder)
            guard next >= 0 else { return nil }
            folder = next
        }
        return folder
    }
}
