import TestSupport
import Testing

@testable import PythonSource

@Suite("Sources that nobody meant")
struct SourceFuzzTests {
    private func judge(_ bytes: [UInt8], date: String = "2025-12-23") -> EntrypointVerdict {
        if let text = try? SourceText(decoding: bytes),
            let statements = try? PythonParser.statements(of: text, minor: 14)
        {
            _ = SourceAddresses.findings(in: statements)
        }
        return EntrypointAnalysis.verdict(
            main: "worker.py", files: FixedFiles(["worker.py": bytes]),
            flags: EffectiveFlags(date: date, flags: ["python_workers"]),
            environment: EntrypointEnvironment(isComplete: true))
    }

    @Test("random bytes end in a verdict", arguments: 0..<8)
    func random(seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        for _ in 0..<40 {
            let bytes = (0..<Int.random(in: 0..<400, using: &generator)).map { _ in
                UInt8.random(in: seed.isMultiple(of: 2) ? 9...126 : 0...255, using: &generator)
            }
            _ = self.judge(bytes)
        }
    }

    @Test("mutated sources end in a verdict", arguments: 0..<4)
    func mutated(seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed) + 77)
        let pieces = [
            "(", "[", "{", "\n", "    ", "\t", "\"\"\"", "f\"{", "}", ":", "\\", "def ", "class ", "async ", "await ",
            "=", "*", "@", ",", "lambda:", "é", "#",
        ]
        for row in EntrypointCase.all().prefix(74) {
            var bytes = Array((row.files["worker.py"] ?? "").utf8)
            for _ in 0..<Int.random(in: 1...5, using: &generator) where !bytes.isEmpty {
                let at = Int.random(in: 0..<bytes.count, using: &generator)
                if Bool.random(using: &generator) {
                    bytes.remove(at: at)
                } else {
                    bytes.insert(contentsOf: Array((pieces.randomElement(using: &generator) ?? "(").utf8), at: at)
                }
            }
            _ = self.judge(bytes)
        }
    }

    private static func times(_ text: String, _ count: Int) -> String { String(repeating: text, count: count) }

    private static let hard: [String] = {
        var sources: [String] = []
        sources.append(times("(", 100_000))
        sources.append(times("-", 100_000) + "1")
        sources.append("x = " + times("[", 190) + times("]", 190))
        sources.append("x = 1" + times("+1", 100_000))
        sources.append("x" + times(".a", 100_000))
        sources.append("x = " + times("not ", 50_000) + "1")
        sources.append(times("f\"{", 50_000))
        sources.append(times("if 1:\n ", 200))
        sources.append((0..<200).map { times(" ", $0) + "if 1:\n" }.joined())
        sources.append(times("lambda:", 10_000) + "1")
        sources.append("x = " + times("1 if 1 else ", 10_000) + "1")
        sources.append("@" + times("a(", 5_000))
        sources.append(times("x = 1\n", 100_000))
        sources.append("def f(): return f()\nf()\n")
        sources.append("f = lambda: f()\nf()\n")
        sources.append("while True:\n  pass\n")
        sources.append("class A(A): pass\n")
        sources.append("class A: pass\nA.b = A\nclass B(A.b.b.b): pass\n")
        sources.append("from worker import *\n")
        // As high as a tree may be, and far higher.
        sources.append("x = y" + times(".a", 590) + "\n")
        sources.append("x = " + times("f(", 190) + "1" + times(")" + times(".a", 300), 190) + "\n")
        sources.append("x = " + times("f(", 190) + "1" + times(").a.b", 190) + "\n")
        sources.append("x = " + times("1 if 1 else ", 590) + "1\n")
        sources.append("y = []\nx = " + times("[x for x in ", 90) + "y" + times("]", 90) + "\n")
        sources.append("x = " + times("f'{", 140) + "1" + times("}'", 140) + "\n")
        sources.append(
            (0..<99).map { times(" ", $0) + "if x:\n" }.joined() + times(" ", 99) + "y" + times(".a", 500) + "\n")
        sources.append((0..<99).map { times(" ", $0) + "def f():\n" }.joined() + times(" ", 99) + "nonlocal x\n")
        sources.append("match x:\n case " + times("[", 190) + "_" + times("]", 190) + ": pass\n")
        sources.append("x = '" + times("\\N{NO SUCH}", 50_000) + "'\n")
        // What is followed on both sides, or twice, doubles with each level.
        sources.append("y = []\nx = " + times("[x for x in ", 90) + "y" + times("]", 90) + "\n")
        sources.append("import os\nx = os.environ.get\ny = " + times("(x or ", 60) + "x" + times(" or x)", 60) + "\n")
        sources.append("def f(): pass\n" + times("def f(x=f()): f(f(f(1)))\n", 200))
        sources.append("x = a" + times(" if a else b", 400) + "\n")
        sources.append("try: pass\n" + times("except A: pass\n", 20_000))
        sources.append("x = [" + times("'http://127.0.0.1/', ", 20_000) + "]\nx\n")
        sources.append("def f(n):\n  f(n) if n else 1\n  f(n) if n else 1\n  f(n) if n else 1\nf(x := len('a'))\n")
        return sources
    }()

    @Test(
        "deep and long sources end within the bounds",
        arguments: 0..<Self.hard.count)
    func bounded(index: Int) {
        _ = self.judge(Array(Self.hard[index].utf8))
    }

    @Test("more than 4 MiB is refused unread")
    func large() {
        #expect(throws: SourceError.self) {
            try SourceText(decoding: [UInt8](repeating: 32, count: SourceText.limit + 1))
        }
        #expect(throws: SourceError.self) { try SourceText(decoding: [0x78, 0, 0x79]) }
    }
}
