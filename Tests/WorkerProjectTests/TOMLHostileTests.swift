import TestSupport
import Testing

@testable import WorkerProject

private func times(_ text: String, _ count: Int) -> String { String(repeating: text, count: count) }

private let deepTexts = [
    "a = " + times("[", 100_000), "a = " + times("{a=", 100_000),
    "a = " + times("[{a=", 50_000), "a" + times(".a", 100_000) + " = 1", "[a" + times(".a", 100_000) + "]",
    "[[a" + times(".a", 100_000) + "]]", "[a" + times(".a", 100_000),
    "a" + times(" . \"a\"", 100_000) + " = 1\n!",
    "a = " + times("{a" + times(".a", 100) + "=", 200), "[x]\n" + times("a.'b'.", 60_000),
]

@Suite("Hostile TOML")
struct TOMLHostileTests {
    private func error(_ bytes: [UInt8]) -> ConfigurationSyntaxError? {
        do {
            _ = try TOMLReader.parse(bytes)
            return nil
        } catch { return error }
    }

    @Test(
        "is an error with a place, and never ends the program",
        arguments: [
            "[!]", "[.a]", "[a.]", "[a..b]", "[", "[[", "[a", "[[a]", "[a]]", "[]", "[[]]", "[ ]", "[\u{1B}",
            "[\u{1B}]",
            "[\u{7F}]", "[a\u{1B}]", "[=]", "[#]", "[\"", "['a", "[\"a\\", "[a] b", "[[a] ]", "[ [a]]", "!", "=", "= 1",
            "a", "a =", "a = ", "a.", "a. = 1", ".a = 1", "a b = 1", "a = !", "a = \u{1B}", "\u{1B} = 1", "a = é",
            "a = \u{A0}1", "\u{A0}a = 1", "a = 1\u{2028}b = 2", "a = 1 b", "a = [", "a = [1", "a = [1,,2]", "a = [,]",
            "a = {", "a = {b", "a = {b=", "a = {b=1", "a = {,}", "a = {b=1,,}", "a = {b=1 c=2}", "a = [}", "a = {]",
            "a = \"", "a = \"x", "a = \"\\", "a = \"\\q\"", "a = \"\\u12\"", "a = \"\\ud800\"", "a = \"\\U00110000\"",
            "a = \"x\ny\"", "a = '", "a = 'x", "a = \"\"\"", "a = \"\"\"\"\"", "a = '''", "a = '''''",
            "\"\"\"a\"\"\" = 1",
            "'''a''' = 1", "a = tru", "a = True", "a = falsey", "a = infx", "a = +", "a = -", "a = +_1", "a = 1_",
            "a = _1", "a = 1e", "a = 1e+", "a = 1.", "a = 0x", "a = 0xg", "a = 0b2", "a = 0o8", "a = 1979-13-01",
            "a = 1979-02-30", "a = 1979-05-27 3,", "a = 1979-05-27T", "a = 25:00", "a = 07:3", "a = 07:32:60x",
            "a = 1\ra = 2", "a = 1\u{B}b = 2", "# \u{1}", "a = \"\u{1}\"", "[a]\n[a]", "a = 1\n[a]",
            "[a]\nb=1\n[a.b.c]",
            "a = {}\n[a.b]", "a = [{}]\n[[a]]", "[[a]]\n[a]", "a.b = 1\na.b.c = 2", "a = {b=1, b=2}",
            "\"a\" = 1\na = 2",
        ])
    func small(text: String) {
        let error = self.error(Array(text.utf8))
        #expect(error != nil, "\(text)")
        #expect(error?.position != nil && error?.message.isEmpty == false, "\(text)")
    }

    @Test("nesting of every kind is bounded", arguments: deepTexts.indices)
    func nesting(index: Int) {
        let error = self.error(Array(deepTexts[index].utf8))
        #expect(error?.message.contains("nested deeper") == true && error?.position != nil)
    }

    @Test("brackets of headers nest nothing")
    func brackets() { #expect(self.error(Array(times("[", 100_000).utf8))?.position?.column == 3) }

    @Test("128 levels are read, 129 are not, however they are made")
    func limit() throws {
        for (open, close) in [("[", "]"), ("{a=", "}"), ("{a.b.c=", "}")] {
            let levels = open.count > 3 ? 3 : 1
            let fits = 128 / levels
            let rest = open.hasPrefix("{") ? "1" : ""
            #expect(self.error(Array("a = \(times(open, fits))\(rest)\(times(close, fits))".utf8)) == nil)
            #expect(self.error(Array("a = \(times(open, 129))\(rest)\(times(close, 129))".utf8)) != nil)
        }
        #expect(self.error(Array("a\(times(".a", 128)) = 1".utf8)) == nil)
        #expect(self.error(Array("a\(times(".a", 129)) = 1".utf8)) != nil)
        #expect(self.error(Array("a = [\(times("1.5,", 1_000))]".utf8)) == nil)
        #expect(self.error(Array("a = '\(times(".", 1_000))' # \(times("[", 1_000))".utf8)) == nil)
    }

    @Test("a large file takes its time once")
    func large() throws {
        let flat = (0..<20_000).map { "k\($0) = \($0)\n" }.joined()
        #expect(try TOMLReader.parse(Array(flat.utf8)).members?.count == 20_000)
        let groups = (0..<5_000).map { "g\($0).a = 1\ng\($0).b = 2\n" }.joined()
        #expect(try TOMLReader.parse(Array(groups.utf8)).members?.count == 5_000)
        let tables = (0..<3_000).map { "[[t]]\nn = \($0)\n[[t.u]]\n[[t.u]]\n" }.joined()
        #expect(try TOMLReader.parse(Array(tables.utf8))["t"]?.elements?.last?["u"]?.elements?.count == 2)
        let dates = "d = [" + times("1979-05-27, ", 10_000) + "]"
        #expect(try TOMLReader.parse(Array(dates.utf8))["d"]?.elements?.last?.content == .date("1979-05-27"))
    }

    @Test("random bytes and mutated files end in a tree or an error", arguments: 0..<6)
    func random(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let pieces = [
            "[", "]", "{", "}", "\"", "'", "\"\"\"", "'''", "=", ".", ",", "#", "\n", "\r\n", "\\", "é", "1e400", "0x",
            "_",
            "+", "-", "inf", "1979-05-27", "07:32", " ", "\t", "\u{1B}", "\u{FEFF}", "[[", "]]", "true",
            "9007199254740992",
        ]
        let file = "a = 1\n[b.c]\nd = [1, {e = 'x'}]\n[[f]]\ng = \"\"\"y\"\"\"\nh = 1.5e3 # i\n"
        for _ in 0..<600 {
            var bytes = Array(file.utf8)
            for _ in 0..<Int.random(in: 1...12, using: &generator) {
                let at = Int.random(in: 0...bytes.count, using: &generator)
                if Bool.random(using: &generator), at < bytes.count {
                    bytes[at] = UInt8.random(in: seed.isMultiple(of: 2) ? 9...126 : 0...255, using: &generator)
                } else {
                    bytes.insert(contentsOf: Array((pieces.randomElement(using: &generator) ?? "[").utf8), at: at)
                }
            }
            guard let tree = try? TOMLReader.parse(bytes) else { continue }
            #expect(tree.members != nil && tree.position == nil)
        }
    }
}
