import Foundation
import Testing

@testable import WorkerProject

/// Sources that a walk without a memory or a count would never come to the end of.
@Suite("The work on a source is bounded", .timeLimit(.minutes(1)))
struct EntrypointBoundsTests {
    private static let good = """
        from workers import WorkerEntrypoint, Response
        class Default(WorkerEntrypoint):
            async def fetch(self, request):
                return Response("ok")

        """

    private func verdict(_ source: String) -> EntrypointVerdict {
        EntrypointAnalysis.verdict(
            main: "worker.py", files: FixedFiles(["worker.py": Array(source.utf8)]),
            flags: EffectiveFlags(date: "2025-12-23", flags: ["python_workers"]),
            environment: EntrypointEnvironment(isComplete: true))
    }

    /// What it says, and the time of this thread that it takes.
    private func measured(_ source: String) -> (verdict: EntrypointVerdict, time: Double) {
        func now() -> Double {
            var time = timespec()
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
            return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
        }
        let start = now()
        let verdict = self.verdict(source)
        return (verdict, now() - start)
    }

    private static func chain(_ count: Int, _ line: (Int) -> String) -> String { (1..<count).map(line).joined() }

    /// `use` stands at the top level, beside a Worker that is right.
    @Test(
        "classes that are reached in many ways are looked at once",
        arguments: [
            "print(A31)\n", "A31()\n", "x = A31().nothing if A31 else 1\n", "A31.nothing\n",
            "try:\n    raise A31()\nexcept A0: pass\n", "a = A31()\na()\n",
            "class B(A31):\n    def __init__(self): super().nothing()\nB()\n",
        ])
    func diamonds(use: String) {
        let twice = Self.chain(32) { "class A\($0)(A\($0 - 1), A\($0 - 1), A\($0 - 1)): pass\n" }
        let square = Self.chain(32) {
            "class L\($0)(A\($0 - 1)): pass\nclass R\($0)(A\($0 - 1)): pass\nclass A\($0)(L\($0), R\($0)): pass\n"
        }
        for classes in [twice, square] {
            let (verdict, time) = self.measured(Self.good + "class A0: pass\n" + classes + use)
            #expect(time < 5, "\(verdict)")
            #expect(verdict.kind != .noHandler, "\(verdict)")
        }
    }

    @Test("a Default at the end of such classes registers, with what it inherits")
    func inherited() {
        let classes = Self.chain(32) {
            "class L\($0)(A\($0 - 1)): pass\nclass R\($0)(A\($0 - 1)): pass\nclass A\($0)(L\($0), R\($0)): pass\n"
        }
        let verdict = self.verdict(
            Self.good.replacing("Default", with: "A0") + classes + "class Default(A31): pass\n")
        #expect(verdict.kind == .registered, "\(verdict)")
    }

    @Test("more classes above one than are kept leave it undecided")
    func many() {
        let classes = Self.chain(600) { "class A\($0)(A\($0 - 1)): pass\n" }
        let source = "from workers import WorkerEntrypoint\nclass A0(WorkerEntrypoint): pass\n" + classes
        #expect(self.verdict(source + "class Default(A599): pass\n").kind == .undecided)
        #expect(self.verdict(source + Self.good).kind == .registered)
    }
}
