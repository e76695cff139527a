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
