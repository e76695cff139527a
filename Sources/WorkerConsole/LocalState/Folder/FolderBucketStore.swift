import Glibc
package import WorkerDomain

/// Reads a plain folder as a bucket: each regular file below it is an object, its path the key.
package struct FolderBucketStore: ObjectStore {
    /// Absolute.
    package let path: String
    /// The name by which errors speak of it.
    package let name: String

    /// How long counting goes on before it says how far it came.
    private static let countingTime = Duration.seconds(2)

    package init(path: String, name: String) {
        self.path = path
        self.name = name
    }

    private var tree: FolderTree { FolderTree(root: self.path) }

    package func list(_ request: ObjectListRequest) async throws(StorageError) -> ObjectPage {
        let operation = "list \(self.name)/\(request.prefix)"
        guard (1...1_000).contains(request.limit) else {
            throw StorageError(.invalid, operation: operation, reason: "the limit must be 1 to 1,000")
        }
        let cursor = try request.cursor.map { value throws(StorageError) in
            try KeyCursor.decode(value, operation: operation)
        }
        let after = KeyCursor.later(cursor, request.startAfter.map { Array($0.utf8) })
        let tree = self.tree
        return try await BlockingWork.run { () throws(StorageError) in
            var listing = FolderListing(tree: tree, request: request, after: after, operation: operation)
            return try listing.list()
        }.get()
    }

    package func head(_ key: String) async throws(StorageError) -> StoredObject? {
        let tree = self.tree
        let operation = "look at \(self.name)/\(key)"
        return try await BlockingWork.run { () throws(StorageError) in
            guard let file = try tree.open(Array(key.utf8), operation) else { return nil }
            defer { close(file.descriptor) }
            return Self.object(key, file.status)
        }.get()
    }

    package func read(_ key: String, offset: Int64, length: Int) async throws(StorageError) -> ObjectPart {
        let operation = "read \(self.name)/\(key)"
        guard offset >= 0, length >= 0 else {
            throw StorageError(.invalid, operation: operation, reason: "offset and length must not be negative")
        }
        let tree = self.tree
        return try await BlockingWork.run { () throws(StorageError) in
            guard let file = try tree.open(Array(key.utf8), operation) else {
                throw StorageError(.notFound, operation: operation, reason: "no such object")
            }
            defer { close(file.descriptor) }
            let object = Self.object(key, file.status)
            guard offset < object.bytes, length > 0 else { return ObjectPart(object: object, bytes: []) }
            let wanted = min(Int64(length), object.bytes - offset)
            guard wanted <= Int64(MiniflareBucketStore.largestRead) else {
                let reason = "one read is at most \(MiniflareBucketStore.largestRead) bytes"
                throw StorageError(.limit, operation: operation, reason: reason)
            }
            let bytes = try BlobFolder.read(file.descriptor, offset, Int(wanted), operation)
            return ObjectPart(object: object, bytes: bytes)
        }.get()
    }

    package func usage() async throws(StorageError) -> BucketUsage {
        let end = ContinuousClock.now.advanced(by: Self.countingTime)
        var (objects, bytes) = (0, Int64(0))
        var cursor: String?
        repeat {
            let page = try await self.list(ObjectListRequest(cursor: cursor))
            for case .object(let object) in page.entries {
                objects += 1
                bytes = bytes.addingReportingOverflow(object.bytes).partialValue
            }
            cursor = page.nextCursor
            if cursor != nil, ContinuousClock.now >= end || Task.isCancelled {
                return BucketUsage(objects: objects, bytes: bytes, isComplete: false)
            }
        } while cursor != nil
        return BucketUsage(objects: objects, bytes: bytes)
    }

    /// A file as an object. Its etag tells its versions apart and is no digest: that would have to be read.
    static func object(_ key: String, _ status: stat) -> StoredObject {
        let time = Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
        let mark = [UInt64(status.st_ino), UInt64(bitPattern: time), UInt64(bitPattern: Int64(status.st_size))]
            .map { String($0, radix: 16) }.joined(separator: ".")
        return StoredObject(
            key: key, bytes: Int64(status.st_size), etag: mark, version: mark,
            uploadedAt: WallTime(nanosecondsSinceEpoch: time))
    }
}

extension BoundResource {
    /// A bucket that is a plain folder.
    package static func folder(_ binding: Binding, path: String, place: String) -> BoundResource {
        BoundResource(
            binding: binding, reader: .bucket(FolderBucketStore(path: path, name: binding.id)), place: place)
    }
}
