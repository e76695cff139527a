import FileWatching
import Foundation
import Synchronization
import TestSupport
import Testing
import WorkerDomain

@testable import WorkerProject

/// Which checks run again when files have changed.
@Suite("Checks after a change", .timeLimit(.minutes(1)))
struct ChangedChecksTests {
    /// A project in a folder of its own, with a runner that counts what it asks for.
    private final class Bench: Sendable {
        let folder: String
        let runner: DeployCheckRunner
        let shared = SharedState()

        init(_ files: [String: String]) throws {
            let folder = try temporaryFolder()
            self.folder = folder
            let state = self.shared
            for (name, text) in files { try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)")) }
            // Those of a project are older than a moment.
            while files.keys.contains(where: { FileStamp(of: "\(folder)/\($0)").isRecent }) { sched_yield() }
            self.runner = DeployCheckRunner(files: { files in state.note(files.keys.map(\.text)) }) {
                CheckContext(
                    project: ProjectConfiguration.load(startingAt: folder, process: [:]), searchPath: "",
                    bindingHealth: { _ in
                        state.read()
                        return BindingHealth(state: .empty)
                    },
                    probe: { _ in
                        state.probe()
                        return HealthProbeResult(
                            code: "L4OK", detail: "", passed: true, latency: .zero,
                            at: WallTime(millisecondsSinceEpoch: 0))
                    })
            }
        }

        deinit { try? FileManager.default.removeItem(atPath: self.folder) }

        func write(_ text: String, to name: String) throws {
            try Data(text.utf8).write(to: URL(fileURLWithPath: "\(self.folder)/\(name)"), options: .atomic)
        }
    }

    private final class SharedState: Sendable {
        private let counts = Mutex((probes: 0, reads: 0, files: [String]()))

        func probe() { self.counts.withLock { $0.probes += 1 } }
        func read() { self.counts.withLock { $0.reads += 1 } }
        func note(_ files: [String]) { self.counts.withLock { $0.files = files } }
        var probes: Int { self.counts.withLock { $0.probes } }
        var reads: Int { self.counts.withLock { $0.reads } }
        var files: [String] { self.counts.withLock { $0.files } }
    }

    private static let wrangler = """
        name = "sample"
        main = "worker.py"
        compatibility_date = "2025-12-23"
        compatibility_flags = ["python_workers"]
        [[r2_buckets]]
        binding = "UPLOADS"
        bucket_name = "uploads"

        """
    private static let files = [
        "wrangler.toml": Self.wrangler, "worker.py": "from handlers import Default\n",
        "handlers.py": "from workers import WorkerEntrypoint, Response\nclass Default(WorkerEntrypoint):\n"
            + "    async def fetch(self, request):\n        return Response('ok')\n",
        "worker-console.toml": "[backends]\nblue = \"http://127.0.0.1:9\"\n",
    ]

    private func outcome(_ id: String, _ report: CheckReport) -> CheckResult.Outcome? {
        report.results.first { $0.id == id }?.outcome
    }

    @Test("every file that a result depends on is known: those that are not there and imported modules too")
    func files() async throws {
        let bench = try Bench(Self.files)
        _ = await bench.runner.run()
        let own = bench.shared.files.filter { $0.hasPrefix(bench.folder + "/") }
        let names = Set(own.map { $0.dropFirst(bench.folder.count + 1) })
        let expected: Set<Substring> = [
            "wrangler.toml", "wrangler.json", "wrangler.jsonc", "worker-console.toml", ".dev.vars", ".env",
            ".env.local",
            "worker.py", "handlers.py", "pyproject.toml", "requirements.txt", "python_modules",
            ".wrangler/deploy/config.json",
        ]
        #expect(expected.isSubset(of: names), "\(expected.subtracting(names))")
    }

    @Test("a changed module runs the checks of the source, and no backend is asked and no state read")
    func source() async throws {
        let bench = try Bench(Self.files)
        let first = await bench.runner.run()
        #expect(self.outcome("entrypoint", first) == .pass && bench.shared.probes == 1 && bench.shared.reads == 1)
        try bench.write("async def fetch(request, env):\n    return None\n", to: "handlers.py")
        let second = await bench.runner.runChanged()
        #expect(self.outcome("entrypoint", second) != .pass && self.outcome("handler", second) != .pass)
        #expect(bench.shared.probes == 1 && bench.shared.reads == 1)
        #expect(second.results.map(\.id) == first.results.map(\.id))
        try bench.write(try #require(Self.files["handlers.py"]), to: "handlers.py")
        #expect(self.outcome("entrypoint", await bench.runner.runChanged()) == .pass)
    }

    @Test("a changed configuration runs what it concerns: the backends only when they are others")
    func configuration() async throws {
        let bench = try Bench(Self.files)
        _ = await bench.runner.run()
        try bench.write(Self.wrangler.replacing("\"sample\"", with: "\"Not A Name\""), to: "wrangler.toml")
        let second = await bench.runner.runChanged()
        #expect(self.outcome("config.name", second) != .pass)
        #expect(bench.shared.probes == 1 && bench.shared.reads == 2)
        try bench.write("[backends]\nblue = \"http://127.0.0.1:8\"\n", to: "worker-console.toml")
        _ = await bench.runner.runChanged()
        #expect(bench.shared.probes == 2)
        // Asked for by a person, everything runs.
        _ = await bench.runner.run()
        #expect(bench.shared.probes == 3)
    }

    @Test("a file that is broken for a moment is one finding; the others skip, and come back")
    func broken() async throws {
        let bench = try Bench(Self.files)
        let first = await bench.runner.run()
        try bench.write("name = \"sam", to: "wrangler.toml")
        let second = await bench.runner.runChanged()
        #expect(second.count(of: .fail) == 1 && self.outcome("config.parse", second) == .fail)
        #expect(self.outcome("entrypoint", second) == .skip)
        try bench.write(Self.wrangler, to: "wrangler.toml")
        let third = await bench.runner.runChanged()
        #expect(third.results.map(\.outcome) == first.results.map(\.outcome))
    }

    @Test("a file that comes where none was, and one that goes, count")
    func appearing() async throws {
        let bench = try Bench(Self.files)
        #expect(self.outcome("packages", await bench.runner.run()) == .pass)
        try bench.write("requests\n", to: "requirements.txt")
        #expect(self.outcome("packages", await bench.runner.runChanged()) == .warn)
        try FileManager.default.removeItem(atPath: bench.folder + "/requirements.txt")
        #expect(self.outcome("packages", await bench.runner.runChanged()) == .pass)
        try FileManager.default.removeItem(atPath: bench.folder + "/worker.py")
        #expect(self.outcome("main.exists", await bench.runner.runChanged()) == .fail)
    }
}
