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
            let hidden = Self.hiddenName()
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
        try await self.delete(keys.map { (key: $0, seen: nil) })
    }

    package func delete(unchanged objects: [StoredObject]) async throws(StorageError) -> [ObjectRefusal] {
        try await self.delete(objects.map { (key: $0.key, seen: $0) })
    }

    private func delete(
        _ items: [(key: String, seen: StoredObject?)]
    ) async throws(StorageError) -> [ObjectRefusal] {
        let operation = "delete from \(self.store.name)"
        let root = self.store.path
        return try await BlockingWork.run { () throws(StorageError) in
            var refusals: [ObjectRefusal] = []
            for item in items {
                guard let parts = FolderTree.parts(of: Array(item.key.utf8)), let name = parts.last else { continue }
                // What was deleted before it is told all the same, so that it can be brought back.
                do throws(StorageError) {
                    guard let folder = try Self.existing(parts.dropLast(), below: root, operation) else { continue }
                    defer { close(folder) }
                    if let reason = Self.delete(name, in: folder, seen: item.seen) {
                        refusals.append(ObjectRefusal(key: item.key, reason: reason))
                    }
                } catch {
                    refusals.append(ObjectRefusal(key: item.key, reason: error.reason))
                }
            }
            return refusals
        }.get()
    }

    /// Unlinks a file; one that is not there counts as deleted.
    /// - Returns: Why it was not; `nil` when it was.
    private static func delete(_ name: [UInt8], in folder: Int32, seen: StoredObject?) -> String? {
        guard let seen else {
            let isGone = FolderTree.withName(name) { unlinkat(folder, $0, 0) } == 0 || errno == ENOENT
            return isGone ? nil : SystemReason.text(errno)
        }
        guard let now = self.object(seen.key, name, in: folder) else {
            return errno == ENOENT ? nil : SystemReason.text(errno)
        }
        guard now.isSameVersion(as: seen) else { return ObjectRefusal.rewritten }
        // What has the name may be another file by now. Under a name of its own it stays what it is, so it can be compared
        // before it goes; a file that is not meant gets its name back, unless a still newer one has it.
        let hidden = self.hiddenName()
        let isMoved = FolderTree.withName(hidden) { to in
            FolderTree.withName(name) { renameat(folder, $0, folder, to) } == 0
        }
        guard isMoved else { return errno == ENOENT ? nil : SystemReason.text(errno) }
        let isMeant = self.object(seen.key, hidden, in: folder).map { $0.isSameVersion(as: seen) } ?? false
        FolderTree.withName(hidden) { from in
            // Some file systems have no links; there it gets its name back by the last way that is left.
            let isBack = isMeant || FolderTree.withName(name) { linkat(folder, from, folder, $0, 0) } == 0
            if isBack || errno == EEXIST {
                unlinkat(folder, from, 0)
            } else {
                _ = FolderTree.withName(name) { renameat(folder, from, folder, $0) }
            }
        }
        return isMeant ? nil : ObjectRefusal.rewritten
    }

    private static func object(_ key: String, _ name: [UInt8], in folder: Int32) -> StoredObject? {
        var status = stat()
        let isThere = FolderTree.withName(name) { fstatat(folder, $0, &status, AT_SYMLINK_NOFOLLOW) } == 0
        // The caller reads `errno`.
        return isThere ? FolderBucketStore.object(key, status) : nil
    }

    /// A name that no other file has.
    private static func hiddenName() -> [UInt8] { Array(".worker-console-\(UInt64.random(in: 0 ... .max))".utf8) }

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
            let code = errno
            close(folder)
            guard next >= 0 else {
                // Without its folder, with a file or a link there, or with a name that no folder can have, an object is not
                // there.
                guard [ENOENT, ENOTDIR, ELOOP, ENAMETOOLONG].contains(code) else {
                    throw StorageError(system: code, operation: operation)
                }
                return nil
            }
            folder = next
        }
        return folder
    }
}
