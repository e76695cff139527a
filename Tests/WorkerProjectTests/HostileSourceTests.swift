import Foundation
import TestSupport
import Testing
import WorkerDomain

@testable import WorkerProject

/// A project that wants to hold the checks up, to be run or to be changed.
@Suite("A hostile project", .timeLimit(.minutes(5)))
struct HostileSourceTests {
    private static let toml =
        "name = 'a'\nmain = 'worker.py'\ncompatibility_date = '2025-12-23'\ncompatibility_flags = ['python_workers']\n"

    private static func sources() -> [(name: String, bytes: [UInt8])] {
        let deep = 4_000
        return [
            ("brackets", Array((String(repeating: "[", count: deep) + String(repeating: "]", count: deep)).utf8)),
            ("lambdas", Array((String(repeating: "lambda: ", count: deep) + "1\n").utf8)),
            ("indents", Array((0..<300).map { String(repeating: " ", count: $0) + "if x:\n" }.joined().utf8)),
            (
                "system",
                Array(
                    "import os\nos.system('touch made')\nopen('made', 'w')\n__import__('subprocess').run(['touch', 'made'])\n"
                        .utf8)
            ),
            ("null", [0x78, 0, 0x3D, 0x31]), ("utf16", [0xFF, 0xFE, 0x78, 0, 0x3D, 0, 0x31, 0]),
            ("cookie", Array("# coding: rot13\nvzcbeg bf\n".utf8)),
            ("cookies", Array("# coding: utf-8 coding: latin-1\nx = 1\n".utf8)),
            ("marked", [0xEF, 0xBB, 0xBF] + Array("# coding: latin-1\nx = 1\n".utf8)),
            (
                "classes",
                Array((0..<1_000).map { "class A\($0)(\($0 == 0 ? "object" : "A\($0 - 1)")): pass\n" }.joined().utf8)
            ),
            (
                "returns",
                Array(
                    ("from workers import *\nclass Default(WorkerEntrypoint):\n  def fetch(self, r):\n"
                        + (0..<1_000).map { "    if r.a\($0): return '\($0)'\n" }.joined()).utf8)
            ),
            ("handlers", Array((0..<1_000).map { "def fetch\($0)(request): pass\n" }.joined().utf8)),
            ("env", Array((0..<4_000).map { "self.env.A\($0)\n" }.joined().utf8)),
            ("strings", Array(("x = '" + String(repeating: "password=", count: 20_000) + "'\n").utf8)),
        ]
    }

    @Test("each source is checked in bounded time, nothing is run, nothing is changed")
    func bounded() async throws {
        for (name, bytes) in Self.sources() {
            let folder = try ChecksFolder(["wrangler.toml": Self.toml])
            try Data(bytes).write(to: URL(fileURLWithPath: folder.path + "/worker.py"))
            let path = folder.path
            let runner = DeployCheckRunner {
                CheckContext(
                    project: ProjectConfiguration.load(startingAt: path, environment: nil, process: [:]), searchPath: ""
                )
            }
            let start = ContinuousClock.now
            _ = await runner.run()
            _ = await runner.repair()
            let time = ContinuousClock.now - start
            #expect(time < .seconds(25), "\(name): \(time), a debug build")
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: path).sorted() == ["worker.py", "wrangler.toml"])
            #expect(try [UInt8](Data(contentsOf: URL(fileURLWithPath: path + "/worker.py"))) == bytes, "\(name)")
        }
    }

    /// A source full of something, and how it looks.
    private static let shapes: [(name: String, source: @Sendable (Int) -> String)] = {
        let head =
            "from workers import *\nfrom js import fetch\nimport js, random\nclass Default(WorkerEntrypoint):\n"
            + "  async def fetch(self, r):\n"
        @Sendable func each(_ count: Int, _ body: (Int) -> String) -> String { (0..<count).map(body).joined() }
        return [
            ("texts returned", { n in head + each(n) { "    if r.a\($0): return '\($0)'\n" } }),
            ("dicts in a Response", { n in head + each(n) { "    if r.a\($0): return Response({'a': \($0)})\n" } }),
            ("names of nothing", { n in head + each(n) { "    if r.a\($0): x\($0)()\n" } }),
            ("caught", { n in head + each(n) { "    try:\n      x\($0)()\n    except Exception: pass\n" } }),
            ("constructors", { n in head + each(n) { "    if r.a\($0): return js.Response('\($0)')\n" } }),
            (
                "headers",
                { n in
                    head
                        + each(n) {
                            "    if r.a\($0):\n      a = await fetch(r)\n      a.headers.set('x', 'y')\n      return a\n"
                        }
                }
            ),
            ("classes Default", { n in each(n) { "\(head)    return '\($0)'\n" } }),
            ("functions", { n in each(n) { "def fetch\($0)(request): pass\n" } }),
            (
                "classes of each other",
                { n in each(n) { "class A\($0)(\($0 == 0 ? "object" : "A\($0 - 1)")): pass\n" } }
            ),
            (
                "methods",
                { n in head + "    return 1\n" + each(n) { "  def m\($0)(self): return self.m\($0 + 1)()\n" } }
            ),
            ("entropy", { n in each(n) { "x\($0) = random.random()\n" } + head + "    return 1\n" }),
            ("the environment", { n in head + each(n) { "    if r.a: e\($0) = self.env\n    e\($0).A\($0)\n" } }),
            ("addresses", { n in head + each(n) { "    x = 'http://127.0.0.\($0 % 255)/'\n" } }),
            ("secrets", { n in each(n) { "TOKEN\($0) = 'ghp_\(100_000 + $0)abcdefghijklmnopqrstuvwxyz0123'\n" } }),
            ("branches", { n in "def f(x):\n" + each(n) { "  if x.a\($0):\n    y\($0) = 1\n" } }),
        ]
    }()

    @Test("a source of four times the size takes less than eight times as long", arguments: shapes.map(\.name))
    func ratio(name: String) async throws {
        let source = try #require(Self.shapes.first { $0.name == name }).source
        func time(_ count: Int) async throws -> Double {
            let folder = try ChecksFolder(["wrangler.toml": Self.toml, "worker.py": source(count)])
            let path = folder.path
            let runner = DeployCheckRunner {
                CheckContext(
                    project: ProjectConfiguration.load(startingAt: path, environment: nil, process: [:]), searchPath: ""
                )
            }
            func used() -> Double {
                var time = timespec()
                // The checks have threads of their own, and no other test runs.
                clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
                return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
            }
            let start = used()
            _ = await runner.run()
            return used() - start
        }
        let (small, large) = (try await time(150), try await time(600))
        #expect(large < 8 * max(small, 0.1), "\(small) s, then \(large) s")
    }

    @Test("files of fifty megabytes and circles of links are not read")
    func large() async throws {
        let folder = try ChecksFolder(["wrangler.toml": Self.toml])
        let path = folder.path
        let runner = DeployCheckRunner {
            CheckContext(
                project: ProjectConfiguration.load(startingAt: path, environment: nil, process: [:]), searchPath: "")
        }
        #expect(FileManager.default.createFile(atPath: path + "/worker.py", contents: nil))
        let handle = try #require(FileHandle(forWritingAtPath: path + "/worker.py"))
        try handle.truncate(atOffset: 50_000_000)
        try handle.close()
        let start = ContinuousClock.now
        let report = await runner.run()
        #expect(report.results.first { $0.id == "main.exists" }?.summary.contains("larger than") == true)
        #expect(await runner.repair() == nil)
        try FileManager.default.removeItem(atPath: path + "/worker.py")
        try FileManager.default.createSymbolicLink(atPath: path + "/worker.py", withDestinationPath: path + "/other.py")
        try FileManager.default.createSymbolicLink(atPath: path + "/other.py", withDestinationPath: path + "/worker.py")
        try FileManager.default.createSymbolicLink(atPath: path + "/python_modules", withDestinationPath: path)
        #expect(await runner.run().exitCode == 1)
        #expect(ContinuousClock.now - start < .seconds(10))
    }

    @Test("python3 is not given a source that takes it longer than everything else")
    func witness() async throws {
        let script = "#!/bin/sh\necho asked > \"$0.asked\"\necho 13\necho ok\n"
        let folder = try ChecksFolder(["wrangler.toml": Self.toml, "bin/python3": script])
        let bin = folder.path + "/bin"
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: bin + "/python3")
        let runner = DeployCheckRunner(checks: [CompileCheck.self]) {
            CheckContext(
                project: ProjectConfiguration.load(startingAt: folder.path, environment: nil, process: [:]),
                searchPath: bin)
        }
        for (count, isAsked) in [(180_000, false), (10, true)] {
            try String(repeating: "x = 1\n", count: count).write(
                toFile: folder.path + "/worker.py", atomically: false, encoding: .utf8)
            let result = await runner.run().results[0]
            #expect(FileManager.default.fileExists(atPath: bin + "/python3.asked") == isAsked)
            let line = "python3 is not asked about sources of more than 1 MiB (\(bin)/python3)"
            #expect(result.evidence.contains { $0.hasPrefix(line) } != isAsked, "\(result.evidence)")
            #expect(result.chinese?.evidence.contains { $0.contains("超过 1 MiB") } != isAsked)
        }
    }

    @Test("a link to a file outside of the project is neither read nor changed")
    func outside() async throws {
        let folder = try ChecksFolder([
            "site/wrangler.toml": Self.toml, "secret.py": "async def fetch(request): pass\n",
        ])
        let path = folder.path + "/site"
        try FileManager.default.createSymbolicLink(atPath: path + "/worker.py", withDestinationPath: "../secret.py")
        let runner = DeployCheckRunner {
            CheckContext(
                project: ProjectConfiguration.load(startingAt: path, environment: nil, process: [:]), searchPath: "")
        }
        #expect(await runner.repair() == nil)
        #expect(await runner.run().results.first { $0.id == "main.exists" }?.summary.contains("outside") == true)
    }
}
