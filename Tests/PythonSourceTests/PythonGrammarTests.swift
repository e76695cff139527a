import Testing

@testable import PythonSource

/// Sources and the interpreters that take them, by the language reference and what CPython's compile() says.
@Suite("The grammar of each interpreter")
struct PythonGrammarTests {
    private func verdict(_ source: String, _ minor: Int) -> PythonGrammar.Verdict {
        PythonGrammar.verdict(of: Array(source.utf8), minor: minor)
    }

    @Test(
        "what 3.12 takes the later ones take",
        arguments: [
            "type X = int\n", "type X[T: (int, str), *Ts, **P] = dict[T, Callable[P, Ts]]\n", "type = 1; type(x)\n",
            "def f[T](a: T, /, b: int = 1, *args: *Ts, c, d=2, **kw) -> T: ...\n",
            "class A[T](B[T], metaclass=M): pass\n",
            "f'{x!r:>{width}} {a['b']} {'\\n'.join(y)} {f'{f'{z}'}'}'\n", "f'''{\n x # why\n }'''\n",
            "f'{x:{y:{z}}}'\n",
            "f'{lambda_:=5} {{}} {x = !s}'\n", "f\"{'a' if b else \"c\"}\"\n", "x = f'\\N{BULLET} {y}'\n",
            "match x:\n    case {'a': [1, *_], **rest} if (n := 2): pass\n    case A(b=-1+2j) | None as c: pass\n    case a.b: pass\n    case _: pass\n",
            "match = case = _ = 1\nmatch(case)\nmatch[_]: int\nprint(match, *case)\n",
            "match *a, b:\n  case (x, *y): pass\n", "try:\n  pass\nexcept* (A, B) as e:\n  for x in y: break\n",
            "with (open(a) as b, c as (d, *e),): pass\n", "with (a, b): pass\n",
            "with (yield): pass\n".indentedInFunction,
            "async def f():\n  async with a as b, c: await d\n  return [x async for x in y if await z]\n",
            "def f(): return (await x for x in y)\n", "async def f():\n  return [[await a for a in b] for c in d]\n",
            "x = lambda a, /, b=1, *, c: (yield)\n", "x[*a, 1:2, ::3, b := 1] = 1\n", "print(*a or b, **c, k=1)\n",
            "x = yield\n".indentedInFunction, "def f():\n  nonlocal_ = 1\n  def g():\n    nonlocal nonlocal_\n",
            "class A:\n  def f(self):\n    nonlocal __class__\n", "global x\nx = 1\n", "import a.b as c, d\n",
            "from . import (a, b as c,)\nfrom ... import d\nfrom .e.f import *\n",
            "x: int = 1; (y): str; a.b: c = *d, e\n",
            "for x, *y in *a, b: pass\nelse: pass\n", "del a, (b, [c.d, e[0]]), ()\n",
            "() = [] = x\n[a, (b, *c)] = d\n",
            "@(yield_ := x)\n@a.b[0](c)\ndef f(): pass\n", "0xF_F, 0o7, 0b1, 1_000.5e-1_0j, .5, 5., 00, 1if x else 2\n",
            "b'a' rb'\\x' B\"\"\"c\"\"\"; u'é' r'\\u'\n", "if x:\n\ty\n\n  # less\nelif z: pass\n",
            "x = \\\n  1 + \\\n  2\n",
            "é = ª = 1\n", "\u{FEFF}x = 1\r\ny = 2\rz = 3", "\u{C}x = 1\n", "while x: continue\n",
            "\"doc\"\nfrom __future__ import annotations, division\nfrom __future__ import generator_stop\n",
            "def f():\n  global g\n  g = [y := 1 for x in z]\n", "a if b else c if d else lambda: e\n",
            "not not -+~x ** -y\n",
            "try: pass\nfinally: pass\n", "raise A from b\n", "assert (a, b), c\n",
            "x = a < b != c not in d is not e\n",
        ])
    func taken(source: String) {
        for minor in PythonGrammar.minors { #expect(self.verdict(source, minor) == .takes, "3.\(minor): \(source)") }
    }

    @Test(
        "what is newer is refused by what is older, with the line",
        arguments: [
            (13, "\ntype X[T = int, *Ts = *tuple[int], **P = [str]] = T\n"),
            (13, "\ndef f[T = int](x: T): pass\n"), (13, "\nclass A[T = int]: pass\n"),
            (14, "try: pass\nexcept A, B: pass\n"), (14, "try: pass\nexcept* A, B.c,: pass\n"),
            (14, "\nx = t'{a!r:>{b}} {c}'\n"), (14, "\nx = rt'{a}' Tr'\\d'\n"), (14, "\nt''\n"),
        ])
    func newer(since: Int, source: String) {
        for minor in PythonGrammar.minors {
            guard minor < since else {
                #expect(self.verdict(source, minor) == .takes, "3.\(minor): \(source)")
                continue
            }
            guard case .refuses(let error) = self.verdict(source, minor) else {
                Issue.record("3.\(minor) takes \(source)")
                continue
            }
            #expect(error.place.line == 2)
        }
    }

    @Test("names in handlers are seen in another order from 3.13 on, annotations by themselves from 3.14 on")
    func older() {
        let global = "def f():\n try: pass\n except A:\n  global x\n else: x = 1\n"
        #expect(self.verdict(global, 13) == .takes && self.verdict(global, 14) == .takes)
        #expect(self.verdict(global, 12) != .takes)
        let annotation = "def f():\n def g(x: (yield)): pass\n"
        #expect(self.verdict(annotation, 13) == .takes && self.verdict(annotation, 14) != .takes)
        #expect(self.verdict("from __future__ import annotations\n" + annotation, 13) != .takes)
    }

    @Test(
        "what none takes is refused in its line",
        arguments: [
            // Literals.
            (1, "x = 'a\n"), (1, "x = '''a\n"), (1, "x = b'é'\n"), (1, "x = 'a' b'c'\n"), (1, "'\\x1'\n"),
            (1, "'\\u12'\n"),
            (1, "'\\N{'\n"), (1, "'\\U00110000'\n"), (1, "0777\n"), (1, "1_\n"), (1, "1__0\n"), (1, "0x\n"),
            (1, "0b2\n"),
            (1, "1abc\n"), (1, "1e\n"), (1, "x = ur'a'\n"), (1, "f'{}'\n"), (1, "f'{a'\n"), (1, "f'}'\n"),
            (1, "f'{a!z}'\n"),
            (1, "f'{*a}'\n"), (1, "f'{a b}'\n"), (1, "f'{x:{y:{z:{w}}}}'\n"), (1, "“a”\n"), (1, "x = 1\u{A0}+ 2\n"),
            (1, "$\n"),
            // Lines and indentation.
            (2, "if x:\ny\n"), (3, "if x:\n  a\n b\n"), (2, "x = 1\n y = 2\n"), (3, "if x:\n        a\n\tb\n"),
            (1, "x = (\n"),
            (1, "x = )\n"), (1, "(]\n"), (1, "x = 1 \\ \n"), (1, "x = 1 \\"), (1, "if x: if y: pass\n"),
            (1, "def f():\n"),
            (1, "class A\n  pass\n"), (1, "else: pass\n"),
            // Expressions.
            (1, "x = *a\n"), (1, "*a\n"), (1, "(*a)\n"), (1, "a if b\n"), (1, "x = y := 1\n"), (1, "(a.b := 1)\n"),
            (1, "a b\n"),
            (1, "f(a for b in c, d)\n"), (1, "f(a=1, b)\n"), (1, "f(**a, *b)\n"), (1, "f(a=1, a=2)\n"),
            (1, "f(a.b=1)\n"),
            (1, "f(True=1)\n"), (1, "[*a for b in c]\n"), (1, "{**a for b in c}\n"), (1, "{a: *b}\n"),
            (1, "{a, b: c}\n"),
            (1, "[x for x in y if z := 1]\n"), (1, "[a, b for c in d]\n"), (1, "a[]\n"), (1, "a <> b\n"),
            (1, "x = a not b\n"),
            (1, "print 'x'\n"), (1, "lambda *: 1\n"), (1, "lambda (a): 1\n"), (1, "f(yield)\n"), (1, "`a`\n"),
            (1, "x++\n"),
            // Assignments.
            (1, "f() = 1\n"), (1, "1 = x\n"), (1, "None = x\n"), (1, "a + b = c\n"), (1, "f'{a}' = b\n"),
            (1, "a, b += 1\n"),
            (1, "(a, b): int\n"), (1, "*a = b\n"), (1, "*a, *b = c\n"), (1, "a = yield = b\n"), (1, "del f()\n"),
            (1, "del *a\n"),
            (1, "for f() in x: pass\n"), (1, "for *a in b: pass\n"), (1, "with a as b + c: pass\n"),
            (1, "__debug__ = 1\n"),
            (1, "[x for 1 in y]\n"), (1, "if x = 1: pass\n"), (1, "import a as b.c\n"), (1, "from a import b,\n"),
            (1, "from a import ()\n"), (1, "class f(): yield\n"), (1, "type X[] = int\n"), (1, "type X[*T: int] = T\n"),
            // Functions.
            (1, "def f(a, a): pass\n"), (1, "def f(a=1, b): pass\n"), (1, "def f(*): pass\n"),
            (1, "def f(*a, *b): pass\n"),
            (1, "def f(**a, b): pass\n"), (1, "def f(/, a): pass\n"), (1, "def f(a, /, b, /): pass\n"),
            (1, "def f(*a=1): pass\n"),
            (1, "def f[T, T](): pass\n"), (1, "return\n"), (2, "class A:\n  return 1\n"), (1, "yield 1\n"),
            (1, "await x\n"),
            (1, "def f(): await x\n"), (1, "async = 1\n"), (2, "def f():\n  async for x in y: pass\n"),
            (1, "async with a: pass\n"),
            (2, "async def f():\n  yield from x\n"), (3, "async def f():\n  yield\n  return 1\n"),
            (1, "[await x for x in y]\n"),
            (1, "def f(): return [x async for x in y]\n"), (1, "def f(): return [(yield) for x in y]\n"),
            (2, "async def f():\n  lambda: await x\n"),
            // Loops and blocks.
            (1, "break\n"), (1, "continue\n"), (2, "for x in y:\n  def f(): break\n"),
            (2, "for x in y: pass\nelse: break\n"),
            (4, "for x in y:\n  try: pass\n  except* A:\n    break\n"), (1, "try: pass\n"),
            (2, "try: pass\nexcept: pass\nexcept A: pass\n"), (2, "try: pass\nexcept*: pass\n"),
            (3, "try: pass\nexcept A: pass\nexcept* B: pass\n"), (2, "try: pass\nexcept A, B as c: pass\n"),
            (2, "match x:\n  case y: pass\n  case z: pass\n"), (2, "match x:\n  case a | b: pass\n"),
            (2, "match x:\n  case [a, a]: pass\n"), (2, "match x:\n  case f'{a}': pass\n"),
            (2, "match x:\n  case {**_}: pass\n"),
            (2, "match x:\n  case A(b=1, c): pass\n"), (2, "match x:\n  case 1 as _: pass\n"),
            (2, "match x:\n  case [*a, *b]: pass\n"),
            // Names.
            (1, "nonlocal x\n"), (2, "def f():\n  nonlocal x\n"), (3, "def f():\n  x = 1\n  global x\n"),
            (2, "def f(x):\n  global x\n"),
            (3, "def f():\n  print(x)\n  global x\n"), (2, "def f():\n  from a import *\n"),
            (2, "x = 1\nfrom __future__ import division\n"),
            (1, "from __future__ import nothing\n"), (1, "from __future__ import braces\n"),
            (1, "[x := 1 for x in y]\n"),
            (1, "[a for a in (b := c)]\n"), (2, "class A:\n  [x := 1 for y in z]\n"), (1, "type X = (yield)\n"),
            (1, "type X = (a := b)\n"),
        ])
    func refused(line: Int, source: String) {
        for minor in PythonGrammar.minors {
            guard case .refuses(let error) = self.verdict(source, minor) else {
                Issue.record("3.\(minor): \(self.verdict(source, minor)) of \(source)")
                continue
            }
            #expect(error.place.line == line, "3.\(minor): \(error) of \(source)")
            #expect(!error.message.isEmpty)
        }
    }

    @Test("what to write instead is said where it is known")
    func fixes() {
        let source = "try:\n    x()\nexcept ValueError, TypeError:\n    pass\n"
        guard case .refuses(let error) = self.verdict(source, 13) else {
            Issue.record("it is taken")
            return
        }
        #expect(error.place.description == "3:1")
        #expect(error.message.contains("3.14") && error.fix == "put the types in parentheses: except (A, B):")
        guard case .refuses(let print) = self.verdict("print 1\n", 13) else {
            Issue.record("it is taken")
            return
        }
        #expect(print.fix == "write print(…)")
    }

    @Test(
        "what is not decided is no failure",
        arguments: ["x = '\\N{NO SUCH CHARACTER}'\n", "# coding: gbk\n", "f'{x:y\n}'\n"])
    func undecided(source: String) {
        guard case .unsure = self.verdict(source, 13) else {
            Issue.record("\(self.verdict(source, 13))")
            return
        }
    }

    @Test("brackets may be as deep as CPython's own bound, and no deeper")
    func depth() {
        func nested(_ count: Int) -> String {
            "x = " + String(repeating: "(", count: count) + "1" + String(repeating: ")", count: count) + "\n"
        }
        #expect(self.verdict(nested(200), 13) == .takes)
        #expect(self.verdict(nested(201), 13) != .takes)
        let blocks = (0..<99).map { String(repeating: " ", count: $0) + "if x:\n" }.joined()
        #expect(self.verdict(blocks + String(repeating: " ", count: 99) + "y\n", 13) == .takes)
    }
}

extension String {
    /// The lines as the body of a function.
    fileprivate var indentedInFunction: String { "def f():\n  " + self }
}
