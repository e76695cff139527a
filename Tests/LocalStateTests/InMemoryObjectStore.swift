package import WorkerDomain

@testable import LocalState

/// A bucket that lives in memory; for tests and for trying out screens.
package struct InMemoryObjectStore: ObjectStore {
    /// An object and its bytes.
    package struct Item: Sendable {
        package let object: StoredObject
        package let bytes: [UInt8]

        package init(object: StoredObject, bytes: [UInt8]) {
            self.object = object
            self.bytes = bytes
        }
    }

    /// In UTF-8 binary order of their keys.
    private let items: [Item]

    package init(_ items: [Item]) {
        self.items = items.sorted { $0.object.key.utf8.lexicographicallyPrecedes($1.object.key.utf8) }
    }

    package func list(_ request: ObjectListRequest) async throws(StorageError) -> ObjectPage {
        let operation = "list \(request.prefix)"
        guard (1...1_000).contains(request.limit) else {
            throw StorageError(.invalid, operation: operation, reason: "the limit must be 1 to 1,000")
        }
        var after = request.startAfter.map { Array($0.utf8) }
        if let cursor = request.cursor {
            after = KeyCursor.later(after, try KeyCursor.decode(cursor, operation: operation))
        }
        let prefix = Array(request.prefix.utf8)
        let delimiter = request.delimiter.map { Array($0.utf8) } ?? []
        var page = ObjectPage()
        var last: [UInt8] = []
        var lastGroup: [UInt8]?
        for item in self.items {
            let key = Array(item.object.key.utf8)
            guard key.starts(with: prefix), after?.lexicographicallyPrecedes(key) ?? true else { continue }
            let group = ObjectListing.group(key, prefix.count, delimiter)
            if let group, group == lastGroup {
                last = key
                continue
            }
            if page.entries.count == request.limit {
                page.nextCursor = KeyCursor.encode(last)
                break
            }
            page.entries.append(group.map { .prefix(String(decoding: $0, as: UTF8.self)) } ?? .object(item.object))
            lastGroup = group
            last = key
        }
        return page
    }

    package func head(_ key: String) async throws(StorageError) -> StoredObject? { self.item(key)?.object }

    package func read(_ key: String, offset: Int64, length: Int) async throws(StorageError) -> [UInt8] {
        let operation = "read \(key)"
        guard offset >= 0, length >= 0 else {
            throw StorageError(.invalid, operation: operation, reason: "offset and length must not be negative")
        }
        guard let item = self.item(key) else {
            throw StorageError(.notFound, operation: operation, reason: "there is no such object")
        }
        let start = Int(min(offset, Int64(item.bytes.count)))
        return Array(item.bytes[start...].prefix(length))
    }

    package func usage() async throws(StorageError) -> BucketUsage {
        BucketUsage(objects: self.items.count, bytes: self.items.reduce(0) { $0 + $1.object.bytes })
    }

    /// Keys are compared by their bytes: two that look alike are two.
    private func item(_ key: String) -> Item? {
        self.items.first { $0.object.key.utf8.elementsEqual(key.utf8) }
    }
}
