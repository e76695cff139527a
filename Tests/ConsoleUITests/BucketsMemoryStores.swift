import Synchronization
import WorkerDomain

/// An object store in memory; it can be made to fail and notes what it is asked.
final class MemoryObjectStore: ObjectStore {
    private struct State {
        var objects: [StoredObject]
        var contents: [ByteString: [UInt8]]
        var failure: StorageError?
        var lists: [ObjectListRequest] = []
        var reads: [(offset: Int64, length: Int)] = []
        var afterRead: (@Sendable (inout State) -> Void)?

        mutating func put(_ object: StoredObject, _ bytes: [UInt8]) {
            self.remove(object.key)
            self.objects.append(object)
            self.objects.sort { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            self.contents[ByteString(object.key)] = bytes
        }

        mutating func remove(_ key: String) {
            self.objects.removeAll { $0.key.utf8.elementsEqual(key.utf8) }
            self.contents[ByteString(key)] = nil
        }
    }
    private let state: Mutex<State>

    init(_ contents: [(StoredObject, [UInt8])], failure: StorageError? = nil) {
        let sorted = contents.map(\.0).sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        let bytes = Dictionary(uniqueKeysWithValues: contents.map { (ByteString($0.0.key), $0.1) })
        self.state = Mutex(State(objects: sorted, contents: bytes, failure: failure))
    }

    var lists: [ObjectListRequest] { self.state.withLock { $0.lists } }
    var readLengths: [Int] { self.state.withLock { $0.reads.map(\.length) } }

    /// Stores an object, in place of one with the same key.
    func put(_ object: StoredObject, _ bytes: [UInt8]) { self.state.withLock { $0.put(object, bytes) } }

    func remove(_ key: String) { self.state.withLock { $0.remove(key) } }

    /// Stores an object right after the next read.
    func putAfterRead(_ object: StoredObject, _ bytes: [UInt8]) {
        self.state.withLock { state in
            state.afterRead = { state in
                state.put(object, bytes)
                state.afterRead = nil
            }
        }
    }

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
            let rest = String(decoding: object.key.utf8.dropFirst(request.prefix.utf8.count), as: UTF8.self)
            var entry = ObjectEntry.object(object)
            var name = object.key
            if let delimiter = request.delimiter, let range = rest.firstRange(of: delimiter) {
                name = request.prefix + rest[..<range.upperBound]
                entry = .prefix(name)
                if let last, name.hasSameBytes(as: last) { continue }
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
        self.state.withLock { $0.objects.first { $0.key.hasSameBytes(as: key) } }
    }

    func read(_ key: String, offset: Int64, length: Int) async throws(StorageError) -> ObjectPart {
        let (failure, found) = self.state.withLock { state in
            state.reads.append((offset, length))
            defer { state.afterRead?(&state) }
            let object = state.objects.first { $0.key.utf8.elementsEqual(key.utf8) }
            return (state.failure, object.flatMap { object in state.contents[ByteString(key)].map { (object, $0) } })
        }
        if let failure { throw failure }
        guard let (object, bytes) = found else {
            throw StorageError(.notFound, operation: "read r2:\(key)", reason: "no such object")
        }
        return ObjectPart(object: object, bytes: Array(bytes.dropFirst(Int(offset)).prefix(length)))
    }

    func usage() async throws(StorageError) -> BucketUsage {
        self.state.withLock { state in
            BucketUsage(objects: state.objects.count, bytes: state.objects.reduce(0) { $0 + $1.bytes })
        }
    }
}

/// A namespace in memory.
final class MemoryNamespace: KeyValueStore {
    private let state: Mutex<[(KeyValueEntry, [UInt8])]>

    init(entries: [(KeyValueEntry, [UInt8])]) {
        self.state = Mutex(entries)
    }

    /// Stores a value, in place of one with the same name.
    func put(_ entry: KeyValueEntry, _ bytes: [UInt8]) {
        self.state.withLock { entries in
            entries.removeAll { $0.0.key.utf8.elementsEqual(entry.key.utf8) }
            entries.append((entry, bytes))
            entries.sort { $0.0.key.utf8.lexicographicallyPrecedes($1.0.key.utf8) }
        }
    }

    func list(prefix: String, cursor: String?, limit: Int) async throws(StorageError) -> KeyValuePage {
        let entries = self.state.withLock { $0.map(\.0) }
        let found = entries.filter { $0.key.utf8.starts(with: prefix.utf8) }
        let rest = found.drop { entry in cursor.map { !$0.utf8.lexicographicallyPrecedes(entry.key.utf8) } ?? false }
        let page = Array(rest.prefix(limit))
        return KeyValuePage(entries: page, nextCursor: rest.count > limit ? page.last?.key : nil)
    }

    func value(of key: String, maximumBytes: Int) async throws(StorageError) -> KeyValueContent? {
        let found = self.state.withLock { $0.first { $0.0.key.utf8.elementsEqual(key.utf8) } }
        return found.map { entry, bytes in
            KeyValueContent(entry: entry, bytes: Array(bytes.prefix(maximumBytes)), totalBytes: Int64(bytes.count))
        }
    }
}
