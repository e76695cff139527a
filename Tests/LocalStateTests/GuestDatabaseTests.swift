import Foundation
import LocalState
import SQLite
import TestSupport
import Testing
import WorkerDomain

@Suite("A guest in somebody's database", .serialized)
struct GuestDatabaseTests {
    static func sum(_ path: String) async throws -> [Int64]? {
        try await GuestDatabase(path: path).read("add up") { connection throws(SQLiteError) in
            // Two statements: they must see the same state.
            let rows = try connection.prepare("SELECT n FROM t ORDER BY id")
            var sum: Int64 = 0
            var count: Int64 = 0
            while try rows.step() {
                sum += rows.integer(0)
                count += 1
            }
            let total = try connection.prepare("SELECT total(n), count(*) FROM t")
            _ = try total.step()
            return [sum, count, total.integer(0)]
        }
    }

    static func count(_ path: String) async throws -> Int64? {
        try await GuestDatabase(path: path).read("count") { connection throws(SQLiteError) in
            let rows = try connection.prepare("SELECT count(*) FROM t")
            return try rows.step() ? rows.integer(0) : -1
        }
    }

    @Test("reading everything leaves the whole folder as it was", arguments: WranglerState.versions)
    func unchanged(version: String) async throws {
        let project = try WranglerState.unpack(version)
        defer { try? FileManager.default.removeItem(atPath: project) }
        let before = FolderState(project)
        #expect(before.entries.count > 1_000)
        try await Self.readAll(project)
        #expect(FolderState(project) == before)
    }

    @Test(
        "rows that stand only in the log are read without its index, and none is made",
        arguments: WranglerState.versions)
    func withoutIndex(version: String) async throws {
        let project = try WranglerState.unpack(version)
        defer { try? FileManager.default.removeItem(atPath: project) }
        let state = project + "/.wrangler/state/v3"
        for name in try #require(FileManager.default.enumerator(atPath: state)?.allObjects as? [String])
        where name.hasSuffix("-shm") {
            try FileManager.default.removeItem(atPath: state + "/" + name)
        }
        let before = FolderState(project)
        try await Self.readAll(project)
        #expect(FolderState(project) == before)
    }

    static func readAll(_ project: String) async throws {
        let state = MiniflareState(projectFolder: project)
        for (bucket, count) in [("resume-uploads", 1_262), ("resume-exports", 5)] {
            let store = MiniflareBucketStore(state: state, candidates: [bucket])
            #expect(try await store.usage().objects == count)
            for object in try await store.list(ObjectListRequest(delimiter: "/")).objects {
                _ = try await store.head(object.key)
                _ = try await store.read(object.key, offset: 0, length: 100)
            }
        }
        let namespace = MiniflareNamespaceStore(state: state, candidates: ["5e55105e55105e55105e55105e551055"])
        for entry in try await namespace.list(prefix: "", cursor: nil, limit: 1_000).entries {
            _ = try await namespace.value(of: entry.key, maximumBytes: 100)
        }
        let database = state.database(.d1, name: "0f1e2d3c-4b5a-4978-8695-a4b3c2d1e0f1")
        let rows = try await GuestDatabase(path: database).read("count") { connection throws(SQLiteError) in
            let statement = try connection.prepare("SELECT count(*) FROM resumes")
            return try statement.step() ? statement.integer(0) : 0
        }
        #expect(rows == 230)
    }

    @Test("every state of a log is read and left alone: held open, left behind, folded back, started anew")
    func stages() async throws {
        let folder = try WranglerState.temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = folder + "/a b%41?c=1#.sqlite"
        let writer = try Writer(Writer.obedient, [path])
        defer { writer.end() }
        #expect(try await Self.count(folder + "/nothing.sqlite") == nil)
        for line in ["PRAGMA journal_mode=WAL", "PRAGMA wal_autocheckpoint=0", "CREATE TABLE t (n)"] {
            #expect(writer.ask(line) == "ok")
        }
        var expected: Int64 = 0
        func check(_ stage: Comment) async throws {
            let before = FolderState(folder)
            #expect(try await Self.count(path) == expected, stage)
            #expect(FolderState(folder) == before, stage)
        }
        func insert() {
            #expect(writer.ask("INSERT INTO t VALUES (1)") == "ok")
            expected += 1
        }
        try await check("held open, nothing in it")
        insert()
        try await check("held open")
        #expect(writer.ask("BEGIN IMMEDIATE") == "ok")
        #expect(writer.ask("INSERT INTO t VALUES (1)") == "ok")
        try await check("in the middle of a transaction")
        #expect(writer.ask("ROLLBACK") == "ok")
        #expect(writer.ask("PRAGMA wal_checkpoint(TRUNCATE)") == "ok")
        try await check("log cut to nothing")
        insert()
        #expect(writer.ask("PRAGMA wal_checkpoint(RESTART)") == "ok")
        try await check("log folded back, still there")
        insert()
        try await check("log started anew")
        #expect(writer.ask("close") == "ok")
        try await check("closed: no log, no index")
        #expect(FileManager.default.fileExists(atPath: path + "-wal") == false)
        #expect(writer.ask("open") == "ok")
        insert()
        #expect(writer.ask("die") == "ok")
        writer.end()
        try await check("its owner was killed")
        try FileManager.default.removeItem(atPath: path + "-shm")
        try await check("a copy without the index")
        try Data().write(to: URL(fileURLWithPath: path + "-shm"))
        try await check("an index without bytes")
        try Data(repeating: 0xff, count: 32_768).write(to: URL(fileURLWithPath: path + "-shm"))
        try await check("an index of rubbish")
        try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: folder)
        try await check("a folder for reading only")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder)
    }

    @Test(
        "what is read while another program writes, folds back, closes and opens is always one state",
        .timeLimit(.minutes(1)))
    func busy() async throws {
        let folder = try WranglerState.temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = folder + "/busy.sqlite"
        let writer = try Writer(Writer.busy, [path, "4"])
        defer { writer.end() }
        #expect(writer.answer() == "ready")
        let end = ContinuousClock.now.advanced(by: .seconds(3))
        var reads = 0
        while ContinuousClock.now < end {
            #expect(try await Self.sum(path) == [20_000, 200, 20_000])
            reads += 1
        }
        let last = writer.answer()
        #expect(last.hasPrefix("done"), "\(last)")
        #expect(reads > 20)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        #expect(names == ["busy.sqlite"], "the last to close must have been the owner")
    }

    @Test("a file that its owner locks is locked, and read when it lets go")
    func locked() async throws {
        let folder = try WranglerState.temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = folder + "/locked.sqlite"
        let writer = try Writer(Writer.obedient, [path])
        defer { writer.end() }
        for line in ["CREATE TABLE t (n)", "BEGIN EXCLUSIVE"] { #expect(writer.ask(line) == "ok") }
        let error = await #expect(throws: SQLiteError.self) { try await Self.count(path) }
        #expect(error?.code == .locked)
        #expect(error?.isRetryable == true)
        #expect(writer.ask("COMMIT") == "ok")
        #expect(try await Self.count(path) == 0)
    }

    @Test("a rollback journal that waits for its owner is left to it")
    func journal() async throws {
        let folder = try WranglerState.temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = folder + "/journal.sqlite"
        let writer = try Writer(Writer.obedient, [path])
        defer { writer.end() }
        for line in [
            "CREATE TABLE t (n)", "INSERT INTO t VALUES (randomblob(100000))", "PRAGMA cache_size=1", "BEGIN",
            "UPDATE t SET n = randomblob(100001)", "INSERT INTO t VALUES (randomblob(900000))", "die",
        ] { #expect(writer.ask(line) == "ok") }
        writer.end()
        let before = FolderState(folder)
        #expect(before.entries["journal.sqlite-journal"] != nil)
        let error = await #expect(throws: SQLiteError.self) { try await Self.count(path) }
        #expect(error?.code == .locked)
        #expect(FolderState(folder) == before)
    }

    @Test("what is not a database says so")
    func malformed() async throws {
        let folder = try WranglerState.temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let cases: [(String, Data)] = [
            ("text", Data("this is not a database, whatever its name says".utf8)),
            ("rubbish", Data((0..<8_192).map { UInt8(truncatingIfNeeded: $0 &* 31) })),
        ]
        for (name, data) in cases {
            try data.write(to: URL(fileURLWithPath: folder + "/" + name))
            let error = await #expect(throws: SQLiteError.self) { try await Self.count(folder + "/" + name) }
            #expect(error?.code == .malformed)
        }
        let error = await #expect(throws: SQLiteError.self) { try await Self.count(folder) }
        #expect(error?.code == .malformed)
        mkfifo(folder + "/pipe", 0o600)
        let second = await #expect(throws: SQLiteError.self) { try await Self.count(folder + "/pipe") }
        #expect(second?.code == .malformed)
    }

    @Test("a read that takes too long is stopped")
    func limit() async throws {
        let path = MiniflareState(projectFolder: try WranglerState.project("4.56.0"))
            .database(.r2, name: "resume-uploads")
        let database = GuestDatabase(path: path, timeLimit: .milliseconds(100))
        let error = await #expect(throws: SQLiteError.self) {
            try await database.read("count for ever") { connection throws(SQLiteError) in
                let sql = "WITH RECURSIVE c(n) AS (VALUES(1) UNION ALL SELECT n + 1 FROM c) SELECT count(*) FROM c"
                return try connection.prepare(sql).step()
            }
        }
        #expect(error?.code == .limit)
    }
}
