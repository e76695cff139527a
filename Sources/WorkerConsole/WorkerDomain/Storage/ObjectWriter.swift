/// Changes the objects of one bucket binding; only a store that was opened for writing has one.
package protocol ObjectWriter: Sendable {
    /// Stores an object; one of the same key is replaced as a whole, and readers see the old one or the new one.
    /// - Parameters:
    ///   - upload: Key, fields and where its bytes come from.
    ///   - progress: Is told how many bytes have been stored so far.
    /// - Returns: The object as it is stored now.
    /// - Throws: `StorageError` — `.invalid` for a key that the store cannot hold, `.denied`, `.locked`,
    ///   `.unreachable`, and what the source throws.
    func put(
        _ upload: ObjectUpload, progress: @escaping @Sendable (Int64) -> Void
    ) async throws(StorageError) -> StoredObject
    /// Deletes objects; a key that is not there counts as deleted, as in S3.
    /// - Parameter keys: At most 1,000.
    /// - Returns: What was not deleted, and why; empty when everything was.
    /// - Throws: `StorageError` when nothing can be said of single keys.
    func delete(_ keys: [String]) async throws(StorageError) -> [ObjectRefusal]
    /// Deletes objects as they were seen: one that was stored again since stays and is among the refusals.
    ///
    /// A store on this machine compares and deletes in one step. Of a server without conditional deletes the versions are
    /// read right before.
    /// - Parameter objects: At most 1,000.
    /// - Returns: What was not deleted, and why; empty when everything was.
    /// - Throws: `StorageError` when nothing can be said of single keys.
    func delete(unchanged objects: [StoredObject]) async throws(StorageError) -> [ObjectRefusal]
}

/// An object to be stored.
package struct ObjectUpload: Sendable {
    package let key: String
    package let source: any UploadSource
    package var http: ObjectHTTPMetadata
    package var custom: ObjectFields

    package init(
        key: String, source: any UploadSource, http: ObjectHTTPMetadata = ObjectHTTPMetadata(),
        custom: ObjectFields = [:]
    ) {
        self.key = key
        self.source = source
        self.http = http
        self.custom = custom
    }
}

/// Bytes that can be read from any place, so that a part can be sent again.
package protocol UploadSource: Sendable {
    var count: Int64 { get }
    /// Reads exactly `length` bytes, on a thread that may wait.
    /// - Throws: `StorageError` when there are fewer: the source has changed.
    func read(at offset: Int64, length: Int) throws(StorageError) -> [UInt8]
}

/// Bytes in memory.
package struct MemoryBytes: UploadSource {
    private let bytes: [UInt8]

    package init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    package var count: Int64 { Int64(self.bytes.count) }

    package func read(at offset: Int64, length: Int) throws(StorageError) -> [UInt8] {
        guard offset >= 0, length >= 0, offset <= Int64(self.bytes.count - length) else {
            throw StorageError(.invalid, operation: "read the upload", reason: "it is shorter than it was")
        }
        return Array(self.bytes[Int(offset)..<(Int(offset) + length)])
    }
}

/// One key that a store did not delete.
package struct ObjectRefusal: Sendable, Equatable {
    package let key: String
    package let reason: String

    /// Why an object stays that was stored again since it was looked at.
    package static let rewritten = "it was rewritten meanwhile; try again"

    package init(key: String, reason: String) {
        self.key = key
        self.reason = reason
    }

    package static func == (left: ObjectRefusal, right: ObjectRefusal) -> Bool {
        left.key.hasSameBytes(as: right.key) && left.reason.hasSameBytes(as: right.reason)
    }
}

/// Makes URLs with which anyone can act on one object for a while.
package protocol ObjectSharing: Sendable {
    /// - Parameters:
    ///   - key: The exact key; whether it is there is not asked.
    ///   - method: GET, HEAD, PUT or DELETE.
    ///   - lifetime: 1 second to 7 days.
    /// - Returns: The URL.
    /// - Throws: `StorageError` — `.invalid` for another lifetime, `.denied` without credentials.
    func presignedURL(
        of key: String, method: String, lifetime: Duration
    ) async throws(StorageError) -> String
}
