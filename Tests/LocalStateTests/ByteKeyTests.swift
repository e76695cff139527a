import Foundation
import LocalState
import SQLite
import TestSupport
import Testing
import WorkerDomain

/// `é` in one scalar and in two: to Swift one text, to every store two keys.
@Suite("Keys that look alike")
struct ByteKeyTests {
    private static let composed = "caf\u{E9}"
    private static let decomposed = "cafe\u{301}"
    private static let time = WallTime(millisecondsSinceEpoch: 1)

    @Test("values, entries and names differ by their bytes")
    func values() {
        #expect(Self.composed == Self.decomposed, "or the tests below show nothing")
        let texts = [Self.composed, Self.decomposed]
        #expect(Set(texts.map { ByteString($0) }).count == 2)
        #expect(texts.map { ByteString($0) }.sorted().first == ByteString(Self.decomposed))
        #expect(SQLValue.text(Self.composed) != .text(Self.decomposed))
        #expect(Set(texts.map { SQLValue.text($0) }).count == 2)
        #expect(ObjectEntry.prefix(Self.composed) != .prefix(Self.decomposed))
        func entry(_ key: String, _ metadata: String? = nil) -> KeyValueEntry {
            KeyValueEntry(key: key, expiresAt: nil, metadata: metadata)
        }
        #expect(entry(Self.composed) != entry(Self.decomposed))
        #expect(entry("k", Self.composed) != entry("k", Self.decomposed))
        func object(_ key: String, _ fields: ObjectFields = [:], _ type: String? = nil) -> StoredObject {
            StoredObject(
                key: key, bytes: 0, etag: "", version: "", uploadedAt: Self.time,
                http: ObjectHTTPMetadata(contentType: type), custom: fields)
        }
        #expect(object(Self.composed) != object(Self.decomposed))
        #expect(object("k", [Self.composed: "1"]) != object("k", [Self.decomposed: "1"]))
        #expect(object("k", [:], Self.composed) != object("k", [:], Self.decomposed))
        let ids = texts.map { Binding(name: $0, kind: .r2).id }
        #expect(ids[0] != ids[1])
        #expect(Binding(name: "UPLOADS_BUCKET", kind: .r2).id == "r2:UPLOADS_BUCKET")
    }

    @Test("objects, their own fields, entries and columns are read as two")
    func stores() async throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let writer = try MiniflareStateWriter(projectFolder: folder)
        try writer.store(
            [
                .init(key: Self.composed, parts: [[1]], uploadedAt: Self.time),
                .init(key: Self.decomposed, parts: [[2, 2]], uploadedAt: Self.time),
            ], inBucket: "b")
        try MiniflareStateTests.run(
            """
            UPDATE _mf_objects SET custom_metadata =
            '{"\(Self.composed)":"one","\(Self.decomposed)":"two","esc\\"aped,:{":"a\\u00e9","deep":{"x":[1]}}'
            """, writer.state.database(.r2, name: "b"))
        let store = MiniflareBucketStore(state: writer.state, candidates: ["b"])
        #expect(try await store.read(Self.composed, offset: 0, length: 9).bytes == [1])
        #expect(try await store.read(Self.decomposed, offset: 0, length: 9).bytes == [2, 2])
        let custom = try #require(try await store.head(Self.composed)).custom
        #expect(custom[Self.composed] == "one" && custom[Self.decomposed] == "two" && custom.count == 3)
        #expect(custom["esc\"aped,:{"] == "a\u{E9}")
        try writer.run(
            [
                "CREATE TABLE t (\"\(Self.composed)\" INTEGER, \"\(Self.decomposed)\" INTEGER)",
                "INSERT INTO t VALUES (1, 9), (2, 8)",
            ], inDatabase: "DB")
        let database = MiniflareD1(state: writer.state, candidates: ["DB"])
        for (column, first) in [(Self.composed, Int64(1)), (Self.decomposed, 8)] {
            let order = SQLOrder(column: column, isDescending: false)
            let rows = try await database.rows(of: "t", order: order, offset: 0, limit: 1)
            #expect(rows.rows.first?[column.utf8.count == 5 ? 0 : 1] == .integer(first))
        }
    }
}
