import Foundation
import TestSupport
import Testing

/// The commands of stored data as a script runs them: on copies of what the real wrangler has left.
@Suite(
    "the program's commands of stored data",
    .enabled(if: FileManager.default.isExecutableFile(atPath: TmuxSession.program)), .serialized,
    .timeLimit(.minutes(3)))
struct DataProgramTests {
    @Test("without libcurl a bucket on a server says what is missing, and all else works")
    func withoutCurl() async throws {
        let project = try await DataProject("4.164.0")
        // What the loader finds first is no library.
        let folder = project.root + "/lib"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        try "none".write(toFile: folder + "/libcurl.so.4", atomically: false, encoding: .utf8)
        try """
        [bindings.UPLOADS_BUCKET]
        store = "s3"
        endpoint = "http://127.0.0.1:9"
        bucket = "b"
        """.write(toFile: project.root + "/worker-console.toml", atomically: false, encoding: .utf8)
        var environment = ProcessInfo.processInfo.environment
        environment["LD_LIBRARY_PATH"] = folder
        environment["XDG_STATE_HOME"] = project.root + "/state"
        environment["AWS_ACCESS_KEY_ID"] = "a"
        environment["AWS_SECRET_ACCESS_KEY"] = "b"
        func run(_ words: String...) async throws -> SpawnedProgram.Outcome {
            try await SpawnedProgram.run(
                [TmuxSession.program] + words + ["--project", project.root, "--language", "en"],
                environment: environment, limit: .seconds(30))
        }
        let remote = try await run("r2", "ls", "UPLOADS_BUCKET")
        #expect(remote.status != 0 && remote.output.isEmpty)
        #expect(remote.errorText.contains("libcurl cannot be loaded"), "\(remote.errorText)")
        #expect(remote.errorText.contains("libcurl4"), "\(remote.errorText)")
        let local = try await run("kv", "ls", "SESSIONS")
        #expect(local.status == 0 && local.errors.isEmpty)
    }

    // MARK: r2

    @Test("r2 ls --recursive --json is what R2's binding lists, object by object", arguments: DataProject.versions)
    func list(version: String) async throws {
        let project = try await DataProject(version)
        let outcome = try await project.run("r2", "ls", "UPLOADS_BUCKET", "--recursive", "--json")
        #expect(outcome.status == 0 && outcome.errors.isEmpty)
        let expected = try DataProject.lines(version, "r2-resume-uploads-objects.ndjson")
        let found = try DataProject.objects(outcome.text)
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
        let project = try await DataProject("4.56.0")
        let all = try DataProject.objects(try await project.run("r2", "ls", "UPLOADS_BUCKET", "-r", "--json").text)
        let first = try await project.run("r2", "ls", "UPLOADS_BUCKET", "-r", "--json", "--limit", "7")
        let keys = try DataProject.objects(first.text).compactMap { $0["key"] as? String }
        #expect(first.status == 0 && keys.count == 7 && first.errorText.contains("stopped at --limit 7, more exist"))
        let rest = try await project.run(
            "r2", "ls", "UPLOADS_BUCKET", "-r", "--json", "--start-after", try #require(keys.last))
        #expect(try DataProject.objects(rest.text).count == all.count - 7)
        let level = try DataProject.objects(try await project.run("r2", "ls", "UPLOADS_BUCKET", "--json").text)
        let prefixes = level.compactMap { $0["prefix"] as? String }
        #expect(!prefixes.isEmpty && prefixes.allSatisfy { $0.hasSuffix("/") })
        let nothing = try await project.run("r2", "ls", "EMPTY")
        #expect(nothing.status == 0 && nothing.output.isEmpty)
    }

    @Test("every object comes whole by cat, get and stat, and du is their sum", arguments: DataProject.versions)
    func read(version: String) async throws {
        let project = try await DataProject(version)
        let expected = try DataProject.lines(version, "r2-resume-uploads-objects.ndjson")
        let target = project.root + "/out"
        try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: false)
        for object in expected.prefix(12) {
            let key = try #require(object["key"] as? String)
            let size = try #require(object["size"] as? Int)
            let cat = try await project.run("r2", "cat", "UPLOADS_BUCKET/\(key)")
            #expect(cat.status == 0 && cat.output.count == size, "\(key)")
            let stat = try await project.run("r2", "stat", "UPLOADS_BUCKET/\(key)", "--json")
            #expect(try DataProject.object(stat.text)["etag"] as? String == object["etag"] as? String)
            let file = "\(target)/one"
            let get = try await project.run("r2", "get", "UPLOADS_BUCKET/\(key)", file, "--overwrite")
            #expect(get.status == 0, "\(get.errorText)")
            #expect(FileManager.default.contents(atPath: file).map { [UInt8]($0) } == cat.output, "\(key)")
        }
        let du = try DataProject.object(try await project.run("r2", "du", "UPLOADS_BUCKET", "--json").text)
        #expect(du["objects"] as? Int == expected.count)
        #expect(du["bytes"] as? Int == expected.reduce(0) { $0 + ($1["size"] as? Int ?? 0) })
    }

    @Test("get goes on where it ended, overwrites nothing unasked, and says when the bytes are not the object's")
    func get() async throws {
        let project = try await DataProject("4.56.0")
        let objects = try DataProject.lines("4.56.0", "r2-resume-uploads-objects.ndjson")
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
        let project = try await DataProject("4.164.0")
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
        let object = try DataProject.object(
            try await project.run("r2", "stat", "UPLOADS_BUCKET/new/note.json", "--json").text)
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
        let project = try await DataProject("4.164.0")
        let key = try #require(
            try DataProject.lines("4.164.0", "r2-resume-uploads-objects.ndjson").first?["key"] as? String)
        let dry = try await project.run("r2", "rm", "UPLOADS_BUCKET/\(key)", "--dry-run", "--json")
        #expect(try DataProject.object(dry.text)["key"] as? String == key)
        #expect(try await project.run("r2", "rm", "UPLOADS_BUCKET/\(key)").status == 2)
        #expect(try await project.run("r2", "stat", "UPLOADS_BUCKET/\(key)").status == 0)
        #expect(try await project.run("r2", "rm", "UPLOADS_BUCKET/\(key)", "--write").status == 0)
        #expect(try await project.run("r2", "stat", "UPLOADS_BUCKET/\(key)").status == 1)
        let none = try await project.run("r2", "rm", "UPLOADS_BUCKET/\(key)", "--write")
        #expect(none.status == 1)
        let all = try await project.run("r2", "rm", "UPLOADS_BUCKET", "--recursive", "--write")
        #expect(all.status == 0)
        #expect(
            try DataProject.object(try await project.run("r2", "du", "UPLOADS_BUCKET", "--json").text)["objects"]
                as? Int == 0)
    }

    /// Adds objects to the bucket, and says how much memory the program takes at most while it deletes them, in KiB.
    private static let removal = """
        import glob, resource, sqlite3, subprocess, sys
        root, count, command = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
        for path in glob.glob(root + '/.wrangler/state/v3/r2/miniflare-R2BucketObject/*.sqlite'):
            db = sqlite3.connect(path)
            if not db.execute("select 1 from sqlite_master where name = '_mf_objects'").fetchone(): continue
            with db:
                db.executemany("insert into _mf_objects values (?, ?, 'v', 1, 'e', 0, '{}', '{}', '{}')",
                    (('many/%07d' % n, '%080x' % n) for n in range(count)))
            db.close()
        run = subprocess.run(command, stdout=subprocess.PIPE)
        print(run.returncode, run.stdout.count(b'\\n'), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
        """

    @Test("rm deletes more objects than the screen takes, page by page, in no more memory than a few")
    func removeMany() async throws {
        var peaks: [Int] = []
        for count in [1_000, 101_000] {
            let project = try await DataProject("4.56.0")
            let outcome = try await SpawnedProgram.run(
                [
                    "python3", "-c", Self.removal, project.root, "\(count)", TmuxSession.program, "r2", "rm",
                    "UPLOADS_BUCKET/many/", "--recursive", "--write", "--project", project.root,
                ], limit: .seconds(120))
            let figures = outcome.text.split(separator: " ").compactMap { Int($0.trimmingCharacters(in: .newlines)) }
            #expect(figures.count == 3 && figures.prefix(2) == [0, count], "\(outcome.text)\(outcome.errorText)")
            peaks.append(figures.last ?? 0)
            let left = try await project.run("r2", "ls", "UPLOADS_BUCKET/many/", "--recursive")
            #expect(left.status == 0 && left.output.isEmpty)
        }
        #expect(peaks[1] - peaks[0] < 16 << 10, "KiB at most: \(peaks)")
    }

    @Test("what cannot be done has its exit code: a store without URLs, another kind, no binding")
    func refusals() async throws {
        let project = try await DataProject("4.56.0")
        let presign = try await project.run("r2", "presign", "UPLOADS_BUCKET/a")
        #expect(presign.status == 2 && presign.errorText.contains("no URL to share"))
        #expect(try await project.run("r2", "ls", "DB").status == 2)
        #expect(try await project.run("r2", "ls", "NOTHING").status == 2)
        #expect(try await project.run("r2", "cat", "UPLOADS_BUCKET").status == 64)
    }

    // MARK: kv

    @Test("kv ls --json and kv get give what KV's binding gives", arguments: DataProject.versions)
    func keyValues(version: String) async throws {
        let project = try await DataProject(version)
        let expected = try DataProject.lines(version, "kv-SESSIONS.ndjson")
        let found = try DataProject.objects(try await project.run("kv", "ls", "SESSIONS", "--json").text)
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
}
