import CNcurses
import Foundation
import TerminalCanvas
import Testing

@testable import TerminalDriver

@Suite("CellEncoder")
struct CellEncoderTests {
    private func encoder(isUTF8: Bool = true) -> CellEncoder {
        #expect(wc_set_locale())
        return CellEncoder(isUTF8: isUTF8, width: { Int(wc_scalar_width($0)) })
    }

    @Test(
        "what every terminal draws in the same columns is sent",
        arguments: [
            ("a", 1, [[0x61]]), ("é", 1, [[0xE9]]), ("e\u{301}", 1, [[0x65, 0x301]]), ("照", 2, [[0x7167]]),
            ("😀", 2, [[0x1F600]]), ("👩‍💻", 2, [[0x1F469]]), ("❤️", 2, [[0x2764], [0x20]]),
            ("👍🏽", 2, [[0x1F44D]]), ("🇨🇳", 2, [[0x43], [0x4E]]), ("照", 1, [[0x3F]]),
        ] as [(String, Int, [[UInt32]])])
    func pieces(text: String, columns: Int, expected: [[UInt32]]) {
        let pieces = self.encoder().pieces(of: Grapheme(text), columns: columns)
        #expect(pieces.map(\.scalars) == expected)
        #expect(pieces.map(\.offset) == Array(0..<expected.count))
    }

    @Test(
        "without UTF-8 only ASCII is sent",
        arguments: [
            ("a", 1, [0x61]), ("é", 1, [0x3F]), ("照", 2, [0x3F, 0x3F]),
            // A wide mark that the console's glyphs spell so.
            ("?", 2, [0x3F, 0x20]),
        ])
    func ascii(text: String, columns: Int, expected: [UInt32]) {
        #expect(self.encoder(isUTF8: false).pieces(of: Grapheme(text), columns: columns).flatMap(\.scalars) == expected)
    }
}

@Suite("ClipboardSequence")
struct ClipboardSequenceTests {
    @Test(
        "base64 as in RFC 4648 section 10",
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ])
    func base64(text: String, expected: String) {
        #expect(String(decoding: ClipboardSequence.base64(Array(text.utf8)), as: UTF8.self) == expected)
    }

    @Test("a text that is too long is not sent")
    func limit() {
        #expect(ClipboardSequence.bytes(for: String(repeating: "a", count: 75_000)) != nil)
        #expect(ClipboardSequence.bytes(for: String(repeating: "a", count: 75_001)) == nil)
    }

    @Test("screen gets short pieces, and what it passes on is the whole sequence", arguments: [0, 1, 172, 173, 75_000])
    func screen(count: Int) throws {
        let text = String(repeating: "a", count: count)
        let bytes = try #require(ClipboardSequence.bytes(for: text, through: .screen))
        // What stands between ESC P and ESC \, as screen reads it.
        let pieces = String(decoding: bytes, as: UTF8.self).components(separatedBy: "\u{1B}\\")
        #expect(pieces.last == "")
        #expect(pieces.dropLast().allSatisfy { $0.hasPrefix("\u{1B}P") && $0.utf8.count < 256 })
        let passed = pieces.dropLast().map { $0.dropFirst(2) }.joined()
        let encoded = String(decoding: ClipboardSequence.base64(Array(text.utf8)), as: UTF8.self)
        #expect(passed == "\u{1B}]52;c;\(encoded)\u{7}")
    }
}

@Suite("TerminalSettings")
struct TerminalSettingsTests {
    @Test(
        "the environment decides about colours and background",
        arguments: [
            ([:], Theme.dark, nil), (["NO_COLOR": "1"], .dark, .mono), (["NO_COLOR": ""], .dark, nil),
            (["TERM": "dumb"], .dark, .mono), (["COLORFGBG": "0;15"], .light, nil), (["COLORFGBG": "15;0"], .dark, nil),
        ] as [([String: String], Theme, ColorLevel?)])
    func environment(environment: [String: String], theme: Theme, colors: ColorLevel?) {
        let settings = TerminalSettings(environment: environment)
        #expect(settings.theme == theme)
        #expect(settings.colors == colors)
    }

    @Test(
        "glyphs follow the locale first, then the wish, then the terminal",
        arguments: [
            (nil, false, false, GlyphSet.ascii), (.unicode, false, false, .ascii), (nil, true, false, .unicode),
            (nil, true, true, .neutral), (.ascii, true, false, .ascii), (.unicode, true, true, .unicode),
        ] as [(GlyphSet?, Bool, Bool, GlyphSet)])
    func glyphs(wish: GlyphSet?, isUTF8: Bool, isWide: Bool, expected: GlyphSet) {
        #expect(TerminalSettings(glyphs: wish).glyphs(isUTF8: isUTF8, isAmbiguousWide: isWide) == expected)
    }

    @Test(
        "colours are only ever taken away",
        arguments: [
            (nil, 256, ColorLevel.palette), (.mono, 256, .mono), (.trueColor, 8, .eight), (nil, 0, .mono),
            (.eight, 16_777_216, .eight), (.palette, 16_777_216, .eight),
        ] as [(ColorLevel?, Int, ColorLevel)])
    func level(wish: ColorLevel?, available: Int, expected: ColorLevel) {
        #expect(TerminalSettings(colors: wish).level(colors: available) == expected)
    }
}
