import Foundation
import LocalState
import SQLite
import TestSupport
import Testing
import WorkerDomain

@Suite("Migrations of a D1 database")
struct D1MigrationsTests {
    /// A project folder with migrations, and its database, made of statements.
    private struct Project {
        let root: String
        var folder: String { self.root + "/migrations" }

        init(_ files: [String: String], _ statements: [String]) throws {
            self.root = try temporaryFolder()
            try FileManager.default.createDirectory(atPath: self.folder, withIntermediateDirectories: true)
            for (name, text) in files {
                try text.write(toFile: "\(self.folder)/\(name)", atomically: false, encoding: .utf8)
            }
            if !statements.isEmpty {
                try MiniflareStateWriter(projectFolder: self.root).run(statements, inDatabase: "id")
            }
        }

        func report(table: String = "d1_migrations") async throws -> MigrationReport {
            let database = MiniflareD1(state: MiniflareState(projectFolder: self.root), candidates: ["id"])
            return try await D1Migrations(database: database, folder: self.folder, table: table).report()
        }
    }

    private static let noted = """
        CREATE TABLE d1_migrations(id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE,
        applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL)
        """

    private static func note(_ name: String) -> String {
        "INSERT INTO d1_migrations(name, applied_at) VALUES ('\(name)', '2026-01-02 03:04:05')"
    }

    @Test("the state of the real wrangler: two applied, one pending, and what the Worker made by itself is drift")
    func wrangler() async throws {
        for version in WranglerState.versions {
            let project = try WranglerState.unpack(version)
            defer { try? FileManager.default.removeItem(atPath: project) }
            let folder = project + "/migrations"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            let files = [
                ("0001_init.sql", Self.first), ("0002_views.sql", Self.second),
                ("0003_not_applied.sql", "ALTER TABLE users ADD COLUMN phone TEXT;\n"),
            ]
            for (name, text) in files {
                try text.write(toFile: "\(folder)/\(name)", atomically: false, encoding: .utf8)
            }
            let database = MiniflareD1(
                state: MiniflareState(projectFolder: project), candidates: ["0f1e2d3c-4b5a-4978-8695-a4b3c2d1e0f1"])
            let path = try #require(database.location?.database)
            let before = FileManager.default.contents(atPath: path)
            let names = try FileManager.default.contentsOfDirectory(
                atPath: (path as NSString).deletingLastPathComponent)
            let report = try await D1Migrations(database: database, folder: folder, table: "d1_migrations").report()
            #expect(report.migrations.map(\.name) == files.map(\.0))
            #expect(report.migrations.map(\.state) == [.applied, .applied, .pending])
            #expect(report.migrations[0].appliedAt != nil && report.undecided == nil)
            #expect(report.drift.isEmpty, "\(report.drift)")
            #expect(FileManager.default.contents(atPath: path) == before)
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: (path as NSString).deletingLastPathComponent)
                    == names)
        }
    }

    @Test("drift is what no migration makes, what is gone, and what is defined in another way")
    func drift() async throws {
        let project = try Project(
            [
                "2_b.sql": "CREATE VIEW v AS SELECT 1;", "10_c.sql": "CREATE TABLE later (n);",
                "1_a.sql":
                    "-- first\nCREATE TABLE a (x,\n  y /* why */);\nCREATE INDEX i ON a (x);\nCREATE TABLE gone (n);",
                "notes.txt": "none",
            ],
            [
                Self.noted, Self.note("1_a.sql"), Self.note("2_b.sql"), Self.note("0_lost.sql"),
            ])
        // A file that is gone: what it made is not known.
        var report = try await project.report()
        #expect(report.migrations.map(\.name) == ["1_a.sql", "2_b.sql", "0_lost.sql", "10_c.sql"])
        #expect(report.migrations.map(\.state) == [.applied, .applied, .missing, .pending])
        #expect(report.undecided?.hasPrefix("0_lost.sql: ") == true && report.drift.isEmpty && !report.isClean)

        let second = try Project(
            [
                "2_b.sql": "CREATE VIEW v AS SELECT 1;", "10_c.sql": "CREATE TABLE later (n);",
                "1_a.sql":
                    "-- first\nCREATE TABLE a (x,\n  y /* why */);\nCREATE INDEX i ON a (x);\nCREATE TABLE gone (n);",
            ],
            [
                Self.noted, Self.note("1_a.sql"), Self.note("2_b.sql"), "CREATE TABLE a ( x, y )",
                "CREATE INDEX i ON a (y)", "CREATE VIEW v AS SELECT 1", "CREATE TABLE later (n)",
                "CREATE TABLE uploads_tmp (n)",
            ])
        report = try await second.report()
        #expect(report.migrations.map(\.state) == [.applied, .applied, .pending] && report.undecided == nil)
        #expect(
            Set(report.drift.map { "\($0.kind) \($0.type) \($0.name)" }) == [
                "different index i", "extra table uploads_tmp", "absent table gone",
            ])
    }

    @Test("without its table everything is pending, and without a folder nothing is")
    func empty() async throws {
        let project = try Project(["0001_a.sql": "CREATE TABLE a (x);"], [])
        let report = try await project.report()
        #expect(report.migrations.map(\.state) == [.pending] && report.drift.isEmpty && report.undecided == nil)
        #expect(!FileManager.default.fileExists(atPath: project.root + "/.wrangler"))
        let none = try Project([:], [])
        try FileManager.default.removeItem(atPath: none.folder)
        let nothing = try await none.report()
        #expect(!nothing.hasFolder && nothing.migrations.isEmpty && nothing.undecided != nil)
    }

    @Test("another table notes them when the project says so, whatever its name")
    func otherTable() async throws {
        let project = try Project(
            ["0001_a.sql": "CREATE TABLE a (x);"],
            [
                #"CREATE TABLE "my ""notes" (name TEXT)"#, #"INSERT INTO "my ""notes" VALUES ('0001_a.sql')"#,
                "CREATE TABLE a (x)",
            ])
        #expect(try await project.report(table: #"my "notes"#).isClean)
        #expect(try await project.report().migrations.map(\.state) == [.pending])
    }

    @Test(
        "a script cannot leave the memory that it is run in",
        arguments: [
            "ATTACH '%' AS x; CREATE TABLE x.t (n);", "VACUUM INTO '%';", "SELECT load_extension('%');",
            "PRAGMA max_page_count=1000000000;", "PRAGMA temp_store_directory='/';",
            "WITH RECURSIVE c(n) AS (VALUES(1) UNION ALL SELECT n+1 FROM c) SELECT max(n) FROM c;",
            "CREATE TABLE big AS WITH RECURSIVE c(n) AS (VALUES(1) UNION ALL SELECT n+1 FROM c) SELECT zeroblob(1000000) FROM c;",
        ])
    func bounded(script: String) async throws {
        let path = try temporaryFolder() + "/out.sqlite"
        let project = try Project(
            ["0001_a.sql": script.replacingOccurrences(of: "%", with: path)], [Self.noted, Self.note("0001_a.sql")])
        let report = try await project.report()
        #expect(report.undecided?.hasPrefix("0001_a.sql: ") == true, "\(report)")
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    private static let first = """
        CREATE TABLE users (id TEXT PRIMARY KEY, email TEXT NOT NULL UNIQUE, name TEXT NOT NULL, created_at TEXT);
        CREATE TABLE resumes (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          user_id TEXT NOT NULL REFERENCES users(id) ON DELETE CASCADE,
          object_key TEXT NOT NULL,
          title TEXT,
          score REAL,
          pages INTEGER,
          body TEXT DEFAULT '',
          thumb BLOB,
          title_length INTEGER GENERATED ALWAYS AS (length(title)) VIRTUAL
        );
        CREATE INDEX resumes_by_user ON resumes (user_id, score DESC);
        CREATE UNIQUE INDEX resumes_by_key ON resumes (object_key) WHERE object_key <> '';

        """
    private static let second = """
        CREATE VIEW top_resumes AS SELECT r.id, u.name, r.title, r.score FROM resumes r JOIN users u ON u.id = r.user_id WHERE r.score > 20;
        CREATE TABLE odd_types (id INTEGER PRIMARY KEY, any_value, note TEXT);
        CREATE TABLE "order" ("select" INTEGER PRIMARY KEY, "列 名" TEXT, "quo""te" TEXT);
        CREATE TABLE strict_t (k TEXT PRIMARY KEY, v INT NOT NULL) STRICT, WITHOUT ROWID;
        CREATE VIRTUAL TABLE notes_fts USING fts5(title, body);
        CREATE TRIGGER resumes_touch AFTER UPDATE ON resumes BEGIN UPDATE users SET created_at = created_at WHERE id = NEW.user_id; END;

        """
}
