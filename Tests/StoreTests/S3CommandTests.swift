import Foundation
import TestSupport
import Testing
import WorkerDomain

@testable import Application
@testable import S3Storage

/// The commands of buckets as a script runs them, on a real server of the S3 API.
@Suite(
    "the program's commands on an S3 server", .enabled(if: S3Project.isAvailable), .serialized,
    .timeLimit(.minutes(3)))
struct S3CommandTests {
    private static let large = (0..<9_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }

    @Test("put needs --write and the bucket's name; what it stores has its type and metadata, in parts as well")
    func put() async throws {
        let project = try await S3Project()
        let file = try project.file("note.json", Array(#"{"a":1}"#.utf8))
        let place = "UPLOADS/new/简历 1.json"
        let refused = try await project.run("r2", "put", place, file)
        #expect(refused.status == 2 && refused.errorText.contains("needs --write"))
        let unnamed = try await project.run("r2", "put", place, file, "--write")
        #expect(unnamed.status == 2 && unnamed.errorText.contains("--confirm \(project.bucket)"))
        let other = try await project.run("r2", "put", place, file, "--write", "--confirm", "uploads")
        #expect(other.status == 2)
        let safe = try await project.run(
            "r2", "put", place, file, "--write", "--confirm", project.bucket, "--read-only")
        #expect(safe.status == 64 && safe.errorText.contains("--write and --read-only exclude each other"))
        let dry = try await project.run("r2", "put", place, file, "--dry-run")
        #expect(dry.text == "put 7 application/json new/简历 1.json\n")
        #expect(try await project.store.list(ObjectListRequest()).entries.isEmpty)

        let stored = try await project.run(
            "r2", "put", place, file, "--write", "--confirm", project.bucket, "--metadata", "owner=u_88", "-m",
            "plan=a=b", "--json")
        #expect(stored.status == 0, "\(stored.errorText)")
        let stat = try await project.run("r2", "stat", place, "--json")
        let object = try #require(try S3Project.objects(stat.text).first)
        #expect(object["key"] as? String == "new/简历 1.json" && object["size"] as? Int == 7)
        #expect(object["customMetadata"] as? [String: String] == ["owner": "u_88", "plan": "a=b"])
        #expect((object["httpMetadata"] as? [String: String])?["contentType"] == "application/json")
        let again = try await project.run("r2", "put", place, file, "--write", "--confirm", project.bucket)
        #expect(again.status == 1 && again.errorText.contains("--overwrite"))

        // Larger than a part, from a pipe, whose size nobody knows before.
        let piped = try await project.run(
            "r2", "put", "UPLOADS/new/piped.bin", "-", "--write", "--confirm", project.bucket, "--type", "x/y",
            input: Self.large)
        #expect(piped.status == 0, "\(piped.errorText)")
        let parts = try #require(try await project.store.head("new/piped.bin"))
        #expect(parts.bytes == Int64(Self.large.count) && parts.etag.hasSuffix("-2"))
        #expect(parts.http.contentType == "x/y")
        #expect(try await project.run("r2", "cat", "UPLOADS/new/piped.bin").output == Self.large)
        let du = try S3Project.objects(try await project.run("r2", "du", "UPLOADS/new/", "--json").text).first
        #expect(du?["objects"] as? Int == 2 && du?["bytes"] as? Int == Self.large.count + 7)
    }

    @Test("get verifies, goes on where it ended, overwrites nothing unasked, and lets no key out of the folder")
    func get() async throws {
        let project = try await S3Project()
        try await project.fill([("a/one.txt", Array("one".utf8)), ("a/large.bin", Self.large)])
        let one = try await project.run("r2", "get", "UPLOADS/a/one.txt", project.root + "/one.txt")
        #expect(one.status == 0 && one.errorText.contains("verified by md5"), "\(one.errorText)")
        #expect(project.contents("one.txt") == Array("one".utf8))
        let again = try await project.run("r2", "get", "UPLOADS/a/one.txt", project.root + "/one.txt")
        #expect(again.status == 1 && again.errorText.contains("already exists"))

        let object = try #require(try await project.store.head("a/large.bin"))
        let folder = try #require(DownloadFolder(path: project.root))
        var half = Download(
            store: EndingStore(store: project.store, end: 3_000_000), object: object, operation: "get",
            isOverwriting: false)
        half.pieceSize = 1_000_000
        await #expect(throws: StorageError.self) { try await half.run(in: folder, name: "large.bin") }
        #expect(project.contents("large.bin") == nil)
        let rest = try await project.run("r2", "get", "UPLOADS/a/large.bin", project.root + "/large.bin")
        #expect(rest.status == 0 && rest.errorText.contains("resumed at 3000000"), "\(rest.errorText)")
        #expect(project.contents("large.bin") == Self.large)

        let strange = ["a/...", "a/CON.txt", "a/%2F", "a/end.", "a/\(String(repeating: "长", count: 80))"]
        try await project.fill(strange.map { ($0, Array($0.utf8)) })
        let target = project.root + "/all"
        try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: false)
        let all = try await project.run("r2", "get", "UPLOADS/a/", target, "--recursive")
        #expect(all.status == 0 && all.errorText.contains("7 objects downloaded, 0 failed"), "\(all.errorText)")
        let names = try FileManager.default.contentsOfDirectory(atPath: target)
        #expect(names.count == 7 && names.contains("%2E%2E%2E") && names.contains("%43ON.txt"))
        #expect(names.contains("%252F") && names.contains("end%2E"), "\(names)")
    }

    @Test("rm says what it would delete, deletes it with --write and the bucket's name, and nothing beside")
    func remove() async throws {
        let project = try await S3Project()
        try await project.fill(
            (0..<30).map { ("old/\($0)", [1]) } + [("old", [2]), ("older/x", [3]), ("new\u{1}key", [4])])
        let dry = try await project.run("r2", "rm", "UPLOADS/old/", "--recursive", "--dry-run", "--json")
        #expect(try dry.status == 0 && S3Project.objects(dry.text).count == 30)
        #expect(try await project.run("r2", "rm", "UPLOADS/old/", "--recursive").status == 2)
        let unnamed = try await project.run("r2", "rm", "UPLOADS/old/", "--recursive", "--write")
        #expect(unnamed.status == 2 && unnamed.errorText.contains("--confirm \(project.bucket)"))
        #expect(try await project.store.list(ObjectListRequest()).entries.count == 33)

        let all = try await project.run(
            "r2", "rm", "UPLOADS/old/", "--recursive", "--write", "--confirm", project.bucket)
        #expect(all.status == 0 && all.text.split(separator: "\n").count == 30, "\(all.errorText)")
        let left = try await project.store.list(ObjectListRequest())
        #expect(left.objects.map(\.key) == ["new\u{1}key", "old", "older/x"])
        let one = try await project.run("r2", "rm", "UPLOADS/old", "--write", "--confirm", project.bucket)
        #expect(one.status == 0, "\(one.errorText)")
        let none = try await project.run("r2", "rm", "UPLOADS/old", "--write", "--confirm", project.bucket)
        #expect(none.status == 1 && none.errorText.contains("no such object"))
    }

    @Test("ls goes through pages and levels; a limit is said and gone on behind")
    func list() async throws {
        let project = try await S3Project()
        let keys = (0..<1_100).map { "deep/\($0 % 3)/\(10_000 + $0)" } + ["top.txt"]
        try await project.fill(keys.map { ($0, []) })
        let all = try await project.run("r2", "ls", "UPLOADS", "--recursive", "--json")
        #expect(all.status == 0 && all.errors.isEmpty)
        #expect(try S3Project.objects(all.text).compactMap { $0["key"] as? String } == keys.sorted())
        let level = try S3Project.objects(try await project.run("r2", "ls", "UPLOADS/deep/", "--json").text)
        #expect(level.compactMap { $0["prefix"] as? String } == ["deep/0/", "deep/1/", "deep/2/"])
        let first = try await project.run("r2", "ls", "UPLOADS", "-r", "--json", "--limit", "1050")
        let shown = try S3Project.objects(first.text).compactMap { $0["key"] as? String }
        #expect(shown == Array(keys.sorted().prefix(1_050)) && first.errorText.contains("stopped at --limit 1050"))
        let rest = try await project.run(
            "r2", "ls", "UPLOADS", "-r", "--json", "--start-after", try #require(shown.last))
        #expect(try S3Project.objects(rest.text).count == 51)
        let other = try S3Project.objects(
            try await project.run("r2", "ls", "UPLOADS/deep/0/10", "--delimiter", "9", "--json").text)
        #expect(other.contains { $0["prefix"] as? String == "deep/0/1009" })
    }

    @Test("a presigned URL is good for a plain HTTP request, of its method alone")
    func presign() async throws {
        let project = try await S3Project()
        try await project.fill([("a b/简历+1.txt", Array("open".utf8))])
        let made = try await project.run("r2", "presign", "UPLOADS/a b/简历+1.txt", "--expires", "60")
        #expect(made.status == 0, "\(made.errorText)")
        let url = made.text.trimmingCharacters(in: .newlines)
        let got = try await CurlTransfers.shared.perform(HTTPRequest(method: "GET", url: url))
        #expect(got.status == 200 && got.body == Array("open".utf8))
        let wrong = try await CurlTransfers.shared.perform(HTTPRequest(method: "PUT", url: url, body: [1]))
        #expect(wrong.status == 403)
        let put = try await project.run("r2", "presign", "UPLOADS/new.txt", "--method", "PUT")
        let target = put.text.trimmingCharacters(in: .newlines)
        let stored = try await CurlTransfers.shared.perform(HTTPRequest(method: "PUT", url: target, body: [7, 8]))
        #expect(stored.status == 200)
        #expect(try await project.store.read("new.txt", offset: 0, length: 9).bytes == [7, 8])
    }
}

/// A store that fails behind a place.
private struct EndingStore: ObjectStore {
    let store: S3BucketStore
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
