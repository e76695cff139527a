import Foundation
import LocalState
import SQLite
import Testing
import WorkerDomain

@Suite("where columns come from")
struct ColumnSourcesTests {
    private func sources(_ sql: String) async throws -> SQLSources {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("sources-\(UUID().uuidString).sqlite")
            .path
        defer { try? FileManager.default.removeItem(atPath: path) }
        do {
            let writer = try SQLiteConnection(path: path)
            try writer.run(
                """
                CREATE TABLE users (id INTEGER, name TEXT, password TEXT);
                CREATE VIEW logins AS SELECT name, password AS p FROM users;
                CREATE VIEW mixed AS SELECT name AS n FROM users UNION SELECT password FROM users;
                INSERT INTO users VALUES (1, 'ann', 'x');
                """)
        }
        let database = SQLiteDatabase(path: path)
        let isTable = !sql.contains(" ")
        let rows =
            try await isTable
            ? database.rows(of: sql, order: nil, offset: 0, limit: 10) : database.query(sql, limit: 10)
        #expect(!rows.rows.isEmpty)
        return rows.sources
    }

    @Test(
        "an alias, a subquery, a view and a common table expression do not hide the column",
        arguments: [
            "SELECT password AS p FROM users", "SELECT p FROM (SELECT password AS p FROM users)",
            "SELECT p FROM logins",
            "WITH t AS (SELECT password AS p FROM users) SELECT p AS q FROM t",
            "SELECT (SELECT password FROM users) AS p",
            "SELECT u.password AS \"a\" FROM users u",
        ])
    func origins(sql: String) async throws {
        let sources = try await self.sources(sql)
        #expect(sources.origins == ["password"])
        #expect(sources.reads.contains("password") && !sources.isCompound)
    }

    @Test(
        "an expression has no origin, and what it reads is known",
        arguments: [
            "SELECT substr(password, 1) AS p FROM users", "SELECT 'x' || password AS p FROM users",
            "SELECT max(p) FROM logins",
            "SELECT (SELECT password || '' FROM users) AS p",
        ])
    func expressions(sql: String) async throws {
        let sources = try await self.sources(sql)
        #expect(sources.origins == [nil])
        #expect(sources.reads.contains("password"))
    }

    @Test(
        "of rows that are put together the origin is not trusted, in a view too",
        arguments: [
            "SELECT name FROM users UNION ALL SELECT password FROM users", "SELECT n FROM mixed", "mixed",
        ])
    func compound(sql: String) async throws {
        let sources = try await self.sources(sql)
        #expect(sources.isCompound && sources.reads.contains("password"))
    }

    @Test("a table's own rows come from its columns")
    func table() async throws {
        let sources = try await self.sources("users")
        #expect(sources.origins == ["id", "name", "password"] && !sources.isCompound)
    }
}
