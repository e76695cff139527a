import Dispatch
import Synchronization
import Testing

@testable import PythonSource

/// What is kept of sources, and for how long.
@Suite("What is known of sources is kept", .timeLimit(.minutes(1)))
struct SourceMemoTests {
    private static let worker = """
        from workers import WorkerEntrypoint
        from handlers import respond

        class Default(WorkerEntrypoint):
            async def fetch(self, request):
                return respond(self.env.NAME)

        """
    private static let handlers = "from workers import Response\ndef respond(text): return Response(text)\n"

    @Test("other bytes are another source, and another interpreter reads it anew")
    func bytes() throws {
        let memo = SourceMemo()
        // Alike at both ends and of one length.
        let filler = String(repeating: "y = 2\n", count: 400)
        for middle in ["a = 1\n", "b = 1\n", "a = 1\n", "(a b)\n"] {
            let source = Array((filler + middle + filler).utf8)
            let statements = try? memo.statements(of: source, minor: 13)
            #expect((statements == nil) == (middle == "(a b)\n"))
        }
        #expect(memo.parseCount == 3)
        _ = try memo.statements(of: Array("a = 1\n".utf8), minor: 12)
        _ = try memo.statements(of: Array("a = 1\n".utf8), minor: 13)
        #expect(memo.parseCount == 5)
    }

    @Test("a verdict is judged anew once a file that it depends on has changed")
    func changed() throws {
        let memo = SourceMemo()
        let flags = EffectiveFlags(date: "2025-12-23", flags: ["python_workers"])
        func verdict(_ files: [String: String]) -> EntrypointVerdict {
            memo.verdict(
                main: "worker.py", files: FixedFiles(files.mapValues { Array($0.utf8) }), flags: flags,
                environment: EntrypointEnvironment(names: ["NAME"], isComplete: true))
        }
        let files = ["worker.py": Self.worker, "handlers.py": Self.handlers]
        #expect(verdict(files).kind == .registered && verdict(files).kind == .registered)
        #expect(memo.evaluationCount == 1)
        #expect(verdict(files.merging(["handlers.py": "x = 1\n"]) { $1 }).kind == .failsAtStart)
        #expect(verdict(["worker.py": Self.worker]).kind == .failsAtStart)
        #expect(verdict(files).kind == .registered && memo.evaluationCount == 3)
    }

    @Test("what is kept is bounded, the oldest goes first, and nobody waits for something else")
    func bounded() {
        let memo = SharedMemo<Int, Int>(limit: 10)
        let made = Mutex([Int]())
        func value(_ key: Int, weight: Int = 4) -> Int {
            memo.value(of: key, weight: { _ in weight }) {
                made.withLock { $0.append(key) }
                return key * 2
            }.value
        }
        for key in [1, 2, 1, 2, 3, 2, 1] { #expect(value(key) == key * 2) }
        #expect(made.withLock { $0 } == [1, 2, 3, 1])
        // Heavier than all that may be kept.
        #expect(value(9, weight: 11) == 18 && value(9, weight: 11) == 18 && value(3) == 6)
        #expect(made.withLock { $0 } == [1, 2, 3, 1, 9, 9, 3])
    }

    @Test("many threads that ask for one source at once share one parse")
    func together() {
        let memo = SourceMemo()
        let source = Array(String(repeating: "x = [1, 2, 3]\n", count: 500).utf8)
        DispatchQueue.concurrentPerform(iterations: 16) { _ in
            #expect((try? memo.statements(of: source, minor: 13))?.count == 500)
        }
        #expect(memo.parseCount == 1)
    }
}
