import TerminalCanvas
import TestSupport
import Testing
import Widgets

@Suite("TextArea")
struct TextAreaTests {
    private func typed(_ keys: [KeyEvent], into area: TextArea = TextArea()) -> TextArea {
        var area = area
        for key in keys { if key == .enter { area.breakLine() } else { _ = area.handle(key) } }
        return area
    }

    @Test("lines are made, gone through and joined again")
    func lines() {
        var area = self.typed([.character("a"), .character("b"), .enter, .character("c")])
        #expect(area.lines == ["ab", "c"] && area.row == 1 && area.column == 1)
        area = self.typed([.up, .end, .delete], into: area)
        #expect(area.text == "abc" && area.column == 2)
        area = self.typed([.left, .enter], into: area)
        #expect(area.text == "a\nbc" && area.row == 1 && area.column == 0)
        area = self.typed([.backspace], into: area)
        #expect(area.text == "abc" && area.row == 0 && area.column == 1)
        area = self.typed([.left, .left, .left, .backspace], into: area)
        #expect(area.text == "abc")
    }

    @Test("the cursor goes over the ends of lines to both sides")
    func moving() {
        var area = self.typed([.left], into: TextArea("ab\nc"))
        #expect(area.row == 1 && area.column == 0)
        area = self.typed([.left], into: area)
        #expect(area.row == 0 && area.column == 2)
        area = self.typed([.right, .up], into: area)
        #expect(area.row == 0 && area.column == 0)
        area = self.typed([.end, .down], into: area)
        #expect(area.row == 1 && area.column == 1)
    }

    @Test(
        "pasted text keeps its lines; controls are left out",
        arguments: [
            ("a\r\nb\rc\nd", "a\nb\nc\nd"), ("select 1 -- one\nfrom t", "select 1 -- one\nfrom t"),
            ("a\tb", "a    b"), ("a\u{1B}[31m\0b\u{9B}", "a[31mb"), ("\n", "\n"), ("", ""),
        ])
    func pasting(pasted: String, text: String) {
        var area = TextArea()
        area.paste(pasted)
        #expect(area.text == text)
    }

    @Test("a mark that is typed joins the character before it, and the cursor stays behind it")
    func clusters() {
        let area = self.typed([.character("e"), .character("\u{301}"), .character("x")])
        #expect(area.column == 2 && area.text.unicodeScalars.count == 3)
    }

    @Test("no more than the limit is taken, however it comes")
    func limit() {
        var area = TextArea(limit: 4)
        area.paste("ab\ncdef")
        #expect(area.text == "ab\nc")
        _ = area.handle(.character("x"))
        area.breakLine()
        #expect(area.text == "ab\nc")
    }

    @Test("words and line ends are deleted as in a field")
    func deleting() {
        #expect(self.typed([.control("w")], into: TextArea("select one two")).text == "select one ")
        #expect(self.typed([.control("u")], into: TextArea("a\nbc")).text == "a\n")
        #expect(self.typed([.home, .control("k")], into: TextArea("a\nbc")).text == "a\n")
        #expect(self.typed([.home, .control("w")], into: TextArea("a\nbc")).text == "abc")
    }

    @Test("what is replaced is what stands left of the cursor")
    func replacing() {
        var area = TextArea("select us from t")
        for _ in 0..<7 { _ = area.handle(.left) }
        area.replace(2, with: "users")
        #expect(area.text == "select users from t" && area.textBeforeCursor == "select users")
    }

    @Test("the cursor is always seen, and a cut line says so", arguments: [1, 2, 3, 7, 20])
    func drawing(columns: Int) {
        let area = TextArea(String(repeating: "简a", count: 30) + "\nb")
        let up = self.typed([.up, .end], into: area)
        for area in [area, up] {
            for rows in 1...3 {
                var canvas = Canvas(columns: columns, rows: rows)
                area.draw(into: &canvas, in: canvas.bounds)
                let cursor = canvas.cursor
                #expect(cursor.map { $0.row < rows && $0.column < columns } ?? false)
            }
        }
        var canvas = Canvas(columns: 10, rows: 1)
        up.draw(into: &canvas, in: canvas.bounds)
        #expect(canvas[0, 0].text == "…")
        TextArea("0123456789abc").draw(into: &canvas, in: canvas.bounds, isFocused: false)
        #expect(canvas.lines[0] == "012345678…")
    }
}
