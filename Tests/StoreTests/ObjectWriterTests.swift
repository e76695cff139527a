import Digests
import Foundation
import LocalState
import SQLite
import Synchronization
import TestSupport
import Testing
import WorkerDomain

@testable import S3Storage

@Suite("Writing to a bucket", .timeLimit(.minutes(2)))
struct ObjectWriterTests {
    enum Kind: String, CaseIterable, Sendable {
        case local, folder, s3, seaweed

        static var available: [Kind] { self.allCases.filter { $0 != .seaweed || SeaweedServer.isAvailable } }
    }

    /// A store, what writes to it, and what must live as long.
    private func open(_ kind: Kind) async throws -> (store: any ObjectStore, writer: any ObjectWriter, rest: [Any]) {
        switch kind {
        case .local:
            let folder = try temporaryFolder()
            let store = MiniflareBucketStore(
                state: MiniflareState(projectFolder: folder), candidates: ["uploads", "B"])
            return (store, MiniflareBucketWriter(store), [])
        case .folder:
            let store = FolderBucketStore(path: try temporaryFolder(), name: "r2:F")
            return (store, FolderBucketWriter(store), [])
        case .s3:
            let bucket = MemoryBucket("b")
            let server = try SmallServer { bucket.handle($0) }
            let store = try StoreBench.s3(server.port, "b")
            return (store, S3BucketWriter(store, partSize: 1 << 20), [server])
        case .seaweed:
            let server = try #require(await SeaweedServer.shared)
            let name = "write-\(UUID().uuidString.lowercased())"
            try await server.makeBucket(name)
            let store = try StoreBench.s3(server.port, name)
            return (store, S3BucketWriter(store, partSize: 5 << 20), [])
        }
    }

    @Test("what is put is read back, replaced as a whole, and gone when it is deleted", arguments: Kind.available)
    func roundTrip(kind: Kind) async throws {
        let (store, writer, rest) = try await self.open(kind)
        defer { withExtendedLifetime(rest) {} }
        // Larger than a part, and not a whole number of them.
        let pattern = (0..<251).map { UInt8($0) }
        let large = Array(repeatElement(pattern, count: kind == .seaweed ? 26_000 : 10_000).joined())
        for bytes in [[], Array("简历".utf8), large] as [[UInt8]] {
            var upload = ObjectUpload(key: "a/简历 1.pdf", source: MemoryBytes(bytes))
            upload.http.contentType = "application/pdf"
            let put = try await writer.put(upload, progress: { _ in })
            #expect(put.bytes == Int64(bytes.count))
            let head = try #require(try await store.head("a/简历 1.pdf"))
            #expect(head.isSameVersion(as: put))
            if kind != .folder { #expect(head.http.contentType == "application/pdf" || bytes.count > 1 << 20) }
            if let digest = head.checksums["md5"] { #expect(digest == Digest.hexadecimal(Digest.md5.hash(bytes))) }
            #expect(try await store.read("a/简历 1.pdf", offset: 0, length: 8 << 20).bytes == bytes)
        }
        #expect(try await store.list(ObjectListRequest(delimiter: "/")).prefixes == ["a/"])
        #expect(try await writer.delete(["a/简历 1.pdf", "nothing"]).isEmpty)
        #expect(try await store.head("a/简历 1.pdf") == nil)
        #expect(try await store.list(ObjectListRequest()).entries.isEmpty)
    }

    @Test("what was stored again since it was seen is not deleted with the rest", arguments: Kind.available)
    func unchanged(kind: Kind) async throws {
        let (store, writer, rest) = try await self.open(kind)
        defer { withExtendedLifetime(rest) {} }
        var seen: [StoredObject] = []
        for index in 0..<20 {
            let upload = ObjectUpload(key: "k/\(10 + index)", source: MemoryBytes([UInt8(index)]))
            seen.append(try await writer.put(upload, progress: { _ in }))
        }
        // The same length, so that only the version or the etag tells them apart.
        _ = try await writer.put(ObjectUpload(key: "k/13", source: MemoryBytes([99])), progress: { _ in })
        #expect(try await writer.delete(["k/15"]).isEmpty)
        let refused = try await writer.delete(unchanged: seen)
        #expect(refused == [ObjectRefusal(key: "k/13", reason: ObjectRefusal.rewritten)])
        #expect(try await store.list(ObjectListRequest()).objects.map(\.key) == ["k/13"])
        #expect(try await store.read("k/13", offset: 0, length: 9).bytes == [99])
        let now = try #require(try await store.head("k/13"))
        #expect(try await writer.delete(unchanged: [now]).isEmpty)
        #expect(try await writer.delete(unchanged: [now]).isEmpty)
        #expect(try await store.head("k/13") == nil)
    }

    @Test("a local object of parts that was stored again keeps its parts and blobs")
    func unchangedParts() async throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let sample = try MiniflareStateWriter(projectFolder: folder)
        let time = WallTime(millisecondsSinceEpoch: 1)
        try sample.store([MiniflareStateWriter.Object(key: "k", parts: [[1]], uploadedAt: time)], inBucket: "b")
        let store = MiniflareBucketStore(state: sample.state, candidates: ["b"])
        let seen = try #require(try await store.head("k"))
        try sample.store([MiniflareStateWriter.Object(key: "k", parts: [[2], [3]], uploadedAt: time)], inBucket: "b")
        #expect(try await MiniflareBucketWriter(store).delete(unchanged: [seen]).count == 1)
        #expect(try await store.read("k", offset: 0, length: 9).bytes == [2, 3])
    }

    @Test("a single deletion carries the etag; a server that knows no conditions deletes what was compared before")
    func conditions() async throws {
        let requests = Mutex<[String]>([])
        func server(_ status: @escaping @Sendable (String?) -> Int) throws -> SmallServer {
            try SmallServer { request in
                if request.method == "HEAD" { return SmallServer.Reply(headers: [("ETag", "\"e\"")]) }
                let condition = request.headers["if-match"]
                requests.withLock { $0.append("\(request.method) \(condition ?? "-")") }
                return SmallServer.Reply(status: status(condition))
            }
        }
        let seen = StoredObject(
            key: "k", bytes: 0, etag: "e", version: "", uploadedAt: WallTime(nanosecondsSinceEpoch: 0))
        let honouring = try server { _ in 412 }
        defer { honouring.stop() }
        let refused = try await S3BucketWriter(try StoreBench.s3(honouring.port, "b")).delete(unchanged: [seen])
        #expect(refused == [ObjectRefusal(key: "k", reason: ObjectRefusal.rewritten)])
        let refusing = try server { $0 == nil ? 204 : 501 }
        defer { refusing.stop() }
        #expect(try await S3BucketWriter(try StoreBench.s3(refusing.port, "b")).delete(unchanged: [seen]).isEmpty)
        #expect(requests.withLock { $0 } == ["DELETE \"e\"", "DELETE \"e\"", "DELETE -"])
    }

    /// Amazon's server, as far as a deletion needs it.
    private final class ScriptedAWS: HTTPTransferring {
        let bodies = Mutex<[String]>([])

        func perform(_ request: HTTPRequest) async throws(TransferError) -> HTTPResponse {
            if request.method == "HEAD" {
                return HTTPResponse(status: 200, headers: [("etag", "\"e\""), ("content-length", "1")], body: [])
            }
            self.bodies.withLock { $0.append(String(decoding: request.body ?? [], as: UTF8.self)) }
            let reply = """
                <DeleteResult><Error><Key>a</Key><Code>PreconditionFailed</Code><Message>m</Message></Error>\
                <Error><Key>b</Key><Code>NoSuchKey</Code><Message>m</Message></Error></DeleteResult>
                """
            return HTTPResponse(status: 200, headers: [], body: Array(reply.utf8))
        }
    }

    @Test("Amazon's server gets an etag for each object of a request, and its refusals are understood")
    func conditionsOfMany() async throws {
        let server = ScriptedAWS()
        let endpoint = try S3Endpoint(url: "https://s3.eu-central-1.amazonaws.com", bucket: "b")
        let client = S3Client(
            endpoint: endpoint, credentials: FixedCredentials(SeaweedServer.credentials), transfers: server)
        let seen = ["a", "b"].map { key in
            StoredObject(
                key: key, bytes: 1, etag: "e", version: "", uploadedAt: WallTime(nanosecondsSinceEpoch: 0))
        }
        let refused = try await S3BucketWriter(S3BucketStore(client, name: "r2:B")).delete(unchanged: seen)
        #expect(refused == [ObjectRefusal(key: "a", reason: ObjectRefusal.rewritten)])
        #expect(
            server.bodies.withLock { $0 } == [
                "<Delete><Object><Key>a</Key><ETag>e</ETag></Object><Object><Key>b</Key><ETag>e</ETag></Object>"
                    + "<Quiet>true</Quiet></Delete>"
            ])
    }

    @Test("keys whose marks combine with what XML ends a text at are deleted together", arguments: Kind.available)
    func combining(kind: Kind) async throws {
        let (store, writer, rest) = try await self.open(kind)
        defer { withExtendedLifetime(rest) {} }
        let keys = ["a&\u{301}", "b<\u{301}c", "d"]
        for key in keys {
            _ = try await writer.put(ObjectUpload(key: key, source: MemoryBytes([1])), progress: { _ in })
        }
        #expect(try await writer.delete(keys).isEmpty)
        #expect(try await store.list(ObjectListRequest()).entries.isEmpty)
    }

    @Test("a key that cannot be there does not keep the others from being deleted", arguments: [Kind.local, .folder])
    func impossible(kind: Kind) async throws {
        let (store, writer, rest) = try await self.open(kind)
        defer { withExtendedLifetime(rest) {} }
        let kept = try await writer.put(ObjectUpload(key: "k", source: MemoryBytes([1])), progress: { _ in })
        _ = try await writer.put(ObjectUpload(key: "file", source: MemoryBytes([1])), progress: { _ in })
        let long = String(repeating: "x", count: 300)
        #expect(try await writer.delete(["\(long)/a", "file/b", "none/c", "k"]).isEmpty)
        #expect(try await store.head(kept.key) == nil)
        #expect(try await store.head("file") != nil)
    }

    @Test("who may list and delete, and not read, deletes what is as it was seen")
    func listing() async throws {
        let bucket = MemoryBucket("b")
        let server = try SmallServer { $0.method == "HEAD" ? SmallServer.Reply(status: 403) : bucket.handle($0) }
        defer { server.stop() }
        let store = try StoreBench.s3(server.port, "b")
        let all = try SmallServer { bucket.handle($0) }
        defer { all.stop() }
        let owner = S3BucketWriter(try StoreBench.s3(all.port, "b"))
        for key in ["k", "k2"] {
            _ = try await owner.put(ObjectUpload(key: key, source: MemoryBytes([1])), progress: { _ in })
        }
        let seen = try await store.list(ObjectListRequest()).objects
        _ = try await owner.put(ObjectUpload(key: "k2", source: MemoryBytes([2])), progress: { _ in })
        let refused = try await S3BucketWriter(store).delete(unchanged: seen)
        #expect(refused == [ObjectRefusal(key: "k2", reason: ObjectRefusal.rewritten)])
        #expect(try await store.list(ObjectListRequest()).objects.map(\.key) == ["k2"])
    }

    @Test("a key that a store cannot hold is refused", arguments: [Kind.local, .folder, .s3])
    func keys(kind: Kind) async throws {
        let (store, writer, rest) = try await self.open(kind)
        defer { withExtendedLifetime(rest) {} }
        let paths = kind == .folder ? ["../up", "/etc/x", "a//b", "nul\0", "a/../b"] : []
        for key in ["", String(repeating: "x", count: 1_025)] + paths {
            let error = await #expect(throws: StorageError.self) {
                try await writer.put(ObjectUpload(key: key, source: MemoryBytes([1])), progress: { _ in })
            }
            #expect(error?.code == .invalid || kind == .folder, "\(key)")
        }
        #expect(try await store.list(ObjectListRequest()).entries.isEmpty)
    }

    @Test("a local write leaves no blob behind, and nothing of an object of parts that it replaces")
    func blobs() async throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let object = MiniflareStateWriter.Object(
            key: "k", parts: [[1, 2], [3]], uploadedAt: WallTime(millisecondsSinceEpoch: 1))
        let sample = try MiniflareStateWriter(projectFolder: folder)
        try sample.store([object], inBucket: "b")
        let store = MiniflareBucketStore(state: sample.state, candidates: ["b"])
        let writer = MiniflareBucketWriter(store)
        func blobs() throws -> Int {
            try FileManager.default.contentsOfDirectory(atPath: sample.state.blobs(.r2, name: "b")).count
        }
        #expect(try blobs() == 2)
        _ = try await writer.put(ObjectUpload(key: "k", source: MemoryBytes([9])), progress: { _ in })
        #expect(try blobs() == 1)
        #expect(try await store.read("k", offset: 0, length: 9).bytes == [9])
        _ = try await writer.delete(["k"])
        #expect(try blobs() == 0)
        let database = try SQLiteConnection(path: sample.state.database(.r2, name: "b"))
        let rows = try database.prepare("SELECT count(*) FROM _mf_multipart_parts")
        #expect(try rows.step() && rows.integer(0) == 0)
    }

    /// A source that has changed since it was looked at.
    private struct Shrinking: UploadSource {
        let count: Int64 = 3 << 20

        func read(at offset: Int64, length: Int) throws(StorageError) -> [UInt8] {
            guard offset < 2 << 20 else {
                throw StorageError(.invalid, operation: "read the upload", reason: "it is shorter than it was")
            }
            return [UInt8](repeating: 1, count: length)
        }
    }

    @Test("an upload that fails leaves the object as it was, and no parts", arguments: [Kind.local, .folder])
    func failing(kind: Kind) async throws {
        let (store, writer, rest) = try await self.open(kind)
        defer { withExtendedLifetime(rest) {} }
        _ = try await writer.put(ObjectUpload(key: "k", source: MemoryBytes([7])), progress: { _ in })
        await #expect(throws: StorageError.self) {
            try await writer.put(ObjectUpload(key: "k", source: Shrinking()), progress: { _ in })
        }
        #expect(try await store.read("k", offset: 0, length: 9).bytes == [7])
        #expect(try await store.list(ObjectListRequest()).entries.count == 1)
    }

    @Test("an upload in parts that fails is aborted at the server")
    func aborted() async throws {
        let bucket = MemoryBucket("b")
        let server = try SmallServer { bucket.handle($0) }
        defer { server.stop() }
        let writer = S3BucketWriter(try StoreBench.s3(server.port, "b"), partSize: 1 << 20)
        await #expect(throws: StorageError.self) {
            try await writer.put(ObjectUpload(key: "k", source: Shrinking()), progress: { _ in })
        }
        #expect(bucket.uploads == 0 && bucket["k"] == nil)
    }

    @Test("an error in a response of 200 is one")
    func lateError() async throws {
        let server = try SmallServer { request in
            if request.query["uploads"] != nil {
                return .xml("<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>")
            }
            if request.method == "PUT" { return SmallServer.Reply(headers: [("ETag", "\"x\"")]) }
            return .xml("<Error><Code>InternalError</Code><Message>late</Message></Error>")
        }
        defer { server.stop() }
        let writer = S3BucketWriter(try StoreBench.s3(server.port, "b"), partSize: 1)
        let error = await #expect(throws: StorageError.self) {
            try await writer.put(ObjectUpload(key: "k", source: MemoryBytes([1, 2])), progress: { _ in })
        }
        #expect(error?.reason.contains("InternalError") == true)
        let refusing = try SmallServer { _ in
            .xml(
                "<DeleteResult><Error><Key>k</Key><Code>AccessDenied</Code><Message>no</Message></Error></DeleteResult>"
            )
        }
        defer { refusing.stop() }
        let other = S3BucketWriter(try StoreBench.s3(refusing.port, "b"))
        #expect(try await other.delete(["k"]) == [ObjectRefusal(key: "k", reason: "AccessDenied: no")])
    }
}
