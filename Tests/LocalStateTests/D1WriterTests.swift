import Foundation
import LocalState
import SQLite
import TestSupport
import Testing
import WorkerDomain

@Suite("Changing a D1 database")
struct D1WriterTests {
    private struct Project {
        let root: String
        let database: MiniflareD1
        let writer: MiniflareD1Writer
        var backups: String { self.root + "/state/backups" }

        init(_ statements: [String] = ["CREATE TABLE t (n PRIMARY KEY)", "INSERT INTO t VALUES (1), (2), (3)"]) throws {
            self.root = try temporaryFolder()
            if !statements.isEmpty {
                try MiniflareStateWriter(projectFolder: self.root).run(statements, inDatabase: "id")
            }
            self.database = MiniflareD1(state: MiniflareState(projectFolder: self.root), candidates: ["id"])
            self.writer = MiniflareD1Writer(
                self.database, backups: self.root + "/state/backups", name: "../D B", stamp: { "20261129T201500" })
        }

        func count() async throws -> Int { try await self.database.count(of: "t") }
    }

    @Test("a statement changes the database and says how many rows; RETURNING gives them")
    func change() async throws {
        let project = try Project()
        #expect(try await project.writer.write("UPDATE t SET n = n + 10 WHERE n > 1", limit: 10).changed == 2)
        let change = try await project.writer.write("DELETE FROM t WHERE n > 1 RETURNING n", limit: 1)
        // Rows beyond the limit are changed as well.
        #expect(change.changed == 2 && change.rows.rows.count == 1 && change.rows.hasMore)
        #expect(try await project.count() == 1)
        _ = try await project.writer.write("CREATE TABLE more (x)", limit: 1)
        #expect(try await project.database.overview().tables.map(\.name) == ["more", "t"])
    }

    @Test(
        "a statement that fails, or is none that may be run, changes nothing",
        arguments: [
            "INSERT INTO t VALUES (4), (1)", "DELETE FROM t; SELECT 1", "DELETE FROM t WHERE n = ?", "selec",
            "ATTACH '/tmp/x.sqlite' AS x", "VACUUM INTO '/tmp/x.sqlite'", "PRAGMA journal_mode=DELETE", "COMMIT",
            "ROLLBACK", "SAVEPOINT s", "DELETE FROM _cf_METADATA", "DROP TABLE _cf_METADATA",
            "ALTER TABLE _cf_METADATA RENAME TO x", "SELECT load_extension('x')", "PRAGMA writable_schema=1",
        ])
    func refused(sql: String) async throws {
        let project = try Project()
        let error = await #expect(throws: StorageError.self) { try await project.writer.write(sql, limit: 10) }
        #expect(error?.code == .invalid, "\(String(describing: error))")
        #expect(try await project.count() == 3)
        let tables = try await project.database.query("SELECT count(*) FROM sqlite_master", limit: 1)
        #expect(tables.rows == [[.integer(3)]])
    }

    @Test("a backup holds what stands in the write-ahead log alone, is the user's alone, and is never overwritten")
    func backup() async throws {
        let project = try Project()
        let path = try #require(project.database.location?.database)
        let owner = try SQLiteConnection(path: path)
        try owner.run("INSERT INTO t VALUES (99)")
        let first = try await project.writer.backUp()
        let second = try await project.writer.backUp()
        withExtendedLifetime(owner) {}
        #expect(first == project.backups + "/___D_B-20261129T201500.sqlite" && second != first)
        for backup in [first, second] {
            #expect(try await SQLiteDatabase(path: backup).count(of: "t") == 4)
            let mode = try FileManager.default.attributesOfItem(atPath: backup)[.posixPermissions] as? Int
            #expect(mode == 0o600)
        }
        let folder = try FileManager.default.attributesOfItem(atPath: project.backups)[.posixPermissions] as? Int
        #expect(folder == 0o700)
    }

    @Test("without a database there is nothing to back up or change; a folder that cannot be made is said")
    func missing() async throws {
        let project = try Project([])
        #expect(await #expect(throws: StorageError.self) { try await project.writer.backUp() }?.code == .notFound)
        let error = await #expect(throws: StorageError.self) {
            try await project.writer.write("CREATE TABLE t (n)", limit: 1)
        }
        #expect(error?.code == .notFound)
        #expect(!FileManager.default.fileExists(atPath: project.root + "/.wrangler"))
        let other = try Project()
        try "x".write(toFile: other.root + "/state", atomically: false, encoding: .utf8)
        await #expect(throws: StorageError.self) { try await other.writer.backUp() }
    }

    @Test("a database that another program holds for writing is locked, and unchanged")
    func locked() async throws {
        let project = try Project()
        let owner = try SQLiteConnection(path: try #require(project.database.location?.database))
        try owner.run("BEGIN IMMEDIATE")
        let error = await #expect(throws: StorageError.self) {
            try await project.writer.write("DELETE FROM t", limit: 1)
        }
        #expect(error?.code == .locked)
        try owner.run("ROLLBACK")
        #expect(try await project.count() == 3)
    }
}
