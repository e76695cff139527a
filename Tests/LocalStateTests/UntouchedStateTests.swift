import Foundation
import LocalState
import TestSupport
import Testing
import WorkerDomain

@Suite("Reading the state of wrangler dev")
struct UntouchedStateTests {
    @Test("reading everything leaves the whole folder as it was", arguments: WranglerState.versions)
    func unchanged(version: String) async throws {
        let project = try WranglerState.unpack(version)
        defer { try? FileManager.default.removeItem(atPath: project) }
        let before = FolderState(project)
        #expect(before.entries.count > 1_000)
        try await Self.readAll(project)
        #expect(FolderState(project) == before)
    }

    @Test(
        "rows that stand only in the log are read without its index, and none is made",
        arguments: WranglerState.versions)
    func withoutIndex(version: String) async throws {
        let project = try WranglerState.unpack(version)
        defer { try? FileManager.default.removeItem(atPath: project) }
        let state = project + "/.wrangler/state/v3"
        for name in try #require(FileManager.default.enumerator(atPath: state)?.allObjects as? [String])
        where name.hasSuffix("-shm") {
            try FileManager.default.removeItem(atPath: state + "/" + name)
        }
        let before = FolderState(project)
        try await Self.readAll(project)
        #expect(FolderState(project) == before)
    }

    static func readAll(_ project: String) async throws {
        let state = MiniflareState(projectFolder: project)
        for (bucket, count) in [("resume-uploads", 1_262), ("resume-exports", 5)] {
            let store = MiniflareBucketStore(state: state, candidates: [bucket])
            #expect(try await store.usage().objects == count)
            for object in try await store.list(ObjectListRequest(delimiter: "/")).objects {
                _ = try await store.head(object.key)
                _ = try await store.read(object.key, offset: 0, length: 100)
            }
        }
        let namespace = MiniflareNamespaceStore(state: state, candidates: ["5e55105e55105e55105e55105e551055"])
        for entry in try await namespace.list(prefix: "", cursor: nil, limit: 1_000).entries {
            _ = try await namespace.value(of: entry.key, maximumBytes: 100)
        }
        let database = state.database(.d1, name: "0f1e2d3c-4b5a-4978-8695-a4b3c2d1e0f1")
        let rows = try await SQLiteDatabase(path: database).count(of: "resumes")
        #expect(rows == 230)
    }
}
