import Glibc
import SQLite
package import WorkerDomain

/// Reads a KV namespace that `wrangler dev` keeps on this machine.
package struct MiniflareNamespaceStore: KeyValueStore {
    package let state: MiniflareState
    /// Names that the file may have been made from, in wrangler's order.
    package let candidates: [String]
    private let now: @Sendable () -> WallTime

    /// The most bytes that one value may have; Cloudflare's own limit is 25 MiB.
    package static let largestValue = 64 << 20
    /// How often a read begins anew because the value was written meanwhile.
    private static let attempts = 8

    /// Makes a reader; `now` is the wall clock, which decides what has expired.
    package init(
        state: MiniflareState, candidates: [String],
        now: @escaping @Sendable () -> WallTime = { MiniflareNamespaceStore.wallClock() }
    ) {
        self.state = state
        self.candidates = candidates
        self.now = now
    }

    /// Where the namespace is or will be; `nil` without a candidate name.
    package var location: MiniflareState.Location? { self.state.locate(.kv, candidates: self.candidates) }

    package func list(prefix: String, cursor: String?, limit: Int) async throws(StorageError) -> KeyValuePage {
        let operation = "list kv:\(self.candidates.first ?? "")/\(prefix)"
        guard (1...1_000).contains(limit) else {
            throw StorageError(.invalid, operation: operation, reason: "the limit must be 1 to 1,000")
        }
        let after = try cursor.map { value throws(StorageError) in try KeyCursor.decode(value, operation: operation) }
        let bytes = Array(prefix.utf8)
        let now = self.milliseconds
        let page = try await self.read(operation) { connection throws(SQLiteError) in
            let isAfter = after.map { !$0.lexicographicallyPrecedes(bytes) } ?? false
            let statement = try connection.prepare(
                """
                SELECT \(Self.columns) FROM _mf_entries
                WHERE key \(isAfter ? ">" : ">=") ?1 AND typeof(key) = 'text' AND (expiration IS NULL OR expiration > ?2) ORDER BY key
                """)
            try statement.bind(1, text: isAfter ? after ?? [] : bytes)
            try statement.bind(2, now)
            var page = KeyValuePage()
            var last: [UInt8] = []
            while try statement.step() {
                let key = statement.bytes(0)
                guard key.starts(with: bytes) else { break }
                if page.entries.count == limit {
                    page.nextCursor = KeyCursor.encode(last)
                    break
                }
                page.entries.append(Self.entry(statement))
                last = key
            }
            return page
        }
        return page ?? KeyValuePage()
    }

    /// Returns the first `maximumBytes` bytes of a value with its entry, or `nil` when there is none or it has expired.
    package func value(of key: String, maximumBytes: Int) async throws(StorageError) -> KeyValueContent? {
        let operation = "read kv:\(self.candidates.first ?? "")/\(key)"
        guard maximumBytes >= 0 else {
            throw StorageError(.invalid, operation: operation, reason: "the number of bytes must not be negative")
        }
        let length = min(maximumBytes, Self.largestValue)
        // Every write makes a new blob: one that is gone although its row is still there is lost.
        var missing: KeyValueEntry?
        for _ in 0..<Self.attempts {
            let now = self.milliseconds
            let entry = try await self.read(operation) { connection throws(SQLiteError) -> KeyValueEntry? in
                let statement = try connection.prepare(
                    """
                    SELECT \(Self.columns) FROM _mf_entries
                    WHERE key = ?1 AND (expiration IS NULL OR expiration > ?2)
                    """)
                try statement.bind(1, key)
                try statement.bind(2, now)
                return try statement.step() ? Self.entry(statement) : nil
            }
            guard let entry = entry ?? nil, let location = self.location else { return nil }
            let folder = BlobFolder(path: location.blobs)
            let start = try await BlockingWork.run { () throws(StorageError) in
                try folder.readStart(of: entry.version, atMost: length, operation: operation)
            }.get()
            if let start { return KeyValueContent(entry: entry, bytes: start.bytes, totalBytes: start.total) }
            if entry == missing {
                throw StorageError(.malformed, operation: operation, reason: "the file with its content is missing")
            }
            missing = entry
        }
        throw StorageError(.locked, operation: operation, reason: "it kept being rewritten while it was read")
    }

    private static let columns = "key, expiration, metadata, blob_id"

    private static func entry(_ statement: borrowing SQLiteStatement) -> KeyValueEntry {
        KeyValueEntry(
            key: statement.text(0),
            expiresAt: statement.isNull(1) ? nil : WallTime(millisecondsSinceEpoch: statement.integer(1)),
            metadata: statement.isNull(2) ? nil : statement.text(2), version: statement.text(3))
    }

    package static func wallClock() -> WallTime {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return WallTime(nanosecondsSinceEpoch: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }

    private var milliseconds: Int64 { self.now().nanosecondsSinceEpoch / 1_000_000 }

    /// Reads on one consistent state; `nil` when the namespace does not exist yet.
    private func read<Value: Sendable>(
        _ operation: String, _ body: @escaping @Sendable (borrowing SQLiteConnection) throws(SQLiteError) -> Value
    ) async throws(StorageError) -> Value? {
        try await MiniflareTables.read(self.location, table: "_mf_entries", operation: operation, body)
    }
}
