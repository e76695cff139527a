import Foundation
import TestSupport
import Testing
import WorkerDomain

@testable import S3Storage

/// A project whose bucket is a new one of SeaweedFS, and the program that works on it.
final class S3Project: Sendable {
    let root: String
    let bucket: String
    let store: S3BucketStore
    let writer: S3BucketWriter
    private let port: Int

    /// The built binary beside the running test bundle.
    static var program: String {
        let bundle = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(fileURLWithPath: bundle).deletingLastPathComponent().appendingPathComponent("worker-console").path
    }

    static var isAvailable: Bool {
        FileManager.default.isExecutableFile(atPath: self.program) && SeaweedServer.isAvailable
    }

    init() async throws {
        let server = try #require(await SeaweedServer.shared)
        self.bucket = "project-\(UUID().uuidString.lowercased())"
        try await server.makeBucket(self.bucket)
        self.port = server.port
        self.store = try StoreBench.s3(server.port, self.bucket)
        self.writer = S3BucketWriter(self.store)
        self.root = try temporaryFolder()
        try """
        name = "site"
        main = "src/index.js"
        compatibility_date = "2025-12-23"
        [[r2_buckets]]
        binding = "UPLOADS"
        bucket_name = "uploads"
        """.write(toFile: self.root + "/wrangler.toml", atomically: false, encoding: .utf8)
        try """
        [bindings.UPLOADS]
        store = "s3"
        endpoint = "http://127.0.0.1:\(server.port)"
        bucket = "\(self.bucket)"
        """.write(toFile: self.root + "/worker-console.toml", atomically: false, encoding: .utf8)
    }

    deinit { try? FileManager.default.removeItem(atPath: self.root) }

    func run(_ words: String..., input: [UInt8] = []) async throws -> SpawnedProgram.Outcome {
        var environment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("AWS_") }
        environment["LC_ALL"] = "C.UTF-8"
        environment["HOME"] = self.root
        environment["XDG_STATE_HOME"] = self.root + "/state"
        environment["AWS_ACCESS_KEY_ID"] = SeaweedServer.credentials.accessKey
        environment["AWS_SECRET_ACCESS_KEY"] = SeaweedServer.credentials.secretKey
        return try await SpawnedProgram.run(
            [Self.program] + words + ["--project", self.root, "--language", "en"], input: input,
            environment: environment, limit: .seconds(60))
    }

    /// Stores objects, some at a time.
    func fill(_ bodies: [(key: String, bytes: [UInt8])]) async throws {
        let writer = self.writer
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, body) in bodies.enumerated() {
                if index >= 8 { try await group.next() }
                group.addTask {
                    _ = try await writer.put(
                        ObjectUpload(key: body.key, source: MemoryBytes(body.bytes)), progress: { _ in })
                }
            }
            try await group.waitForAll()
        }
    }

    func file(_ name: String, _ bytes: [UInt8]) throws -> String {
        let path = "\(self.root)/\(name)"
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        return path
    }

    func contents(_ name: String) -> [UInt8]? {
        FileManager.default.contents(atPath: "\(self.root)/\(name)").map { [UInt8]($0) }
    }

    static func objects(_ text: String) throws -> [[String: Any]] {
        try text.split(separator: "\n").map { line in
            try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any], "\(line)")
        }
    }
}
