import Foundation
import SQLite
import TestSupport
import Testing

@Suite("A guest in somebody's database", .serialized)
struct GuestDatabaseTests {
    static func sum(_ path: String) throws(SQLiteError) -> [Int64]? {
        try GuestDatabase(path: path).read(until: SQLiteDeadline(after: .seconds(10))) {
            connection throws(SQLiteError) in
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

    static func count(_ path: String) throws(SQLiteError) -> Int64? {
        try GuestDatabase(path: path).read(until: SQLiteDeadline(after: .seconds(10))) {
            connection throws(SQLiteError) in
            let rows = try connection.prepare("SELECT count(*) FROM t")
            return try rows.step() ? rows.integer(0) : -1
        }
    }

    @Test("every state of a log is read and left alone: held open, left behind, folded back, started anew")
    func stages() throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = folder + "/a b%41?c=1#.sqlite"
        let writer = try DatabaseOwner(DatabaseOwner.obedient, [path])
        defer { writer.end() }
        #expect(try Self.count(folder + "/nothing.sqlite") == nil)
        for line in ["PRAGMA journal_mode=WAL", "PRAGMA wal_autocheckpoint=0", "CREATE TABLE t (n)"] {
            #expect(writer.ask(line) == "ok")
        }
        var expected: Int64 = 0
        func check(_ stage: Comment) throws {
            let before = FolderState(folder)
            #expect(try Self.count(path) == expected, stage)
            #expect(FolderState(folder) == before, stage)
        }
        func insert() {
            #expect(writer.ask("INSERT INTO t VALUES (1)") == "ok")
            expected += 1
        }
        try check("held open, nothing in it")
        insert()
        try check("held open")
        #expect(writer.ask("BEGIN IMMEDIATE") == "ok")
        #expect(writer.ask("INSERT INTO t VALUES (1)") == "ok")
        try check("in the middle of a transaction")
        #expect(writer.ask("ROLLBACK") == "ok")
        #expect(writer.ask("PRAGMA wal_checkpoint(TRUNCATE)") == "ok")
        try check("log cut to nothing")
        insert()
        #expect(writer.ask("PRAGMA wal_checkpoint(RESTART)") == "ok")
        try check("log folded back, still there")
        insert()
        try check("log started anew")
        #expect(writer.ask("close") == "ok")
        try check("closed: no log, no index")
        #expect(FileManager.default.fileExists(atPath: path + "-wal") == false)
        #expect(writer.ask("open") == "ok")
        insert()
        #expect(writer.ask("die") == "ok")
        writer.end()
        try check("its owner was killed")
        try FileManager.default.removeItem(atPath: path + "-shm")
        try check("a copy without the index")
        try Data().write(to: URL(fileURLWithPath: path + "-shm"))
        try check("an index without bytes")
        try Data(repeating: 0xff, count: 32_768).write(to: URL(fileURLWithPath: path + "-shm"))
        try check("an index of rubbish")
        try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: folder)
        try check("a folder for reading only")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder)
    }

    @Test(
        "what is read while another program writes, folds back, closes and opens is always one state",
        .timeLimit(.minutes(1)))
    func busy() throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = folder + "/busy.sqlite"
        let writer = try DatabaseOwner(DatabaseOwner.busy, [path, "4"])
        defer { writer.end() }
        #expect(writer.answer() == "ready")
        let end = ContinuousClock.now.advanced(by: .seconds(3))
        var reads = 0
        while ContinuousClock.now < end {
            #expect(try Self.sum(path) == [20_000, 200, 20_000])
            reads += 1
        }
        let last = writer.answer()
        #expect(last.hasPrefix("done"), "\(last)")
        #expect(reads > 20)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        #expect(names == ["busy.sqlite"], "the last to close must have been the owner")
    }

    @Test("a file that its owner locks is locked, and read when it lets go")
    func locked() throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = folder + "/locked.sqlite"
        let writer = try DatabaseOwner(DatabaseOwner.obedient, [path])
        defer { writer.end() }
        for line in ["CREATE TABLE t (n)", "BEGIN EXCLUSIVE"] { #expect(writer.ask(line) == "ok") }
        let error = #expect(throws: SQLiteError.self) { try Self.count(path) }
        #expect(error?.code == .busy)
        #expect(error?.isRetryable == true)
        #expect(writer.ask("COMMIT") == "ok")
        #expect(try Self.count(path) == 0)
    }

    @Test("a rollback journal that waits for its owner is left to it")
    func journal() throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = folder + "/journal.sqlite"
        let writer = try DatabaseOwner(DatabaseOwner.obedient, [path])
        defer { writer.end() }
        for line in [
            "CREATE TABLE t (n)", "INSERT INTO t VALUES (randomblob(100000))", "PRAGMA cache_size=1", "BEGIN",
            "UPDATE t SET n = randomblob(100001)", "INSERT INTO t VALUES (randomblob(900000))", "die",
        ] { #expect(writer.ask(line) == "ok") }
        writer.end()
        let before = FolderState(folder)
        #expect(before.entries["journal.sqlite-journal"] != nil)
        let error = #expect(throws: SQLiteError.self) { try Self.count(path) }
        #expect(error?.code == .readOnly)
        #expect(FolderState(folder) == before)
    }

    @Test("what is not a database says so")
    func malformed() throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let cases: [(String, Data)] = [
            ("text", Data("this is not a database, whatever its name says".utf8)),
            ("rubbish", Data((0..<8_192).map { UInt8(truncatingIfNeeded: $0 &* 31) })),
        ]
        for (name, data) in cases {
            try data.write(to: URL(fileURLWithPath: folder + "/" + name))
            let error = #expect(throws: SQLiteError.self) { try Self.count(folder + "/" + name) }
            #expect(error?.code == .malformed)
        }
        let error = #expect(throws: SQLiteError.self) { try Self.count(folder) }
        #expect(error?.code == .malformed)
        mkfifo(folder + "/pipe", 0o600)
        let second = #expect(throws: SQLiteError.self) { try Self.count(folder + "/pipe") }
        #expect(second?.code == .malformed)
    }

    @Test("a read that takes too long, and one that nobody waits for, is stopped", arguments: [true, false])
    func limit(isCancelled: Bool) throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = folder + "/limit.sqlite"
        try Self.make(path, ["CREATE TABLE t (n)"])
        let deadline = SQLiteDeadline(after: isCancelled ? .seconds(600) : .milliseconds(100))
        if isCancelled {
            Thread.detachNewThread {
                usleep(20_000)
                deadline.cancel()
            }
        }
        let error = #expect(throws: SQLiteError.self) {
            try GuestDatabase(path: path).read(until: deadline) { connection throws(SQLiteError) in
                let sql = "WITH RECURSIVE c(n) AS (VALUES(1) UNION ALL SELECT n + 1 FROM c) SELECT count(*) FROM c"
                return try connection.prepare(sql).step()
            }
        }
        #expect(error?.code == .interrupted)
        #expect(error?.message == "stopped: it took too long")
    }

    @Test("a part of a read can be given less time, and the rest goes on")
    func part() throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = folder + "/part.sqlite"
        try Self.make(path, ["CREATE TABLE t (n)", "INSERT INTO t VALUES (7)"])
        let result = try GuestDatabase(path: path).read(until: SQLiteDeadline(after: .seconds(60))) {
            connection throws(SQLiteError) -> (SQLiteError.Code?, Int64) in
            var code: SQLiteError.Code?
            connection.limitTime(until: ContinuousClock.now.advanced(by: .milliseconds(20)))
            do throws(SQLiteError) {
                let sql = "WITH RECURSIVE c(n) AS (VALUES(1) UNION ALL SELECT n + 1 FROM c) SELECT count(*) FROM c"
                _ = try connection.prepare(sql).step()
            } catch {
                code = error.code
            }
            connection.limitTime(until: nil)
            let rows = try connection.prepare("SELECT n FROM t")
            return (code, try rows.step() ? rows.integer(0) : -1)
        }
        #expect(result?.0 == .interrupted)
        #expect(result?.1 == 7)
    }

    @Test(
        "a path is taken literally, absolute or not, whatever is in it",
        arguments: ["a?mode=rwc", "%41#", "é\n", "a//b"])
    func paths(name: String) throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(atPath: folder + "/a", withIntermediateDirectories: false)
        let path = folder + "/" + name
        try Self.make(path, ["CREATE TABLE t (n)", "INSERT INTO t VALUES (1)"])
        #expect(try Self.count(path) == 1)
        #expect(try Self.count("/" + path) == 1)
        let up = FileManager.default.currentDirectoryPath.split(separator: "/").map { _ in ".." }
        #expect(try Self.count(up.joined(separator: "/") + path) == 1)
    }

    /// Makes a database and closes it.
    static func make(_ path: String, _ statements: [String]) throws(SQLiteError) {
        let connection = try SQLiteConnection(path: path)
        for statement in statements { try connection.run(statement) }
    }
}
