import Foundation
import LocalState
import TestSupport
import Testing
import WorkerDomain

@testable import S3Storage

/// The same bucket in one kind of store, for as long as a test needs it.
final class StoreBench: Sendable {
    enum Kind: String, CaseIterable, Sendable {
        case memory, local, folder, s3, seaweed

        /// Those that can run here.
        static var available: [Kind] { self.allCases.filter { $0 != .seaweed || SeaweedServer.isAvailable } }
    }

    static let time = WallTime(millisecondsSinceEpoch: 1_766_000_000_123)
    static let all: [(key: String, parts: [[UInt8]])] = [
        ("a.txt", [Array("hello".utf8)]), ("empty", [[]]), ("folder/", [[]]), ("folder/one", [[1]]),
        ("folder/sub/two", [[2, 2]]), ("folder/sub/three", [[3, 3, 3]]), ("folder0", [[9]]),
        ("big", [[UInt8](repeating: 7, count: 1_000), [UInt8](repeating: 8, count: 1_000), [9, 9]]),
        ("简历/张三.pdf", [Array("%PDF".utf8)]), ("e\u{301}", [[1]]), ("\u{e9}", [[2]]), ("nul\0byte", [[3]]),
        ("\u{1b}[31m", [[4]]), ("\u{10ffff}x", [[5]]), ("a b+c%2F&d", [[6]]), ("new\nline", [[7]]),
    ]

    let kind: Kind
    let store: any ObjectStore
    private let folder: String?
    private let server: SmallServer?

    /// What this kind of store can hold: a folder no markers and no NUL, SeaweedFS neither, and its cursors no escapes.
    var bodies: [(key: String, parts: [[UInt8]])] {
        switch self.kind {
        case .memory, .local, .s3: Self.all
        case .folder: Self.all.filter(Self.isPath)
        case .seaweed: Self.all.filter { Self.isPath($0) && !$0.key.utf8.contains(0x1B) }
        }
    }

    private static func isPath(_ body: (key: String, parts: [[UInt8]])) -> Bool {
        !body.key.utf8.contains(0) && body.key.utf8.last != UInt8(ascii: "/")
    }

    var keys: [[UInt8]] {
        self.bodies.map { Array($0.key.utf8) }.sorted { $0.lexicographicallyPrecedes($1) }
    }

    init(_ kind: Kind) async throws {
        self.kind = kind
        switch kind {
        case .memory:
            let items = Self.all.map { body in
                let bytes = Array(body.parts.joined())
                let object = StoredObject(
                    key: body.key, bytes: Int64(bytes.count), etag: "", version: "", uploadedAt: Self.time)
                return InMemoryObjectStore.Item(object: object, bytes: bytes)
            }
            (self.store, self.folder, self.server) = (InMemoryObjectStore(items), nil, nil)
        case .local:
            let folder = try temporaryFolder()
            let objects = Self.all.map {
                MiniflareStateWriter.Object(key: $0.key, parts: $0.parts, uploadedAt: Self.time)
            }
            try MiniflareStateWriter(projectFolder: folder).store(objects, inBucket: "bucket")
            let state = MiniflareState(projectFolder: folder)
            (self.store, self.folder, self.server) = (
                MiniflareBucketStore(state: state, candidates: ["bucket"]), folder, nil
            )
        case .folder:
            let folder = try temporaryFolder()
            (self.store, self.folder, self.server) = (FolderBucketStore(path: folder, name: "r2:F"), folder, nil)
            for body in self.bodies {
                let path = folder + "/" + body.key
                let parent = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[..<$0]) } ?? folder
                try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
                #expect(FileManager.default.createFile(atPath: path, contents: Data(body.parts.joined())))
            }
        case .s3:
            let bucket = MemoryBucket("bucket", Self.all.map { ($0.key, Array($0.parts.joined())) })
            let server = try SmallServer { bucket.handle($0) }
            (self.store, self.folder, self.server) = (try Self.s3(server.port, "bucket"), nil, server)
        case .seaweed:
            let server = try #require(await SeaweedServer.shared)
            let store = try Self.s3(server.port, "contract")
            (self.store, self.folder, self.server) = (store, nil, nil)
            let writer = S3BucketWriter(store)
            try await SeaweedServer.filled(self.bodies) { key, bytes in
                _ = try await writer.put(
                    ObjectUpload(key: key, source: MemoryBytes(bytes)), progress: { _ in })
            }
        }
    }

    deinit {
        if let folder = self.folder { try? FileManager.default.removeItem(atPath: folder) }
    }

    static func s3(_ port: Int, _ bucket: String, retry: RetryPolicy = RetryPolicy()) throws -> S3BucketStore {
        let endpoint = try S3Endpoint(url: "http://127.0.0.1:\(port)", bucket: bucket)
        let client = S3Client(
            endpoint: endpoint, credentials: FixedCredentials(SeaweedServer.credentials),
            transfers: CurlTransfers.shared, retry: retry)
        return S3BucketStore(client, name: "r2:B")
    }
}
