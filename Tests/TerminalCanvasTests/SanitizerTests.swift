import TerminalCanvas
import Testing

@Suite("Sanitizer")
struct SanitizerTests {
    @Test(
        "nothing that a terminal obeys or hides leaves it",
        arguments: [
            ("plain", "plain"), ("\u{1B}[31m", "␛[31m"), ("a\r\nb\tc", "a␍␊b␉c"), ("\0\u{7F}", "␀␡"),
            ("\u{9B}31m", "\u{FFFD}31m"), ("\u{85}", "␤"), ("a\u{202E}b", "a␦b"), ("\u{2066}x\u{2069}", "␦x␦"),
            ("\u{200E}\u{200F}\u{061C}", "␦␦␦"), ("a\u{200B}b", "a␣b"), ("a\u{200C}b", "a␣b"), ("a\u{200D}b", "a␣b"),
            ("a\u{2060}\u{FEFF}\u{AD}b", "a␣␣␣b"), ("\u{2028}\u{2029}", "␤␤"), ("a\u{E0041}b", "a\u{FFFD}b"),
            ("\u{E000}", "\u{FFFD}"), ("\u{301}", "\u{25CC}\u{301}"),
            ("e\u{301}", "e\u{301}"), ("👩‍💻", "👩‍💻"), ("👨‍👩‍👧‍👦", "\u{FFFD}"), ("❤️", "❤️"), ("1️⃣", "1️⃣"),
            ("a\u{301}\u{302}\u{303}\u{304}\u{305}", "\u{FFFD}"), ("\u{3164}", "\u{FFFD}"), ("照片", "照片"), ("각", "각"),
        ] as [(String, String)])
    func clean(text: String, expected: String) {
        #expect(Sanitizer.line(text).unicodeScalars.elementsEqual(expected.unicodeScalars))
    }

    @Test("every single scalar leaves as one cluster of one or two columns, and never as itself when it is a control")
    func everyScalar() {
        var wrong: [UInt32] = []
        for value in UInt32(0)...0x10FFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let clusters = Sanitizer.clusters(of: String(Character(scalar)))
            let isControl: Bool =
                switch scalar.properties.generalCategory {
                case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse: true
                default: scalar.properties.isNoncharacterCodePoint
                }
            // Signs for numbers and verses in Arabic, Syriac and Kaithi are Format and yet are drawn.
            let isSign =
                (0x600...0x605).contains(value)
                || [0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD].contains(value)
            if clusters.count != 1 || ![1, 2].contains(clusters[0].columns) { wrong.append(value) }
            if isControl, !isSign, clusters.contains(where: { $0.text.unicodeScalars.contains(scalar) }) {
                wrong.append(value)
            }
        }
        #expect(wrong.map { String($0, radix: 16) } == [])
    }

    @Test(
        "columns",
        arguments: [("", 0), ("abc", 3), ("照片", 4), ("e\u{301}", 1), ("😀", 2), ("❤️", 2), ("🇨🇳", 2), ("\n", 1)])
    func columns(text: String, expected: Int) {
        #expect(Sanitizer.columns(of: text) == expected)
    }

    @Test("what is not wanted is not read")
    func bounded() {
        let long = String(repeating: "照片x", count: 400_000)
        let start = ContinuousClock.now
        for _ in 0..<200 {
            _ = Truncation.end(long, columns: 40)
            _ = Truncation.middle(long, columns: 40)
        }
        // A scan of the whole takes milliseconds each time: seconds in all.
        #expect(start.duration(to: .now) < .seconds(1))
    }
}

@Suite("Truncation")
struct TruncationTests {
    @Test(
        "at the end",
        arguments: [
            ("abcdef", 6, "abcdef"), ("abcdef", 5, "abcd…"), ("abcdef", 1, "…"), ("abcdef", 0, ""), ("照片照片", 5, "照片…"),
            ("照片照片", 4, "照…"), ("a\nb", 3, "a␊b"),
        ])
    func end(text: String, columns: Int, expected: String) {
        #expect(Truncation.end(text, columns: columns) == expected)
    }

    @Test(
        "in the middle",
        arguments: [
            ("abcdef", 6, "abcdef"), ("abcdef", 5, "ab…ef"), ("abcdef", 4, "a…ef"), ("abcdef", 2, "a…"),
            ("照片照片照片", 7, "照…照片"), ("照片照片照片", 6, "照…片"), ("uploads/2025/照片.png", 12, "uploa…片.png"),
        ])
    func middle(text: String, columns: Int, expected: String) {
        let short = Truncation.middle(text, columns: columns)
        #expect(short == expected)
        #expect(Sanitizer.columns(of: short) <= columns)
    }
}
