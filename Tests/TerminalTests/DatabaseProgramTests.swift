import Foundation
import TestSupport
import Testing

/// The commands of databases as a script runs them: on copies of what the real wrangler has left.
@Suite(
    "the program's commands of databases",
    .enabled(if: FileManager.default.isExecutableFile(atPath: TmuxSession.program)), .serialized,
    .timeLimit(.minutes(3)))
struct DatabaseProgramTests {
    @Test("d1 query gives rows in every format, exactly; what writes is refused with exit code 1")
    func query() async throws {
        let project = try await DataProject("4.56.0")
        let sql = "SELECT 9223372036854775807 AS i, 1.5 AS r, NULL AS n, '' AS e, 'a\"b' AS t, x'00ff' AS b, 9e999 AS f"
        let json = try await project.run("d1", "query", "DB", sql, "--json")
        #expect(json.status == 0)
        #expect(
            json.text
                == #"{"columns":["i","r","n","e","t","b","f"],"rows":[[9223372036854775807,1.5,null,"","a\"b",{"blob":"AP8="},{"real":"Infinity"}]]}"#
                + "\n")
        let csv = try await project.run("d1", "query", "DB", sql, "--format", "csv")
        #expect(
            csv.text == "i,r,n,e,t,b,f\r\n9223372036854775807,1.5,,\"\",\"a\"\"b\",0x00ff,Infinity\r\n")
        let piped = try await project.run(
            "d1", "query", "DB", "--json", input: Array("SELECT count(*) c FROM users".utf8))
        #expect(piped.status == 0 && piped.text.hasPrefix(#"{"columns":["c"],"rows":[["#))
        for sql in ["DELETE FROM users", "ATTACH '/tmp/x' AS x", "selec", "SELECT * FROM nothing"] {
            let refused = try await project.run("d1", "query", "DB", sql)
            #expect(refused.status == 1 && refused.output.isEmpty && !refused.errors.isEmpty, "\(sql)")
        }
        let cut = try await project.run("d1", "query", "DB", "SELECT * FROM resumes", "--limit", "3", "--json")
        #expect(cut.errorText.contains("stopped at --limit 3, more exist"))
    }

    @Test(
        "d1 tables counts what the real tools counted; schema and export make the database again",
        arguments: DataProject.versions)
    func schema(version: String) async throws {
        let project = try await DataProject(version)
        let text = try String(
            contentsOfFile: "\(DataProject.fixtures)/expected-\(version)/d1-tables.json", encoding: .utf8)
        let expected = try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: [String: Any]])
        let tables = try DataProject.object(try await project.run("d1", "tables", "DB", "--json").text)
        for row in try #require(tables["rows"] as? [[Any]]) {
            let name = try #require(row[0] as? String)
            guard let count = expected[name]?["count"] as? Int else { continue }
            #expect(row[2] as? Int == count, "\(name)")
        }
        let schema = try await project.run("d1", "schema", "DB", "users")
        #expect(schema.status == 0 && schema.text.contains("CREATE TABLE users"))
        #expect(try await project.run("d1", "schema", "DB", "nothing").status == 1)
        let export = try await project.run("d1", "export", "DB")
        #expect(export.status == 0)
        let copy = project.root + "/copy.sqlite"
        let made = try await SpawnedProgram.run(
            [
                "python3", "-c", "import sqlite3, sys; sqlite3.connect(sys.argv[1]).executescript(sys.stdin.read())",
                copy,
            ],
            input: export.output)
        #expect(made.status == 0, "\(made.errorText)")
        let counted = try await SpawnedProgram.run(
            [
                "python3", "-c",
                "import sqlite3, sys; print(*sqlite3.connect(sys.argv[1]).execute('select count(*), sum(score) from resumes').fetchone())",
                copy,
            ])
        let original = try await project.run("d1", "query", "DB", "select count(*), sum(score) from resumes", "--json")
        let rows = try #require(try DataProject.object(original.text)["rows"] as? [[Any]])
        #expect(counted.text.hasPrefix("\(rows[0][0]) "))
        let csv = try await project.run("d1", "export", "DB", "users", "--format", "csv")
        #expect(csv.status == 0 && csv.text.hasPrefix("id,email,name,created_at"))
    }

    /// The database's file, as workerd has it.
    private static func file(of project: DataProject) throws -> String {
        let folder = project.root + "/.wrangler/state/v3/d1/miniflare-D1DatabaseObject"
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        return "\(folder)/\(try #require(names.first { $0.hasSuffix(".sqlite") && !$0.contains("metadata") }))"
    }

    private static func backups(of project: DataProject) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: project.root + "/state/worker-console/backups")) ?? []
    }

    @Test("d1 query --write makes a backup, changes what the statement says, and tells both")
    func change() async throws {
        let project = try await DataProject("4.164.0")
        let count = "SELECT count(*) FROM users"
        let before = try await project.run("d1", "query", "DB", count, "--json").text
        let changed = try await project.run(
            "d1", "query", "DB", "UPDATE users SET name = 'x' WHERE rowid IN (SELECT rowid FROM users LIMIT 2)",
            "--write")
        #expect(changed.status == 0 && changed.output.isEmpty, "\(changed.errorText)")
        #expect(changed.errorText.contains("2 rows changed; the backup is \(project.root)/state"))
        let rows = try await project.run(
            "d1", "query", "DB", "--write", "--json",
            input: Array(
                "UPDATE users SET name = 'y' WHERE rowid = (SELECT min(rowid) FROM users) RETURNING 1 AS id".utf8))
        let object = try DataProject.object(rows.text)
        #expect(object["columns"] as? [String] == ["id"] && object["rows"] as? [[Int]] == [[1]])
        #expect(object["changed"] as? Int == 1 && rows.errors.isEmpty, "\(rows.errorText)")
        let backup = try #require(object["backup"] as? String)
        let kept = try await SpawnedProgram.run([
            "python3", "-c",
            "import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute(\"select count(*), sum(name = 'x') from users\").fetchone())",
            backup,
        ])
        let total = try #require(try DataProject.object(before)["rows"] as? [[Int]])[0][0]
        #expect(kept.text == "(\(total), 2)\n", "\(kept.errorText)")
        #expect(try FileManager.default.attributesOfItem(atPath: backup)[.posixPermissions] as? Int == 0o600)
        let empty = try await project.run(
            "d1", "query", "DB", "DELETE FROM users WHERE rowid < 0", "--write", "--json")
        #expect(empty.text.hasPrefix(#"{"columns":[],"rows":[],"changed":0,"backup":"/"#))
        #expect(Self.backups(of: project).count == 3)
    }

    @Test("a change is told when its result cannot be printed, and rows that are left out are counted")
    func changePartlyShown() async throws {
        let project = try await DataProject("4.164.0")
        let sql = "UPDATE users SET name = 'z' RETURNING 1 AS id"
        for format in ["json", "csv"] {
            let full = try await project.runWithoutRoom("d1", "query", "DB", sql, "--write", "--format", format)
            #expect(full.status == 2 && full.errorText.contains("changed; the backup is /"), "\(full.errorText)")
            #expect(full.errorText.contains("standard output"), "\(full.errorText)")
        }
        let cut = try await project.run("d1", "query", "DB", sql, "--write", "--limit", "1", "--json")
        let object = try DataProject.object(cut.text)
        #expect((object["rows"] as? [[Int]])?.count == 1 && object["printed"] as? Int == 1)
        #expect((object["changed"] as? Int ?? 0) > 1 && cut.status == 0)
        #expect(cut.errorText.contains("the result is cut: 1 row printed"), "\(cut.errorText)")
    }

    @Test("a statement that fails, a locked database and --read-only change nothing, and leave no backup")
    func changeRefused() async throws {
        let project = try await DataProject("4.164.0")
        let count = "SELECT count(*), sum(id) FROM users"
        let before = try await project.run("d1", "query", "DB", count, "--json").text
        let insert = "INSERT INTO users (id, email, name) VALUES (9001, 'a', 'a'), (9001, 'b', 'b')"
        let failed = try await project.run("d1", "query", "DB", insert, "--write")
        #expect(failed.status == 1 && failed.errorText.contains("nothing was changed"), "\(failed.errorText)")
        for sql in ["PRAGMA journal_mode=DELETE", "COMMIT", "DELETE FROM users; SELECT 1", "DROP TABLE _cf_KV"] {
            #expect(try await project.run("d1", "query", "DB", sql, "--write").status == 1, "\(sql)")
        }
        let reading = try await project.run("d1", "query", "DB", "DELETE FROM users")
        #expect(reading.status == 1 && reading.output.isEmpty)
        let safe = try await project.run("d1", "query", "DB", "DELETE FROM users", "--write", "--read-only")
        #expect(safe.status == 64)
        let owner = try DatabaseOwner(DatabaseOwner.obedient, [Self.file(of: project)])
        defer { owner.end() }
        #expect(owner.ask("BEGIN IMMEDIATE") == "ok")
        let locked = try await project.run("d1", "query", "DB", "DELETE FROM users", "--write")
        #expect(locked.status == 2 && locked.errorText.contains("locked"), "\(locked.errorText)")
        #expect(owner.ask("ROLLBACK") == "ok")
        #expect(try await project.run("d1", "query", "DB", count, "--json").text == before)
        #expect(Self.backups(of: project).isEmpty)
    }

    @Test("d1 query --write is for the local state alone")
    func changeElsewhere() async throws {
        let project = try await DataProject("4.164.0")
        try "[bindings.DB]\nstore = \"folder\"\npath = \"x\"\n".write(
            toFile: project.root + "/worker-console.toml", atomically: false, encoding: .utf8)
        let folder = try await project.run("d1", "query", "DB", "DELETE FROM users", "--write")
        #expect(folder.status == 2 && folder.errorText.contains("its store is not the local state"))
        let nothing = try await DataProject("4.164.0")
        try FileManager.default.removeItem(atPath: nothing.root + "/.wrangler")
        let none = try await nothing.run("d1", "query", "DB", "CREATE TABLE t (n)", "--write")
        #expect(none.status == 1 && none.errorText.contains("nothing has been stored yet"))
        #expect(!FileManager.default.fileExists(atPath: nothing.root + "/.wrangler"))
    }

    @Test("--format safe-csv has no formulas, and csv is exact")
    func spreadsheets() async throws {
        let project = try await DataProject("4.164.0")
        let sql = "SELECT '=1+1' AS \"=head\", -2 AS n, '-2' AS t"
        let exact = try await project.run("d1", "query", "DB", sql, "--format", "csv")
        #expect(exact.text == "=head,n,t\r\n=1+1,-2,-2\r\n")
        let safe = try await project.run("d1", "query", "DB", sql, "--format", "safe-csv")
        #expect(safe.text == "\"'=head\",n,t\r\n\"'=1+1\",-2,\"'-2\"\r\n")
        let table = try await project.run("d1", "export", "DB", "users", "--format", "safe-csv")
        #expect(table.status == 0 && table.text.hasPrefix("id,email,name,created_at"))
    }

    @Test("d1 migrations: applied, pending, drift, and nothing is written")
    func migrations() async throws {
        let project = try await DataProject("4.164.0")
        let none = try await project.run("d1", "migrations", "DB", "--json")
        #expect(none.status == 0)
        let report = try DataProject.object(none.text)
        let states = (report["migrations"] as? [[String: Any]])?.compactMap { $0["state"] as? String }
        #expect(states == ["missing", "missing"] && report["undecided"] is String)
        let folder = project.root + "/migrations"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        try "CREATE TABLE later (n);".write(toFile: folder + "/0003_later.sql", atomically: false, encoding: .utf8)
        let text = try await project.run("d1", "migrations", "DB")
        #expect(text.status == 0 && text.text.contains("pending\t0003_later.sql\n"))
        #expect(text.errorText.contains("drift is not known"))
        #expect(try await project.run("d1", "migrations", "NOTHING").status == 2)
    }
}
