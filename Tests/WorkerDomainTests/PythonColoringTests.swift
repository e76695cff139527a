import Testing
import WorkerDomain

@Suite("PythonColoring")
struct PythonColoringTests {
    /// Kinds as letters: keyword k, string s, comment c, number n, name m, plain `.`
    private static func letters(_ lines: [String]) -> [String] {
        var coloring = PythonColoring()
        return lines.map { line in
            coloring.pieces(of: line).map { piece in
                let letter =
                    switch piece.kind {
                    case .plain: "."
                    case .keyword: "k"
                    case .string: "s"
                    case .comment: "c"
                    case .number: "n"
                    case .name: "m"
                    }
                return String(repeating: letter, count: piece.text.count)
            }.joined()
        }
    }

    @Test(arguments: [
        (["def fetch(self):"], ["kkk.mmmmm......."]),
        (["class Default(W): pass  # x"], ["kkkkk.mmmmmmm.....kkkk..ccc"]),
        (["x = 'a\\'b' + 1.5e3"], ["....ssssss...nnnnn"]),
        (["@wraps.it", "a @ b"], ["mmmmmmmmm", "....."]),
        (["f\"{x}\" br", "not_a = \"#\""], ["ssssss...", "........sss"]),
        (["'''a", "# in it", "b''' # out"], ["ssss", "sssssss", "ssss.ccccc"]),
        (["'open", "if x:"], ["sssss", "kk..."]),
        (["'on\\", "it' or 0x1F"], ["ssss", "sss.kk.nnnn"]),
        (["\"\"\"\"\"\" 1_000"], ["ssssss.nnnnn"]),
        (["é_1 = .5"], ["......nn"]),
        ([""], [""]),
    ])
    func lines(source: [String], expected: [String]) {
        let found = Self.letters(source)
        for (line, wanted) in zip(found, expected) { #expect(line == wanted) }
        #expect(zip(found, source).allSatisfy { $0.count == $1.count })
    }

    @Test("an excerpt has the lines around, and knows that it begins in a string")
    func excerpt() throws {
        let text = "'''\n" + (2...20).map { "line \($0)" }.joined(separator: "\n") + "\n'''\nx = 1\n"
        let excerpt = try #require(SourceExcerpt(of: "worker.py", text, line: 10))
        #expect(excerpt.first == 6 && excerpt.lines.count == 9 && excerpt.lines[4] == "line 10")
        var coloring = excerpt.coloring
        #expect(coloring.pieces(of: "line 6").map(\.kind) == [.string])
        let last = try #require(SourceExcerpt(of: "worker.py", text, line: 22))
        #expect(last.lines.last == "x = 1" && last.marked == 22)
        #expect(SourceExcerpt(of: "worker.py", text, line: 40) == nil)
        #expect(SourceExcerpt(of: "worker.py", "", line: 0) == nil)
        #expect(SourceExcerpt(of: "worker.py", "only", line: 1)?.lines == ["only"])
    }

    @Test("lines are those that Python counts: a form feed begins none, and every line end does")
    func lineEnds() throws {
        let text = "a = 1\n\u{C}\nb = '\u{2028}'\rc = 3\r\nd = 4"
        let excerpt = try #require(SourceExcerpt(of: "worker.py", text, line: 5))
        #expect(excerpt.lines == ["a = 1", "\u{C}", "b = '\u{2028}'", "c = 3", "d = 4"])
        #expect(SourceExcerpt(of: "worker.py", text, line: 6) == nil)
    }
}
