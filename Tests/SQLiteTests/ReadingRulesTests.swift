import Foundation
import SQLite
import TestSupport
import Testing

@Suite("A statement that a person typed")
struct ReadingRulesTests {
    /// Runs it as a guest; the number of rows.
    static func run(_ sql: String) throws -> Int? {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = folder + "/test.sqlite"
        try GuestDatabaseTests.make(
            path,
            [
                "CREATE TABLE t (n)", "INSERT INTO t VALUES (1), (2)", "CREATE VIRTUAL TABLE words USING fts5(x)",
                "INSERT INTO words VALUES ('hello')",
            ])
        return try GuestDatabase(path: path).read(until: SQLiteDeadline(after: .seconds(10))) {
            connection throws(SQLiteError) in
            let rows = try connection.prepareReading(sql)
            var count = 0
            while try rows.step() { count += 1 }
            return count
        }
    }

    @Test(
        "reading is allowed",
        arguments: [
            "SELECT n FROM t", "WITH x AS (SELECT 1) SELECT * FROM x", "EXPLAIN QUERY PLAN SELECT * FROM t",
            "PRAGMA table_info(t)", "SELECT * FROM pragma_table_info('t')", "SELECT upper('x')", "VALUES (1)",
            "SELECT * FROM words WHERE words MATCH 'hello'",
        ])
    func reading(sql: String) throws {
        #expect(try #require(try Self.run(sql)) > 0)
    }

    @Test(
        "what writes or leaves the database is refused before it runs",
        arguments: [
            "DELETE FROM t", "INSERT INTO t VALUES (1)", "DROP TABLE t", "CREATE TABLE x (y)", "VACUUM",
            "ATTACH '/tmp/x.sqlite' AS x", "BEGIN", "PRAGMA journal_mode=DELETE", "PRAGMA user_version=3",
            "PRAGMA query_only=0", "PRAGMA writable_schema",
        ])
    func refused(sql: String) throws {
        let error = #expect(throws: SQLiteError.self) { try Self.run(sql) }
        #expect(error == SQLiteError(.invalid, message: "only read-only statements are run here"))
    }

    @Test("what is refused for another reason says so")
    func others() throws {
        for (sql, message) in [
            ("SELECT ?1", "statement parameters are not supported here"),
            ("SELECT 1; SELECT 2", "only one statement is run at a time"),
            ("SELECT 1; DROP TABLE t", "only one statement is run at a time"), (" ", "no statement"),
            ("SELECT load_extension('x')", "not authorized to use function: load_extension"),
            ("UPDATE sqlite_master SET sql = ''", "table sqlite_master may not be modified"),
            ("EXPLAIN DELETE FROM t", "only read-only statements are run here"),
        ] {
            let error = #expect(throws: SQLiteError.self) { try Self.run(sql) }
            #expect(error == SQLiteError(.invalid, message: message))
        }
    }
}
