import Digests
import Foundation
import LocalState
import SQLite
import TestSupport
import Testing
import WorkerDomain

/// Bytes and what is said of them come from one state, whoever writes meanwhile.
@Suite("What is read together", .timeLimit(.minutes(1)))
struct ReadTogetherTests {
    private static let time = WallTime(millisecondsSinceEpoch: 1_766_000_000_123)

    private static func content(_ index: Int) -> [UInt8] {
        Array(repeating: UInt8(truncatingIfNeeded: index), count: 1 + index * 37 % 5_000)
    }

    private static func etag(of bytes: [UInt8]) -> String {
        Digest.md5.hash(bytes).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    @Test("an object that was overwritten is read with its new size, digest and fields")
    func overwritten() async throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let writer = try MiniflareStateWriter(projectFolder: folder)
        let store = MiniflareBucketStore(state: writer.state, candidates: ["b"])
        try writer.store([.init(key: "k", parts: [Array("old".utf8)], uploadedAt: Self.time)], inBucket: "b")
        let old = try await store.read("k", offset: 0, length: 100)
        #expect(old.bytes == Array("old".utf8) && old.object.bytes == 3)
        let longer = ObjectHTTPMetadata(contentType: "text/longer")
        try writer.store(
            [
                .init(
                    key: "k", parts: [Array("a longer one".utf8)], http: longer, custom: ["n": "2"],
                    uploadedAt: Self.time)
            ], inBucket: "b")
        let new = try await store.read("k", offset: 0, length: 100)
        #expect(new.bytes == Array("a longer one".utf8) && new.object.bytes == 12)
        #expect(new.object.etag == Self.etag(of: new.bytes) && new.object.version != old.object.version)
        let head = try await store.head("k")
        #expect(new.object.http == longer && new.object == head)
    }

    @Test("an object that is overwritten all the time is never read with another one's metadata")
    func race() async throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let writer = try MiniflareStateWriter(projectFolder: folder)
        try writer.store([.init(key: "k", parts: [Self.content(0)], uploadedAt: Self.time)], inBucket: "b")
        let blobs = writer.state.blobs(.r2, name: "b")
        let writing = Task.detached {
            var index = 1
            while !Task.isCancelled {
                let old = try FileManager.default.contentsOfDirectory(atPath: blobs)
                try writer.store(
                    [.init(key: "k", parts: [Self.content(index)], uploadedAt: Self.time)], inBucket: "b")
                // As miniflare does: the bytes of the version before go right after.
                for blob in old { try FileManager.default.removeItem(atPath: blobs + "/" + blob) }
                index += 1
            }
        }
        let store = MiniflareBucketStore(state: writer.state, candidates: ["b"])
        var versions: Set<String> = []
        var reads = 0
        // As long as it takes the writer to come in between: on a busy machine it gets few turns.
        while reads < 200 || versions.count < 5 {
            try Task.checkCancellation()
            reads += 1
            do {
                let part = try await store.read("k", offset: 0, length: 100_000)
                #expect(Int64(part.bytes.count) == part.object.bytes)
                #expect(Self.etag(of: part.bytes) == part.object.etag)
                versions.insert(part.object.version)
            } catch {
                #expect(error.isRetryable, "\(error)")
            }
        }
        writing.cancel()
        _ = await writing.result
    }

    @Test("a value of a namespace is read with the metadata and expiry of the same write")
    func value() async throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let state = MiniflareState(projectFolder: folder)
        let path = state.database(.kv, name: "n")
        for below in [URL(fileURLWithPath: path).deletingLastPathComponent().path, state.blobs(.kv, name: "n")] {
            try FileManager.default.createDirectory(atPath: below, withIntermediateDirectories: true)
        }
        try MiniflareStateTests.run(
            "CREATE TABLE _mf_entries (key TEXT PRIMARY KEY, blob_id TEXT NOT NULL, expiration INTEGER, metadata TEXT)",
            path)
        func put(_ blob: String, _ bytes: [UInt8], _ metadata: String) throws {
            try Data(bytes).write(to: URL(fileURLWithPath: state.blobs(.kv, name: "n") + "/" + blob))
            try MiniflareStateTests.run("REPLACE INTO _mf_entries VALUES ('k', '\(blob)', NULL, '\(metadata)')", path)
        }
        try put("aa", [1, 2, 3], #"{"v":1}"#)
        let store = MiniflareNamespaceStore(state: state, candidates: ["n"])
        let listed = try await store.list(prefix: "", cursor: nil, limit: 9).entries
        let first = try #require(try await store.value(of: "k", maximumBytes: 2))
        #expect(first.entry == listed.first && first.bytes == [1, 2] && first.totalBytes == 3)
        try put("bb", [9], #"{"v":2}"#)
        let second = try #require(try await store.value(of: "k", maximumBytes: 9))
        #expect(second.bytes == [9] && second.totalBytes == 1)
        #expect(second.entry.metadata == #"{"v":2}"# && second.entry.version != first.entry.version)
    }
}
