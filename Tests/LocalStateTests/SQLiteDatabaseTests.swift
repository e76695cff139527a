import Foundation
import LocalState
import Testing
import WorkerDomain

@Suite("An SQLite file")
struct SQLiteDatabaseTests {
    static func database() throws -> MiniflareD1 { try MiniflareD1Tests.database("4.56.0") }

    @Test("a reading statement gives its rows and says whether there are more")
    func query() async throws {
        let database = try Self.database()
        let rows = try await database.query("SELECT 1 AS a, 'x' AS b UNION ALL SELECT 2, NULL; -- done", limit: 1)
        #expect(rows.columns == ["a", "b"])
        #expect(rows.rows == [[.integer(1), .text("x")]])
        #expect(rows.hasMore)
        for sql in [
            "EXPLAIN SELECT * FROM users", "PRAGMA table_info(users)", "PRAGMA user_version",
            "SELECT * FROM pragma_table_info('users')", "WITH t(x) AS (VALUES (1)) SELECT * FROM t",
            "SELECT title FROM notes_fts WHERE notes_fts MATCH 'hello'", "VALUES (1, 2)",
        ] {
            #expect(try await !database.query(sql, limit: 100).columns.isEmpty, "\(sql)")
        }
    }

    @Test(
        "what writes, what is no statement and what is more than one is refused",
        arguments: [
            "", "  -- nothing", "SELECT 1; SELECT 2", "SELECT 1; DROP TABLE users", "SELECT", "SELECT * FROM nothing",
            "DELETE FROM users", "INSERT INTO users VALUES (1)", "UPDATE users SET name = 1", "DROP TABLE users",
            "CREATE TABLE x (y)", "CREATE TEMP TABLE x (y)", "ATTACH '/tmp/x.sqlite' AS x", "DETACH main", "VACUUM",
            "VACUUM INTO '/tmp/x.sqlite'", "BEGIN IMMEDIATE", "COMMIT", "SAVEPOINT x", "REINDEX", "ANALYZE",
            "PRAGMA journal_mode=DELETE", "PRAGMA user_version=3", "PRAGMA wal_checkpoint", "PRAGMA query_only=0",
            "PRAGMA writable_schema=1", "SELECT load_extension('x')", "SELECT ?1", "EXPLAIN DELETE FROM users",
            "SELECT 1\u{0}", "INSERT INTO notes_fts(notes_fts) VALUES ('optimize')",
        ])
    func refused(sql: String) async throws {
        let database = try Self.database()
        let error = await #expect(throws: StorageError.self) { try await database.query(sql, limit: 10) }
        #expect(error?.code == .invalid)
        #expect(error?.reason.isEmpty == false)
    }

    @Test("a statement that takes too long is stopped")
    func limit() async throws {
        let path = try #require(try Self.database().location).database
        let database = SQLiteDatabase(path: path, timeLimit: .milliseconds(50))
        let error = await #expect(throws: StorageError.self) {
            try await database.query(
                "WITH RECURSIVE c(n) AS (VALUES(1) UNION ALL SELECT n + 1 FROM c) SELECT max(n) FROM c", limit: 1)
        }
        #expect(error?.code == .limit)
    }

    @Test("one page holds 32 MiB of values at most; the rest is said to be there")
    func bytes() async throws {
        let sql =
            "WITH RECURSIVE c(n) AS (VALUES(1) UNION ALL SELECT n + 1 FROM c LIMIT 50) SELECT zeroblob(4194304) FROM c"
        let rows = try await Self.database().query(sql, limit: 50)
        #expect(rows.rows.count == 8)
        #expect(rows.hasMore)
        let database = try Self.database()
        let error = await #expect(throws: StorageError.self) {
            try await database.query("SELECT zeroblob(100000000)", limit: 1)
        }
        #expect(error?.code == .limit)
    }

    @Test("rows are ordered and paged; unknown tables and columns are not found")
    func pages() async throws {
        let database = try Self.database()
        let order = SQLOrder(column: "id", isDescending: true)
        let rows = try await database.rows(of: "resumes", order: order, offset: 228, limit: 2)
        #expect(rows.rows.map(\.first) == [.integer(2), .integer(1)])
        #expect(!rows.hasMore)
        #expect(try await database.rows(of: "resumes", order: nil, offset: 0, limit: 229).hasMore)
        let odd = SQLOrder(column: "列 名", isDescending: false)
        #expect(try await database.rows(of: "order", order: odd, offset: 0, limit: 9).rows.count == 2)
        for table in ["nothing", "users\"; DROP TABLE users; --", "", "users\u{0}"] {
            let error = await #expect(throws: StorageError.self) { try await database.count(of: table) }
            #expect(error?.code == .notFound)
        }
        let error = await #expect(throws: StorageError.self) {
            try await database.rows(
                of: "users", order: SQLOrder(column: "nothing", isDescending: false), offset: 0, limit: 1)
        }
        #expect(error?.code == .notFound)
    }

    @Test("bindings become resources in their order, with or without stored state")
    func resources() async throws {
        let project = try WranglerState.project("4.164.0")
        let state = MiniflareState(projectFolder: project)
        let bindings = [
            (Binding(name: "DB", kind: .d1), ["0f1e2d3c-4b5a-4978-8695-a4b3c2d1e0f1", "DB"]),
            (Binding(name: "UPLOADS_BUCKET", kind: .r2), ["resume-uploads", "UPLOADS_BUCKET"]),
            (Binding(name: "NEW", kind: .kv), ["nothing"]),
        ]
        let resources = bindings.map { state.resource(for: $0, candidates: $1, below: project) }
        var states: [BindingHealth.State] = []
        for resource in resources {
            states.append(await BindingProbe().health(of: resource, timeout: .seconds(30)).state)
            #expect(resource.place.hasPrefix(".wrangler/state/v3/\(resource.binding.kind.rawValue)/"))
        }
        #expect(states == [.healthy, .healthy, .empty])
    }

    @Test("reading leaves a project's folder as it was")
    func unchanged() async throws {
        let project = try WranglerState.unpack("4.56.0")
        defer { try? FileManager.default.removeItem(atPath: project) }
        let folder = project + "/.wrangler/state/v3/d1/miniflare-D1DatabaseObject"
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        let contents = names.map { FileManager.default.contents(atPath: "\(folder)/\($0)") }
        let state = MiniflareState(projectFolder: project)
        let database = MiniflareD1(state: state, candidates: ["0f1e2d3c-4b5a-4978-8695-a4b3c2d1e0f1"])
        for table in try await database.overview().tables {
            _ = try await database.rows(of: table.name, order: nil, offset: 0, limit: 100)
        }
        _ = try? await database.query("DELETE FROM users", limit: 1)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == names)
        #expect(names.map { FileManager.default.contents(atPath: "\(folder)/\($0)") } == contents)
    }
}
