import Synchronization
import WorkerDomain

/// An object store in memory; it can be made to fail and notes what it is asked.
final class MemoryObjectStore: ObjectStore {
    private struct State {
        var objects: [StoredObject]
        var contents: [String: [UInt8]]
        var failure: StorageError?
        var lists: [ObjectListRequest] = []
        var reads: [(offset: Int64, length: Int)] = []
    }
    private let state: Mutex<State>

    init(_ contents: [(StoredObject, [UInt8])], failure: StorageError? = nil) {
        let sorted = contents.map(\.0).sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        let bytes = Dictionary(uniqueKeysWithValues: contents.map { ($0.0.key, $0.1) })
        self.state = Mutex(State(objects: sorted, contents: bytes, failure: failure))
    }

    var lists: [ObjectListRequest] { self.state.withLock { $0.lists } }
    var readLengths: [Int] { self.state.withLock { $0.reads.map(\.length) } }

    func setFailure(_ failure: StorageError?) { self.state.withLock { $0.failure = failure } }

    func list(_ request: ObjectListRequest) async throws(StorageError) -> ObjectPage {
        let (failure, objects) = self.state.withLock { state in
            state.lists.append(request)
            return (state.failure, state.objects)
        }
        if let failure { throw failure }
        var entries: [ObjectEntry] = []
        var last: String?
        for object in objects where object.key.utf8.starts(with: request.prefix.utf8) {
            let rest = object.key.dropFirst(request.prefix.count)
            var entry = ObjectEntry.object(object)
            var name = object.key
            if let delimiter = request.delimiter, let range = rest.firstRange(of: delimiter) {
                name = request.prefix + rest[..<range.upperBound]
                entry = .prefix(name)
                if name == last { continue }
            }
            if let cursor = request.cursor, !cursor.utf8.lexicographicallyPrecedes(name.utf8) {
                last = name
                continue
            }
            if entries.count == request.limit { return ObjectPage(entries: entries, nextCursor: last) }
            last = name
            entries.append(entry)
        }
        return ObjectPage(entries: entries)
    }

    func head(_ key: String) async throws(StorageError) -> StoredObject? {
        self.state.withLock { $0.objects.first { $0.key == key } }
    }

    func read(_ key: String, offset: Int64, length: Int) async throws(StorageError) -> [UInt8] {
        let (failure, bytes) = self.state.withLock { state in
            state.reads.append((offset, length))
            return (state.failure, state.contents[key])
        }
        if let failure { throw failure }
        guard let bytes else { throw StorageError(.notFound, operation: "read r2:\(key)", reason: "no such object") }
        return Array(bytes.dropFirst(Int(offset)).prefix(length))
    }

    func usage() async throws(StorageError) -> BucketUsage {
        self.state.withLock { state in
            BucketUsage(objects: state.objects.count, bytes: state.objects.reduce(0) { $0 + $1.bytes })
        }
    }
}

/// A namespace in memory.
struct MemoryNamespace: KeyValueStore {
    let entries: [(KeyValueEntry, [UInt8])]

    func list(prefix: String, cursor: String?, limit: Int) async throws(StorageError) -> KeyValuePage {
        let found = self.entries.map(\.0).filter { $0.key.hasPrefix(prefix) }
        let rest = found.drop { entry in cursor.map { entry.key <= $0 } ?? false }
        let page = Array(rest.prefix(limit))
        return KeyValuePage(entries: page, nextCursor: rest.count > limit ? page.last?.key : nil)
    }

    func value(of key: String, maximumBytes: Int) async throws(StorageError) -> [UInt8]? {
        self.entries.first { $0.0.key == key }.map { Array($0.1.prefix(maximumBytes)) }
    }
}
