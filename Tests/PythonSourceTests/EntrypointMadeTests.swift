import Testing

@testable import PythonSource

/// Classes that are not written as `class Default(WorkerEntrypoint)`.
@Suite("Entrypoints that a call or a condition makes")
struct EntrypointMadeTests {
    private static let head = """
        from workers import WorkerEntrypoint, Response
        async def answer(self, request):
            return Response("ok")
        class Base(WorkerEntrypoint):
            fetch = answer

        """

    private func verdict(
        _ source: String, files: [String: String] = [:], date: String = "2025-12-23", vendored: Set<String> = [],
        declaresPackages: Bool = false
    ) -> EntrypointVerdict {
        let all = files.merging(["worker.py": source]) { $1 }.mapValues { Array($0.utf8) }
        return EntrypointAnalysis.verdict(
            main: "worker.py", files: FixedFiles(all), flags: EffectiveFlags(date: date, flags: ["python_workers"]),
            environment: EntrypointEnvironment(
                isComplete: true, vendored: vendored, declaresPackages: declaresPackages))
    }

    @Test(
        "what can be followed is decided",
        arguments: [
            ("Default = type(\"Default\", (WorkerEntrypoint,), {\"fetch\": answer})", "ok"),
            ("Default = type(\"Default\", (Base,), {})", "ok"),
            ("Default = type(\"Default\", (Base,), dict(fetch=answer))", "ok"),
            ("Default = type(Base)(\"Default\", (Base,), {})", "ok"),
            (
                "Default = type('Def' 'ault', (WorkerEntrypoint,), {'fetch': lambda self, request: Response('ok')})",
                "ok"
            ),
            ("import types\nDefault = types.new_class('Default', (Base,))", "ok"),
            ("name = 'Default'\nglobals()[name] = type(name, (Base,), {})", "ok"),
            ("def make():\n    class Default(Base): pass\n    return Default\nDefault = make()", "ok"),
            ("def make(base):\n    return type('Default', (base,), {})\nDefault = make(Base)", "ok"),
            ("def mark(cls): return cls\n@mark\nclass Default(Base): pass", "ok"),
            ("def __getattr__(name): raise AttributeError(name)\nclass Default(Base): pass", "ok"),
            ("if (n := 1): Default = type('Default', (Base,), {})", "ok"),
            // Its own name counts, and its bases.
            ("Default = type(\"Handler\", (WorkerEntrypoint,), {\"fetch\": answer})", "10068"),
            ("Default = type(\"Default\", (), {\"fetch\": answer})", "10068"),
            ("Default = type(\"Default\", (object,), {\"fetch\": answer})", "10068"),
            ("Default = Base", "10068"),
            ("def make():\n    class Default(Base): pass\n    return Default\nmake()", "10068"),
            ("Default = type(\"Default\", (WorkerEntrypoint,), {\"get\": answer})", "fails-on-request"),
            ("Default = type(\"Default\", (WorkerEntrypoint,), {\"fetch\": None})", "fails-on-request"),
            ("Default = type(\"Default\", (WorkerEntrypoint, 1), {})", "10021"),
            ("def mark(cls): return None\n@mark\nclass Default(Base): pass", "10068"),
            // The runtime's own asgi has no entrypoint().
            ("import asgi\nDefault = asgi.entrypoint(None)", "10021"),
            ("from asgi import entrypoint\nDefault = entrypoint(None)", "10021"),
            ("from workers import asgi\nDefault = asgi.entrypoint(None)", "10021"),
        ])
    func decided(source: String, expected: String) {
        let verdict = self.verdict(Self.head + source + "\n")
        #expect(verdict.kind.rawValue == expected, "\(verdict)")
    }

    @Test("asgi.entrypoint of an SDK that the project brings along registers")
    func application() {
        let factory = "def entrypoint(app):\n    pass\n"
        for (source, files) in [
            ("import asgi\nDefault = asgi.entrypoint(1)\n", [:]),
            ("from workers import asgi\nDefault = asgi.entrypoint(1)\n", ["python_modules/workers/asgi.py": factory]),
            ("from asgi import entrypoint as make\nDefault = make(1)\n", ["../python_modules/asgi.py": factory]),
        ] as [(String, [String: String])] {
            for date in ["2025-12-23", "2026-05-01"] {
                let verdict = self.verdict(source, files: files, date: date, vendored: ["workers", "asgi"])
                #expect(verdict.registers == true, "\(date) \(source): \(verdict)")
            }
        }
        let old = self.verdict(
            "import asgi\nDefault = asgi.entrypoint(1)\n",
            files: ["python_modules/asgi.py": "async def fetch(app): pass\n"],
            vendored: ["workers", "asgi"])
        #expect(old.kind == .failsAtStart && old.reason.contains("has no attribute 'entrypoint'"))
        let later = self.verdict("import asgi\nDefault = asgi.entrypoint(1)\n", declaresPackages: true)
        #expect(later.kind == .undecided && later.registers == nil)
    }

    @Test(
        "one of two classes registers whichever it is",
        arguments: [
            "import os\nif os.environ.get('X'):\n    class Default(Base): pass\nelse:\n    class Default(Base):\n        n = 1\n",
            "import os\nif os.environ.get('X'):\n    Default = type('Default', (Base,), {})\nelif os.environ.get('Y'):\n    class Default(Base): pass\nelse:\n    class Default(Base): pass\n",
        ])
    func alternatives(source: String) {
        let verdict = self.verdict(Self.head + source)
        #expect(verdict.kind == .undecided && verdict.registers == true, "\(verdict)")
    }

    @Test(
        "what cannot be followed says why",
        arguments: [
            ("import os\nif os.environ.get('X'):\n    class Default(Base): pass\n", "Default"),
            ("import os\nDefault = type(os.environ.get('N'), (Base,), {})\n", "run time"),
            ("import pkg\nDefault = pkg.make()\n", "Default"), ("from pkg import Default\n", "package"),
            ("from pkg import Default as Other\n", "package"),
            ("from pkg import Mine\nclass Default(Mine): pass\n", "inherits"),
            ("def __getattr__(name): return Base\n", "__getattr__"),
            ("__all__ = ['Default']\ndef __getattr__(name): return Base\n", "__getattr__"),
            ("def __dir__(): return ['Default']\n", "__dir__"),
        ])
    func undecided(source: String, word: String) {
        let verdict = self.verdict(Self.head + source, vendored: ["pkg"])
        #expect(verdict.kind == .undecided && verdict.registers != true, "\(verdict)")
        #expect(verdict.reason.contains(word), "\(verdict.reason)")
    }

    @Test("another module's class is found through every kind of import")
    func reexports() {
        let entry = Self.head + "class Default(Base): pass\n"
        for source in [
            "from entry import Default\n", "from entry import *\n", "import entry\nDefault = entry.Default\n",
            "from entry import Default as D\n", "from pkg import Default\n",
            "from entry import Base\nclass Default(Base): pass\n",
        ] {
            let verdict = self.verdict(
                source,
                files: ["entry.py": entry, "pkg/__init__.py": "from .inner import Default\n", "pkg/inner.py": entry])
            // The runtime asks main for the name Default.
            let isNamed = !source.contains("as D\n")
            #expect(verdict.kind == (isNamed ? .registered : .failsOnRequest), "\(source): \(verdict)")
        }
    }
}
