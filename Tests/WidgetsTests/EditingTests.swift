import TerminalCanvas
import TestSupport
import Testing
import Widgets

@Suite("ListViewport")
struct ListViewportTests {
    @Test("the selection is always seen", arguments: [0, 1, 9, 50, 99])
    func window(selection: Int) {
        var viewport = ListViewport(count: 100)
        viewport.select(selection, page: 10)
        for height in [1, 5, 10, 200] {
            let window = viewport.window(height: height)
            #expect(window.contains(selection))
            #expect(window.count == min(height, 100))
        }
    }

    @Test("moving up inside the window does not scroll it")
    func still() {
        var viewport = ListViewport(count: 100)
        viewport.select(50, page: 10)
        #expect(viewport.window(height: 10) == 41..<51)
        viewport.move(by: -3, page: 10)
        #expect(viewport.window(height: 10) == 41..<51)
        #expect(viewport.selection == 47)
    }

    @Test("moving stays in the list", arguments: [(1, 51), (-1, 49), (10, 60), (-51, 0), (Int.max, 99), (.min, 0)])
    func moves(rows: Int, expected: Int) {
        var viewport = ListViewport(count: 100, selection: 50)
        viewport.move(by: rows, page: 10)
        #expect(viewport.selection == expected)
        #expect(viewport.window(height: 10).contains(expected))
    }

    @Test("it stays in a list that shrinks, empties or loses its first rows")
    func shrinks() {
        var viewport = ListViewport(count: 100, selection: 90)
        viewport.dropFirst(30)
        #expect(viewport.selection == 60 && viewport.count == 70)
        viewport.update(count: 10)
        #expect(viewport.selection == 9)
        viewport.update(count: 0)
        #expect(viewport.selected == nil && viewport.window(height: 5).isEmpty)
        viewport.move(by: .max, page: 10)
        viewport.move(by: -10, page: 10)
        #expect(viewport.selection == 0)
    }
}

@Suite("TextField")
struct TextFieldTests {
    @Test(
        "editing keys",
        arguments: [
            ([KeyEvent.left, .character("x")], "a 照xb"), ([.backspace], "a 照"), ([.left, .backspace], "a b"),
            ([.home, .delete], " 照b"), ([.control("w")], "a "), ([.control("u"), .character("z")], "z"),
            ([.left, .control("k")], "a 照"), ([.home, .backspace], "a 照b"), ([.end, .delete], "a 照b"),
            ([.character("\u{301}"), .character("c")], "a 照b\u{301}c"),
        ] as [([KeyEvent], String)])
    func keys(keys: [KeyEvent], expected: String) {
        var field = TextField("a 照b")
        for key in keys { _ = field.handle(key) }
        #expect(field.text == expected)
        #expect(field.cursor <= field.text.count)
    }

    @Test("pasted text is one line within the limit")
    func paste() {
        var field = TextField("ab", limit: 8)
        _ = field.handle(.left)
        field.paste("1\r\n2\u{1B}3456789")
        #expect(field.text == "a1 23456".prefix(7) + "b")
        #expect(field.cursor == 7)
        let isTaken = field.handle(.enter)
        #expect(!isTaken)
    }

    @Test("it scrolls so that the cursor is seen", arguments: [(0, 0), (3, 4), (8, 8)])
    func scrolls(cursor: Int, column: Int) {
        var field = TextField("ab照片照片cd")
        _ = field.handle(.home)
        for _ in 0..<cursor { _ = field.handle(.right) }
        var canvas = Canvas(columns: 9, rows: 1)
        field.draw(into: &canvas, in: canvas.bounds)
        #expect(canvas.cursor?.column == column)
    }
}

@Suite("JSONPretty")
struct JSONPrettyTests {
    private func text(_ json: String, byteLimit: Int = 1 << 20) -> [String] {
        JSONPretty(Array(json.utf8), byteLimit: byteLimit).lines.map { $0.map(\.text).joined() }
    }

    @Test(
        "one member a line, numbers as they are spelt",
        arguments: [
            (
                #"{"a":1.50,"b":[1e5,{}],"c":"x\"y"}"#,
                ["{", "  \"a\": 1.50,", "  \"b\": [", "    1e5,", "    {}", "  ],", "  \"c\": \"x\\\"y\"", "}"]
            ),
            ("[]", ["[]"]), (" 12345678901234567890.0 ", ["12345678901234567890.0"]), ("null", ["null"]),
        ] as [(String, [String])])
    func layout(json: String, expected: [String]) {
        #expect(self.text(json) == expected)
        #expect(JSONPretty(Array(json.utf8)).firstError == nil)
    }

    @Test(
        "what is no JSON is shown and marked",
        arguments: [
            "", "{", "[1,]", "{\"a\" 1}", "nul", "01", "]", "\"abc", "{\"a\":1}}", "\"\\", "[1 2]", "{1:2}", "[}",
        ])
    func malformed(json: String) { #expect(JSONPretty(Array(json.utf8)).firstError != nil) }

    @Test("depth and size are bounded")
    func bounds() {
        let deep = JSONPretty(Array(String(repeating: "[", count: 100_000).utf8), lineLimit: 1000)
        #expect(deep.lines.count <= 1001)
        #expect(deep.lines.allSatisfy { $0.reduce(0) { $0 + $1.text.utf8.count } <= 260 })
        #expect(deep.isTruncated && deep.firstError == 128 + 1)
        #expect(JSONPretty(Array("[1,2,3]".utf8), byteLimit: 3).isTruncated)
    }

    @Test("noise is no danger")
    func noise() {
        let marks = Array("{}[]:,\"\\ 1a\n".utf8)
        for _ in 0..<2000 {
            let bytes = (0..<40).map { _ in marks.randomElement() ?? 0 }
            _ = JSONPretty(bytes, byteLimit: Int.random(in: 0...50))
        }
    }
}
