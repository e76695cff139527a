/// Lists and reads one KV namespace binding.
package protocol KeyValueStore: Sendable {
    /// Returns one page of names in UTF-8 binary order, expired ones left out.
    func list(prefix: String, cursor: String?, limit: Int) async throws(StorageError) -> KeyValuePage
    /// Returns a value, or `nil` when there is none or it has expired.
    func value(of key: String, maximumBytes: Int) async throws(StorageError) -> [UInt8]?
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

    package init(key: String, expiresAt: WallTime?, metadata: String?) {
        self.key = key
        self.expiresAt = expiresAt
        self.metadata = metadata
    }
}
