import Foundation
import SQLite
import TestSupport
import Testing
import WorkerDomain

@testable import LocalState

/// What lies around a binding's place when there is nothing at it.
@Suite("What is found instead")
struct StateSurveyTests {
    private static func findings(
        _ folder: String, _ kind: MiniflareIdentity.Kind, _ candidates: [String], known: [String] = [],
        state: MiniflareState? = nil
    ) -> [StoreFinding] {
        StateSurvey(
            state: state ?? MiniflareState(projectFolder: folder), kind: kind, candidates: candidates,
            known: candidates + known, project: folder
        ).findings()
    }

    private static func folder(_ body: (String) throws -> Void) throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try body(folder)
    }

    @Test("the file of a name that wrangler no longer uses is said to be old")
    func oldName() throws {
        try Self.folder { folder in
            let writer = try MiniflareStateWriter(projectFolder: folder)
            try writer.run(["CREATE TABLE t (x)"], inDatabase: "DB")
            #expect(Self.findings(folder, .d1, ["DB"]) == [])
            #expect(Self.findings(folder, .d1, ["new-id", "DB"]) == [.oldName(stored: "DB", current: "new-id")])
            try writer.run(["CREATE TABLE t (x)"], inDatabase: "new-id")
            #expect(Self.findings(folder, .d1, ["new-id", "DB"]) == [])
        }
    }

    @Test("files for other ids are named, by their name where the blobs tell it; those of other bindings are none")
    func strangers() throws {
        try Self.folder { folder in
            let writer = try MiniflareStateWriter(projectFolder: folder)
            try writer.run(["CREATE TABLE t (x)"], inDatabase: "forgotten")
            try writer.run(["CREATE TABLE t (x)"], inDatabase: "OTHER")
            let object = MiniflareStateWriter.Object(
                key: "k", parts: [[1]], uploadedAt: WallTime(millisecondsSinceEpoch: 1))
            try writer.store([object], inBucket: "old-uploads")
            let file = "\(MiniflareIdentity.identifier(.d1, name: "forgotten")).sqlite"
            #expect(
                Self.findings(folder, .d1, ["DB"], known: ["OTHER"])
                    == [.otherFile(".wrangler/state/v3/d1/miniflare-D1DatabaseObject/\(file)")])
            #expect(Self.findings(folder, .r2, ["uploads", "B"]) == [.otherName("old-uploads")])
            try Data().write(
                to: URL(fileURLWithPath: writer.state.folder(.kv).replacing("kv/", with: "r2/") + "-nothing"))
            #expect(Self.findings(folder, .kv, ["K"]) == [])
        }
    }

    @Test(
        "layouts that are not read are named",
        arguments: [
            (".wrangler/state/v2/d1", ".wrangler/state/v2"), (".wrangler/state/v4/d1", ".wrangler/state/v4"),
            (".wrangler/state/v4/databases", ".wrangler/state/v4"), (".wrangler/state/d1", ".wrangler/state/d1"),
        ])
    func layouts(made: String, found: String) throws {
        try Self.folder { folder in
            try FileManager.default.createDirectory(
                atPath: "\(folder)/\(made)", withIntermediateDirectories: true)
            #expect(Self.findings(folder, .d1, ["DB"]) == [.otherLayout(found)])
        }
    }

    @Test(
        "a version's folder that holds other kinds only says nothing of this one, a database in a folder of its own does"
    )
    func otherLayouts() throws {
        try Self.folder { folder in
            for path in ["v3/kv", "v4/r2", "v3/d1/0f1e"] {
                try FileManager.default.createDirectory(
                    atPath: "\(folder)/.wrangler/state/\(path)", withIntermediateDirectories: true)
            }
            #expect(Self.findings(folder, .d1, ["DB"]) == [])
            try Data().write(to: URL(fileURLWithPath: "\(folder)/.wrangler/state/v3/d1/0f1e/db.sqlite"))
            #expect(Self.findings(folder, .d1, ["DB"]) == [.otherLayout(".wrangler/state/v3/d1/0f1e/db.sqlite")])
        }
    }

    @Test("state of --persist-to is found below the project, above it, and where package.json says")
    func elsewhere() throws {
        try Self.folder { folder in
            let project = folder + "/packages/site"
            func place(_ path: String) throws -> String {
                // The writer makes `.wrangler/state`; what `--persist-to` makes is moved out of it.
                let made = folder + "/made-\(path.utf8.count)"
                let writer = try MiniflareStateWriter(projectFolder: made)
                try writer.run(["CREATE TABLE t (x)"], inDatabase: "DB")
                let above = URL(fileURLWithPath: "\(folder)/\(path)").deletingLastPathComponent().path
                try FileManager.default.createDirectory(atPath: above, withIntermediateDirectories: true)
                try FileManager.default.moveItem(atPath: made + "/.wrangler/state", toPath: "\(folder)/\(path)")
                try FileManager.default.removeItem(atPath: made)
                return "\(folder)/\(path)"
            }
            try FileManager.default.createDirectory(atPath: project, withIntermediateDirectories: true)
            #expect(Self.findings(project, .d1, ["DB"]) == [])
            let below = try place("packages/site/data")
            #expect(Self.findings(project, .d1, ["DB"]) == [.elsewhere("data")])
            try FileManager.default.removeItem(atPath: below)
            try FileManager.default.createDirectory(atPath: folder + "/.wrangler", withIntermediateDirectories: true)
            let above = try place(".wrangler/state")
            #expect(Self.findings(project, .d1, ["DB"]) == [.elsewhere(above)])
            try FileManager.default.removeItem(atPath: above)
            let named = try place("shared/deep/state")
            try Data(#"{"scripts":{"dev":"wrangler dev --persist-to ../../shared/deep/state --port 1"}}"#.utf8)
                .write(to: URL(fileURLWithPath: project + "/package.json"))
            #expect(Self.findings(project, .d1, ["DB"]) == [.elsewhere(named)])
            // A path that names the folder below by mistake.
            let wrong = MiniflareState(persistTo: named + "/v3")
            #expect(Self.findings(project, .d1, ["DB"], state: wrong) == [.elsewhere(named)])
        }
    }

    @Test("renamed tables are another layout, not an empty bucket")
    func renamedTables() async throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let writer = try MiniflareStateWriter(projectFolder: folder)
        try writer.store([MiniflareStateWriter.Object](), inBucket: "b")
        let path = writer.state.database(.r2, name: "b")
        try MiniflareStateTests.run("ALTER TABLE _mf_objects RENAME TO _mf2_objects", path)
        let store = MiniflareBucketStore(state: writer.state, candidates: ["b"])
        let error = await #expect(throws: StorageError.self) { try await store.list(ObjectListRequest()) }
        #expect(error?.code == .malformed)
        #expect(error?.reason == "no table _mf_objects; the file has: _mf2_objects")
        let connection = try SQLiteConnection(path: path)
        try connection.run("DROP TABLE _mf2_objects")
        #expect(try await store.list(ObjectListRequest()).entries.isEmpty)
    }

    @Test("a remote binding says that it is one", arguments: [Binding.Kind.d1, .r2, .kv])
    func remote(kind: Binding.Kind) async {
        let resource = BoundResource.remote(Binding(name: "B", kind: kind))
        let health = await BindingProbe().health(of: resource, timeout: .seconds(10))
        #expect(health.state == .remote && health.findings == [.remote])
        #expect(resource.place.contains("://"))
    }
}
