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
