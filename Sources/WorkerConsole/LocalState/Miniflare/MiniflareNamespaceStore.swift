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
                SELECT key, expiration, metadata FROM _mf_entries
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
                page.entries.append(
                    KeyValueEntry(
                        key: String(decoding: key, as: UTF8.self),
                        expiresAt: statement.isNull(1)
                            ? nil : WallTime(millisecondsSinceEpoch: statement.integer(1)),
                        metadata: statement.isNull(2) ? nil : statement.text(2)))
                last = key
            }
            return page
        }
        return page ?? KeyValuePage()
    }

    /// Returns the first `maximumBytes` bytes of a value, or `nil` when there is none or it has expired.
    package func value(of key: String, maximumBytes: Int) async throws(StorageError) -> [UInt8]? {
        let operation = "read kv:\(self.candidates.first ?? "")/\(key)"
        guard maximumBytes >= 0 else {
            throw StorageError(.invalid, operation: operation, reason: "the number of bytes must not be negative")
        }
        let length = min(maximumBytes, Self.largestValue)
        let now = self.milliseconds
        // A value that is written anew between its row and its bytes has another blob the second time.
        for _ in 0..<2 {
            let blob = try await self.read(operation) { connection throws(SQLiteError) -> String? in
                let statement = try connection.prepare(
                    "SELECT blob_id FROM _mf_entries WHERE key = ?1 AND (expiration IS NULL OR expiration > ?2)")
                try statement.bind(1, key)
                try statement.bind(2, now)
                return try statement.step() ? statement.text(0) : nil
            }
            guard let blob = blob ?? nil, let location = self.location else { return nil }
            let folder = BlobFolder(path: location.blobs)
            let bytes = try await BlockingWork.run { () throws(StorageError) in
                try folder.readStart(of: blob, atMost: length, operation: operation)
            }.get()
            if let bytes { return bytes }
        }
        throw StorageError(.malformed, operation: operation, reason: "the file of its bytes is missing")
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
