import SQLite
import WorkerDomain

/// Lists one page of a bucket as miniflare's own statement does, by seeking instead of reading the whole table.
///
/// Miniflare (src/workers/r2/bucket.worker.ts) groups keys by the prefix up to the delimiter and orders the groups by
/// their last key. In byte order the keys of a group stand together, so the page is the same when its groups are
/// jumped over, and a bucket of a million objects costs a page of seeks.
struct ObjectListing: Sendable {
    let request: ObjectListRequest
    /// Only keys behind this one.
    let after: [UInt8]?

    func page(_ connection: borrowing SQLiteConnection) throws(SQLiteError) -> ObjectPage {
        let prefix = Array(self.request.prefix.utf8)
        let delimiter = self.request.delimiter.map { Array($0.utf8) } ?? []
        let lastBelow = try connection.prepare(
            "SELECT key FROM _mf_objects WHERE key >= ?1 AND key < ?2 ORDER BY key DESC LIMIT 1")

        var page = ObjectPage()
        var last: [UInt8] = []
        let after = self.after.flatMap { $0.lexicographicallyPrecedes(prefix) ? nil : $0 }
        var isBehind = after != nil
        var rows = try Self.rows(isBehind ? ">" : ">=", connection)
        try rows.bind(1, text: after ?? prefix)
        while try rows.step() {
            let key = rows.bytes(0)
            guard key.starts(with: prefix) else { break }
            if page.entries.count == self.request.limit {
                page.nextCursor = KeyCursor.encode(last)
                break
            }
            guard let group = Self.group(key, prefix.count, delimiter) else {
                page.entries.append(.object(ObjectRow(rows).object))
                last = key
                continue
            }
            page.entries.append(.prefix(String(decoding: group, as: UTF8.self)))
            lastBelow.reset()
            try lastBelow.bind(1, text: key)
            try lastBelow.bind(2, text: KeyCursor.end(of: group) ?? [])
            last = try lastBelow.step() ? lastBelow.bytes(0) : key
            if isBehind { rows.reset() } else { rows = try Self.rows(">", connection) }
            isBehind = true
            try rows.bind(1, text: last)
        }
        return page
    }

    /// The objects in order whose keys compare so with the first parameter.
    private static func rows(
        _ comparison: String, _ connection: borrowing SQLiteConnection
    ) throws(SQLiteError) -> SQLiteStatement {
        try connection.prepare(
            "SELECT \(ObjectRow.columns) FROM _mf_objects WHERE key \(comparison) ?1 AND typeof(key) = 'text' ORDER BY key"
        )
    }

    /// The prefix that `key` collapses into, delimiter included; `nil` when it stands for itself.
    ///
    /// Like SQLite's `substr`, on which miniflare builds, the search ends at a NUL.
    static func group(_ key: [UInt8], _ prefixCount: Int, _ delimiter: [UInt8]) -> [UInt8]? {
        guard let first = delimiter.first, key.count >= prefixCount + delimiter.count else { return nil }
        for index in prefixCount...(key.count - delimiter.count) {
            if key[index] == 0 { return nil }
            if key[index] == first, key[index..<(index + delimiter.count)].elementsEqual(delimiter) {
                return Array(key[..<(index + delimiter.count)])
            }
        }
        return nil
    }
}
