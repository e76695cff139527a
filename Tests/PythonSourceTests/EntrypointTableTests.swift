import Testing

@testable import PythonSource

/// Sources at 2025-12-23 with the verdict, and words of the reason that are given with it.
@Suite("More sources with their verdicts and reasons")
struct EntrypointTableTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let source: String
        let verdict: String
        let reason: String
        var testDescription: String { self.source }

        init(_ source: String, _ verdict: String, _ reason: String = "") {
            self.source = source
            self.verdict = verdict
            self.reason = reason
        }
    }

    private static let head = "from workers import WorkerEntrypoint, Response\n"
    private static let open = head + "class Default(WorkerEntrypoint):\n    async def fetch(self, request):\n        "

    private static func body(_ lines: String) -> String { open + lines.replacing("\n", with: "\n        ") + "\n" }

    static let rows: [Row] = [
        // Aliases and bases.
        Row(
            "import workers as w\nclass Default(w.WorkerEntrypoint):\n  async def fetch(self, r): return w.Response('x')\n",
            "ok"),
        Row(
            "from workers import WorkerEntrypoint as WE, Response as R\nclass Default(WE):\n  async def fetch(self, r): return R('x')\n",
            "ok"),
        Row(
            "from workers import *\nclass Default(WorkerEntrypoint):\n  async def fetch(self, r): return Response('x')\n",
            "ok"),
        Row(head + "E = WorkerEntrypoint\nclass Default(E):\n  async def fetch(self, r): return Response('x')\n", "ok"),
        Row(
            head
                + "class A(WorkerEntrypoint): pass\nclass B(A): pass\nclass C(B): pass\nclass Default(C):\n  async def fetch(self, r): return Response('x')\n",
            "ok"),
        Row(
            head
                + "class M:\n  async def fetch(self, r): return Response('x')\nclass Default(M, WorkerEntrypoint): pass\n",
            "ok"),
        Row(head + "class Default(object): pass\n", "10068", "no registered event handlers"),
        Row(
            head + "class default(WorkerEntrypoint):\n  async def fetch(self, r): return Response('x')\n", "10068",
            "no registered event handlers"),
        Row(
            head
                + "class _Default(WorkerEntrypoint):\n  async def fetch(self, r): return Response('x')\nDefault = _Default\n",
            "10068", "no registered event handlers"),
        Row(
            head
                + "class Worker(WorkerEntrypoint):\n  async def fetch(self, r): return Response('x')\nclass Default(Worker): ...\n",
            "ok"),
        Row(
            head + "del WorkerEntrypoint\nclass Default(WorkerEntrypoint): pass\n", "10021",
            "name 'WorkerEntrypoint' is not defined"),
        Row(
            head + "class Default(WorkerEntrypoint):\n  async def fetch(self, r): return Response('x')\ndel Default\n",
            "10068", "no registered event handlers"),
        Row(
            head
                + "class Default(WorkerEntrypoint):\n  async def fetch(self, r): return Response('x')\nDefault = None\n",
            "10068", "no registered event handlers"),
        Row(
            head
                + "class Default(WorkerEntrypoint):\n  async def fetch(self, r): return Response('x')\nDefault = Default\n",
            "ok"),
        Row(
            head + "(Default := type('Default', (WorkerEntrypoint,), {'fetch': lambda self, r: Response('x')}))\n", "ok"
        ),
        // Where it stands.
        Row(
            head + "if True:\n  class Default(WorkerEntrypoint):\n    async def fetch(self, r): return Response('x')\n",
            "ok"),
        Row(
            head
                + "if False:\n  class Default(WorkerEntrypoint):\n    async def fetch(self, r): return Response('x')\n",
            "10068", "no registered event handlers"),
        Row(
            head
                + "if 0:\n  pass\nelse:\n  class Default(WorkerEntrypoint):\n    async def fetch(self, r): return Response('x')\n",
            "ok"),
        Row(head + "while False:\n  class Default(WorkerEntrypoint): pass\n", "10068", "no registered event handlers"),
        Row(
            head
                + "for _ in ():\n  pass\nclass Default(WorkerEntrypoint):\n  async def fetch(self, r): return Response('x')\n",
            "ok"),
        Row(
            head
                + "try:\n  import nothing_of_that_name\nexcept ImportError:\n  class Default(WorkerEntrypoint):\n    async def fetch(self, r): return Response('x')\n",
            "ok"),
        Row(
            head
                + "try:\n  1\nfinally:\n  class Default(WorkerEntrypoint):\n    async def fetch(self, r): return Response('x')\n",
            "ok"),
        Row(
            head
                + "def f():\n  global Default\n  class Default(WorkerEntrypoint):\n    async def fetch(self, r): return Response('x')\nf()\n",
            "ok"),
        Row("if __name__ == 'worker':\n  x = 1\n", "10068", "no registered event handlers"),
        // __all__.
        Row(
            head
                + "__all__ = ('Default',)\nclass Default(WorkerEntrypoint):\n  async def fetch(self, r): return Response('x')\n",
            "ok"),
        Row(
            head + "__all__ = []\nclass Default(WorkerEntrypoint):\n  async def fetch(self, r): return Response('x')\n",
            "10068", "no registered event handlers"),
        Row(
            head
                + "__all__ = ['Default', 'missing']\nclass Default(WorkerEntrypoint):\n  async def fetch(self, r): return Response('x')\n",
            "10021", "has no attribute 'missing'"),
        Row(
            head
                + "__all__ = ['a']\na = 1\n__all__ += ['Default']\nclass Default(WorkerEntrypoint):\n  async def fetch(self, r): return Response('x')\n",
            "ok"),
        // Other forms that never register.
        Row("def fetch(request): return 1\n", "10068", "no registered event handlers"),
        Row("fetch = lambda request: 1\n", "10068", "no registered event handlers"),
        Row("async def main(request, env): return 1\n", "10068", "no registered event handlers"),
        Row("exports = {'default': {'fetch': None}}\n", "10068", "no registered event handlers"),
        Row("from flask import Flask\napp = Flask(__name__)\n", "10021", "No module named 'flask'"),
        Row("addEventListener = 1\n", "10068", "no registered event handlers"),
        Row(head + "default = WorkerEntrypoint\n", "10068", "no registered event handlers"),
        Row(head + "Default = WorkerEntrypoint(None, None)\n", "undecided", "what Default is cannot be followed"),
        Row("# only a comment\n", "10068", "no registered event handlers"),
        Row("\"\"\"Only a docstring.\"\"\"\n", "10068", "no registered event handlers"),
        // Methods.
        Row(
            head + "class Default(WorkerEntrypoint):\n  fetch = 1\n", "fails-on-request", "Method fetch does not exist"),
        Row(
            head + "class Default(WorkerEntrypoint):\n  async def Fetch(self, r): return Response('x')\n",
            "fails-on-request", "Method fetch does not exist"),
        Row(
            head
                + "class Default(WorkerEntrypoint):\n  async def fetch(self, r): return Response('x')\n  fetch = None\n",
            "fails-on-request", "Method fetch does not exist"),
        Row(head + "class Default(WorkerEntrypoint):\n  async def fetch(self, *args): return Response('x')\n", "ok"),
        Row(
            head
                + "class Default(WorkerEntrypoint):\n  async def fetch(self, request, env=None, ctx=None): return Response('x')\n",
            "ok"),
        Row(
            head
                + "class Default(WorkerEntrypoint):\n  async def fetch(self, request, env, ctx, more): return Response('x')\n",
            "fails-on-request", "missing"),
        Row(
            head + "class Default(WorkerEntrypoint):\n  async def fetch(self, request, *, key): return Response('x')\n",
            "fails-on-request", "key"),
        Row(head + "class Default(WorkerEntrypoint):\n  def fetch(self): return Response('x')\n", "ok"),
        Row(
            head + "class Default(WorkerEntrypoint):\n  async def fetch(): return Response('x')\n", "fails-on-request",
            "takes 0 positional arguments"),
        Row(
            head
                + "class Default(WorkerEntrypoint):\n  @classmethod\n  async def fetch(cls, request): return Response('x')\n",
            "ok"),
        Row(
            head
                + "class Default(WorkerEntrypoint):\n  def __init__(self, ctx): pass\n  async def fetch(self, r): return Response('x')\n",
            "fails-on-request", "__init__()"),
        Row(
            head
                + "class Default(WorkerEntrypoint):\n  def __init__(self, *args): super().__init__(*args)\n  async def fetch(self, r): return Response('x')\n",
            "ok"),
        Row(
            head
                + "class Default(WorkerEntrypoint):\n  def __init__(self, ctx, env, more): pass\n  async def fetch(self, r): return Response('x')\n",
            "fails-on-request", "__init__()"),
        // What a request does.
        Row(body("return Response('ok', status=201)"), "ok"),
        Row(body("return Response.json({'a': 1})"), "ok"),
        Row(body("return Response({'a': 1})"), "fails-on-request", "Unsupported type in Response: dict"),
        Row(body("return Response([1])"), "fails-on-request", "Unsupported type in Response: list"),
        Row(body("return Response('x', code=1)"), "fails-on-request", "unexpected keyword argument 'code'"),
        Row(body("return b'x'"), "fails-on-request", "returns bytes"),
        Row(body("return 200"), "fails-on-request", "returns number"),
        Row(body("return [Response('x')]"), "fails-on-request", "returns list or tuple"),
        Row(body("return Response('x'), 200"), "fails-on-request", "returns list or tuple"),
        Row(body("pass"), "fails-on-request", "returns None"),
        Row(body("return"), "fails-on-request", "returns None"),
        Row(body("yield Response('x')"), "fails-on-request", "returns generator"),
        Row(body("raise ValueError('no')"), "fails-on-request", "ValueError: no"),
        Row(body("return undefined_name"), "fails-on-request", "name 'undefined_name' is not defined"),
        Row(body("import json\nreturn Response(json.dumps({'a': 1}))"), "ok"),
        Row(
            body("import nothing_of_that_name\nreturn Response('x')"), "fails-on-request",
            "No module named 'nothing_of_that_name'"),
        Row(
            body("from js import Headers\nh = Headers({})\nreturn Response('x')"), "fails-on-request",
            "Failed to construct 'Headers'"),
        Row(body("from js import Headers\nh = Headers.new()\nreturn Response('x')"), "ok"),
        Row(
            body("from js import fetch\nr = await fetch('https://example.com')\nr.headers.append('a', 'b')\nreturn r"),
            "fails-on-request", "immutable headers"),
        Row(
            body(
                "from js import fetch, Response as R\nr = await fetch('https://example.com')\nreturn R.new(r.body, r)"),
            "ok"),
        Row(body("from js import fetch\nreturn await fetch('https://example.com')"), "ok"),
        Row(body("from js import Response as R\nreturn R.new('x', {'status': 500})"), "ok"),
        Row(
            body("from js import Response as R\nreturn R.new('x', {'status': 500, 'headers': {'a': 'b'}})"),
            "fails-on-request", "'Sequence'"),
        Row(body("try:\n    return Response('x')\nexcept Exception:\n    return Response('y', status=500)"), "ok"),
        Row(
            body("try:\n    return missing()\nexcept Exception:\n    return Response('y', status=500)"),
            "fails-on-request", "catches it and responds with 500"),
        Row(body("if request.method == 'OPTIONS':\n    return 'never for a GET'\nreturn Response('x')"), "ok"),
        Row(body("while True:\n    return Response('x')"), "ok"),
        Row(
            body(
                "match request.method:\n    case 'GET':\n        return Response('x')\n    case _:\n        return Response('y')"
            ), "ok"),
        Row(body("return await self.helper()") + "    async def helper(self): return Response('x')\n", "ok"),
        Row(
            body("return self.helper()") + "    async def helper(self): return Response('x')\n", "fails-on-request",
            "coroutine"),
        Row(body("return Response(str(self.env.MISSING))"), "fails-on-request", "MISSING"),
        Row(body("return Response(getattr(self.env, 'MISSING', 'x'))"), "ok"),
        // Start.
        Row(
            "import os\nX = os.urandom(8)\n" + body("return Response('x')"), "10021",
            "os.urandom() outside of request context"),
        Row(
            "import secrets\nX = secrets.token_hex()\n" + body("return Response('x')"), "10021",
            "secrets.token_hex() outside"),
        Row(
            "import random\nrandom.seed(1)\nX = random.choice([1])\n" + body("return Response('x')"), "10021",
            "outside of request context"),
        Row("import uuid\n" + body("return Response(str(uuid.uuid4()))"), "ok"),
        Row("X = 1\nX()\n", "10021", "not callable"),
        Row("import fastapi\n", "10021", "No module named 'fastapi'"),
        Row("from . import x\n", "10021", "relative import"),
        Row("def f(:\n  pass\n", "10021", "SyntaxError"),
        Row("class Default\n", "10021", "expected ':'"),
        Row("x = 'abc\n", "10021", "SyntaxError"),
        Row("if True:\nx = 1\n", "10021", "indented block"),
        Row("print 'x'\n", "10021", "SyntaxError"),
        Row("x = \"\\xff", "10021", "SyntaxError"),
        Row("type X = int\n" + body("return Response('x')"), "ok"),
        Row("x = t'{1}'\n" + body("return Response('x')"), "10021", "SyntaxError"),
        // Cannot tell.
        Row("exec('Default = 1')\n", "undecided", "exec is used"),
        Row(
            head + "import os\nif os.environ.get('A'):\n  class Default(WorkerEntrypoint): pass\n", "undecided",
            "Default"),
        Row(
            head
                + "class Default(WorkerEntrypoint):\n  async def fetch(self, r): return helper(r)\nfrom js import helper\n",
            "undecided", "JavaScript"),
        Row(
            "import sys\nsys.modules['workers'] = 1\n" + body("return Response('x')"), "undecided",
            "modules are replaced"),
    ]

    @Test("each source has its verdict and reason", arguments: Self.rows)
    func judged(row: Row) {
        let verdict = EntrypointAnalysis.verdict(
            main: "worker.py", files: FixedFiles(["worker.py": Array(row.source.utf8)]),
            flags: EffectiveFlags(date: "2025-12-23", flags: ["python_workers"]),
            environment: EntrypointEnvironment(isComplete: true))
        #expect(verdict.kind.rawValue == row.verdict, "\(verdict)")
        #expect(verdict.reason.contains(row.reason), "\(verdict.reason)")
    }

    @Test("there are more of them than eighty")
    func count() { #expect(Self.rows.count > 100) }
}
