import Foundation
import Testing

@testable import PythonSource

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

    private static func each(_ count: Int, _ line: (Int) -> String) -> String { (0..<count).map(line).joined() }

    @Test("what goes through all names is counted, and too much of it leaves the source undecided")
    func names() {
        let unknown = Self.each(7) { "c\($0) = bool(input)\n" }
        let many = Self.each(2_000) { "n\($0) = \($0)\n" }
        let returning = Self.each(6_000) { "    if c:\n        x = \($0)\n        return x\n" }
        let sources = [
            many + Self.each(6_000) { "if c\($0 % 7):\n    x = \($0)\n" },
            "def f(c):\n" + Self.each(2_000) { "    n\($0) = \($0)\n" } + returning + "f(c0)\n",
            many + Self.each(6_000) { "try:\n    open('x')\nexcept OSError:\n    x = \($0)\n" },
        ]
        for source in sources {
            let (verdict, time) = self.measured(unknown + source + Self.good)
            #expect(verdict.kind == .undecided && time < 8, "\(time) s: \(verdict)")
        }
    }

    @Test("names and conditions as a large Worker has them are followed to the end")
    func large() {
        let source = Self.each(300) { "n\($0) = \($0)\n" } + Self.each(300) { "if c:\n    n\($0) = 'x'\n" }
        let verdict = self.verdict("c = bool(print)\n" + source + Self.good)
        #expect(verdict.kind == .registered, "\(verdict)")
    }

    @Test("of sixteen classes Default nothing is known, and of fewer the first are named")
    func alternatives() {
        func classes(_ count: Int) -> String {
            Self.each(count) { _ in "if c:\n    class Default(Base): pass\n" }
        }
        let head = Self.good.replacing("class Default", with: "class Base") + "c = bool(print)\n"
        let first = head + "class Default(Base): pass\n"
        let few = self.verdict(first + classes(9))
        #expect(few.registers == true && few.reason.contains("which of 10 classes Default"), "\(few)")
        #expect(few.evidence.count == 5 && few.evidence.last == "and 6 more", "\(few)")
        let (many, time) = self.measured(first + classes(4_000))
        #expect(many.kind == .undecided && many.registers == nil && time < 5, "\(time) s: \(many)")
        #expect(many.evidence.count < 10)
    }

    @Test("alternatives of alternatives are one row, whatever is in them")
    func nested() {
        let numbers = "x = 1 if c else ''\n" + Self.each(12_000) { "if c:\n    x = \($0 % 2 == 0 ? "1" : "None")\n" }
        let ors = "x = c or print\n" + Self.each(12_000) { _ in "x = x or c or 1\n" }
        let head = "from workers import WorkerEntrypoint\nclass Default(WorkerEntrypoint):\n"
        let handler = head + "    async def fetch(self, request):\n"
        // Neither side has a value.
        let empty =
            handler + "        x = nothing if request.a else nothing\n"
            + Self.each(40) { _ in "        x = x if request.a else x\n" } + "        return x\n"
        for source in [numbers + handler + "        return x\n", ors + handler + "        return x\n", empty] {
            let (verdict, time) = self.measured("c = bool(print)\n" + source)
            #expect(verdict.registers == true && verdict.kind != .registered && time < 8, "\(time) s: \(verdict)")
        }
    }

    @Test("a handler that returns in many ways is followed")
    func returns() {
        let ways = Self.each(100) { "        if request.a == '\($0)':\n            return Response('ok')\n" }
        let source = Self.good.replacing("        return Response", with: ways + "        return Response")
        #expect(self.verdict(source).kind == .registered)
    }

    @Test("a function with many parameters and a long dotted name take time in proportion")
    func long() {
        let names = Self.each(40_000) { "a\($0)," }
        let calls = "def f(\(names)): pass\nf(" + String(repeating: "1,", count: 40_000) + ")\n"
        let dotted = "import js" + String(repeating: ".a", count: 200_000) + "\n"
        for source in [calls, dotted] {
            let (verdict, time) = self.measured(source + Self.good)
            #expect(time < 8, "\(time) s: \(verdict)")
        }
    }

    @Test(
        "rows of values that hold each other do not take the stack",
        arguments: [
            ("", "[[[[[[[[x]]]]]]]]"), ("", "{'a': {'a': {'a': {'a': x}}}}"), ("", "c or [x]"),
            ("", "dict(a=dict(a=x))"),
            ("async def f(a): return a\n", "f(x)"), ("def f(g): return lambda: g\n", "f(x)"),
            ("class N:\n    def __init__(self, n): self.n = n\n", "N(x)"), ("", "type('N', (), {'x': x})"),
            ("class O: pass\n", "type('N', (x if c is None else O,), {'x': x})"),
        ])
    func rows(head: String, value: String) {
        let source = "c = bool(print)\nx = 1\n" + head + Self.each(25_000) { _ in "x = \(value)\n" } + "x = 1\n"
        let (verdict, time) = self.measured(source + Self.good)
        #expect(time < 15 && verdict.registers != false, "\(time) s: \(verdict)")
        let classes = Self.each(25_000) { "class A(\($0 == 0 ? "" : "A")): pass\n" }
        #expect(self.verdict(classes + Self.good).registers != false)
    }

    @Test("nothing of a source stays when it was judged")
    func freed() {
        weak var scope: PythonScope?
        do {
            let objects = PythonObjects()
            let module = objects.module(name: "worker", file: "worker.py")
            let type = objects.type(name: "A", place: "", bases: [])
            let object = objects.instance(of: type)
            object.attributes["self"] = .instance(object)
            type.attributes["own"] = .classObject(type)
            module.scope.names = ["a": .instance(object), "m": .module(module)]
            scope = module.scope
            objects.clear()
        }
        #expect(scope == nil)
    }
}
