import Foundation
import LocalState
import TestSupport
import Testing
import WorkerDomain

@testable import Application

@Suite("The trash and other writers")
struct ObjectTrashTests {
    /// Stores a key again when everything is in the trash and nothing is deleted yet, as another program may.
    private struct OvertakenWriter: ObjectWriter {
        let writer: any ObjectWriter
        let key: String

        func put(
            _ upload: ObjectUpload, progress: @escaping @Sendable (Int64) -> Void
        ) async throws(StorageError) -> StoredObject { try await self.writer.put(upload, progress: progress) }

        func delete(_ keys: [String]) async throws(StorageError) -> [ObjectRefusal] {
            try await self.overtake()
            return try await self.writer.delete(keys)
        }

        func delete(unchanged objects: [StoredObject]) async throws(StorageError) -> [ObjectRefusal] {
            try await self.overtake()
            return try await self.writer.delete(unchanged: objects)
        }

        private func overtake() async throws(StorageError) {
            let upload = ObjectUpload(key: self.key, source: MemoryBytes(Array("new".utf8)))
            _ = try await self.writer.put(upload, progress: { _ in })
        }
    }

    @Test(
        "what is stored again between its copy and its deletion stays, and is not in the trash",
        arguments: [true, false])
    func overtaken(isFolder: Bool) async throws {
        let root = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: root) }
        let store: any ObjectStore
        let writer: any ObjectWriter
        if isFolder {
            try FileManager.default.createDirectory(atPath: root + "/bucket", withIntermediateDirectories: false)
            let folder = FolderBucketStore(path: root + "/bucket", name: "r2:UPLOADS")
            (store, writer) = (folder, FolderBucketWriter(folder))
        } else {
            let local = MiniflareBucketStore(state: MiniflareState(projectFolder: root), candidates: ["uploads"])
            (store, writer) = (local, MiniflareBucketWriter(local))
        }
        for key in ["notes.md", "2025/a.png"] {
            _ = try await writer.put(ObjectUpload(key: key, source: MemoryBytes([1, 2, 3])), progress: { _ in })
        }
        let trash = ObjectTrash(stateFolder: root + "/state")
        var objects: [StoredObject] = []
        for key in ["2025/a.png", "notes.md"] { objects.append(try #require(try await store.head(key))) }
        let outcome = try await trash.remove(
            ObjectDeletion(
                store: store, writer: OvertakenWriter(writer: writer, key: "notes.md"), binding: "UPLOADS",
                objects: objects, usesTrash: true), TransferMeter())
        #expect(outcome.objects == 1 && outcome.failures.map(\.key) == ["notes.md"])
        #expect(outcome.failures.first?.reason == ObjectRefusal.rewritten)
        #expect(try await store.read("notes.md", offset: 0, length: 9).bytes == Array("new".utf8))
        let trashed = try #require(outcome.trashed)
        #expect(trashed.objects.map(\.key) == ["2025/a.png"])
        let restored = try await trash.restore(trashed, to: store, writer, TransferMeter())
        #expect(restored.objects == 1 && restored.failed == 0)
    }
}
