import Testing

@testable import PythonSource

@Suite("Reading Python")
struct SourceParserTests {
    private func error(_ source: String) -> SourceError? {
        do {
            _ = try PythonParser.statements(of: try SourceText(decoding: Array(source.utf8)), minor: 13)
            return nil
        } catch { return error }
    }

    @Test(
        "what the interpreter accepts is accepted",
        arguments: [
            "x = f\"{a!r:>{width}} {{}} {d['k']} {x:%Y-%m-%d} {f'{y}'} {z = }\"\n",
            "with (open(a) as b, open(c) as d,):\n  pass\n",
            "with (a): pass\n", "match x:\n  case {'a': [1, *rest]} if rest:\n    pass\n  case _:\n    pass\n",
            "match = 1\nmatch(x)\n",
            "type X[T] = list[T]\n", "def f[T](a: T, /, b=1, *args, c, **kw) -> T: ...\n",
            "x = [*a, *b]; y = {**a, 'b': 1}\n",
            "try:\n  pass\nexcept* ValueError as e:\n  pass\nelse:\n  pass\nfinally:\n  pass\n",
            "if (n := 10) > 5: pass\n",
            "async def f():\n  async with a as b:\n    pass\n  async for x in y: pass\n  return [x async for x in y if await z]\n",
            "x = a if b else c\n", "x[1:2, ::3, ...] = 1\n", "lambda *a, k=1, **b: (yield)\n", "\"a\" 'b'; rb'\\x00'\n",
            "x = 0x1F + 1e-5 + 1_000j + .5\nif 1if x else 2: pass\n", "\u{FEFF}x = 1\r\ny = 2\r\n",
            "a = b = c, *d = 1, 2\n",
            "class A(B, metaclass=M, **kw):\n\tx: int = 1\n\n\t@property\n\tdef y(self): return 1\n",
            "global_ = 1 ; del global_\n",
            "for i, (a, b) in enumerate(x): pass\nelse: pass\n", "x = \\\n  1\n", "print(*a, sep='', **k)\n",
            "assert x, 'y'\n",
            "raise E from None\n", "from . import a\nfrom ..b import (c as d, e,)\n", "x: int\n",
        ])
    func accepted(source: String) { #expect(self.error(source) == nil) }

    @Test(
        "what the interpreter refuses is refused with its place",
        arguments: [
            ("class A\n  pass\n", "1:8"), ("print 'x'\n", "1:7"), ("def f():\nx = 1\n", "2:1"), ("x = (1\n", "1:5"),
            ("x = 'a\n", "1:5"), ("return 1\n", "1:1"), ("def f(a=1, b): pass\n", "1:12"), ("if x:\n  a\n b\n", "3:2"),
            ("f() = 1\n", "1:1"), ("await x\n", "1:1"), ("def f(): await x\n", "1:10"), ("x = )\n", "1:5"),
            ("break\n", "1:1"),
        ])
    func refused(source: String, place: String) {
        let error = self.error(source)
        #expect(error?.code == .syntax, "\(source)")
        #expect(error?.place.description == place, "\(String(describing: error))")
    }

    @Test("encodings are honoured")
    func encodings() throws {
        let latin = Array("# -*- coding: latin-1 -*-\nx = '".utf8) + [0xE9] + Array("'\n".utf8)
        #expect(String(decoding: try SourceText(decoding: latin).bytes, as: UTF8.self).contains("é"))
        #expect(throws: SourceError.self) { try SourceText(decoding: [0x78, 0x3D, 0xE9]) }
        #expect(throws: SourceError.self) { try SourceText(decoding: Array("# coding: gbk\n".utf8)) }
    }
}
