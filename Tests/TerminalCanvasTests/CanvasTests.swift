import TerminalCanvas
import TestSupport
import Testing

@Suite("Canvas")
struct CanvasTests {
    @Test(
        "text is clipped at every edge and wide characters are never halved",
        arguments: [
            ("abcdef", 0, "abcd", 4), ("abcdef", 2, "  ab", 2), ("abcdef", -2, "cdef", 6), ("照片照", 0, "照片", 4),
            ("照片照", 1, " 照 ", 3), ("照片", -1, " 片 ", 4), ("abc", 9, "    ", 0),
        ])
    func clips(text: String, column: Int, expected: String, columns: Int) {
        var canvas = Canvas(columns: 4, rows: 1)
        #expect(canvas.write(text, row: 0, column: column) == columns)
        #expect(canvas.lines == [expected])
    }

    @Test(
        "writing over half of a wide character blanks the other half", arguments: [(0, "x 片"), (1, " x片"), (2, "照x ")])
    func mends(column: Int, expected: String) {
        var canvas = Canvas(columns: 4, rows: 1)
        canvas.write("照片", row: 0, column: 0)
        canvas.write("x", row: 0, column: column)
        #expect(canvas.lines == [expected])
    }

    @Test("places far outside are nothing", arguments: [Int.min, -1, 3, Int.max])
    func outside(place: Int) {
        var canvas = Canvas(columns: 4, rows: 3)
        canvas.write("x", row: place, column: 0)
        canvas.write("x", row: 0, column: place)
        if place != 3 { #expect(canvas == Canvas(columns: 4, rows: 3)) }
    }

    @Test("the other glyph sets spell drawings in their own way and leave letters alone")
    func spelling() {
        var ascii = Canvas(columns: 20, rows: 1, glyphs: .ascii)
        ascii.write("╭─● ▲ … → 照 é", row: 0, column: 0)
        #expect(ascii.lines == ["+-* ! ~ > 照 é      "])
        var neutral = Canvas(columns: 20, rows: 1, glyphs: .neutral)
        neutral.write("│● … ▁ 照 é", row: 0, column: 0)
        #expect(neutral.lines == ["|◉ ⋯ ⡀ 照 é         "])
    }

    @Test("every glyph takes one column", arguments: GlyphSet.allCases)
    func glyphs(set: GlyphSet) {
        let glyphs = set.glyphs
        for child in Mirror(reflecting: glyphs).children where child.label != "enter" {
            let texts = child.value as? [String] ?? [child.value as? String ?? ""]
            for text in texts {
                #expect(Sanitizer.columns(of: text) == 1, "\(child.label ?? "")")
                if set == .ascii { #expect(text.utf8.count == 1) }
            }
        }
        #expect(glyphs.spark.count == 8)
        #expect(glyphs.shades.count == 4)
    }

    @Test(
        "what differs in a row is found, wide characters and looks included",
        arguments: [
            ("one cell", 3..<4), ("both ends", 0..<12), ("wide", 6..<8), ("role", 5..<6), ("selected", 2..<4),
            ("nothing", 0..<0),
        ])
    func changes(_ change: String, _ expected: Range<Int>) {
        var old = Canvas(columns: 12, rows: 2)
        old.write("ab\u{4E0A}cdefghij", row: 1, column: 0)
        var new = old
        switch change {
        case "one cell":
            old = Canvas(columns: 12, rows: 2)
            new = old
            new.write("x", row: 1, column: 3)
        case "both ends":
            new.write("x", row: 1, column: 0)
            new.write("x", row: 1, column: 11)
        case "wide": new.write("\u{6D77}", row: 1, column: 6)
        case "role": new.paint(Rect(row: 1, column: 5, rows: 1, columns: 1), role: .failure)
        case "selected": new.select(Rect(row: 1, column: 2, rows: 1, columns: 2))
        default: break
        }
        let changes = new.changes(in: 1, since: old)
        #expect(changes == expected || changes.isEmpty && expected.isEmpty)
        #expect(new.changes(in: 0, since: old).isEmpty)
        #expect(new.changes(in: 1, since: nil) == 0..<12)
    }

    @Test("a full screen is drawn in little time")
    func speed() {
        let line = String(repeating: "GET /api/projects/88/timeline 304 ", count: 5)
        let start = ContinuousClock.now
        var canvas = Canvas(columns: 160, rows: 45)
        for _ in 0..<20 { for row in 0..<45 { canvas.write(line, row: row, column: 0) } }
        // Unoptimised: a hundred times slower than what is shipped.
        #expect(start.duration(to: .now) < .seconds(3))
    }
}

@Suite("Selected cells")
struct SelectedCellTests {
    @Test("selecting leaves text and role, and differs; writing over it ends it")
    func selects() {
        var canvas = Canvas(columns: 4, rows: 2)
        canvas.write("照片", row: 0, column: 0, role: .failure)
        let before = canvas
        canvas.select(Rect(row: 0, column: -3, rows: 1, columns: 99))
        #expect(canvas != before && canvas.lines == before.lines)
        #expect((0..<4).allSatisfy { canvas[0, $0].isSelected && canvas[0, $0].role == .failure })
        #expect(!canvas[1, 0].isSelected)
        canvas.select(canvas.bounds, false)
        #expect(canvas == before)
    }

    @Test(
        "lines of cells are put as they were, and mend what they cut",
        arguments: [(0, "ab片照"), (1, " ab 照"), (2, "照ab照")])
    func lines(column: Int, expected: String) {
        var other = Canvas(columns: 2, rows: 1)
        other.write("ab", row: 0, column: 0, role: .ok)
        let line = other.line(row: 0, column: 0, columns: 2)
        var canvas = Canvas(columns: 6, rows: 1)
        canvas.write("照片照", row: 0, column: 0)
        canvas.put(line, row: 0, column: column)
        #expect(canvas.lines == [expected])
        #expect(canvas[0, column].role == .ok)
        let whole = canvas
        canvas.put(line, row: 0, column: 5)
        canvas.put(line, row: -1, column: 0)
        #expect(canvas == whole && canvas.line(row: 0, column: 5, columns: 2).isEmpty)
    }

    @Test("filling mends what it cuts")
    func fills() {
        var canvas = Canvas(columns: 6, rows: 1)
        canvas.write("照片照", row: 0, column: 0)
        canvas.fill(Rect(row: 0, column: 1, rows: 1, columns: 2))
        #expect(canvas.lines == ["    照"])
    }
}

@Suite("Theme")
struct ThemeTests {
    @Test("a selected row keeps its colours on a background; with eight colours and fewer it is reversed")
    func selected() {
        for theme in Theme.allCases {
            for role in Role.allCases {
                for level in [ColorLevel.mono, .eight] {
                    #expect(theme.selectedStyle(of: role, level: level) == theme.style(of: .selected, level: level))
                }
                for (level, count) in [(ColorLevel.sixteen, 16), (.palette, 256), (.trueColor, 0x100_0000)] {
                    let style = theme.style(of: role, level: level)
                    let selected = theme.selectedStyle(of: role, level: level)
                    if style.isReversed {
                        #expect(selected == style)
                        continue
                    }
                    #expect(selected.background != nil && selected.foreground != nil)
                    #expect((0..<count).contains(selected.foreground ?? -1) && !selected.isDim)
                    if let own = style.foreground { #expect(selected.foreground == own) }
                    #expect(selected.foreground != selected.background)
                }
            }
        }
    }

    @Test("without colours none is used, and what matters still differs from plain", arguments: Theme.allCases)
    func mono(theme: Theme) {
        for role in Role.allCases {
            let style = theme.style(of: role, level: .mono)
            #expect(style.foreground == nil && style.background == nil)
        }
        for role in [Role.selected, .failure, .warning, .danger, .header, .match, .heading] {
            #expect(theme.style(of: role, level: .mono) != Style(), "\(role)")
        }
    }

    @Test(
        "every colour is in the range of its level",
        arguments: [
            (ColorLevel.eight, 8), (.sixteen, 16), (.palette, 256), (.trueColor, 0x100_0000),
        ])
    func ranges(level: ColorLevel, count: Int) {
        for theme in Theme.allCases {
            for role in Role.allCases {
                if let color = theme.style(of: role, level: level).foreground { #expect((0..<count).contains(color)) }
            }
        }
    }
}
