import TerminalCanvas
import TestSupport
import Testing
import Widgets

@Suite("Widgets")
struct DrawingTests {
    /// All widgets on one screen.
    private func drawn(columns: Int, rows: Int, glyphs: GlyphSet) -> Canvas {
        var canvas = Canvas(columns: columns, rows: rows, glyphs: glyphs)
        var rest = canvas.bounds
        func take(_ rows: Int) -> Rect {
            let (top, left) = rest.splitTop(rows)
            rest = left
            return top
        }
        TabBar(["1 Overview", "2 Traffic", "3 Buckets", "4 Backends"], selected: 1).draw(into: &canvas, in: take(1))
        let table = Table(columns: [
            TableColumn("TIME", .fixed(8), priority: 2),
            TableColumn("PATH", .flexible(minimum: 10), truncation: .middle),
            TableColumn("ST", .fixed(4)), TableColumn("DUR", .fixed(7), alignment: .right, priority: 1),
        ])
        let names = ["/api/照片/二〇二五/list?cursor=abcdefghijklmnop", "/api/me", "/\u{1B}[31m\u{202E}x", "/e\u{301}"]
        var viewport = ListViewport(count: 9)
        viewport.select(2, page: 3)
        let inner = Box(title: "Traffic 流量", note: "12.4 req/s", isFocused: true).draw(into: &canvas, in: take(7))
        table.draw(into: &canvas, in: inner, viewport: viewport) { row in
            let isBad = row == 1
            return TableRow(
                [
                    TableCell("12:04:0\(row)", .dim), TableCell(names[row % names.count]),
                    TableCell(isBad ? "✖500" : "·200", isBad ? .failure : .ok), TableCell("\(row * 7) ms"),
                ], marker: row == 0 ? TextRun("◆", .strong) : nil)
        }
        let graph = take(2)
        Sparkline((0..<200).map { $0 == 190 ? nil : Double($0 % 17) }).draw(into: &canvas, in: graph, role: .active)
        StackedBar([
            StackedBar.Part(94, role: .ok), StackedBar.Part(4, role: .redirect, shade: 1),
            StackedBar.Part(1, role: .warning, shade: 2), StackedBar.Part(0.5, role: .failure, shade: 3),
        ]).draw(into: &canvas, in: take(1))
        StackedBar([.init(0.3, role: .warning), .init(0.7, role: .dim, shade: 3)], total: 1).draw(
            into: &canvas, in: take(1))
        KeyValueList([
            KeyValueList.Entry("content-type", "application/json"), KeyValueList.Entry("标题", "夏の写真", role: .strong),
        ]).draw(into: &canvas, in: take(2))
        let wrapped = TextWrap.wrap(
            [TextRun("a long line of text that has to be wrapped or clipped 照片照片")], columns: canvas.size.columns)
        for part in wrapped.prefix(2) { canvas.write(part, row: take(1).row, column: 0) }
        Toast("target prod → staging", role: .ok).draw(into: &canvas, in: take(1))
        TextField("path:/api & st>=400").draw(into: &canvas, in: take(1), role: .strong)
        KeyBar([
            KeyBar.Hint("⏎", "open"), KeyBar.Hint("/", "filter"), KeyBar.Hint("Space", "mark with a very long label"),
            KeyBar.Hint("q", "quit"),
        ]).draw(into: &canvas, in: take(1))
        return canvas
    }

    @Test(
        "a place in a tab bar is the title that stands there", arguments: [(60, 0), (60, 3), (24, 3), (24, 1), (8, 2)])
    func tabs(columns: Int, selected: Int) {
        let bar = TabBar(["1 Overview", "2 Traffic", "3 桶", "4 Backends"], selected: selected)
        var canvas = Canvas(columns: columns, rows: 1)
        bar.draw(into: &canvas, in: canvas.bounds)
        #expect((0..<columns).contains { bar.index(at: $0, in: columns) == selected })
        for column in 0..<columns {
            guard let digit = canvas[0, column].text.first?.wholeNumberValue else { continue }
            #expect(bar.index(at: column, in: columns) == digit - 1, "column \(column)")
        }
        #expect(bar.index(at: columns + 1, in: columns) == nil)
    }

    @Test(
        "all of them",
        arguments: [
            (80, 24, GlyphSet.unicode), (80, 24, .ascii), (80, 24, .neutral), (40, 10, .unicode), (160, 45, .unicode),
        ])
    func gallery(columns: Int, rows: Int, glyphs: GlyphSet) {
        let canvas = self.drawn(columns: columns, rows: rows, glyphs: glyphs)
        let mismatch = goldenMismatch(canvas, "widgets-\(columns)x\(rows)-\(glyphs.rawValue)")
        #expect(mismatch == nil)
    }

    @Test("a dialog stands in the middle and keeps its answer in sight", arguments: [(60, 12), (30, 6)])
    func dialog(columns: Int, rows: Int) {
        var canvas = Canvas(columns: columns, rows: rows)
        Dialog(
            title: "Delete 2 objects",
            lines: [[TextRun("resume-uploads", .strong), TextRun(" · local")], [], [TextRun("Type delete 2")]],
            buttons: ["Delete", "Cancel"], selectedButton: 1, field: TextField("delete")
        ).draw(into: &canvas, in: canvas.bounds)
        #expect(canvas.cursor != nil)
        #expect(canvas.lines.contains { $0.contains("[ Cancel ]") })
        let mismatch = goldenMismatch(canvas, "dialog-\(columns)x\(rows)")
        #expect(mismatch == nil)
    }

    @Test("an empty table says so")
    func empty() {
        var canvas = Canvas(columns: 40, rows: 5)
        let table = Table(columns: [TableColumn("NAME", .flexible(minimum: 4))], emptyText: "no objects")
        #expect(table.draw(into: &canvas, in: canvas.bounds, viewport: ListViewport()) { _ in TableRow([]) }.isEmpty)
        #expect(canvas.lines[2].contains("no objects"))
    }

    @Test("no size makes a widget fail", arguments: [0, 1, 2, 3, 5, 11])
    func tiny(side: Int) {
        for other in 0...12 {
            _ = self.drawn(columns: side, rows: other, glyphs: .unicode)
            var canvas = Canvas(columns: side, rows: other)
            Dialog(title: "t", lines: [[TextRun("x")]], buttons: ["a"], field: TextField("b"))
                .draw(into: &canvas, in: canvas.bounds)
        }
    }

    @Test("shares fill the row and none above zero is lost", arguments: [1, 4, 10, 60])
    func shares(columns: Int) {
        let bar = StackedBar([94, 4, 1, 0.5, 0, -1, .nan].map { StackedBar.Part($0, role: .ok) })
        let widths = bar.widths(columns: columns)
        #expect(widths.reduce(0, +) == columns)
        if columns >= 4 { #expect(widths.prefix(4).allSatisfy { $0 > 0 }) }
        #expect(widths.suffix(3) == [0, 0, 0])
    }

    @Test(
        "blanks at the end of runs are no text that could be cut, whatever they belong to",
        .timeLimit(.minutes(1)),
        arguments: [
            ("x", "     ", "xxxx…"), ("x", "\u{600} ", "xxxx…"), ("x", " \u{600}  ", "xxxx…"), ("x", "", "xxxx…"),
        ])
    func ends(text: String, end: String, shown: String) {
        var canvas = Canvas(columns: 5, rows: 1)
        canvas.write([TextRun(String(repeating: text, count: 9) + end), TextRun("  ")], row: 0, column: 0)
        #expect((0..<5).map { canvas[0, $0].text }.joined() == shown)
        canvas.write([TextRun("ab"), TextRun(end)], row: 0, column: 0)
        #expect(canvas[0, 0].text == "a" && canvas[0, 1].text == "b")
        canvas.write([TextRun("abcde"), TextRun("     ")], row: 0, column: 0)
        #expect((0..<5).map { canvas[0, $0].text }.joined() == "abcde")
    }

    @Test("bars rise with values, and the smallest is seen")
    func levels() {
        #expect(
            Sparkline.levels([0, 0.001, 5, 10, nil, .nan, 20], maximum: 10, steps: 8) == [0, 1, 4, 8, nil, nil, 8])
    }

    @Test("all values are shown in more columns and in fewer, peaks and gaps among them")
    func stretching() {
        let values: [Double?] = [1, nil, nil, 9, 2, 3]
        #expect(Sparkline.stretched(values, columns: 12) == values.flatMap { [$0, $0] })
        #expect(Sparkline.stretched(values, columns: 3) == [1, 9, 3])
        #expect(Sparkline.stretched([nil, nil, 4], columns: 2) == [nil, 4])
        #expect(Sparkline.stretched(values, columns: 0).isEmpty)
        #expect(Sparkline.stretched([], columns: 5).isEmpty)
    }
}
