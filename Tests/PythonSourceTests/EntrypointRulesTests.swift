import Testing

@testable import PythonSource

@Suite("The rules of registration, on sources of our own")
struct EntrypointRulesTests {
    private static let rows: [(String, String, String)] = {
        let head = "from workers import WorkerEntrypoint, Response\n"
        let rows: [(String, String, String)] = [
            (
                "twoDefaults",
                head
                    + "class Default(WorkerEntrypoint):\n  pass\nclass Default(WorkerEntrypoint):\n  async def fetch(self, request):\n    return Response('ok')\n",
                "ok"
            ),
            ("importAs", "from entry import Handler as Default\n", "10068"),
            (
                "noawait",
                head
                    + "async def f():\n  return Response('ok')\nclass Default(WorkerEntrypoint):\n  async def fetch(self, request):\n    return f()\n",
                "fails-on-request"
            ),
            (
                "dict",
                head + "class Default(WorkerEntrypoint):\n  async def fetch(self, request):\n    return {'a': 1}\n",
                "fails-on-request"
            ),
            (
                "uuid",
                "import uuid\n" + head
                    + "X = uuid.uuid4()\nclass Default(WorkerEntrypoint):\n  async def fetch(self, request):\n    return Response('ok')\n",
                "10021"
            ),
            (
                "lambda", head + "class Default(WorkerEntrypoint):\n  fetch = lambda self, request: Response('ok')\n",
                "ok"
            ),
            (
                "typecall",
                head
                    + "async def fetch(self, request):\n  return Response('ok')\nDefault = type('Default', (WorkerEntrypoint,), {'fetch': fetch})\n",
                "ok"
            ),
            (
                "globals",
                head
                    + "class H(WorkerEntrypoint):\n  async def fetch(self, r):\n    return Response('ok')\nglobals()['Default'] = H\n",
                "10068"
            ),
            (
                "module",
                head
                    + "import logging, os, json\nlog = logging.getLogger(__name__)\nB = os.environ.get('X', 'y')\nclass Default(WorkerEntrypoint):\n  async def fetch(self, request):\n    log.info('x')\n    if request.method == 'OPTIONS':\n      return Response('', status=204)\n    return Response.json({'a': 1})\n",
                "ok"
            ),
            (
                "private",
                head
                    + "class _Default(WorkerEntrypoint):\n  async def fetch(self, r): return Response('ok')\n_Default.__name__='Default'\n",
                "10068"
            ),
            (
                "doDefault",
                "from workers import DurableObject, Response\nclass Default(DurableObject):\n  async def fetch(self, r): return Response('ok')\n",
                "undecided"
            ),
            (
                "future",
                "from __future__ import annotations\n" + head
                    + "class Default(WorkerEntrypoint):\n  async def fetch(self, request: Nope) -> Nope:\n    return Response('ok')\n",
                "ok"
            ),
            (
                "annot",
                head
                    + "class Default(WorkerEntrypoint):\n  async def fetch(self, request: Nope):\n    return Response('ok')\n",
                "10021"
            ),
            ("empty", "", "10068"),
            (
                "caughtAttribute",
                head
                    + "class Default(WorkerEntrypoint):\n  async def fetch(self, request):\n    url = request.url\n    try:\n      x = self.env.NOPE\n    except AttributeError:\n      x = 'd'\n    return Response(x)\n",
                "undecided"
            ),
            ("rel", "from .entry import Default\n", "10021"),
        ]
        return rows
    }()

    @Test(arguments: 0..<Self.rows.count)
    func rules(index: Int) {
        let (name, source, expected) = Self.rows[index]
        let entry = """
            from workers import WorkerEntrypoint, Response
            class Handler(WorkerEntrypoint):
              async def fetch(self, r): return Response('ok')
            class Default(Handler): pass

            """
        let verdict = EntrypointAnalysis.verdict(
            main: "worker.py", files: FixedFiles(["worker.py": Array(source.utf8), "entry.py": Array(entry.utf8)]),
            flags: EffectiveFlags(date: "2025-12-23", flags: ["python_workers"]),
            environment: EntrypointEnvironment(isComplete: true))
        #expect(verdict.kind.rawValue == expected, "\(name): \(verdict)")
    }
}
