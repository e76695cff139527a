import Foundation
import TestSupport
import Testing

/// A project with what the real wrangler has left, and the program that works on it.
final class DataProject: Sendable {
    static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../LocalStateTests/Fixtures").standardizedFileURL.path
    static let versions = ["4.56.0", "4.164.0"]

    static let wrangler = """
        name = "x12523-site"
        main = "src/index.js"
        compatibility_date = "2025-12-23"
        [[d1_databases]]
        binding = "DB"
        database_name = "jianliku"
        database_id = "0f1e2d3c-4b5a-4978-8695-a4b3c2d1e0f1"
        [[r2_buckets]]
        binding = "UPLOADS_BUCKET"
        bucket_name = "resume-uploads"
        [[r2_buckets]]
        binding = "EMPTY"
        bucket_name = "nothing-yet"
        [[kv_namespaces]]
        binding = "SESSIONS"
        id = "5e55105e55105e55105e55105e551055"
        """

    let root: String

    init(_ version: String) async throws {
        self.root = try temporaryFolder()
        let archive = "\(Self.fixtures)/state-wrangler-\(version).tar.gz"
        let unpacked = try await SpawnedProgram.run(["tar", "-xzf", archive, "-C", self.root])
        try #require(unpacked.status == 0)
        try Self.wrangler.write(
            toFile: self.root + "/wrangler.toml", atomically: false, encoding: .utf8)
    }

    deinit { try? FileManager.default.removeItem(atPath: self.root) }

    func run(_ words: String..., input: [UInt8] = []) async throws -> SpawnedProgram.Outcome {
        try await self.run([TmuxSession.program] + words, input: input)
    }

    /// As ``run(_:input:)``, on a disk that is full: no byte of the output can be written.
    func runWithoutRoom(_ words: String...) async throws -> SpawnedProgram.Outcome {
        try await self.run(["/bin/sh", "-c", "exec \"$@\" >/dev/full", "sh", TmuxSession.program] + words, input: [])
    }

    private func run(_ command: [String], input: [UInt8]) async throws -> SpawnedProgram.Outcome {
        var environment = ProcessInfo.processInfo.environment
        environment["LC_ALL"] = "C.UTF-8"
        environment["XDG_STATE_HOME"] = self.root + "/state"
        return try await SpawnedProgram.run(
            command + ["--project", self.root, "--language", "en"], input: input,
            environment: environment, limit: .seconds(60))
    }

    static func lines(_ version: String, _ name: String) throws -> [[String: Any]] {
        let text = try String(contentsOfFile: "\(self.fixtures)/expected-\(version)/\(name)", encoding: .utf8)
        return try self.objects(text)
    }

    static func objects(_ text: String) throws -> [[String: Any]] {
        try text.split(separator: "\n").map { line in
            try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any], "\(line)")
        }
    }

    static func object(_ text: String) throws -> [String: Any] {
        try #require(try self.objects(text).first)
    }
}
