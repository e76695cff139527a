import Foundation
import LocalState
import SQLite
import TestSupport
import Testing
import WorkerDomain

@Suite("The state folder")
struct MiniflareStateTests {
    static let time = WallTime(millisecondsSinceEpoch: 1_766_000_000_123)

    @Test("what is written is read back, metadata and parts included")
    func roundTrip() async throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let writer = try MiniflareStateWriter(projectFolder: folder)
        var http = ObjectHTTPMetadata(contentType: "text/plain")
        http.cacheExpiry = Self.time
        let parts = [Array("hello ".utf8), Array("world".utf8)]
        try writer.store(
            [
                .init(
                    key: "k", parts: [Array("x".utf8)], http: http, custom: ["键": "值"], uploadedAt: Self.time),
                .init(key: "m", parts: parts, uploadedAt: Self.time),
            ], inBucket: "b")
        let store = MiniflareBucketStore(state: writer.state, candidates: ["b"])
        let simple = try #require(try await store.head("k"))
        #expect(simple.http == http)
        #expect(simple.custom == ["键": "值"])
        #expect(simple.uploadedAt == Self.time)
        #expect(simple.checksums == ["md5": "9dd4e461268c8034f5c8564e155c67a6"])
        try Self.run(
            #"UPDATE _mf_objects SET checksums = '{"sha1":"11f6","sha512":"abcd"}' WHERE key = 'k'"#,
            writer.state.database(.r2, name: "b"))
        #expect(
            try await store.head("k")?.checksums
                == ["sha1": "11f6", "sha512": "abcd", "md5": "9dd4e461268c8034f5c8564e155c67a6"])
        let multipart = try #require(try await store.head("m"))
        #expect(multipart.etag.hasSuffix("-2"))
        #expect(try await store.read("m", offset: 4, length: 4).bytes == Array("o wo".utf8))
        let error = #expect(throws: StorageError.self) { try MiniflareStateWriter(projectFolder: folder) }
        #expect(error?.code == .invalid)
        #expect(error?.reason == "there is a .wrangler already")
        let refused = #expect(throws: StorageError.self) { try writer.run(["selec 1"], inDatabase: "DB") }
        #expect(refused?.reason == #"near "selec": syntax error"#)
    }

    @Test("a value of a namespace is read from its blob, with its metadata and expiry")
    func value() async throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let state = MiniflareState(projectFolder: folder)
        let path = state.database(.kv, name: "n")
        for below in [URL(fileURLWithPath: path).deletingLastPathComponent().path, state.blobs(.kv, name: "n")] {
            try FileManager.default.createDirectory(atPath: below, withIntermediateDirectories: true)
        }
        try Data([1, 2]).write(to: URL(fileURLWithPath: state.blobs(.kv, name: "n") + "/ab"))
        try Self.run(
            "CREATE TABLE _mf_entries (key TEXT PRIMARY KEY, blob_id TEXT NOT NULL, expiration INTEGER, metadata TEXT);"
                + #"INSERT INTO _mf_entries VALUES ('s', 'ab', 1766000000123, '{"a":1}'), ('t', 'cd', NULL, NULL)"#,
            path)
        let store = MiniflareNamespaceStore(
            state: state, candidates: ["n"], now: { WallTime(millisecondsSinceEpoch: 1_766_000_000_122) })
        #expect(
            try await store.list(prefix: "", cursor: nil, limit: 9).entries == [
                KeyValueEntry(key: "s", expiresAt: Self.time, metadata: #"{"a":1}"#, version: "ab"),
                KeyValueEntry(key: "t", expiresAt: nil, metadata: nil, version: "cd"),
            ])
        #expect(try await store.value(of: "s", maximumBytes: 9)?.bytes == [1, 2])
        #expect(try await store.value(of: "s", maximumBytes: 1)?.bytes == [1])
        let error = await #expect(throws: StorageError.self) { try await store.value(of: "t", maximumBytes: 9) }
        #expect(error?.reason == "the file with its content is missing")
    }

    static func run(_ sql: String, _ path: String) throws {
        let connection = try SQLiteConnection(path: path)
        try connection.run(sql)
    }

    @Test("the first candidate that has a file is taken")
    func candidates() throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let writer = try MiniflareStateWriter(projectFolder: folder)
        try writer.store([MiniflareStateWriter.Object](), inBucket: "old")
        try writer.run(["CREATE TABLE t (x)"], inDatabase: "DB")
        let location = try #require(writer.state.locate(.r2, candidates: ["new", "old"]))
        #expect(location.name == "old" && location.exists)
        let none = try #require(writer.state.locate(.r2, candidates: ["new", "newer"]))
        #expect(none.name == "new" && !none.exists)
        #expect(writer.state.locate(.kv, candidates: []) == nil)
    }

    @Test("the place of a binding follows: when a newer name's file is there, that is the one")
    func place() async throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let writer = try MiniflareStateWriter(projectFolder: folder)
        try writer.run(["CREATE TABLE t (x)"], inDatabase: "old")
        let resource = writer.state.resource(
            for: Binding(name: "DB", kind: .d1, identifier: "new"), candidates: ["new", "old"], below: folder)
        let old = MiniflareIdentity.identifier(.d1, name: "old")
        #expect(resource.place.hasSuffix("\(old).sqlite"))
        #expect(await resource.locate() == resource.place)
        try writer.run(["CREATE TABLE t (x)"], inDatabase: "new")
        let new = MiniflareIdentity.identifier(.d1, name: "new")
        #expect(await resource.locate().hasSuffix("\(new).sqlite"))
        #expect(
            await BindingProbe().health(of: resource, timeout: .seconds(60)).place?.hasSuffix("\(new).sqlite") == true)
    }
}
