import Digests
import Foundation
import LocalState
import TestSupport
import Testing
import WorkerDomain

@Suite("R2 state of wrangler dev")
struct MiniflareBucketStoreTests {
    struct Expected: Decodable {
        struct Body: Decodable {
            let size: Int
            let sha256: String
        }
        struct HTTP: Decodable {
            let contentType: String?
            let contentLanguage: String?
            let contentDisposition: String?
            let contentEncoding: String?
            let cacheControl: String?
            let cacheExpiry: String?
        }
        let key: String
        let version: String
        let size: Int64
        let etag: String
        let uploaded: String
        let httpMetadata: HTTP
        let customMetadata: [String: String]
        let storageClass: String
        let checksums: [String: String]
        let body: Body
    }

    struct Level: Decodable {
        let keys: [String]
        let prefixes: [String]
        let truncated: Bool?
    }

    static let buckets = WranglerState.versions.flatMap { version in
        ["resume-uploads", "resume-exports"].map { (version, $0) }
    }

    static func store(_ version: String, _ bucket: String) throws -> MiniflareBucketStore {
        let state = MiniflareState(projectFolder: try WranglerState.project(version))
        return MiniflareBucketStore(state: state, candidates: ["preview-name", bucket, "BINDING"])
    }

    @Test("objects, metadata and bodies are those that the bucket's own API gives", arguments: Self.buckets)
    func objects(version: String, bucket: String) async throws {
        let store = try Self.store(version, bucket)
        let text = String(
            decoding: try Fixtures.bytes("expected-\(version)/r2-\(bucket)-objects.ndjson"), as: UTF8.self)
        let expected = try text.split(separator: "\n").map {
            try JSONDecoder().decode(Expected.self, from: Data($0.utf8))
        }
        var objects: [StoredObject] = []
        var cursor: String?
        repeat {
            let page = try await store.list(ObjectListRequest(cursor: cursor, limit: 500))
            objects += page.objects
            cursor = page.nextCursor
        } while cursor != nil
        #expect(objects.map { Array($0.key.utf8) } == expected.map { Array($0.key.utf8) })
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        for (object, wanted) in zip(objects, expected) {
            #expect(object.version == wanted.version)
            #expect(object.bytes == wanted.size)
            #expect(object.etag == wanted.etag)
            #expect(object.custom == ObjectFields(wanted.customMetadata))
            #expect(object.checksums == wanted.checksums)
            #expect(object.storageClass == wanted.storageClass)
            #expect(object.http.contentType == wanted.httpMetadata.contentType)
            #expect(object.http.contentLanguage == wanted.httpMetadata.contentLanguage)
            #expect(object.http.contentDisposition == wanted.httpMetadata.contentDisposition)
            #expect(object.http.contentEncoding == wanted.httpMetadata.contentEncoding)
            #expect(object.http.cacheControl == wanted.httpMetadata.cacheControl)
            let expiry = try wanted.httpMetadata.cacheExpiry.map { try style.parse($0) }
            #expect(object.http.cacheExpiry == expiry.map(Self.time))
            #expect(object.uploadedAt == Self.time(try style.parse(wanted.uploaded)))
            let head = try await store.head(wanted.key)
            #expect(head == object)
            let body = try await store.read(wanted.key, offset: 0, length: Int(wanted.size) + 10).bytes
            #expect(body.count == wanted.body.size)
            #expect(Self.digest(body) == wanted.body.sha256)
        }
        let usage = try await store.usage()
        #expect(usage == BucketUsage(objects: expected.count, bytes: expected.reduce(0) { $0 + $1.size }))
    }

    @Test("every level has its keys and prefixes in order, whole or in pages", arguments: Self.buckets)
    func levels(version: String, bucket: String) async throws {
        let store = try Self.store(version, bucket)
        let levels = try JSONDecoder().decode(
            [String: Level].self, from: Data(Fixtures.bytes("expected-\(version)/r2-\(bucket)-levels.json")))
        for (prefix, level) in levels {
            for limit in [1_000, 3] {
                var keys: [String] = []
                var prefixes: [String] = []
                var cursor: String?
                repeat {
                    let page = try await store.list(
                        ObjectListRequest(prefix: prefix, delimiter: "/", cursor: cursor, limit: limit))
                    keys += page.objects.map(\.key)
                    prefixes += page.prefixes
                    cursor = page.nextCursor
                } while cursor != nil
                #expect(keys.map { Array($0.utf8) } == level.keys.map { Array($0.utf8) }, "\(prefix)")
                #expect(prefixes.map { Array($0.utf8) } == level.prefixes.map { Array($0.utf8) }, "\(prefix)")
            }
        }
    }

    @Test("keys and prefixes share a page as in miniflare", arguments: WranglerState.versions)
    func pages(version: String) async throws {
        let store = try Self.store(version, "resume-uploads")
        let pages = try JSONDecoder().decode(
            [Level].self, from: Data(Fixtures.bytes("expected-\(version)/r2-resume-uploads-root-pages-of-7.json")))
        var cursor: String?
        for wanted in pages {
            let page = try await store.list(ObjectListRequest(delimiter: "/", cursor: cursor, limit: 7))
            #expect(page.objects.map(\.key) == wanted.keys)
            #expect(page.prefixes == wanted.prefixes)
            #expect((page.nextCursor != nil) == wanted.truncated)
            cursor = page.nextCursor
        }
    }

    struct StartAfter: Decodable {
        let startAfter: String
        let limit: Int
        let keys: [String]
        let truncated: Bool
    }

    @Test("a listing starts behind a key", arguments: WranglerState.versions)
    func startAfter(version: String) async throws {
        let wanted = try JSONDecoder().decode(
            StartAfter.self, from: Data(Fixtures.bytes("expected-\(version)/r2-resume-uploads-start-after.json")))
        let page = try await Self.store(version, "resume-uploads").list(
            ObjectListRequest(startAfter: wanted.startAfter, limit: wanted.limit))
        #expect(page.objects.map(\.key) == wanted.keys)
        #expect((page.nextCursor != nil) == wanted.truncated)
    }

    struct Ranged: Decodable {
        struct Range: Decodable {
            let offset: Int64?
            let length: Int?
            let suffix: Int64?
        }
        let key: String
        let range: Range
        let body: Expected.Body
    }

    @Test("a range is read across the parts of a multipart object", arguments: WranglerState.versions)
    func ranges(version: String) async throws {
        let store = try Self.store(version, "resume-uploads")
        let cases = try JSONDecoder().decode(
            [Ranged].self, from: Data(Fixtures.bytes("expected-\(version)/r2-ranges.json")))
        for item in cases {
            let size = try #require(try await store.head(item.key)).bytes
            let offset = item.range.suffix.map { size - $0 } ?? item.range.offset ?? 0
            let bytes = try await store.read(item.key, offset: offset, length: item.range.length ?? Int(size)).bytes
            #expect(bytes.count == item.body.size)
            #expect(Self.digest(bytes) == item.body.sha256)
        }
    }

    @Test("what is not there is empty, and an object that is not there is not found")
    func missing() async throws {
        let state = MiniflareState(projectFolder: try temporaryFolder())
        for candidates in [[], ["nothing"]] {
            let store = MiniflareBucketStore(state: state, candidates: candidates)
            #expect(try await store.list(ObjectListRequest()) == ObjectPage())
            #expect(try await store.head("x") == nil)
            #expect(try await store.usage() == BucketUsage(objects: 0, bytes: 0))
            let error = await #expect(throws: StorageError.self) { try await store.read("x", offset: 0, length: 1) }
            #expect(error?.code == .notFound)
        }
    }

    @Test("a missing blob, a link in its place and a blob that ends early are errors that say so")
    func blobs() async throws {
        let project = try WranglerState.unpack("4.56.0")
        defer { try? FileManager.default.removeItem(atPath: project) }
        let blobs = project + "/.wrangler/state/v3/r2/resume-exports/blobs"
        let store = MiniflareBucketStore(
            state: MiniflareState(projectFolder: project), candidates: ["resume-exports"])
        let objects = try await store.list(ObjectListRequest()).objects
        let object = try #require(objects.first { $0.bytes > 0 })
        for name in try FileManager.default.contentsOfDirectory(atPath: blobs) {
            try FileManager.default.removeItem(atPath: "\(blobs)/\(name)")
            try FileManager.default.createSymbolicLink(atPath: "\(blobs)/\(name)", withDestinationPath: "/etc/passwd")
        }
        await #expect(throws: StorageError.self) { try await store.read(object.key, offset: 0, length: 4) }
        for name in try FileManager.default.contentsOfDirectory(atPath: blobs) {
            try FileManager.default.removeItem(atPath: "\(blobs)/\(name)")
        }
        let error = await #expect(throws: StorageError.self) {
            try await store.read(object.key, offset: 0, length: 4)
        }
        #expect(error?.code == .malformed)
        #expect(error?.reason == "the file with its content is missing")
    }

    static func digest(_ bytes: [UInt8]) -> String {
        Digest.sha256.hash(bytes).map { String(format: "%02x", $0) }.joined()
    }

    static func time(_ date: Date) -> WallTime {
        WallTime(millisecondsSinceEpoch: Int64((date.timeIntervalSince1970 * 1_000).rounded()))
    }
}
