import Foundation
import PythonSource
import Synchronization
import TestSupport
import Testing
import WorkerDomain

@testable import WorkerProject

/// A project folder that is removed when the test ends.
final class ChecksFolder: Sendable {
    let path: String

    init(_ files: [String: String]) throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("checks-\(UUID().uuidString)")
        self.path = url.path
        for (name, text) in files {
            let file = url.appendingPathComponent(name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: self.path) }

    /// The user's own configuration.
    func context(main: String = "worker.py", date: String? = "2025-12-23", flags: [String] = ["python_workers"])
        -> CheckContext
    {
        CheckContext(
            folder: self.path, configurationFile: "wrangler.toml", name: "x12523-site", main: main,
            compatibilityDate: date, compatibilityFlags: flags,
            bindings: [
                Binding(
                    name: "DB", kind: .d1, resource: "jianliku", identifier: "66bd8675-ff3c-40db-9a12-10f554000244"),
                Binding(name: "UPLOADS_BUCKET", kind: .r2, resource: "resume-uploads"),
            ],
            searchPath: ProcessInfo.processInfo.environment["PATH"] ?? "")
    }

    func report(_ context: CheckContext) async -> CheckReport { await DeployCheckRunner { context }.run() }
}

private let working = """
    from workers import WorkerEntrypoint, Response

    class Default(WorkerEntrypoint):
        async def fetch(self, request):
            return Response("ok")

    """

private let guide = """
    # Python Workers entry
    async def fetch(request, env):
        try:
            if request.method == "OPTIONS":
                return await handle_options()
            return await forward(request)
        except Exception as e:
            print(f"Proxy error: {e}")
            from js import Response
            return Response.new("Internal Server Error", {"status": 500})

    """

@Suite("Deploy checks")
struct ChecksRunnerTests {
    private func result(_ id: String, _ report: CheckReport) throws -> CheckResult {
        try #require(report.results.first { $0.id == id })
    }

    @Test("a Worker that is right passes, and the exit code is 0")
    func passes() async throws {
        let folder = try ChecksFolder(["worker.py": working])
        let report = await folder.report(folder.context())
        #expect(report.count(of: .fail) == 0, "\(report.results)")
        #expect(try self.result("entrypoint", report).outcome == .pass)
        #expect(try self.result("handler", report).outcome == .pass)
        #expect(try self.result("main.compiles", report).outcome == .pass)
        #expect(report.exitCode == 0)
        #expect(report.results.map(\.id) == DeployChecks.all.map { $0.id })
    }

    @Test("the guide's final code is said to give error 10068, with the reason, the place and code that registers")
    func guideFails() async throws {
        let folder = try ChecksFolder(["worker.py": guide])
        let report = await folder.report(folder.context())
        let result = try self.result("entrypoint", report)
        #expect(result.outcome == .fail)
        #expect(result.summary.contains("10068"))
        #expect(result.summary.contains("the uploaded script has no registered event handlers"))
        #expect(result.rule?.contains("2025-08-14") == true)
        #expect(result.evidence.contains { $0.contains("a global function named fetch never registers") })
        #expect(result.place == "worker.py:2:1")
        #expect(report.exitCode == 1)
        let example = try #require(result.example)
        let changed = try ChecksFolder(["worker.py": example])
        let after = try self.result("entrypoint", await changed.report(changed.context()))
        // It registers; the excerpt lacks functions that a request needs.
        #expect(after.outcome == .pass || after.outcome == .warn, "\(example)\n\(after)")
        let text = CheckReportText.render(report, color: false, width: 80)
        #expect(text.contains("class Default(WorkerEntrypoint):"))
        #expect(text.contains("exit code 1"))
        let parsed = try JSONSerialization.jsonObject(with: Data(CheckReportText.json(report).utf8)) as? [String: Any]
        #expect(parsed?["exit_code"] as? Int == 1)
    }

    @Test("a syntax error is named with its line and column")
    func syntax() async throws {
        let folder = try ChecksFolder(["worker.py": "class Default\n    pass\n"])
        let result = try self.result("main.compiles", await folder.report(folder.context()))
        #expect(result.outcome == .fail)
        #expect(result.place?.hasPrefix("worker.py:1:") == true, "\(result)")
    }

    @Test("compiling runs nothing and writes nothing")
    func compilesOnly() async throws {
        let folder = try ChecksFolder(["worker.py": "open('made', 'w').write('x')\n" + working])
        _ = await folder.report(folder.context())
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["worker.py"])
    }

    @Test("without python3 the grammar is read all the same")
    func noPython() async throws {
        let folder = try ChecksFolder(["worker.py": working, "bad.py": "class Default\n    pass\n"])
        var context = folder.context()
        context.searchPath = ""
        let result = try self.result("main.compiles", await folder.report(context))
        #expect(result.outcome == .pass && result.summary == "worker.py is Python 3.13", "\(result)")
        context.main = "bad.py"
        #expect(try self.result("main.compiles", await folder.report(context)).outcome == .fail)
    }

    @Test("a python3 that cannot be started decides nothing, and it is said")
    func brokenPython() async throws {
        let folder = try ChecksFolder(["worker.py": working, "bin/python3": "no program", "folder/python3/x": ""])
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o755], ofItemAtPath: folder.path + "/bin/python3")
        var context = folder.context()
        context.searchPath = "\(folder.path)/folder:bin:\(folder.path)/bin"
        let result = try self.result("main.compiles", await folder.report(context))
        #expect(result.outcome == .pass)
        #expect(
            result.evidence.last
                == "python3 could not be started: it is not a program for this machine (\(folder.path)/bin/python3); only the built-in grammar was used"
        )
    }

    /// A python3 that says what it is told to.
    private func witness(_ folder: ChecksFolder, says text: String) throws -> String {
        let bin = folder.path + "/bin"
        try FileManager.default.createDirectory(atPath: bin, withIntermediateDirectories: true)
        let script = "#!/bin/sh\ncat > /dev/null\nprintf '\(text)'\n"
        try Data(script.utf8).write(to: URL(fileURLWithPath: bin + "/python3"))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: bin + "/python3")
        return bin + ":/bin:/usr/bin"
    }

    @Test(
        "the interpreter that date and flags select judges, whatever python3 says",
        arguments: [
            ("2025-12-23", ["python_workers"], "try:\n    pass\nexcept A, B:\n    pass\n", "14\\nok\\n", "fail"),
            (
                "2026-09-08", ["python_workers"], "try:\n    pass\nexcept A, B:\n    pass\n", "11\\nbad 3\\n\"x\"\\n",
                "pass"
            ),
            ("2025-12-23", ["python_workers"], "type X = int\n", "11\\nbad 1\\n\"x\"\\n", "pass"),
            ("2025-09-28", ["python_workers"], "type X[T = int] = T\n", "13\\nok\\n", "fail"),
            ("2025-09-29", ["python_workers"], "type X[T = int] = T\n", "11\\nbad 1\\n\"x\"\\n", "pass"),
            (
                "2025-12-23", ["python_workers", "python_workers_20260610"], "x = t'{y}'\n", "13\\nbad 1\\n\"x\"\\n",
                "pass"
            ),
            ("2026-10-01", ["python_workers", "no_python_workers_314"], "x = t'{y}'\n", "14\\nok\\n", "fail"),
            // The same version says otherwise: nobody claims to know.
            ("2025-12-23", ["python_workers"], "x = 1\n", "13\\nbad 1\\n\"x\"\\n", "warn"),
            ("2025-12-23", ["python_workers"], "x = (\n", "13\\nok\\n", "undecided"),
            ("2025-12-23", ["python_workers"], "x = '\\N{NO SUCH CHARACTER}'\n", "11\\nok\\n", "undecided"),
        ])
    func judge(date: String, flags: [String], source: String, answer: String, outcome: String) async throws {
        let folder = try ChecksFolder(["worker.py": source])
        var context = folder.context(date: date, flags: flags)
        context.searchPath = try self.witness(folder, says: answer)
        let result = try self.result("main.compiles", await folder.report(context))
        #expect(result.outcome.rawValue == outcome, "\(result)")
        let version = "Python 3." + String(answer.prefix(2))
        #expect(result.evidence.contains { $0.contains("second opinion") && $0.contains(version) }, "\(result)")
        if outcome == "fail" {
            #expect(result.rule?.contains(" selects Python 3.\(context.flags.pythonMinor)") == true)
            #expect(result.place?.hasPrefix("worker.py:") == true && result.fix != nil)
            #expect(result.chinese?.summary != nil && result.chinese?.rule != nil && result.chinese?.fix != nil)
        }
    }

    @Test("without a date the source is held against every version")
    func undated() async throws {
        for (source, outcome) in [
            ("x = 1\n", CheckResult.Outcome.pass), ("x = (\n", .fail), ("x = t'{y}'\n", .undecided),
        ] {
            let folder = try ChecksFolder(["worker.py": source])
            let result = try self.result("main.compiles", await folder.report(folder.context(date: nil)))
            #expect(result.outcome == outcome, "\(result)")
        }
    }

    @Test(
        "main must be a regular file inside the project",
        arguments: [
            ("missing.py", "does not exist"), ("../outside.py", "outside"), ("folder.py", "not a regular file"),
        ])
    func mainFile(main: String, words: String) async throws {
        let folder = try ChecksFolder(["project/worker.py": working, "outside.py": working, "project/folder.py/x": ""])
        var context = folder.context(main: main)
        context.folder = folder.path + "/project"
        let result = try self.result("main.exists", await folder.report(context))
        #expect(result.outcome == .fail)
        #expect(result.summary.contains(words), "\(result)")
    }

    @Test("what is missing in the configuration is said, each by its own check")
    func configuration() async throws {
        let folder = try ChecksFolder(["worker.py": working])
        var context = folder.context(date: "23.12.2025", flags: [])
        context.name = "Not A Name"
        context.findings = [CheckFinding(isError: true, message: "expected =", place: "wrangler.toml:3:1")]
        context.bindings.append(Binding(name: "DB", kind: .kv))
        let report = await folder.report(context)
        for id in [
            "config.parse", "config.name", "config.compatibility_date", "config.python_workers", "entrypoint",
            "bindings.complete",
        ] {
            #expect(try self.result(id, report).outcome == .fail, "\(id)")
        }
        #expect(try self.result("handler", report).outcome == .skip)
    }

    @Test("backends and local state are asked through the context")
    func outside() async throws {
        let folder = try ChecksFolder(["worker.py": working])
        var context = folder.context()
        context.backends = [Backend(name: "blue", url: BackendURL(scheme: .http, host: "127.0.0.1", port: 9))]
        context.probe = { _ in
            HealthProbeResult(
                code: "L4CON", detail: "connection refused", passed: false, latency: .zero,
                at: WallTime(nanosecondsSinceEpoch: 0))
        }
        context.bindingHealth = { binding in BindingHealth(state: binding.kind == .d1 ? .empty : .healthy) }
        let report = await folder.report(context)
        // What is down on this machine decides nothing about a deploy.
        #expect(try self.result("backends.reachable", report).outcome == .warn)
        #expect(try self.result("backends.reachable", report).summary == "blue does not respond: connection refused")
        #expect(try self.result("bindings.local", report).evidence.first == "DB: nothing stored yet")
        #expect(report.exitCode == 0 && !report.isBlocked)
    }

    @Test("a check that hangs is a result")
    func hangs() async throws {
        let folder = try ChecksFolder([:])
        let context = folder.context()
        let report = await DeployCheckRunner(limit: .milliseconds(20), checks: [HangingCheck.self]) { context }.run()
        #expect(report.results.first?.outcome == .warn)
        #expect(report.results.first?.summary.contains("did not finish") == true)
    }

    private struct HangingCheck: DeployCheck {
        static let id = "hanging"
        static let title = "Hanging"
        static let chineseTitle = "挂起"
        static let about = "Never ends."
        func run(_ context: CheckContext) async -> [CheckResult] {
            await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
                Task {
                    try? await Task.sleep(for: .seconds(2))
                    continuation.resume()
                }
            }
            return []
        }
    }

    @Test("checks that compute without an end are left behind in time, and another one ends")
    func spins() async throws {
        let folder = try ChecksFolder([:])
        let context = folder.context()
        let spinning = [any DeployCheck.Type](
            repeating: SpinningCheck.self, count: 2 * ProcessInfo.processInfo.activeProcessorCount)
        let report = await DeployCheckRunner(limit: .seconds(1), checks: spinning + [QuickCheck.self]) { context }.run()
        SpinningCheck.mayEnd.store(true, ordering: .relaxed)
        #expect(report.results.count == spinning.count + 1)
        #expect(report.results.dropLast().allSatisfy { $0.outcome == .warn && $0.summary.contains("did not finish") })
        #expect(report.results.last?.outcome == .pass, "\(report.results)")
    }

    /// Computes on the thread that it is given, until the test has seen what it wants to see.
    private struct SpinningCheck: DeployCheck {
        static let id = "spinning"
        static let title = "Spinning"
        static let chineseTitle = "空转"
        static let about = "Computes."
        static let mayEnd = Atomic(false)
        func run(_ context: CheckContext) async -> [CheckResult] {
            let end = ContinuousClock.now + .seconds(10)
            while !Self.mayEnd.load(ordering: .relaxed), ContinuousClock.now < end {}
            return [self.result(.pass, "ended")]
        }
    }

    private struct QuickCheck: DeployCheck {
        static let id = "quick"
        static let title = "Quick"
        static let chineseTitle = "快速"
        static let about = "Ends at once."
        func run(_ context: CheckContext) async -> [CheckResult] { [self.result(.pass, "ended")] }
    }

    private struct Unreadable: Error {}

    @Test("a project that cannot be read gives exit code 2")
    func unreadable() async {
        let report = await DeployCheckRunner { throw Unreadable() }.run()
        #expect(report.exitCode == 2)
    }

    @Test("nothing from outside reaches the terminal as a control")
    func hostile() {
        let hostile = "a\u{1B}]0;x\u{7}\u{9B}31m\u{202E}\u{200B}b"
        let report = CheckReport(
            results: [
                CheckResult(
                    id: "x", title: hostile, outcome: .fail, summary: hostile, evidence: [hostile], rule: hostile,
                    place: hostile, fix: hostile, example: hostile)
            ], startedAt: WallTime(nanosecondsSinceEpoch: 0), duration: .zero)
        for text in [CheckReportText.render(report, color: false), CheckReportText.json(report)] {
            #expect(!text.unicodeScalars.contains { "\u{1B}\u{7}\u{9B}\u{202E}\u{200B}".unicodeScalars.contains($0) })
        }
    }

    @Test("the user guide lists every check")
    func documented() throws {
        let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../docs/user-guide/checks.md").standardizedFileURL
        let rows = DeployChecks.all.map { "| `\($0.id)` | \($0.title) | \($0.chineseTitle) | \($0.about) |" }
        if ProcessInfo.processInfo.environment["RECORD_GOLDEN"] == "1" {
            var page = try String(contentsOf: url, encoding: .utf8)
            if let start = page.range(of: "<!-- checks -->\n"), let end = page.range(of: "<!-- end -->") {
                let table =
                    "\n| id | title | 标题 | what it looks at |\n|--|--|--|--|\n" + rows.joined(separator: "\n") + "\n\n"
                page.replaceSubrange(start.upperBound..<end.lowerBound, with: table)
                try Data(page.utf8).write(to: url)
            }
        }
        let page = try String(contentsOf: url, encoding: .utf8)
        for row in rows { #expect(page.contains(row), "\(row)") }
    }
}
