import Foundation
import LocalState
import Synchronization
import TestSupport
import Testing
import WorkerDomain

@testable import Application

@Suite("Files of the console")
struct ConsoleFilesTests {
    /// Local state as `wrangler dev` keeps it, and a folder of a person.
    private final class Place {
        let root: String
        let home: String
        let files: ConsoleFiles
        let store: MiniflareBucketStore
        let writer: MiniflareBucketWriter

        init(_ objects: [(key: String, bytes: [UInt8])] = Place.objects) throws {
            self.root = try temporaryFolder()
            self.home = self.root + "/home"
            try FileManager.default.createDirectory(atPath: self.home, withIntermediateDirectories: true)
            let state = try MiniflareStateWriter(projectFolder: self.root + "/project")
            var http = ObjectHTTPMetadata(contentType: "image/png")
            http.cacheControl = "no-store"
            try state.store(
                objects.map { item in
                    MiniflareStateWriter.Object(
                        key: item.key, parts: [item.bytes], http: http, custom: ["x-owner": "u_88"],
                        uploadedAt: WallTime(millisecondsSinceEpoch: 1_766_000_000_000))
                }, inBucket: "uploads")
            self.store = MiniflareBucketStore(state: state.state, candidates: ["uploads"])
            self.writer = MiniflareBucketWriter(self.store)
            self.files = ConsoleFiles(
                folder: self.home, home: self.home, trash: ObjectTrash(stateFolder: self.root + "/state"))
        }

        deinit { try? FileManager.default.removeItem(atPath: self.root) }

        static let objects: [(key: String, bytes: [UInt8])] = [
            ("2025/a.png", Array("one".utf8)), ("2025/deep/b.png", Array("two!".utf8)),
            ("2025/../../escape", Array("no".utf8)), ("notes.md", Array("# Notes".utf8)),
        ]

        func save(_ targets: [ObjectTarget], _ path: String, overwrites: Bool = false) async throws -> TransferOutcome {
            try await self.files.save(
                ObjectDownload(
                    store: self.store, binding: "UPLOADS", targets: targets, path: path, isOverwriting: overwrites),
                TransferMeter())
        }

        func object(_ key: String) async throws -> ObjectTarget {
            .object(try #require(try await self.store.head(key)))
        }

        func text(_ path: String) -> String? { try? String(contentsOfFile: self.home + "/" + path, encoding: .utf8) }

        func keys() async throws -> [String] {
            try await self.store.list(ObjectListRequest()).entries.compactMap {
                if case .object(let object) = $0 { object.key } else { nil }
            }
        }

        func upload(_ path: String, _ prefix: String, overwrites: Bool = false) async throws -> TransferOutcome {
            try await self.files.upload(
                FileUpload(
                    store: self.store, writer: self.writer, binding: "UPLOADS", path: path, prefix: prefix,
                    isOverwriting: overwrites), TransferMeter())
        }

        func remove(_ keys: [String]) async throws -> TransferOutcome {
            var objects: [StoredObject] = []
            for key in keys { objects.append(try #require(try await self.store.head(key))) }
            return try await self.files.remove(
                ObjectDeletion(
                    store: self.store, writer: self.writer, binding: "UPLOADS", objects: objects, usesTrash: true),
                TransferMeter())
        }
    }

    @Test("one object goes into the named file, or under its own name into a folder, verified")
    func one() async throws {
        let place = try Place()
        #expect(place.files.suggestion(for: "2025/a.png") == "a.png")
        let outcome = try await place.save([place.object("2025/a.png")], "picture.png")
        #expect(
            outcome.objects == 1 && outcome.bytes == 3 && outcome.verified == 1 && place.text("picture.png") == "one")
        try FileManager.default.createDirectory(atPath: place.home + "/in", withIntermediateDirectories: true)
        _ = try await place.save([place.object("2025/a.png")], "in")
        #expect(place.text("in/a.png") == "one")
        _ = try await place.save([place.object("2025/a.png")], "~/home.png")
        #expect(place.text("home.png") == "one")
        await #expect(throws: StorageError.self) { try await place.save([place.object("notes.md")], "no/such/n.md") }
    }

    @Test("what is there is kept unless it is to be replaced")
    func overwriting() async throws {
        let place = try Place()
        try "mine".write(toFile: place.home + "/notes.md", atomically: true, encoding: .utf8)
        await #expect {
            try await place.save([place.object("notes.md")], "notes.md")
        } throws: { error in
            (error as? StorageError)?.reason.contains("already exists") == true
        }
        #expect(place.text("notes.md") == "mine")
        _ = try await place.save([place.object("notes.md")], "notes.md", overwrites: true)
        #expect(place.text("notes.md") == "# Notes")
    }

    @Test(
        "all below a prefix go into the folder, which is made; no key leads out of it; one that fails leaves the rest")
    func prefix() async throws {
        let place = try Place()
        #expect(place.files.suggestion(for: "2025/") == "2025")
        try FileManager.default.createDirectory(atPath: place.home + "/2025", withIntermediateDirectories: true)
        try "mine".write(toFile: place.home + "/2025/a.png", atomically: true, encoding: .utf8)
        let outcome = try await place.save([.prefix("2025/")], "2025")
        #expect(outcome.objects == 2 && outcome.failed == 1 && outcome.failures.first?.key == "2025/a.png")
        #expect(place.text("2025/a.png") == "mine" && place.text("2025/deep/b.png") == "two!")
        #expect(place.text("2025/%2E%2E/%2E%2E/escape") == "no")
        let home = try FileManager.default.contentsOfDirectory(atPath: place.home)
        #expect(home == ["2025"])
    }

    @Test("marked ones keep what is not common to them")
    func marked() async throws {
        let place = try Place()
        let outcome = try await place.save([place.object("2025/a.png"), .prefix("2025/deep/")], "out")
        #expect(outcome.objects == 2)
        #expect(place.text("out/a.png") == "one" && place.text("out/deep/b.png") == "two!")
        #expect(ConsoleFiles.common(of: [.prefix("a/b/"), .prefix("a/bc/")]) == 2)
        #expect(ConsoleFiles.common(of: [.prefix("a/b/"), .prefix("a/b/c/")]) == 2)
        #expect(ConsoleFiles.common(of: [.prefix("a/b")]) == 2)
        #expect(ConsoleFiles.common(of: [.prefix("a/b/")]) == 4)
        #expect(ConsoleFiles.common(of: [.prefix("")]) == 0)
    }

    @Test("a download goes on where another one has stopped")
    func resumes() async throws {
        let bytes = (0..<20_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        let place = try Place([("big.bin", bytes)])
        let object = try #require(try await place.store.head("big.bin"))
        let folder = try #require(DownloadFolder(path: place.home))
        let half = HalfStore(store: place.store, end: 10_000)
        var download = Download(store: half, object: object, operation: "get", isOverwriting: false)
        download.pieceSize = 5_000
        await #expect(throws: StorageError.self) { try await download.run(in: folder, name: "big.bin") }
        let outcome = try await place.save([.object(object)], "big.bin")
        #expect(outcome.resumed == 1 && outcome.verified == 1)
        #expect(FileManager.default.contents(atPath: place.home + "/big.bin") == Data(bytes))
    }

    @Test("an object is held against its checksums, and said to be equal or different by each")
    func verifying() async throws {
        let place = try Place()
        let object = try #require(try await place.store.head("notes.md"))
        let equal = try await place.files.verify(object, of: place.store, TransferMeter())
        #expect(equal.verdicts.map(\.name) == ["md5"] && equal.verdicts.allSatisfy(\.isEqual))
        let wrong = StoredObject(
            key: object.key, bytes: object.bytes, etag: object.etag, version: object.version,
            uploadedAt: object.uploadedAt, checksums: ["sha256": "00", "md5": object.checksums["md5"] ?? ""])
        let verdicts = try await place.files.verify(wrong, of: place.store, TransferMeter()).verdicts
        #expect(verdicts.map(\.name) == ["md5", "sha256"] && verdicts.map(\.isEqual) == [true, false])
        #expect(verdicts[1].computed.count == 64)
    }

    @Test("a file and a folder are uploaded with their types; links are left out, keys that are there kept")
    func uploading() async throws {
        let place = try Place()
        let tree = place.home + "/site"
        try FileManager.default.createDirectory(atPath: tree + "/css", withIntermediateDirectories: true)
        try "<p>".write(toFile: tree + "/index.html", atomically: true, encoding: .utf8)
        try "p{}".write(toFile: tree + "/css/a.css", atomically: true, encoding: .utf8)
        try FileManager.default.createSymbolicLink(atPath: tree + "/link", withDestinationPath: "/etc/passwd")
        var outcome = try await place.upload("site", "web/")
        #expect(outcome.objects == 2 && outcome.failed == 0)
        #expect(try await place.store.head("web/site/index.html")?.http.contentType == "text/html")
        #expect(try await place.keys().contains("web/site/css/a.css"))
        outcome = try await place.upload("site/index.html", "web/site/")
        #expect(outcome.objects == 0 && outcome.failures.first?.reason.contains("already exists") == true)
        outcome = try await place.upload("site/index.html", "web/site/", overwrites: true)
        #expect(outcome.objects == 1)
        await #expect(throws: StorageError.self) { try await place.upload("nothing-here", "") }
        await #expect(throws: StorageError.self) { try await place.upload("/dev/null", "") }
    }

    @Test("what is deleted comes back with its metadata; the trash is gone with the console")
    func trash() async throws {
        let place = try Place()
        let before = try #require(try await place.store.head("2025/a.png"))
        let outcome = try await place.remove(["2025/a.png", "notes.md"])
        #expect(outcome.objects == 2 && outcome.bytes == 10)
        #expect(try await place.store.head("2025/a.png") == nil)
        let trashed = try #require(outcome.trashed)
        #expect(FileManager.default.fileExists(atPath: trashed.folder))
        let restored = try await place.files.restore(trashed, to: place.store, place.writer, TransferMeter())
        #expect(restored.objects == 2 && restored.failed == 0)
        let after = try #require(try await place.store.head("2025/a.png"))
        #expect(after.http == before.http && after.custom == before.custom && after.etag == before.etag)
        #expect(try await place.store.read("2025/a.png", offset: 0, length: 10).bytes == Array("one".utf8))
        _ = try await place.remove(["notes.md"])
        place.files.trash.empty()
        let left = try FileManager.default.contentsOfDirectory(atPath: place.root + "/state/trash")
        #expect(left.isEmpty)
    }

    /// Deletes as another one does, refuses a key, and fails at its second call.
    private final class FailingWriter: ObjectWriter {
        let writer: MiniflareBucketWriter
        private let calls = Mutex(0)

        init(writer: MiniflareBucketWriter) { self.writer = writer }

        func put(
            _ upload: ObjectUpload, progress: @escaping @Sendable (Int64) -> Void
        ) async throws(StorageError) -> StoredObject { try await self.writer.put(upload, progress: progress) }

        func delete(_ keys: [String]) async throws(StorageError) -> [ObjectRefusal] {
            let call = self.calls.withLock { calls in
                calls += 1
                return calls
            }
            guard call == 1 else { throw StorageError(.locked, operation: "delete", reason: "it is in use") }
            let refused = try await self.writer.delete(keys.filter { $0 != "key-003" })
            return refused + [ObjectRefusal(key: "key-003", reason: "it is not allowed")]
        }

        func delete(unchanged objects: [StoredObject]) async throws(StorageError) -> [ObjectRefusal] {
            try await self.delete(objects.map(\.key))
        }
    }

    @Test("what was deleted before a failure comes back, and only that")
    func failsBetween() async throws {
        let keys = (0..<150).map { "key-\($0 < 10 ? "00" : $0 < 100 ? "0" : "")\($0)" }
        let place = try Place(keys.map { ($0, Array($0.utf8)) })
        var objects: [StoredObject] = []
        for key in keys { objects.append(try #require(try await place.store.head(key))) }
        let outcome = try await place.files.remove(
            ObjectDeletion(
                store: place.store, writer: FailingWriter(writer: place.writer), binding: "UPLOADS", objects: objects,
                usesTrash: true), TransferMeter())
        #expect(outcome.objects == 99 && outcome.failed == 51)
        #expect(try await place.keys().count == 51)
        let trashed = try #require(outcome.trashed)
        let restored = try await place.files.restore(trashed, to: place.store, place.writer, TransferMeter())
        #expect(restored.objects == 99 && restored.failed == 0)
        for key in keys {
            #expect(try await place.store.read(key, offset: 0, length: 10).bytes == Array(key.utf8), "\(key)")
        }
    }

    @Test("a key that is there again is not replaced by what was deleted")
    func takenAgain() async throws {
        let place = try Place()
        let trashed = try #require(try await place.remove(["notes.md"]).trashed)
        try "new".write(toFile: place.home + "/notes.md", atomically: true, encoding: .utf8)
        _ = try await place.upload("notes.md", "")
        let restored = try await place.files.restore(trashed, to: place.store, place.writer, TransferMeter())
        #expect(restored.objects == 0 && restored.failed == 1)
        #expect(try await place.store.read("notes.md", offset: 0, length: 10).bytes == Array("new".utf8))
    }

    @Test("an object that was rewritten since the dry run is not deleted")
    func rewritten() async throws {
        let place = try Place()
        let object = try #require(try await place.store.head("notes.md"))
        try "new".write(toFile: place.home + "/notes.md", atomically: true, encoding: .utf8)
        _ = try await place.upload("notes.md", "", overwrites: true)
        let outcome = try await place.files.remove(
            ObjectDeletion(
                store: place.store, writer: place.writer, binding: "UPLOADS", objects: [object], usesTrash: true),
            TransferMeter())
        #expect(outcome.objects == 0 && outcome.failed == 1)
        #expect(try await place.store.head("notes.md") != nil)
    }

    @Test("the trash of a console that is not running any more is removed")
    func abandoned() async throws {
        let place = try Place()
        // No process has this number.
        let old = place.root + "/state/trash/999999999/1"
        try FileManager.default.createDirectory(atPath: old, withIntermediateDirectories: true)
        try "x".write(toFile: old + "/0", atomically: true, encoding: .utf8)
        _ = try await place.remove(["notes.md"])
        #expect(!FileManager.default.fileExists(atPath: place.root + "/state/trash/999999999"))
    }
}

/// A store that fails behind a place.
private struct HalfStore: ObjectStore {
    let store: MiniflareBucketStore
    let end: Int64

    func list(_ request: ObjectListRequest) async throws(StorageError) -> ObjectPage {
        try await self.store.list(request)
    }
    func head(_ key: String) async throws(StorageError) -> StoredObject? { try await self.store.head(key) }
    func read(_ key: String, offset: Int64, length: Int) async throws(StorageError) -> ObjectPart {
        guard offset < self.end else { throw StorageError(.unreachable, operation: "read", reason: "no route") }
        return try await self.store.read(key, offset: offset, length: length)
    }
    func usage() async throws(StorageError) -> BucketUsage { try await self.store.usage() }
}
