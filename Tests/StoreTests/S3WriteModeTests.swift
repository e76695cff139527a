import Foundation
import TestSupport
import Testing
import WorkerDomain

@testable import Application
@testable import S3Storage

/// What the write mode of the Buckets screen does, on a real server of the S3 API.
@Suite("the write mode on an S3 server", .enabled(if: S3Project.isAvailable), .serialized, .timeLimit(.minutes(3)))
struct S3WriteModeTests {
    private func files(_ project: S3Project) -> ConsoleFiles {
        ConsoleFiles(
            folder: project.root, home: project.root, trash: ObjectTrash(stateFolder: project.root + "/state"))
    }

    private func upload(_ path: String, _ project: S3Project, overwrites: Bool) -> FileUpload {
        FileUpload(
            store: project.store, writer: project.writer, binding: "UPLOADS", path: path, prefix: "web/",
            isOverwriting: overwrites)
    }

    @Test("a folder is uploaded, saved again and verified; what is there is kept unless it is to be replaced")
    func transfers() async throws {
        let project = try await S3Project()
        let files = self.files(project)
        let site = project.root + "/site"
        try FileManager.default.createDirectory(atPath: site + "/css", withIntermediateDirectories: true)
        _ = try project.file("site/index.html", Array("<p>".utf8))
        let large = [UInt8](repeating: 9, count: 9 << 20)
        _ = try project.file("site/css/large.css", large)
        let meter = TransferMeter()
        let done = try await files.upload(self.upload("site", project, overwrites: false), meter)
        #expect(done.objects == 2 && done.failed == 0 && done.bytes == Int64(large.count) + 3)
        #expect(meter.progress().bytes == done.bytes && meter.progress().totalObjects == 2)
        #expect(try await project.store.head("web/site/index.html")?.http.contentType == "text/html")
        let again = try await files.upload(self.upload("site", project, overwrites: false), TransferMeter())
        #expect(again.objects == 0 && again.failed == 2)
        #expect(again.failures.first?.reason.contains("already exists") == true)
        let replaced = try await files.upload(self.upload("site", project, overwrites: true), TransferMeter())
        #expect(replaced.objects == 2)

        let download = ObjectDownload(
            store: project.store, binding: "UPLOADS", targets: [.prefix("web/")], path: "out", isOverwriting: false)
        let saved = try await files.save(download, TransferMeter())
        #expect(saved.objects == 2 && saved.failed == 0 && saved.verified >= 1)
        #expect(project.contents("out/site/css/large.css") == large)
        let object = try #require(try await project.store.head("web/site/index.html"))
        let verdicts = try await files.verify(object, of: project.store, TransferMeter()).verdicts
        #expect(verdicts.contains { $0.name == "md5" && $0.isEqual })
    }

    /// Few objects are compared one by one, many by a listing.
    @Test(
        "a deletion has no trash, and leaves what was stored again since it was agreed to",
        arguments: [1, 3, 60, 1_050])
    func deletes(count: Int) async throws {
        let project = try await S3Project()
        let keys = (0..<count).map { "a/\(100_000 + $0)" }
        // Neighbours that are not meant, before and between.
        try await project.fill(keys.map { ($0, [1]) } + [("a/0", [2]), ("a/100000x", [2])])
        var objects: [StoredObject] = []
        for key in keys { objects.append(try #require(try await project.store.head(key))) }
        let changed = keys[count / 2]
        try await project.fill([(changed, [1, 2, 3])])
        // Gone already, which is no failure.
        if count > 2 { _ = try await project.writer.delete([keys[0]]) }
        let removal = ObjectDeletion(
            store: project.store, writer: project.writer, binding: "UPLOADS", objects: objects, usesTrash: false)
        let outcome = try await self.files(project).remove(removal, TransferMeter())
        #expect(outcome.objects == count - 1 && outcome.failed == 1 && outcome.trashed == nil)
        #expect(outcome.failures.first == ObjectRefusal(key: changed, reason: ObjectRefusal.rewritten))
        #expect(try await project.store.read(changed, offset: 0, length: 9).bytes == [1, 2, 3])
        let left = try await project.store.list(ObjectListRequest()).objects.map(\.key)
        #expect(left == ["a/0", "a/100000x", changed].sorted())
        #expect(!FileManager.default.fileExists(atPath: project.root + "/state/trash"))
    }
}
