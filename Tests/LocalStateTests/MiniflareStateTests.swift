import Digests
import Foundation
import LocalState
import Testing
import WorkerDomain

@Suite("The state folder")
struct MiniflareStateTests {
    static let time = WallTime(millisecondsSinceEpoch: 1_766_000_000_123)

    @Test("what is written is read back, metadata, digests and parts included")
    func roundTrip() async throws {
        let folder = try WranglerState.temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let writer = try MiniflareStateWriter(projectFolder: folder)
        var http = ObjectHTTPMetadata(contentType: "text/plain")
        http.cacheExpiry = Self.time
        let parts = [Array("hello ".utf8), Array("world".utf8)]
        try writer.store(
            [
                .init(
                    key: "k", parts: [Array("x".utf8)], http: http, custom: ["键": "值"], digests: [.sha1, .sha512],
                    uploadedAt: Self.time),
                .init(key: "m", parts: parts, uploadedAt: Self.time),
            ], inBucket: "b")
        let store = MiniflareBucketStore(state: writer.state, candidates: ["b"])
        let simple = try #require(try await store.head("k"))
        #expect(simple.http == http)
        #expect(simple.custom == ["键": "值"])
        #expect(simple.uploadedAt == Self.time)
        #expect(simple.checksums["sha1"] == "11f6ad8ec52a2984abaafd7c3b516503785c2072")
        #expect(simple.checksums["md5"] == "9dd4e461268c8034f5c8564e155c67a6")
        let multipart = try #require(try await store.head("m"))
        #expect(multipart.etag.hasSuffix("-2"))
        #expect(try await store.read("m", offset: 4, length: 4) == Array("o wo".utf8))

        try writer.store(
            [.init(key: "s", bytes: [1, 2], metadata: #"{"a":1}"#, expiresAt: nil)], inNamespace: "n")
        let namespace = MiniflareNamespaceStore(state: writer.state, candidates: ["n"])
        #expect(try await namespace.value(of: "s", maximumBytes: 9) == [1, 2])
        let error = #expect(throws: StorageError.self) { try MiniflareStateWriter(projectFolder: folder) }
        #expect(error?.code == .invalid)
    }

    @Test("the first candidate that has a file is taken, and files of nobody are listed")
    func candidates() throws {
        let folder = try WranglerState.temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let writer = try MiniflareStateWriter(projectFolder: folder)
        try writer.store([MiniflareStateWriter.Object](), inBucket: "old")
        try writer.run(["CREATE TABLE t (x)"], inDatabase: "DB")
        let location = try #require(writer.state.locate(.r2, candidates: ["new", "old"]))
        #expect(location.name == "old" && location.exists)
        let none = try #require(writer.state.locate(.r2, candidates: ["new", "newer"]))
        #expect(none.name == "new" && !none.exists)
        #expect(writer.state.locate(.kv, candidates: []) == nil)
        let orphans = writer.state.orphans(known: [.d1: ["DB"], .r2: ["new"]])
        #expect(orphans.map(\.path) == [writer.state.database(.r2, name: "old")])
        #expect(orphans.allSatisfy { $0.bytes > 0 })
    }
}
