import Foundation
import LocalState
import Testing
import WorkerDomain

@Suite("The health of a binding")
struct BindingProbeTests {
    /// A bucket that answers with an error, or never.
    struct Broken: ObjectStore {
        let error: StorageError?

        func list(_: ObjectListRequest) async throws(StorageError) -> ObjectPage { ObjectPage() }
        func head(_: String) async throws(StorageError) -> StoredObject? { nil }
        func read(_ key: String, offset _: Int64, length _: Int) async throws(StorageError) -> ObjectPart {
            throw StorageError(.notFound, operation: "read \(key)", reason: "")
        }
        func usage() async throws(StorageError) -> BucketUsage {
            if let error { throw error }
            // Ends when it is cancelled.
            try? await ContinuousClock().sleep(for: .seconds(600))
            return BucketUsage(objects: 1, bytes: 1)
        }
    }

    static let now = WallTime(millisecondsSinceEpoch: 5)

    static func health(_ store: any ObjectStore, timeout: Duration = .seconds(30)) async -> BindingHealth {
        let binding = Binding(name: "B", kind: .r2)
        let resource = BoundResource(binding: binding, reader: .bucket(store), place: "")
        return await BindingProbe(now: { Self.now }).health(of: resource, timeout: timeout)
    }

    @Test("healthy, empty, locked and failed differ")
    func states() async throws {
        let state = MiniflareState(projectFolder: try WranglerState.project("4.164.0"))
        let full = await Self.health(MiniflareBucketStore(state: state, candidates: ["resume-exports"]))
        #expect(full.state == .healthy && full.items == 5 && full.isComplete)
        #expect((full.bytes ?? 0) > 0 && (full.latency ?? .zero) > .zero && full.probedAt == Self.now)
        let empty = await Self.health(MiniflareBucketStore(state: state, candidates: ["nothing"]))
        #expect(empty.state == .empty && empty.items == 0)
        let locked = await Self.health(Broken(error: StorageError(.locked, operation: "o", reason: "r")))
        #expect(locked.state == .locked)
        let failed = await Self.health(Broken(error: StorageError(.malformed, operation: "o", reason: "r")))
        #expect(failed.state == .failed("r"))
        let silent = await Self.health(Broken(error: nil), timeout: .milliseconds(20))
        guard case .failed = silent.state else {
            Issue.record("a store that does not answer has failed")
            return
        }
    }

    @Test("a database has as many tables as its screen lists", arguments: WranglerState.versions)
    func tables(version: String) async throws {
        let state = MiniflareState(projectFolder: try WranglerState.project(version))
        let database = MiniflareD1(state: state, candidates: ["0f1e2d3c-4b5a-4978-8695-a4b3c2d1e0f1", "DB"])
        let resource = BoundResource(binding: Binding(name: "DB", kind: .d1), reader: .database(database), place: "")
        let health = await BindingProbe().health(of: resource, timeout: .seconds(30))
        let listed = try await database.overview().tables
        #expect(health.items == listed.count && listed.contains { $0.kind == .shadow })
    }

    @Test("a namespace counts its names")
    func namespace() async throws {
        let state = MiniflareState(projectFolder: try WranglerState.project("4.164.0"))
        let store = MiniflareNamespaceStore(state: state, candidates: ["5e55105e55105e55105e55105e551055"])
        let resource = BoundResource(
            binding: Binding(name: "SESSIONS", kind: .kv), reader: .namespace(store), place: "")
        let health = await BindingProbe().health(of: resource, timeout: .seconds(30))
        #expect(health.state == .healthy)
        #expect(health.items == 66)
    }
}
