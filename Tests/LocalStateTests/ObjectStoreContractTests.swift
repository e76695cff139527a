import Foundation
import LocalState
import TestSupport
import Testing
import WorkerDomain

@Suite("Every object store")
struct ObjectStoreContractTests {
    /// The same bucket in each kind of store.
    enum Kind: String, CaseIterable, Sendable {
        case memory, local
    }

    static let time = WallTime(millisecondsSinceEpoch: 1_766_000_000_123)
    static let bodies: [(key: String, parts: [[UInt8]])] = [
        ("a.txt", [Array("hello".utf8)]), ("empty", [[]]), ("folder/", [[]]), ("folder/one", [[1]]),
        ("folder/sub/two", [[2, 2]]), ("folder/sub/three", [[3, 3, 3]]), ("folder0", [[9]]),
        ("big", [[UInt8](repeating: 7, count: 1_000), [UInt8](repeating: 8, count: 1_000), [9, 9]]),
        ("简历/张三.pdf", [Array("%PDF".utf8)]), ("e\u{301}", [[1]]), ("\u{e9}", [[2]]), ("nul\0byte", [[3]]),
        ("\u{1b}[31m", [[4]]), ("\u{10ffff}x", [[5]]),
    ]
    static let expectedKeys = Self.bodies.map { Array($0.key.utf8) }.sorted { $0.lexicographicallyPrecedes($1) }

    /// Makes the store and the folder that is to be removed with it.
    static func make(_ kind: Kind) throws -> (store: any ObjectStore, folder: String?) {
        switch kind {
        case .memory:
            let items = Self.bodies.map { body in
                let bytes = Array(body.parts.joined())
                let object = StoredObject(
                    key: body.key, bytes: Int64(bytes.count), etag: "", version: "", uploadedAt: Self.time)
                return InMemoryObjectStore.Item(object: object, bytes: bytes)
            }
            return (InMemoryObjectStore(items), nil)
        case .local:
            let folder = try temporaryFolder()
            let objects = Self.bodies.map {
                MiniflareStateWriter.Object(key: $0.key, parts: $0.parts, uploadedAt: Self.time)
            }
            try MiniflareStateWriter(projectFolder: folder).store(objects, inBucket: "bucket")
            let state = MiniflareState(projectFolder: folder)
            return (MiniflareBucketStore(state: state, candidates: ["bucket"]), folder)
        }
    }

    @Test("lists every key once, in byte order, whatever the page size", arguments: Kind.allCases)
    func pages(kind: Kind) async throws {
        let (store, folder) = try Self.make(kind)
        defer { if let folder { try? FileManager.default.removeItem(atPath: folder) } }
        for limit in [1, 2, 5, 1_000] {
            var keys: [[UInt8]] = []
            var cursor: String?
            repeat {
                let page = try await store.list(ObjectListRequest(cursor: cursor, limit: limit))
                #expect(page.entries.count <= limit)
                keys += page.objects.map { Array($0.key.utf8) }
                cursor = page.nextCursor
            } while cursor != nil
            #expect(keys == Self.expectedKeys)
        }
    }

    @Test("collapses keys below a delimiter", arguments: Kind.allCases)
    func delimiter(kind: Kind) async throws {
        let (store, folder) = try Self.make(kind)
        defer { if let folder { try? FileManager.default.removeItem(atPath: folder) } }
        let level = try await store.list(ObjectListRequest(prefix: "folder", delimiter: "/"))
        #expect(level.prefixes == ["folder/"])
        #expect(level.objects.map(\.key) == ["folder0"])
        let below = try await store.list(ObjectListRequest(prefix: "folder/", delimiter: "/", limit: 2))
        #expect(below.objects.map(\.key) == ["folder/", "folder/one"])
        let rest = try await store.list(
            ObjectListRequest(prefix: "folder/", delimiter: "/", cursor: below.nextCursor, limit: 2))
        #expect(rest.prefixes == ["folder/sub/"])
        #expect(rest.nextCursor == nil)
        let inside = try await store.list(ObjectListRequest(delimiter: "/", startAfter: "folder/sub/three"))
        #expect(inside.prefixes.first == "folder/")
    }

    @Test("reads bytes, ranges and nothing behind the end", arguments: Kind.allCases)
    func reads(kind: Kind) async throws {
        let (store, folder) = try Self.make(kind)
        defer { if let folder { try? FileManager.default.removeItem(atPath: folder) } }
        for body in Self.bodies {
            let bytes = Array(body.parts.joined())
            #expect(try await store.read(body.key, offset: 0, length: 10_000).bytes == bytes)
            #expect(try await store.read(body.key, offset: 2, length: 2).bytes == Array(bytes.dropFirst(2).prefix(2)))
            #expect(try await store.head(body.key)?.bytes == Int64(bytes.count))
        }
        #expect(try await store.read("big", offset: 999, length: 2).bytes == [7, 8])
        #expect(try await store.read("big", offset: .max, length: 5).bytes.isEmpty)
        #expect(try await store.head("nothing") == nil)
        for (key, offset, length, code) in [
            ("nothing", Int64(0), 1, StorageError.Code.notFound), ("big", -1, 1, .invalid), ("big", 0, -1, .invalid),
        ] {
            let error = await #expect(throws: StorageError.self) {
                try await store.read(key, offset: offset, length: length)
            }
            #expect(error?.code == code)
        }
    }

    @Test("counts objects and bytes, and refuses bad limits and cursors", arguments: Kind.allCases)
    func counts(kind: Kind) async throws {
        let (store, folder) = try Self.make(kind)
        defer { if let folder { try? FileManager.default.removeItem(atPath: folder) } }
        let bytes = Self.bodies.reduce(0) { $0 + $1.parts.joined().count }
        #expect(try await store.usage() == BucketUsage(objects: Self.bodies.count, bytes: Int64(bytes)))
        for request in [ObjectListRequest(limit: 0), ObjectListRequest(limit: 1_001), ObjectListRequest(cursor: "%")] {
            let error = await #expect(throws: StorageError.self) { try await store.list(request) }
            #expect(error?.code == .invalid)
        }
    }
}
