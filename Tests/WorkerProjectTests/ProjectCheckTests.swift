import Foundation
import TestSupport
import Testing
import WorkerDomain

@testable import WorkerProject

@Suite("Checks of configuration, names and secrets")
struct ProjectCheckTests {
    private static let toml = """
        name = "x12523-site"
        main = "worker.py"
        compatibility_date = "2025-12-23"
        compatibility_flags = ["python_workers"]

        """
    private static let head =
        "from workers import WorkerEntrypoint, Response, env\nclass Default(WorkerEntrypoint):\n    async def fetch(self, request):\n"

    private func result(
        _ id: String, _ files: [String: String], in folder: String = "", environment: String? = nil
    ) async throws -> CheckResult {
        let made = try ChecksFolder(files)
        let project = ProjectConfiguration.load(
            startingAt: made.path + folder, environment: environment, process: ["PATH": ""])
        var context = CheckContext(project: project, searchPath: "")
        context.today = "2026-11-29"
        let report = await DeployCheckRunner { [context] in context }.run()
        let result = try #require(report.results.first { $0.id == id })
        if result.outcome != .pass { #expect(result.chinese?.summary != nil, "\(result.summary)") }
        #expect(!"\(result)".contains("Hunter2xyz"))
        return result
    }

    @Test(
        "a name that is read and not declared is said with its line",
        arguments: [
            ("        return Response(str(self.env.MISSING))\n", "worker.py:4:29", "MISSING"),
            ("        await self.env.DB.prepare('x').run()\n        return Response('x')\n", "worker.py:4:15", "DB"),
            ("        return Response(env['TOKEN'])\n", "worker.py:4:25", "TOKEN"),
            ("        return Response(getattr(self.env, 'NEEDED'))\n", "worker.py:4:33", "NEEDED"),
            ("        return Response(f'{self.env.IN_TEXT}')\n", "worker.py:4:28", "IN_TEXT"),
        ])
    func undeclared(body: String, place: String, name: String) async throws {
        let result = try await self.result(
            "bindings.used", ["wrangler.toml": Self.toml, "worker.py": Self.head + body])
        #expect(result.outcome == .warn && result.place == place, "\(result)")
        #expect(result.summary == "\(name) is read from env and not declared")
        #expect(result.fix?.contains(name) == true && result.example?.contains(name) == true)
        #expect(result.chinese?.fix != nil && result.chinese?.rule != nil)
    }

    @Test(
        "what is declared, optional or not of the environment is no finding",
        arguments: [
            "        return Response(self.env.MODE + str(self.env.DB) + self.env.SECRET)\n",
            "        return Response(getattr(self.env, 'MAYBE', 'x'))\n",
            "        if hasattr(self.env, 'MAYBE'):\n            pass\n        return Response('x')\n",
            "        return Response(request.env.OTHER + 'self.env.IN_TEXT')  # self.env.COMMENT\n",
            "        return Response(str(self.env.to_py()))\n",
        ])
    func declared(body: String) async throws {
        let result = try await self.result(
            "bindings.used",
            [
                "wrangler.toml": Self.toml + "[vars]\nMODE = 'a'\n[[d1_databases]]\nbinding = 'DB'\n",
                ".dev.vars": "SECRET=x\n", "worker.py": Self.head + body,
            ])
        #expect(result.outcome == .pass, "\(result)")
    }

    @Test("names of an imported module count, a slip names what was meant, and what is not read is listed")
    func slips() async throws {
        let result = try await self.result(
            "bindings.used",
            [
                "wrangler.toml": Self.toml + "[vars]\nBACKEND_URL = 'https://x.example'\nOTHER = '1'\n",
                "worker.py": "from helper import go\n" + Self.head + "        return await go(self.env)\n",
                "helper.py": "async def go(env):\n    return env.BACKEND_URI\n",
            ])
        #expect(result.place == "helper.py:2:12")
        #expect(
            result.evidence == [
                "helper.py:2:12: BACKEND_URI is not declared; did you mean BACKEND_URL?",
                "BACKEND_URL is declared and not read", "OTHER is declared and not read",
            ], "\(result.evidence)")
    }

    @Test(
        "secrets in plain text are named and never shown",
        arguments: [
            ("[vars]\nDB_PASSWORD = \"Hunter2xyz\"\n", "x = 1\n", "wrangler.toml:6:15"),
            ("[vars]\nSETTINGS = { api_key = \"Hunter2xyz4711abcd\" }\n", "x = 1\n", "wrangler.toml:6:24"),
            ("", "import json\n\nAPI_TOKEN = \"Hunter2xyz4711abcdefgh\"\n", "worker.py:3"),
        ])
    func secrets(vars: String, source: String, place: String) async throws {
        let result = try await self.result("secrets.plain", ["wrangler.toml": Self.toml + vars, "worker.py": source])
        #expect(result.outcome == .warn && result.place == place, "\(result)")
        #expect(result.fix?.contains("wrangler secret put") == true)
    }

    @Test(
        "settings that only look like secrets are none",
        arguments: [
            ("[vars]\nMODE = \"production\"\nTOKEN_URL = \"https://x.example/token\"\n", "x = 1\n"),
            ("", "PASSWORD = self.env.PASSWORD if False else None\n"), ("", "def password(token): return token\n"),
        ])
    func plain(vars: String, source: String) async throws {
        let result = try await self.result("secrets.plain", ["wrangler.toml": Self.toml + vars, "worker.py": source])
        #expect(result.outcome == .pass, "\(result)")
    }

    @Test("a wrangler.json in a parent folder wins over the file here, and it is said")
    func parent() async throws {
        let json = #"{"name": "a", "main": "worker.py", "compatibility_date": "2025-12-23"}"#
        let result = try await self.result(
            "config.file", ["wrangler.json": json, "site/wrangler.toml": Self.toml, "site/worker.py": ""], in: "/site")
        #expect(result.outcome == .warn && result.evidence.count == 1)
        #expect(result.summary.hasSuffix("/site/wrangler.toml"))
        let beside = try await self.result("config.file", ["wrangler.json": json, "wrangler.toml": Self.toml])
        #expect(beside.outcome == .warn)
        let alone = try await self.result("config.file", ["wrangler.toml": Self.toml, "sub/x": ""], in: "/sub")
        #expect(alone.outcome == .pass, "\(alone)")
    }

    @Test(
        "local variables are compared with what is deployed",
        arguments: [
            ("", "", "pass", "no variable is set for this machine alone"),
            ("[vars]\nMODE = 'a'\n", "MODE=b\n", "pass", "MODE has another value on this machine than in vars"),
            ("", "TOKEN=b\n", "pass", "TOKEN exists on this machine only: set it with `wrangler secret put TOKEN`"),
            (
                "[vars]\nBACKEND_URL = 'a'\n", "BACKEND_URI=b\n", "warn",
                "BACKEND_URI exists on this machine only; did you mean BACKEND_URL?"
            ),
            ("[secrets]\nrequired = ['TOKEN']\n", "", "warn", "the required secret TOKEN has no value on this machine"),
        ])
    func local(vars: String, own: String, outcome: String, words: String) async throws {
        let files = ["wrangler.toml": Self.toml + vars, "worker.py": "x = 1\n"]
        let result = try await self.result("vars.local", own.isEmpty ? files : files.merging([".dev.vars": own]) { $1 })
        #expect(result.outcome.rawValue == outcome && result.summary == words, "\(result)")
    }

    @Test(
        "the wrangler in node_modules is read, not run",
        arguments: [
            ("{\"version\": \"4.164.0\"}", nil, "pass"), ("{\"version\": \"3.114.0\"}", nil, "warn"),
            ("{\"version\": \"4.56.0\"}", nil, "pass"), ("{\"version\": \"4.56.0\"}", "[project]\n", "warn"),
            ("{\"version\": \"4.109.0\"}", "[project]\n", "pass"), ("{\"version\": 4}", nil, "skip"),
            ("{", nil, "skip"),
        ] as [(String, String?, String)])
    func wrangler(package: String, pyproject: String?, outcome: String) async throws {
        var files = ["wrangler.toml": Self.toml, "worker.py": "", "node_modules/wrangler/package.json": package]
        files["pyproject.toml"] = pyproject
        #expect(try await self.result("wrangler.version", files).outcome.rawValue == outcome)
    }

    @Test(
        "ids that are not ids are refused",
        arguments: [
            ("[[d1_databases]]\nbinding = 'DB'\ndatabase_name = 'a'\ndatabase_id = '<your-id>'\n", "fail"),
            (
                "[[d1_databases]]\nbinding = 'DB'\ndatabase_name = 'a'\ndatabase_id = '66bd8675-ff3c-40db-9a12-10f554000244'\n",
                "pass"
            ),
            ("[[kv_namespaces]]\nbinding = 'KV'\nid = 'sessions'\n", "fail"),
            ("[[kv_namespaces]]\nbinding = 'KV'\nid = '0123456789abcdef0123456789abcdef'\n", "pass"),
        ])
    func identifiers(lines: String, outcome: String) async throws {
        let result = try await self.result("bindings.complete", ["wrangler.toml": Self.toml + lines, "worker.py": ""])
        #expect(result.outcome.rawValue == outcome, "\(result)")
    }

    @Test(
        "a date after today and flags that conflict are refused with Cloudflare's code",
        arguments: [
            ("2026-11-30", "\"python_workers\"", "config.compatibility_date", 10_021),
            ("2025-12-23", "\"python_workers\", \"python_workers\"", "config.python_workers", 10_021),
            (
                "2025-12-23",
                "\"python_workers\", \"python_no_global_handlers\", \"disable_python_no_global_handlers\"",
                "config.python_workers", 10_021
            ),
            ("2025-12-23", "\"python_workers\"", "entrypoint", 10_068),
            ("2026-05-01", "\"python_workers\"", "entrypoint", 10_021),
        ])
    func codes(date: String, flags: String, id: String, code: Int) async throws {
        let toml = Self.toml.replacing("2025-12-23", with: date).replacing("[\"python_workers\"]", with: "[\(flags)]")
        let result = try await self.result(id, ["wrangler.toml": toml, "worker.py": "x = 1\n"])
        #expect(result.outcome == .fail && result.code == code, "\(result)")
    }

    // MARK: - Repairs on disk

    private func runner(_ folder: ChecksFolder) -> DeployCheckRunner {
        let path = folder.path
        return DeployCheckRunner {
            CheckContext(
                project: ProjectConfiguration.load(startingAt: path, environment: nil, process: ["PATH": ""]),
                searchPath: "")
        }
    }

    private func read(_ folder: ChecksFolder, _ name: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(fileURLWithPath: folder.path + "/" + name)), as: UTF8.self)
    }

    @Test("a repair is written with a copy beside it, and the checks pass then")
    func written() async throws {
        let source = "async def fetch(request, env):\r\n\tfrom js import Response\r\n\treturn Response.new('ok')\r\n"
        let folder = try ChecksFolder(["wrangler.toml": Self.toml, "worker.py": source, "worker.py.bak": "older"])
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: folder.path + "/worker.py")
        let runner = self.runner(folder)
        #expect(await runner.run().exitCode == 1)
        let repair = try #require(await runner.repair())
        #expect(await runner.apply(repair) == .applied(backups: ["worker.py.1.bak"]))
        #expect(try self.read(folder, "worker.py.1.bak") == source && self.read(folder, "worker.py.bak") == "older")
        let new = try self.read(folder, "worker.py")
        #expect(
            new.hasSuffix(
                "\tasync def fetch(self, request):\r\n\t\treturn await fetch(request.js_object, self.env)\r\n"))
        let attributes = try FileManager.default.attributesOfItem(atPath: folder.path + "/worker.py")
        #expect(attributes[.posixPermissions] as? Int == 0o640)
        #expect(await runner.run().exitCode == 0)
        #expect(await runner.repair() == nil)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 4)
    }

    @Test("flags are added where they are, and nothing else of the file changes")
    func flags() async throws {
        let good = Self.head + "        return Response('x')\n"
        for (name, text, expected) in [
            (
                "wrangler.toml",
                "name = 'a' # mine\nmain = 'worker.py'\ncompatibility_date = '2025-12-23'\n\n[vars]\nA = '1'\n",
                "name = 'a' # mine\nmain = 'worker.py'\ncompatibility_date = '2025-12-23'\ncompatibility_flags = [\"python_workers\"]\n\n[vars]\nA = '1'\n"
            ),
            (
                "wrangler.toml",
                "name = 'a'\r\nmain = 'worker.py'\r\ncompatibility_date = '2026-05-01'\r\ncompatibility_flags = ['python_workers'] # x\r\n",
                "name = 'a'\r\nmain = 'worker.py'\r\ncompatibility_date = '2026-05-01'\r\ncompatibility_flags = ['disable_python_external_sdk', 'python_workers'] # x\r\n"
            ),
            (
                "wrangler.jsonc",
                "// mine {\n{\n  \"name\": \"a\", // b\n  \"main\": \"worker.py\",\n  \"compatibility_date\": \"2025-12-23\",\n}\n",
                "// mine {\n{\n  \"compatibility_flags\": [\"python_workers\"],\n  \"name\": \"a\", // b\n  \"main\": \"worker.py\",\n  \"compatibility_date\": \"2025-12-23\",\n}\n"
            ),
            (
                "wrangler.json",
                "{\"name\":\"a\",\"main\":\"worker.py\",\"compatibility_date\":\"2025-12-23\",\"compatibility_flags\":[]}",
                "{\"name\":\"a\",\"main\":\"worker.py\",\"compatibility_date\":\"2025-12-23\",\"compatibility_flags\":[\"python_workers\"]}"
            ),
        ] {
            let folder = try ChecksFolder([name: text, "worker.py": good])
            let runner = self.runner(folder)
            let repair = try #require(await runner.repair(), "\(text)")
            #expect(repair.files.map(\.name) == [name])
            #expect(await runner.apply(repair) == .applied(backups: ["\(name).bak"]))
            #expect(try self.read(folder, name) == expected)
            let report = await runner.run()
            #expect(report.results.first { $0.id == "entrypoint" }?.outcome == .pass, "\(report.results)")
        }
    }

    @Test("a file that has changed, is elsewhere or cannot be written is left alone")
    func refused() async throws {
        let source = "async def fetch(request, env):\n    return 1\n"
        let folder = try ChecksFolder(["wrangler.toml": Self.toml, "worker.py": source, "outside/x": "1"])
        let runner = self.runner(folder)
        let repair = try #require(await runner.repair())
        try Data((source + "# more\n").utf8).write(to: URL(fileURLWithPath: folder.path + "/worker.py"))
        #expect(
            await runner.apply(repair) == .refused("worker.py has changed since it was checked; run the checks again"))
        let other = CheckRepair(
            files: [.init(path: "/etc/hostname", name: "hostname", original: [], repaired: [1])], steps: [])
        #expect(await runner.apply(other) == .refused("hostname: it is outside the project's folder"))
        let gone = CheckRepair(
            files: [.init(path: folder.path + "/no.py", name: "no.py", original: [], repaired: [1])], steps: [])
        #expect(await runner.apply(gone) == .refused("no.py: it does not exist"))
        #expect(try self.read(folder, "worker.py") == source + "# more\n")
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == [
                "outside", "worker.py", "wrangler.toml",
            ])
    }

    @Test("a project of two hundred files is checked within a second")
    func large() async throws {
        var files = ["wrangler.toml": Self.toml]
        var imports = ""
        for index in 0..<200 {
            files["m\(index).py"] = (0..<40).map { "def f\($0)(env):\n    return env.A\($0 % 3)\n" }.joined()
            imports += "import m\(index)\n"
        }
        files["worker.py"] = imports + Self.head + "        return Response('x')\n"
        let folder = try ChecksFolder(files)
        let start = ContinuousClock.now
        _ = await self.runner(folder).run()
        #expect(ContinuousClock.now - start < .seconds(8), "a debug build on a busy machine")
    }
}
