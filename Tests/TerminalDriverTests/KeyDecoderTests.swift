import CNcurses
import TerminalCanvas
import Testing

@testable import TerminalDriver

@Suite("KeyDecoder")
struct KeyDecoderTests {
    /// Changes cannot be made inside an expectation; they can be in an argument.
    private static func same(_ found: [TerminalEvent], _ expected: [TerminalEvent]) -> Bool { found == expected }

    private func events(_ bytes: [UInt8]) -> [TerminalEvent] {
        var decoder = KeyDecoder()
        return bytes.flatMap { decoder.byte($0) } + decoder.settle()
    }

    @Test(
        "bytes become keys",
        arguments: [
            ("a", [KeyEvent.character("a")]), (" ", [.character(" ")]), ("\r", [.enter]), ("\t", [.tab]),
            ("\u{7F}", [.backspace]), ("\u{3}", [.control("c")]), ("é", [.character("é")]), ("照", [.character("照")]),
            ("😀", [.character("😀")]), ("\u{1B}", [.escape]), ("\u{1B}x", [.escape, .character("x")]),
            ("\u{1B}\u{1B}", [.escape, .escape]), ("\u{1B}[1;2Rx", [.character("x")]), ("\u{1B}[?62;c", []), ("\0", []),
            ("\u{85}a", [.character("a")]),
        ])
    func keys(text: String, expected: [KeyEvent]) {
        #expect(self.events(Array(text.utf8)) == expected.map { .key($0) })
    }

    @Test(
        "bytes that are no UTF-8 are left out",
        arguments: [
            [0xFF, 0x61], [0xC3, 0x61], [0x80, 0x61], [0xE4, 0xB8, 0x61], [0xED, 0xA0, 0x80, 0x61], [0xC0, 0x80, 0x61],
        ] as [[UInt8]])
    func invalid(bytes: [UInt8]) {
        #expect(self.events(bytes) == [.key(.character("a"))])
    }

    @Test(
        "mouse reports become presses and notches of the wheel; what else they tell is left out",
        arguments: [
            ("\u{1B}[<0;1;1M", [TerminalEvent.mouse(MouseEvent(.press, row: 0, column: 0))]),
            ("\u{1B}[<0;1;1m", []), ("\u{1B}[<16;3;2M", [.mouse(MouseEvent(.press, row: 1, column: 2))]),
            ("\u{1B}[<64;80;24M", [.mouse(MouseEvent(.wheelUp, row: 23, column: 79))]),
            ("\u{1B}[<65;9;9M1", [.mouse(MouseEvent(.wheelDown, row: 8, column: 8)), .key(.character("1"))]),
            ("\u{1B}[<2;1;1M", []), ("\u{1B}[<0;0;0M", []),
            ("\u{1B}[<0;99999999999999999999;1Mx", [.key(.character("x"))]),
            ("\u{1B}[<0;1Mq", [.key(.character("q"))]), ("\u{1B}[<;;M", []),
            ("\u{1B}[<0;1;1\u{1B}x", [.key(.escape), .key(.character("x"))]),
        ])
    func mouse(text: String, expected: [TerminalEvent]) { #expect(self.events(Array(text.utf8)) == expected) }

    @Test("a mouse report in two pieces is no key")
    func mousePieces() {
        var decoder = KeyDecoder()
        let first = "\u{1B}[<0;1".utf8.flatMap { decoder.byte($0) } + decoder.settle()
        let rest = "2;3M".utf8.flatMap { decoder.byte($0) } + decoder.settle()
        #expect(first.isEmpty)
        #expect(rest == [.mouse(MouseEvent(.press, row: 2, column: 11))])
    }

    @Test("a character may arrive in pieces")
    func pieces() {
        var decoder = KeyDecoder()
        #expect(Self.same(decoder.byte(0xC3) + decoder.settle(), []))
        #expect(Self.same(decoder.byte(0xA9), [.key(.character("é"))]))
    }

    @Test("a paste is one text, with line feeds, and named keys in it are no keys")
    func paste() {
        var decoder = KeyDecoder()
        #expect(Self.same(decoder.named(UInt32(WC_NAME_PASTE_START.rawValue)), []))
        for byte in "a\r\nb\rc".utf8 { #expect(Self.same(decoder.byte(byte), [])) }
        #expect(Self.same(decoder.named(UInt32(WC_NAME_UP.rawValue)), []))
        #expect(Self.same(decoder.named(UInt32(WC_NAME_PASTE_END.rawValue)), [.paste("a\nb\nc")]))
        #expect(Self.same(decoder.byte(0x61), [.key(.character("a"))]))
    }

    @Test("a paste without end is cut")
    func longPaste() {
        var decoder = KeyDecoder()
        _ = decoder.named(UInt32(WC_NAME_PASTE_START.rawValue))
        for _ in 0..<(KeyDecoder.pasteLimit + 10) { _ = decoder.byte(0x61) }
        guard case .paste(let text) = decoder.endPaste().first else {
            Issue.record("no paste")
            return
        }
        #expect(text.utf8.count == KeyDecoder.pasteLimit)
    }

    @Test(
        "named keys",
        arguments: [
            (UInt32(WC_NAME_HOME.rawValue), KeyEvent.home), (UInt32(WC_NAME_BACK_TAB.rawValue), .backTab),
            (101, .function(1)), (112, .function(12)),
        ])
    func named(name: UInt32, expected: KeyEvent) {
        var decoder = KeyDecoder()
        #expect(Self.same(decoder.named(name), [.key(expected)]))
    }

    @Test("no bytes make it fail")
    func noise() {
        var generator = SystemRandomNumberGenerator()
        var decoder = KeyDecoder()
        for _ in 0..<20_000 {
            _ = decoder.byte(UInt8.random(in: 0...255, using: &generator))
            if Int.random(in: 0..<50, using: &generator) == 0 { _ = decoder.named(UInt32.random(in: 0...120)) }
        }
    }
}
