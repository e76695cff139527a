import Foundation
import TestSupport
import Testing
import WorkerDomain
import WorkerProject

@testable import Application

/// `remote = true` in a wrangler file.
@Suite("Remote bindings")
struct RemoteBindingTests {
    private static func resources(_ console: String = "") throws -> [BoundResource] {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try Data(
            """
            name = "w"
            main = "worker.py"
            compatibility_date = "2025-12-23"
            compatibility_flags = ["python_workers"]
            [[r2_buckets]]
            binding = "FAR"
            bucket_name = "far"
            remote = true
            [[r2_buckets]]
            binding = "NEAR"
            bucket_name = "near"
            """.utf8
        ).write(to: URL(fileURLWithPath: folder + "/wrangler.toml"))
        try Data(console.utf8).write(to: URL(fileURLWithPath: folder + "/worker-console.toml"))
        return try ProjectSettings(folder: folder, environment: nil).storeRequests().compactMap(\.resource)
    }

    @Test("a remote binding is not read on this machine, the others are")
    func remote() async throws {
        let resources = try Self.resources()
        #expect(resources.map(\.binding.name) == ["FAR", "NEAR"])
        #expect(await resources[0].findings() == [.remote] && resources[0].place.contains("://"))
        guard case .bucket(let far) = resources[0].reader, case .bucket(let near) = resources[1].reader else {
            Issue.record("not buckets")
            return
        }
        let error = await #expect(throws: StorageError.self) { try await far.list(ObjectListRequest()) }
        #expect(error?.code == .remote)
        #expect(try await near.list(ObjectListRequest()).entries.isEmpty)
        #expect(await resources[1].findings().isEmpty && resources[1].changes != nil)
    }

    @Test("a folder that the project's own file names is read all the same")
    func named() async throws {
        let resources = try Self.resources("[bindings.FAR]\npath = \"data\"\n")
        #expect(await resources[0].findings().isEmpty && !resources[0].place.contains("://"))
    }
}
