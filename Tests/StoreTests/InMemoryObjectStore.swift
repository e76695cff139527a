import WorkerDomain

/// A bucket that lives in memory: what the contract of object stores says, written down once more without a database.
struct InMemoryObjectStore: ObjectStore {
    /// An object and its bytes.
    struct Item: Sendable {
        let object: StoredObject
        let bytes: [UInt8]
    }

    /// In UTF-8 binary order of their keys.
    private let items: [Item]

    init(_ items: [Item]) {
        self.items = items.sorted { $0.object.key.utf8.lexicographicallyPrecedes($1.object.key.utf8) }
    }

    func list(_ request: ObjectListRequest) async throws(StorageError) -> ObjectPage {
        let operation = "list \(request.prefix)"
        guard (1...1_000).contains(request.limit) else {
            throw StorageError(.invalid, operation: operation, reason: "the limit must be 1 to 1,000")
        }
        // A cursor is the number of items that are done with.
        guard let done = Int(request.cursor ?? "0") else {
            throw StorageError(.invalid, operation: operation, reason: "the cursor is not one of this store")
        }
        let prefix = Array(request.prefix.utf8)
        let startAfter = request.startAfter.map { Array($0.utf8) }
        var page = ObjectPage()
        var lastGroup: [UInt8]?
        for (index, item) in self.items.enumerated().dropFirst(done) {
            let key = Array(item.object.key.utf8)
            guard key.starts(with: prefix), startAfter?.lexicographicallyPrecedes(key) ?? true else { continue }
            let group = Self.group(key, below: prefix, request.delimiter)
            if let group, group == lastGroup { continue }
            if page.entries.count == request.limit {
                page.nextCursor = String(index)
                break
            }
            page.entries.append(group.map { .prefix(String(decoding: $0, as: UTF8.self)) } ?? .object(item.object))
            lastGroup = group
        }
        return page
    }

    func head(_ key: String) async throws(StorageError) -> StoredObject? { self.item(key)?.object }

    func read(_ key: String, offset: Int64, length: Int) async throws(StorageError) -> ObjectPart {
        let operation = "read \(key)"
        guard offset >= 0, length >= 0 else {
            throw StorageError(.invalid, operation: operation, reason: "offset and length must not be negative")
        }
        guard let item = self.item(key) else {
            throw StorageError(.notFound, operation: operation, reason: "no such object")
        }
        let start = Int(min(offset, Int64(item.bytes.count)))
        return ObjectPart(object: item.object, bytes: Array(item.bytes[start...].prefix(length)))
    }

    func usage() async throws(StorageError) -> BucketUsage {
        BucketUsage(objects: self.items.count, bytes: self.items.reduce(0) { $0 + $1.object.bytes })
    }

    /// The key up to the first delimiter behind the prefix, included; like SQLite's `substr` the search ends at a NUL.
    private static func group(_ key: [UInt8], below prefix: [UInt8], _ delimiter: String?) -> [UInt8]? {
        guard let delimiter else { return nil }
        let rest = key.dropFirst(prefix.count).prefix { $0 != 0 }
        return rest.firstRange(of: Array(delimiter.utf8)).map { Array(key[..<$0.upperBound]) }
    }

    /// Keys are compared by their bytes: two that look alike are two.
    private func item(_ key: String) -> Item? {
        self.items.first { $0.object.key.utf8.elementsEqual(key.utf8) }
    }
}
