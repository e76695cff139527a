import Foundation
import LocalState
import TestSupport
import Testing
import WorkerDomain

@Suite("State that somebody has tampered with")
struct HostileStateTests {
    @Test("rows of rubbish stay visible or say what is wrong, and no blob identifier leaves its folder")
    func rows() async throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let sample = try MiniflareStateWriter(projectFolder: folder)
        try sample.store([MiniflareStateWriter.Object](), inBucket: "b")
        let path = sample.state.database(.r2, name: "b")
        let writer = try DatabaseOwner(DatabaseOwner.obedient, [path])
        defer { writer.end() }
        let rest = "'v', 'many', 'e', 'never', '{', '[1]', 'null'"
        for line in [
            "INSERT INTO _mf_objects VALUES ('up', '../../../../../../../etc/passwd', 'v', 9, 'e', 1, '{', '', '{\"a\":1}')",
            "INSERT INTO _mf_objects VALUES ('parts', NULL, 'v', 9, 'e', 1, '{}', '{}', '{}')",
            "INSERT INTO _mf_objects VALUES ('size', 'ab', 'v', -9223372036854775808, 'e', 1, '{}', '{}', '{}')",
            "INSERT INTO _mf_objects VALUES ('huge', 'ab', 'v', 9223372036854775807, 'e', 1, '{}', '{}', '{}')",
            "INSERT INTO _mf_objects VALUES ('words', 'ab', \(rest))",
            "INSERT INTO _mf_objects VALUES (x'ff', 'ab', \(rest))",
            "INSERT INTO _mf_objects VALUES (NULL, 'ab', \(rest))",
        ] { #expect(writer.ask(line) == "ok") }
        let store = MiniflareBucketStore(state: sample.state, candidates: ["b"])
        var keys: [String] = []
        var cursor: String?
        repeat {
            let page = try await store.list(ObjectListRequest(delimiter: "/", cursor: cursor, limit: 1))
            keys += page.objects.map(\.key)
            cursor = page.nextCursor
        } while cursor != nil && keys.count < 100
        #expect(keys == ["huge", "parts", "size", "up", "words"])
        #expect(try await store.usage().objects == 5)
        for (key, code) in [
            ("up", StorageError.Code.malformed), ("parts", .malformed), ("huge", .limit),
        ] {
            let error = await #expect(throws: StorageError.self) {
                try await store.read(key, offset: 0, length: .max)
            }
            #expect(error?.code == code, "\(key)")
        }
        #expect(try await store.read("size", offset: 0, length: 5).bytes.isEmpty)
    }

    @Test("tables of another shape are malformed, not a crash")
    func tables() async throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let sample = try MiniflareStateWriter(projectFolder: folder)
        try sample.store([MiniflareStateWriter.Object](), inBucket: "b")
        let writer = try DatabaseOwner(DatabaseOwner.obedient, [sample.state.database(.r2, name: "b")])
        defer { writer.end() }
        for line in ["DROP TABLE _mf_objects", "CREATE TABLE _mf_objects (x)"] { #expect(writer.ask(line) == "ok") }
        let store = MiniflareBucketStore(state: sample.state, candidates: ["b"])
        let error = await #expect(throws: StorageError.self) { try await store.list(ObjectListRequest()) }
        #expect(error?.code == .malformed)
    }
}
