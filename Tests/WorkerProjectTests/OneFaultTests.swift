import Foundation
import TestSupport
import Testing
import WorkerDomain

@testable import WorkerProject

/// One fault in a file is said once, with what the person did.
@Suite("One fault, one finding")
struct OneFaultTests {
    private static let worker = """
        from workers import WorkerEntrypoint, Response

        class Default(WorkerEntrypoint):
            async def fetch(self, request):
                return Response("ok")

        """
    private static let head = """
        name = "site"
        main = "worker.py"
        compatibility_date = "2025-12-23"
        compatibility_flags = ["python_workers"]

        """

    private func report(_ files: [String: String]) async throws -> [CheckResult] {
        let folder = try ChecksFolder(["worker.py": Self.worker].merging(files) { $1 })
        return await DeployCheckRunner {
            CheckContext(
                project: ProjectConfiguration.load(startingAt: folder.path, process: [:]),
                searchPath: ProcessInfo.processInfo.environment["PATH"] ?? "")
        }.run().results
    }

    private func failures(_ results: [CheckResult]) -> [String] {
        results.filter { $0.outcome == .fail || $0.outcome == .warn }.map { "\($0.id): \($0.summary)" }
    }

    @Test(
        "a wrangler file that cannot be read is one failure, and what depends on it is left out",
        arguments: [
            ["wrangler.toml": Self.head + "[vars\nA = 1\n"], ["wrangler.jsonc": "{ \"name\": \"site\", "],
            ["wrangler.json": "{\"name\": \"\u{0}\"}"], ["wrangler.toml": ""],
        ])
    func broken(files: [String: String]) async throws {
        let results = try await self.report(files)
        // An empty file is read: it lacks everything, and each check says what.
        if files["wrangler.toml"]?.isEmpty == true {
            #expect(self.failures(results).contains("config.name: name is not set"))
            return
        }
        #expect(self.failures(results).count == 1 && results.first?.outcome == .fail)
        #expect(results.dropFirst().allSatisfy { $0.outcome == .skip })
        #expect(results.filter { $0.summary.hasSuffix(" could not be read: see the configuration check") }.count >= 9)
        #expect(results[1].chinese?.summary?.contains("见“配置文件”检查") == true)
    }

    @Test("no wrangler file at all is one failure")
    func none() async throws {
        #expect(
            try await self.failures(self.report([:])) == [
                "config.parse: no wrangler.json, wrangler.jsonc or wrangler.toml found"
            ])
    }

    @Test(
        "a key that wrangler refuses is not said to be missing",
        arguments: [
            ("compatibility_date = \"2025-12-23\"", "compatibility_date = 2025-12-23"),
            ("name = \"site\"", "name = 5"), ("name = \"site\"", "name = \"Not This\""),
            ("main = \"worker.py\"", "main = [\"worker.py\"]"),
        ])
    func refused(old: String, new: String) async throws {
        let text = Self.head.replacingOccurrences(of: old, with: new)
        let results = try await self.report(["wrangler.toml": text])
        #expect(self.failures(results).count == 1, "\(self.failures(results))")
        #expect(results.first?.outcome == .fail)
    }

    @Test("a broken worker-console.toml is one warning, and no backend is said to be missing")
    func console() async throws {
        let results = try await self.report([
            "wrangler.toml": Self.head, "worker-console.toml": "[backends.blue\nurl = \"http://127.0.0.1:9\"\n",
        ])
        #expect(self.failures(results).count == 1 && results.first?.outcome == .warn)
        let backends = results.first { $0.id == "backends.reachable" }
        #expect(backends?.outcome == .skip)
        #expect(backends?.summary == "worker-console.toml could not be read: see the configuration check")
    }

    @Test(
        "a key below a table is found where it stands",
        arguments: [
            (
                "wrangler.toml", "main = \"worker.py\"\nname = \"site\"\n[vars]\nA = 1\n" + Self.flags + Self.date,
                "vars"
            ),
            (
                "wrangler.toml", "name = \"site\"\nmain = \"worker.py\"\n" + Self.flags + Self.database + Self.date,
                "d1_databases"
            ),
            (
                "wrangler.toml",
                "name = \"site\"\nmain = \"worker.py\"\n" + Self.flags + "[a.b]\n[observability]\nenabled = true\n"
                    + Self.date, "observability"
            ),
            (
                "wrangler.json",
                #"{"name": "site", "main": "worker.py", "compatibility_flags": ["python_workers"], "vars": {"compatibility_date": "2025-12-23"}}"#,
                "vars"
            ),
        ])
    func misplaced(file: String, text: String, table: String) async throws {
        let results = try await self.report([file: text])
        let date = try #require(results.first { $0.id == "config.compatibility_date" })
        let place = file.hasSuffix(".toml") ? "below [\(table)]" : "inside \"\(table)\""
        #expect(date.outcome == .fail)
        #expect(date.summary.hasPrefix("compatibility_date is not set: it is \(place), so it "), "\(date.summary)")
        #expect(date.place?.hasPrefix(file + ":") == true && date.fix?.hasPrefix("move it ") == true)
        #expect(date.chinese?.summary != nil && date.chinese?.fix != nil)
    }

    private static let flags = "compatibility_flags = [\"python_workers\"]\n"
    private static let date = "compatibility_date = \"2025-12-23\"\n"
    private static let database =
        "[[d1_databases]]\nbinding = \"DB\"\ndatabase_name = \"d\"\ndatabase_id = \"x\"\n"

    @Test("everything below [vars] is said of each key, and a name that a table has anyway is left alone")
    func several() async throws {
        let results = try await self.report(["wrangler.toml": "[vars]\nA = \"b\"\n" + Self.head])
        for id in ["config.name", "config.main", "config.compatibility_date"] {
            let result = try #require(results.first { $0.id == id })
            #expect(result.summary.contains("below [vars]"), "\(result.summary)")
        }
        let other = try await self.report(["wrangler.toml": "[[send_email]]\nname = \"mail\"\n"])
        #expect(self.failures(other).contains("config.name: name is not set"))
    }

    @Test("a requirements.txt beside a Python Worker is named with what it lists")
    func requirements() async throws {
        let results = try await self.report([
            "wrangler.toml": Self.head, "requirements.txt": "# web\nhttpx==0.27  # client\n-r more.txt\n\njinja2\n",
        ])
        let packages = try #require(results.first { $0.id == "packages" })
        #expect(packages.outcome == .warn && packages.place == "requirements.txt")
        #expect(packages.evidence == ["it lists httpx==0.27, jinja2"])
        #expect(packages.example?.contains(#"dependencies = ["httpx==0.27", "jinja2"]"#) == true)
        #expect(packages.fix?.contains("pyproject.toml") == true && packages.chinese?.fix != nil)
        let clean = try await self.report(["wrangler.toml": Self.head, "pyproject.toml": "[project]\n"])
        #expect(clean.first { $0.id == "packages" }?.outcome == .pass)
    }
}

@Suite("Characters that look like others")
struct StrangeScalarTests {
    private func error(_ body: () throws -> Void) -> ConfigurationSyntaxError? {
        do {
            try body()
            return nil
        } catch { return error as? ConfigurationSyntaxError }
    }

    @Test(
        "are named in JSON where they stand",
        arguments: [
            ("{\n\u{A0}\"a\": 1}", 2, 1, "a no-break space (U+00A0) is not allowed here; type a plain space instead"),
            ("{\"a\":\u{A0}1}", 1, 6, "a no-break space (U+00A0)"), ("{\"a\": 1\u{3000}}", 1, 8, "U+3000"),
            ("{\u{201C}a\u{201D}: 1}", 1, 2, "a typographic quote (U+201C) is not allowed here; type \" instead"),
            ("{\"a\"\u{FF1A} 1}", 1, 5, "a full-width colon"), ("[1\u{FF0C} 2]", 1, 3, "a full-width comma"),
            ("{\"a\": 1}\u{200B}", 1, 9, "an invisible character (U+200B) is not allowed here; remove it"),
            ("{\"a\": \u{2018}x\u{2019}}", 1, 7, "type ' instead"), ("\u{FEFF}\u{FEFF}{}", 1, 1, "byte order mark"),
        ])
    func json(text: String, line: Int, column: Int, message: String) {
        let error = self.error { _ = try JSONCParser.parse(Array(text.utf8)) }
        #expect(error?.message.contains(message) == true, "\(String(describing: error))")
        #expect(error?.position == SourcePosition(line: line, column: column))
    }

    @Test(
        "are named in TOML where they stand",
        arguments: [
            ("a = 1\n\u{A0}b = 2", 2, 1, "a no-break space (U+00A0)"), ("a\u{A0}= 1", 1, 2, "U+00A0"),
            ("a =\u{A0}1", 1, 4, "U+00A0"), ("a = \u{201C}x\u{201D}", 1, 5, "a typographic quote"),
            ("a \u{FF1D} 1", 1, 3, "a full-width equals sign"), ("a = [1\u{FF0C}2]", 1, 7, "a full-width comma"),
            ("a\u{200B} = 1", 1, 2, "an invisible character"), ("[a\u{3000}]", 1, 3, "an ideographic space"),
        ])
    func toml(text: String, line: Int, column: Int, message: String) {
        let error = self.error { _ = try TOMLReader.parse(Array(text.utf8)) }
        #expect(error?.message.contains(message) == true, "\(String(describing: error))")
        #expect(error?.position == SourcePosition(line: line, column: column))
    }

    @Test("stay what they are in texts and comments")
    func texts() throws {
        let text = "\u{A0}\u{201C}\u{200B}\u{FF1A}"
        #expect(try JSONCParser.parse(Array("{\"a\": \"\(text)\" /* \(text) */}".utf8))["a"]?.string == text)
        #expect(try TOMLReader.parse(Array("a = \"\(text)\" # \(text)".utf8))["a"]?.string == text)
    }
}
