/// Lists and reads one KV namespace binding.
package protocol KeyValueStore: Sendable {
    /// Returns one page of names in UTF-8 binary order, expired ones left out.
    func list(prefix: String, cursor: String?, limit: Int) async throws(StorageError) -> KeyValuePage
    /// Returns a value together with its expiry and metadata: all are those of one and the same write.
    /// - Parameters:
    ///   - key: The exact name.
    ///   - maximumBytes: Bytes of the value that are read at most.
    /// - Returns: `nil` when there is none or it has expired.
    /// - Throws: `StorageError` — `.locked`, `.malformed`, `.denied`, `.unreachable`.
    func value(of key: String, maximumBytes: Int) async throws(StorageError) -> KeyValueContent?
}

/// One page of names.
package struct KeyValuePage: Sendable, Equatable {
    package var entries: [KeyValueEntry]
    package var nextCursor: String?

    package init(entries: [KeyValueEntry] = [], nextCursor: String? = nil) {
        self.entries = entries
        self.nextCursor = nextCursor
    }
}

/// One name of a namespace.
package struct KeyValueEntry: Sendable, Equatable {
    package let key: String
    /// `nil` when it never expires.
    package let expiresAt: WallTime?
    /// JSON text as stored; `nil` when there is none.
    package let metadata: String?
    /// Another one after every write; empty when the store does not tell.
    package let version: String

    package init(key: String, expiresAt: WallTime?, metadata: String?, version: String = "") {
        self.key = key
        self.expiresAt = expiresAt
        self.metadata = metadata
        self.version = version
    }

    package static func == (left: KeyValueEntry, right: KeyValueEntry) -> Bool {
        left.key.hasSameBytes(as: right.key) && left.expiresAt == right.expiresAt
            && left.metadata.hasSameBytes(as: right.metadata) && left.version.hasSameBytes(as: right.version)
    }
}

/// A value, and the entry that it is of.
package struct KeyValueContent: Sendable, Equatable {
    /// As it was when the bytes were read.
    package let entry: KeyValueEntry
    /// The start of the value, or all of it.
    package let bytes: [UInt8]
    package let totalBytes: Int64

    package init(entry: KeyValueEntry, bytes: [UInt8], totalBytes: Int64) {
        self.entry = entry
        self.bytes = bytes
        self.totalBytes = totalBytes
    }
}
