/// Lists and reads the objects of one bucket binding.
package protocol ObjectStore: Sendable {
    /// Returns one page of keys and collapsed prefixes in UTF-8 binary order, as R2 does.
    /// - Parameter request: Prefix, delimiter, cursor and page size.
    /// - Returns: At most `request.limit` entries, keys and prefixes together. `nextCursor` is `nil` on the last page.
    /// - Throws: `StorageError` — `.locked`, `.malformed`, `.denied`, `.unreachable`. A bucket that does not exist yet
    ///   is an empty page, not an error.
    func list(_ request: ObjectListRequest) async throws(StorageError) -> ObjectPage
    /// Returns the metadata of one object, or `nil` when there is none.
    func head(_ key: String) async throws(StorageError) -> StoredObject?
    /// Reads bytes of one object, together with its metadata: both are those of one and the same version.
    /// - Parameters:
    ///   - key: The exact key.
    ///   - offset: First byte, 0 or more.
    ///   - length: Bytes wanted at most.
    /// - Returns: The object and the bytes; fewer than asked for at the object's end, none behind it.
    /// - Throws: `StorageError` — `.notFound`, and as ``list(_:)``.
    func read(_ key: String, offset: Int64, length: Int) async throws(StorageError) -> ObjectPart
    /// Counts objects and bytes, or says how far it came when the bucket is large.
    func usage() async throws(StorageError) -> BucketUsage
    /// Looks for a part of a name in the keys behind the prefix; as ``list(_:)``, page by page, unless a store is faster.
    func find(_ part: NamePart, in scan: ObjectScan) async throws(StorageError) -> ObjectScan.Found
    /// Counts the objects of a part of a scan, and adds up their bytes.
    func sum(_ scan: ObjectScan) async throws(StorageError) -> ObjectScan.Sum
}

/// What to list.
package struct ObjectListRequest: Sendable, Equatable {
    /// Only keys that start with these bytes; empty for all.
    package var prefix: String
    /// Collapses keys that share a segment up to this text into one prefix; `nil` lists every key.
    package var delimiter: String?
    /// Where the previous page ended, or `nil` for the first page.
    package var cursor: String?
    /// Only keys after this one, in UTF-8 binary order.
    package var startAfter: String?
    /// 1 to 1,000.
    package var limit: Int

    package init(
        prefix: String = "", delimiter: String? = nil, cursor: String? = nil, startAfter: String? = nil,
        limit: Int = 1_000
    ) {
        self.prefix = prefix
        self.delimiter = delimiter
        self.cursor = cursor
        self.startAfter = startAfter
        self.limit = limit
    }
}

/// One page of a listing.
package struct ObjectPage: Sendable, Equatable {
    /// Keys and prefixes in the store's order.
    package var entries: [ObjectEntry]
    package var nextCursor: String?

    package init(entries: [ObjectEntry] = [], nextCursor: String? = nil) {
        self.entries = entries
        self.nextCursor = nextCursor
    }
}

/// A line of a listing.
package enum ObjectEntry: Sendable, Equatable {
    case object(StoredObject)
    /// A collapsed prefix, delimiter included.
    case prefix(String)

    package static func == (left: ObjectEntry, right: ObjectEntry) -> Bool {
        switch (left, right) {
        case (.object(let left), .object(let right)): left == right
        case (.prefix(let left), .prefix(let right)): left.hasSameBytes(as: right)
        case (.object, _), (.prefix, _): false
        }
    }
}

/// How much a bucket holds.
package struct BucketUsage: Sendable, Equatable {
    package let objects: Int
    package let bytes: Int64
    /// False when counting stopped at a bound; the figures are then a lower limit.
    package let isComplete: Bool

    package init(objects: Int, bytes: Int64, isComplete: Bool = true) {
        self.objects = objects
        self.bytes = bytes
        self.isComplete = isComplete
    }
}
