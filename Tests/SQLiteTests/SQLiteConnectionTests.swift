import Foundation
import SQLite
import TestSupport
import Testing

@Suite("A connection that writes")
struct SQLiteConnectionTests {
    /// Runs `body` with a new database, which is removed afterwards.
    static func withDatabase(_ body: (borrowing SQLiteConnection, String) throws -> Void) throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = folder + "/test.sqlite"
        try body(SQLiteConnection(path: path), path)
    }

    static let values: [SQLiteValue] = [
        .null, .integer(.min), .integer(.max), .real(0.1), .real(-.infinity), .text(""), .text("简历\u{0}behind"),
        .blob([]),
        .blob([0, 0xff]), SQLiteValue("x"), SQLiteValue(String?.none),
    ]

    @Test("a value comes back with its storage class", arguments: Self.values)
    func roundTrip(value: SQLiteValue) throws {
        try Self.withDatabase { connection, _ in
            try connection.run("CREATE TABLE t (x)")
            try connection.run("INSERT INTO t VALUES (?)", [value])
            let rows = try connection.prepare("SELECT x FROM t")
            #expect(try rows.step())
            #expect(rows.value(0) == value)
            #expect(rows.isNull(0) == (value == .null))
            #expect(try rows.step() == false)
        }
    }

    @Test("text that is not valid UTF-8 is kept as bytes and repaired as text")
    func invalid() throws {
        try Self.withDatabase { connection, _ in
            let rows = try connection.prepare("SELECT ?1, typeof(?1)")
            try rows.bind(1, text: [0x61, 0xff])
            #expect(try rows.step())
            #expect(rows.bytes(0) == [0x61, 0xff])
            #expect(rows.text(0) == "a\u{fffd}")
            #expect(rows.text(1) == "text")
            rows.reset()
            #expect(try rows.step())
            #expect(rows.value(0) == .null, "reset forgets what was bound")
        }
    }

    @Test("exactly one statement is compiled; what follows may be white space and comments")
    func prepare() throws {
        try Self.withDatabase { connection, _ in
            for sql in ["SELECT 1", "SELECT 1;", " /* a */ SELECT 1 ; -- done\n ; "] {
                let rows = try connection.prepare(sql)
                #expect(try rows.step())
                #expect(rows.columnCount == 1)
            }
            for (sql, message) in [
                ("", "no statement"), ("-- nothing", "no statement"),
                ("SELECT 1; SELECT 2", "only one statement is run at a time"),
                ("SELECT 1; nonsense", "only one statement is run at a time"),
                ("selec 1", "near \"selec\": syntax error"), ("SELECT * FROM absent", "no such table: absent"),
            ] {
                let error = #expect(throws: SQLiteError.self) { _ = try connection.prepare(sql).isReadOnly }
                #expect(error == SQLiteError(.invalid, message: message))
            }
        }
    }

    @Test("a parameter that is not there, and a broken rule, are errors")
    func errors() throws {
        try Self.withDatabase { connection, _ in
            try connection.run("CREATE TABLE t (x PRIMARY KEY); CREATE TABLE u (x REFERENCES t(x))")
            try connection.run("INSERT INTO t VALUES (?)", [.integer(1)])
            for (sql, values) in [
                ("INSERT INTO t VALUES (1)", []), ("INSERT INTO t VALUES (?)", [SQLiteValue.integer(1)]),
                ("INSERT INTO u VALUES (?)", [.integer(9)]), ("SELECT 1", [.null]),
            ] {
                let error = #expect(throws: SQLiteError.self, "\(sql)") { try connection.run(sql, values) }
                #expect(error?.code == .invalid)
                #expect(error?.isRetryable == false)
            }
        }
    }

    struct Stop: Error {}

    @Test("a transaction is kept whole or not at all")
    func transaction() throws {
        try Self.withDatabase { connection, path in
            try connection.run("CREATE TABLE t (x)")
            try connection.transaction { try connection.run("INSERT INTO t VALUES (1), (2)") }
            #expect(throws: Stop.self) {
                try connection.transaction {
                    try connection.run("DELETE FROM t")
                    throw Stop()
                }
            }
            // An error that ends the transaction itself is the one that is thrown.
            let error = #expect(throws: SQLiteError.self) {
                try connection.transaction { try connection.run("INSERT OR ROLLBACK INTO t VALUES (1, 2)") }
            }
            #expect(error?.message.contains("2 values") == true)
            #expect(try GuestDatabaseTests.count(path) == 2)
        }
    }

    @Test("what was begun and not committed is gone with the connection")
    func begun() throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = folder + "/test.sqlite"
        try GuestDatabaseTests.make(path, ["CREATE TABLE t (x); BEGIN; INSERT INTO t VALUES (1)"])
        #expect(try GuestDatabaseTests.count(path) == 0)
    }

    @Test("a file that somebody else writes is busy, one that cannot be made unreachable")
    func others() throws {
        try Self.withDatabase { connection, path in
            try connection.run("CREATE TABLE t (x)")
            try connection.transaction {
                let other = try SQLiteConnection(path: path)
                let error = #expect(throws: SQLiteError.self) { try other.transaction {} }
                #expect(error?.code == .busy)
                #expect(error?.isRetryable == true)
            }
            let error = #expect(throws: SQLiteError.self) {
                _ = try SQLiteConnection(path: path + "/no/x").hasTable("t")
            }
            #expect(error?.code == .unreachable)
            #expect(try connection.hasTable("t") == true)
            #expect(try connection.hasTable("u") == false)
        }
    }

    @Test("a statement outlives its connection, and the file is closed with the last of them")
    func lifetime() throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = folder + "/test.sqlite"
        func rows() throws -> SQLiteStatement {
            let connection = try SQLiteConnection(path: path)
            try connection.run("PRAGMA journal_mode=WAL; CREATE TABLE t (x); INSERT INTO t VALUES (5)")
            return try connection.prepare("SELECT x FROM t")
        }
        do {
            let rows = try rows()
            #expect(try rows.step())
            #expect(rows.integer(0) == 5)
            #expect(FileManager.default.fileExists(atPath: path + "-wal"))
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["test.sqlite"])
    }
}
