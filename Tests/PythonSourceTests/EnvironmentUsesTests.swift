import Testing

@testable import PythonSource

/// Names that are read from the environment, whatever it is called there.
@Suite("Names read from the environment")
struct EnvironmentUsesTests {
    private static let head =
        "from workers import WorkerEntrypoint, Response\n\n\nclass Default(WorkerEntrypoint):\n    async def fetch(self, request):\n"

    private static func uses(_ sources: [(String, String)]) throws -> EnvironmentUses {
        EnvironmentUses(
            in: try sources.map { file, text in
                (file, try PythonParser.statements(of: try SourceText(decoding: Array(text.utf8)), minor: 13))
            })
    }

    /// The names, each with its line; optional ones in brackets.
    private static func names(_ uses: EnvironmentUses) -> [String] {
        uses.uses.map { $0.isOptional ? "[\($0.name)]" : $0.name }
    }

    @Test(
        "another name for the environment is followed",
        arguments: [
            ("        e = self.env\n        return e.A\n", ["A"]),
            ("        env = self.env\n        return env.A + env['B']\n", ["A", "B"]),
            ("        e, c = self.env, self.ctx\n        return e.A + c.B\n", ["A"]),
            ("        (c, [e, x]) = (self.ctx, [self.env, 1])\n        return e.A + x.B\n", ["A"]),
            ("        a = b = self.env\n        return a.A + b.B\n", ["A", "B"]),
            ("        if (e := self.env).A:\n            return e.B\n", ["A", "B"]),
            ("        e: object = self.env\n        return e.A\n", ["A"]),
            ("        me = self\n        return me.env.A\n", ["A"]),
            ("        e = getattr(self, 'env')\n        return getattr(e, 'A') + getattr(e, 'B', '')\n", ["A", "[B]"]),
            ("        name = 'A'\n        return getattr(self.env, name) + self.env[name]\n", ["A", "A"]),
            (
                "        for name in ('A', 'B'):\n            print(getattr(self.env, name))\n        return [getattr(self.env, n) for n in ['C']]\n",
                ["A", "B", "C"]
            ),
            ("        e = None\n        if request.a:\n            e = self.env\n        return e.A\n", ["A"]),
            ("        e = self.env if request.a else None\n        return e.A\n", ["A"]),
            ("        return (self.env or None).A + (self.env and self.env).B\n", ["A", "B"]),
            ("        def inner():\n            return e.A\n        e = self.env\n        return inner()\n", ["A"]),
            ("        return (lambda e: e.A)(self.env)\n", ["A"]),
            ("        read = lambda e: e.A\n        return read(self.env)\n", ["A"]),
            ("        return 'A' in self.env and hasattr(self.env, 'B')\n", ["[A]", "[B]"]),
            ("        return f'{(e := self.env)}' + e.A\n", ["A"]),
        ])
    func aliases(body: String, names: [String]) throws {
        #expect(Self.names(try Self.uses([("worker.py", Self.head + body)])) == names)
    }

    @Test(
        "a function of the project that is given the environment reads it",
        arguments: [
            ("def read(e):\n    return e.A\n", "read(self.env)", ["A"]),
            ("def read(x, e=None, *, f=None):\n    return e.A + f.B\n", "read(1, f=self.env, e=self.env)", ["A", "B"]),
            ("def deep(e):\n    return e.A\ndef read(x):\n    return deep(x)\n", "read(self.env)", ["A"]),
            ("def read(e, n):\n    return read(e, n - 1) if n else e.A\n", "read(self.env, 3)", ["A"]),
            (
                "class Repo:\n    def __init__(self, e):\n        self.e = e\n    def get(self):\n        return self.e.A\n",
                "Repo(self.env).get()", ["A"]
            ),
            (
                "class Repo:\n    def __init__(self, env):\n        self.env = env\n    def get(self):\n        return self.env.A\n",
                "Repo(self.env).get()", ["A"]
            ),
            ("def of(me):\n    return me.env\n", "of(self).A", ["A"]),
            ("async def read(e):\n    return e.A\n", "await read(self.env)", ["A"]),
            (
                "e = None\ndef keep(x):\n    global e\n    e = x\ndef read():\n    return e.A\n",
                "keep(self.env) or read()", ["A"]
            ),
        ])
    func helpers(helper: String, call: String, names: [String]) throws {
        let uses = try Self.uses([("worker.py", helper + Self.head + "        return \(call)\n")])
        #expect(Self.names(uses) == names)
        #expect(!uses.isOpen)
    }

    @Test("methods, properties and other sources of the project are followed too")
    func further() throws {
        let methods = """
                    return self.e.A + self.own().B + self.read(self.env) + self.kept.D
                @property
                def e(self):
                    return self.env
                def own(self):
                    return self.env
                def read(self, x):
                    return x.C
                def __init__(self, ctx, environment):
                    super().__init__(ctx, environment)
                    self.kept = environment

            """
        #expect(Self.names(try Self.uses([("worker.py", Self.head + methods)])) == ["A", "B", "D", "C"])
        let split = try Self.uses([
            (
                "worker.py",
                "import store\nfrom pkg.other import read\n" + Self.head
                    + "        return read(self.env) + store.get(self.env)\n"
            ),
            ("pkg/other.py", "def read(e):\n    return e.A\n"), ("store.py", "def get(e):\n    return e.B\n"),
        ])
        #expect(Self.names(split) == ["A", "B"])
        #expect(split.uses.map(\.file) == ["pkg/other.py", "store.py"])
        let legacy = try Self.uses([("worker.py", "async def on_fetch(request, e, ctx):\n    return e.A\n")])
        #expect(Self.names(legacy) == ["A"])
    }

    @Test(
        "what is not the environment, or not any more, is no use",
        arguments: [
            "        e = self.env\n        e = request\n        return e.A\n",
            "        try:\n            pass\n        except Exception as e:\n            return e.args\n",
            "        e = self.env\n        try:\n            pass\n        except Exception as e:\n            return e.args\n",
            "        import os\n        env = os.environ\n        return env.get('A')\n",
            "        self.env.A = 1\n        self.env['B'] = 2\n        return request.env.C\n",
            "        def read(env):\n            return env.A\n        return read({'A': 1})\n",
        ])
    func others(body: String) throws {
        #expect(Self.names(try Self.uses([("worker.py", Self.head + body)])).isEmpty)
    }

    @Test(
        "an environment that goes where it is not followed leaves open what is read",
        arguments: [
            ("        return unknown(self.env)\n", true), ("        return {'env': self.env}\n", true),
            ("        x = self.env if request.a else request\n        return x.A\n", true),
            ("        return getattr(self.env, request.name)\n", true),
            ("        return self.env.to_py()\n", true), ("        yield self.env\n", true),
            ("        print(self.env)\n        return self.env.A\n", false),
            ("        e, c = self.env, self.ctx\n        return e.A\n", false),
        ])
    func open(body: String, isOpen: Bool) throws {
        #expect(try Self.uses([("worker.py", Self.head + body)]).isOpen == isOpen)
    }

    @Test("what is called on it tells a binding from a text, and the place is where the expression begins")
    func places() throws {
        let uses = try Self.uses([
            (
                "worker.py",
                Self.head + "        e = self.env\n        await e.DB.prepare('x').run()\n        return self.env.T\n"
            )
        ]).uses
        #expect(uses.map { "\($0.place) \($0.name) \($0.method ?? "-")" } == ["7:15 DB prepare", "8:16 T -"])
    }

    @Test("a long source takes time in proportion")
    func bounded() throws {
        func time(_ count: Int) throws -> Duration {
            let body = (0..<count).map {
                "        if request.a\($0):\n            e\($0) = self.env\n        e\($0).A\n"
            }.joined()
            let helpers = (0..<count).map { "def f\($0)(e):\n    return f\($0 + 1)(e)\n" }.joined()
            let statements = try PythonParser.statements(
                of: try SourceText(
                    decoding: Array((helpers + Self.head + body + "        return f0(self.env)\n").utf8)), minor: 13)
            let start = ContinuousClock.now
            _ = EnvironmentUses(in: [("worker.py", statements)])
            return ContinuousClock.now - start
        }
        _ = try time(100)
        let (small, large) = (try time(500), try time(2_000))
        #expect(large < small * 10, "\(small) and \(large)")
    }
}
