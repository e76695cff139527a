import Foundation
import TestSupport
import Testing

/// The commands of stored data as a script runs them: on copies of what the real wrangler has left.
@Suite(
    "the program's commands of stored data",
    .enabled(if: FileManager.default.isExecutableFile(atPath: TmuxSession.program)), .serialized,
    .timeLimit(.minutes(3)))
struct DataProgramTests {
    private static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../LocalStateTests/Fixtures").standardizedFileURL.path
    static let versions = ["4.56.0", "4.164.0"]

    private static let wrangler = """
        name = "x12523-site"
        main = "src/index.js"
        compatibility_date = "2025-12-23"
        [[d1_databases]]
        binding = "DB"
        database_name = "jianliku"
        database_id = "0f1e2d3c-4b5a-4978-8695-a4b3c2d1e0f1"
        [[r2_buckets]]
        binding = "UPLOADS_BUCKET"
        bucket_name = "resume-uploads"
        [[r2_buckets]]
        binding = "EMPTY"
        bucket_name = "nothing-yet"
        [[kv_namespaces]]
        binding = "SESSIONS"
        id = "5e55105e55105e55105e55105e551055"
        """

    /// A project of its own.
    private final class Project: Sendable {
        let root: String

        init(_ version: String) async throws {
            self.root = try temporaryFolder()
            let archive = "\(DataProgramTests.fixtures)/state-wrangler-\(version).tar.gz"
            let unpacked = try await SpawnedProgram.run(["tar", "-xzf", archive, "-C", self.root])
            try #require(unpacked.status == 0)
            try DataProgramTests.wrangler.write(
                toFile: self.root + "/wrangler.toml", atomically: false, encoding: .utf8)
        }

        deinit { try? FileManager.default.removeItem(atPath: self.root) }

        func run(_ words: String..., input: [UInt8] = []) async throws -> SpawnedProgram.Outcome {
            var environment = ProcessInfo.processInfo.environment
            environment["LC_ALL"] = "C.UTF-8"
            environment["XDG_STATE_HOME"] = self.root + "/state"
            return try await SpawnedProgram.run(
                [TmuxSession.program] + words + ["--project", self.root, "--language", "en"], input: input,
                environment: environment, limit: .seconds(60))
        }
    }

    private static func lines(_ version: String, _ name: String) throws -> [[String: Any]] {
        let text = try String(contentsOfFile: "\(self.fixtures)/expected-\(version)/\(name)", encoding: .utf8)
        return try self.objects(text)
    }

    private static func objects(_ text: String) throws -> [[String: Any]] {
        try text.split(separator: "\n").map { line in
            try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any], "\(line)")
        }
    }

    private static func object(_ text: String) throws -> [String: Any] {
        try #require(try self.objects(text).first)
    }

    // MARK: r2

    @Test("r2 ls --recursive --json is what R2's binding lists, object by object", arguments: Self.versions)
    func list(version: String) async throws {
        let project = try await Project(version)
        let outcome = try await project.run("r2", "ls", "UPLOADS_BUCKET", "--recursive", "--json")
        #expect(outcome.status == 0 && outcome.errors.isEmpty)
        let expected = try Self.lines(version, "r2-resume-uploads-objects.ndjson")
        let found = try Self.objects(outcome.text)
        #expect(found.count == expected.count)
        for (found, expected) in zip(found, expected) {
            for name in ["key", "version", "size", "etag", "httpEtag", "uploaded"] {
                #expect(found[name] as? NSObject == expected[name] as? NSObject, "\(name) of \(expected["key"] ?? "")")
            }
            #expect(found["httpMetadata"] as? NSDictionary ?? [:] == expected["httpMetadata"] as? NSDictionary ?? [:])
            #expect(
                found["customMetadata"] as? NSDictionary ?? [:] == expected["customMetadata"] as? NSDictionary ?? [:])
        }
    }

    @Test("a limit is said, and --start-after goes on behind it; folders end with the delimiter")
    func listPages() async throws {
        let project = try await Project("4.56.0")
        let all = try Self.objects(try await project.run("r2", "ls", "UPLOADS_BUCKET", "-r", "--json").text)
        let first = try await project.run("r2", "ls", "UPLOADS_BUCKET", "-r", "--json", "--limit", "7")
        let keys = try Self.objects(first.text).compactMap { $0["key"] as? String }
        #expect(first.status == 0 && keys.count == 7 && first.errorText.contains("stopped at --limit 7, more exist"))
        let rest = try await project.run(
            "r2", "ls", "UPLOADS_BUCKET", "-r", "--json", "--start-after", try #require(keys.last))
        #expect(try Self.objects(rest.text).count == all.count - 7)
        let level = try Self.objects(try await project.run("r2", "ls", "UPLOADS_BUCKET", "--json").text)
        let prefixes = level.compactMap { $0["prefix"] as? String }
        #expect(!prefixes.isEmpty && prefixes.allSatisfy { $0.hasSuffix("/") })
        let nothing = try await project.run("r2", "ls", "EMPTY")
        #expect(nothing.status == 0 && nothing.output.isEmpty)
    }

    @Test("every object comes whole by cat, get and stat, and du is their sum", arguments: Self.versions)
    func read(version: String) async throws {
        let project = try await Project(version)
        let expected = try Self.lines(version, "r2-resume-uploads-objects.ndjson")
        let target = project.root + "/out"
        try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: false)
        for object in expected.prefix(12) {
            let key = try #require(object["key"] as? String)
            let size = try #require(object["size"] as? Int)
            let cat = try await project.run("r2", "cat", "UPLOADS_BUCKET/\(key)")
            #expect(cat.status == 0 && cat.output.count == size, "\(key)")
            let stat = try await project.run("r2", "stat", "UPLOADS_BUCKET/\(key)", "--json")
            #expect(try Self.object(stat.text)["etag"] as? String == object["etag"] as? String)
            let file = "\(target)/one"
            let get = try await project.run("r2", "get", "UPLOADS_BUCKET/\(key)", file, "--overwrite")
            #expect(get.status == 0, "\(get.errorText)")
            #expect(FileManager.default.contents(atPath: file).map { [UInt8]($0) } == cat.output, "\(key)")
        }
        let du = try Self.object(try await project.run("r2", "du", "UPLOADS_BUCKET", "--json").text)
        #expect(du["objects"] as? Int == expected.count)
        #expect(du["bytes"] as? Int == expected.reduce(0) { $0 + ($1["size"] as? Int ?? 0) })
    }

    @Test("get goes on where it ended, overwrites nothing unasked, and says when the bytes are not the object's")
    func get() async throws {
        let project = try await Project("4.56.0")
        let objects = try Self.lines("4.56.0", "r2-resume-uploads-objects.ndjson")
        let large = try #require(objects.max { ($0["size"] as? Int ?? 0) < ($1["size"] as? Int ?? 0) })
        let key = try #require(large["key"] as? String)
        let whole = try await project.run("r2", "cat", "UPLOADS_BUCKET/\(key)").output
        let target = project.root + "/large"
        let first = try await project.run("r2", "get", "UPLOADS_BUCKET/\(key)", target)
        #expect(first.status == 0 && FileManager.default.contents(atPath: target).map { [UInt8]($0) } == whole)
        let again = try await project.run("r2", "get", "UPLOADS_BUCKET/\(key)", target)
        #expect(again.status == 1, "\(again.errorText)")
        #expect(FileManager.default.contents(atPath: target).map { [UInt8]($0) } == whole)
        let missing = try await project.run("r2", "get", "UPLOADS_BUCKET/no/such/key", target + "2")
        #expect(missing.status == 1 && missing.errorText.contains("no such object"))
        #expect(!FileManager.default.fileExists(atPath: target + "2"))
        let folder = project.root + "/all"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        let all = try await project.run("r2", "get", "UPLOADS_BUCKET", folder, "--recursive")
        let files = FileManager.default.subpaths(atPath: folder) ?? []
        var isFolder: ObjCBool = false
        let plain = files.filter {
            FileManager.default.fileExists(atPath: "\(folder)/\($0)", isDirectory: &isFolder) && !isFolder.boolValue
        }
        // Keys that are a folder of others' and the like are refused one by one, and said.
        #expect(plain.count >= objects.count - 3, "\(all.errorText)")
    }

    @Test("put changes nothing unasked; with --write it stores, from standard input and with metadata as well")
    func put() async throws {
        let project = try await Project("4.164.0")
        let file = project.root + "/note.json"
        try #"{"a":1}"#.write(toFile: file, atomically: false, encoding: .utf8)
        let refused = try await project.run("r2", "put", "UPLOADS_BUCKET/new/note.json", file)
        #expect(refused.status == 2 && refused.errorText.contains("nothing was changed"))
        let dry = try await project.run("r2", "put", "UPLOADS_BUCKET/new/note.json", file, "--dry-run")
        #expect(dry.status == 0 && dry.text == "put 7 application/json new/note.json\n")
        #expect(try await project.run("r2", "stat", "UPLOADS_BUCKET/new/note.json").status == 1)
        let stored = try await project.run(
            "r2", "put", "UPLOADS_BUCKET/new/note.json", file, "--write", "--json", "--metadata", "owner=张三",
            "--metadata", "empty=", "-m", "a=b=c")
        #expect(stored.status == 0, "\(stored.errorText)")
        let object = try Self.object(try await project.run("r2", "stat", "UPLOADS_BUCKET/new/note.json", "--json").text)
        #expect(object["customMetadata"] as? [String: String] == ["owner": "张三", "empty": "", "a": "b=c"])
        #expect((object["httpMetadata"] as? [String: String])?["contentType"] == "application/json")
        let twice = try await project.run("r2", "put", "UPLOADS_BUCKET/new/note.json", file, "--write")
        #expect(twice.status == 1 && twice.errorText.contains("--overwrite"))
        let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let piped = try await project.run(
            "r2", "put", "UPLOADS_BUCKET/new/piped.bin", "-", "--write", "--type", "x/y", input: bytes)
        #expect(piped.status == 0, "\(piped.errorText)")
        #expect(try await project.run("r2", "cat", "UPLOADS_BUCKET/new/piped.bin").output == bytes)
        let empty = try await project.run("r2", "put", "UPLOADS_BUCKET/new/empty", "-", "--write")
        #expect(empty.status == 0)
        #expect(try await project.run("r2", "cat", "UPLOADS_BUCKET/new/empty").output.isEmpty)
    }

    @Test("rm deletes what it names, only with --write, and says each key")
    func remove() async throws {
        let project = try await Project("4.164.0")
        let key = try #require(try Self.lines("4.164.0", "r2-resume-uploads-objects.ndjson").first?["key"] as? String)
        let dry = try await project.run("r2", "rm", "UPLOADS_BUCKET/\(key)", "--dry-run", "--json")
        #expect(try Self.object(dry.text)["key"] as? String == key)
        #expect(try await project.run("r2", "rm", "UPLOADS_BUCKET/\(key)").status == 2)
        #expect(try await project.run("r2", "stat", "UPLOADS_BUCKET/\(key)").status == 0)
        #expect(try await project.run("r2", "rm", "UPLOADS_BUCKET/\(key)", "--write").status == 0)
        #expect(try await project.run("r2", "stat", "UPLOADS_BUCKET/\(key)").status == 1)
        let none = try await project.run("r2", "rm", "UPLOADS_BUCKET/\(key)", "--write")
        #expect(none.status == 1)
        let all = try await project.run("r2", "rm", "UPLOADS_BUCKET", "--recursive", "--write")
        #expect(all.status == 0)
        #expect(
            try Self.object(try await project.run("r2", "du", "UPLOADS_BUCKET", "--json").text)["objects"] as? Int == 0)
    }

    @Test("what cannot be done has its exit code: a store without URLs, another kind, no binding")
    func refusals() async throws {
        let project = try await Project("4.56.0")
        let presign = try await project.run("r2", "presign", "UPLOADS_BUCKET/a")
        #expect(presign.status == 2 && presign.errorText.contains("no URL to share"))
        #expect(try await project.run("r2", "ls", "DB").status == 2)
        #expect(try await project.run("r2", "ls", "NOTHING").status == 2)
        #expect(try await project.run("r2", "cat", "UPLOADS_BUCKET").status == 64)
    }

    // MARK: kv

    @Test("kv ls --json and kv get give what KV's binding gives", arguments: Self.versions)
    func keyValues(version: String) async throws {
        let project = try await Project(version)
        let expected = try Self.lines(version, "kv-SESSIONS.ndjson")
        let found = try Self.objects(try await project.run("kv", "ls", "SESSIONS", "--json").text)
        #expect(found.compactMap { $0["name"] as? String } == expected.compactMap { $0["name"] as? String })
        for (found, entry) in zip(found, expected) {
            #expect(found["metadata"] as? NSObject == entry["metadata"] as? NSObject)
            let name = try #require(entry["name"] as? String)
            guard let value = entry["value"] as? [String: String], let text = value["$b"] else { continue }
            let get = try await project.run("kv", "get", "SESSIONS/\(name)")
            #expect(get.status == 0 && Data(get.output) == Data(base64Encoded: text), "\(name)")
        }
        #expect(try await project.run("kv", "get", "SESSIONS/nothing").status == 1)
    }

    // MARK: d1

    @Test("d1 query gives rows in every format, exactly; what writes is refused with exit code 1")
    func query() async throws {
        let project = try await Project("4.56.0")
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
        arguments: Self.versions)
    func schema(version: String) async throws {
        let project = try await Project(version)
        let text = try String(contentsOfFile: "\(Self.fixtures)/expected-\(version)/d1-tables.json", encoding: .utf8)
        let expected = try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: [String: Any]])
        let tables = try Self.object(try await project.run("d1", "tables", "DB", "--json").text)
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
        let rows = try #require(try Self.object(original.text)["rows"] as? [[Any]])
        #expect(counted.text.hasPrefix("\(rows[0][0]) "))
        let csv = try await project.run("d1", "export", "DB", "users", "--format", "csv")
        #expect(csv.status == 0 && csv.text.hasPrefix("id,email,name,created_at"))
    }

    @Test("d1 migrations: applied, pending, drift, and nothing is written")
    func migrations() async throws {
        let project = try await Project("4.164.0")
        let none = try await project.run("d1", "migrations", "DB", "--json")
        #expect(none.status == 0)
        let report = try Self.object(none.text)
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
