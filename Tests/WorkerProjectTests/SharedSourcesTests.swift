import Foundation
import TestSupport
import Testing
import WorkerDomain

@testable import PythonSource
@testable import WorkerProject

/// What the checks of one run share of the sources that they read.
@Suite("Sources are read once", .timeLimit(.minutes(1)))
struct SharedSourcesTests {
    private static let toml =
        "name = 'a'\nmain = 'worker.py'\ncompatibility_date = '2025-12-23'\ncompatibility_flags = ['python_workers']\n"
        + "[vars]\nNAME = 'x'\n"
    private static let worker = """
        from workers import WorkerEntrypoint
        from handlers import respond

        class Default(WorkerEntrypoint):
            async def fetch(self, request):
                return respond(self.env.NAME)

        """
    private static let handlers = "from workers import Response\ndef respond(text): return Response(text)\n"

    /// Runs every check on a project in a folder of its own.
    private func run(_ files: [String: String]) async throws -> (memo: SourceMemo, report: CheckReport) {
        let folder = try ChecksFolder(["wrangler.toml": Self.toml].merging(files) { $1 })
        let memo = SourceMemo()
        let report = await DeployCheckRunner {
            var context = CheckContext(
                project: ProjectConfiguration.load(startingAt: folder.path, process: [:]), searchPath: "")
            context.memo = memo
            return context
        }.run()
        return (memo, report)
    }

    @Test("a run parses each source once, and judges it once, whatever the checks are")
    func once() async throws {
        let (memo, report) = try await self.run(["worker.py": Self.worker, "handlers.py": Self.handlers])
        #expect(report.results.first { $0.id == "handler" }?.outcome == .pass, "\(report.results)")
        #expect(memo.parseCount == 2 && memo.evaluationCount == 1)
    }

    @Test("the same where the entrypoint fails and a fix is looked for: only what is tried is parsed in addition")
    func failing() async throws {
        let source = "from workers import Response\nasync def fetch(request):\n    return Response('ok')\n"
        let (memo, report) = try await self.run(["worker.py": source])
        #expect(report.results.first { $0.id == "entrypoint" }?.code == 10_068)
        #expect(memo.evaluationCount == 1 && memo.parseCount < 4, "\(memo.parseCount)")
    }

    @Test("a source that is too long to be parsed is given up once")
    func long() async throws {
        let (memo, report) = try await self.run(["worker.py": String(repeating: "x = 1\n", count: 130_000)])
        #expect(report.results.first { $0.id == "main.compiles" }?.outcome == .undecided)
        #expect(memo.parseCount == 1 && memo.evaluationCount == 1)
        let excerpt = report.results.first { $0.id == "entrypoint" }?.excerpt
        #expect(excerpt?.lines.allSatisfy { $0 == "x = 1" } == true && excerpt?.marked == 125_001)
    }
}
