import TerminalCanvas
import Testing

@testable import TerminalDriver

@Suite("KeyDecoder")
struct KeyDecoderTests {
    private typealias Output = KeyDecoder.Output

    private func outputs(_ bytes: some Sequence<UInt8>, settles: Bool = true) -> [KeyDecoder.Output] {
        var decoder = KeyDecoder()
        return bytes.flatMap { decoder.byte($0) } + (settles ? decoder.settle() : [])
    }

    private func keys(_ keys: [KeyEvent]) -> [KeyDecoder.Output] { keys.map { .event(.key($0)) } }

    @Test(
        "bytes become keys",
        arguments: [
            ("a", [KeyEvent.character("a")]), (" ", [.character(" ")]), ("\r", [.enter]), ("\t", [.tab]),
            ("\u{7F}", [.backspace]), ("\u{3}", [.control("c")]), ("é", [.character("é")]), ("照", [.character("照")]),
            ("😀", [.character("😀")]), ("\u{1B}", [.escape]), ("\u{1B}x", [.escape, .character("x")]),
            ("\u{1B}\u{1B}", [.escape, .escape]), ("\u{1B}[?62;c", []), ("\0", []), ("\u{85}a", [.character("a")]),
            ("\u{1B}[A", [.up]), ("\u{1B}OB", [.down]), ("\u{1B}[5~", [.pageUp]), ("\u{1B}[Z", [.backTab]),
            ("\u{1B}[1;5A", []), ("\u{1B}[1;2Sx", [.character("x")]), ("\u{1B}OwA", [.character("A")]),
            ("\u{1B}O", [.escape, .character("O")]), ("\u{1B}]", [.escape, .character("]")]), ("\u{1B}[", []),
            ("\u{1B}[A\u{1B}[B", [.up, .down]), ("\u{1B}[1\r", [.enter]),
        ])
    func keys(text: String, expected: [KeyEvent]) {
        #expect(self.outputs(text.utf8) == self.keys(expected))
    }

    @Test("a type's own sequences are keys, also those that a control sequence would end in the middle of")
    func ownSequences() {
        var sequences = KeySequences()
        sequences.add(Array("\u{1B}[[A".utf8), .function(1))
        sequences.add([0x08], .left)
        var decoder = KeyDecoder(keys: sequences)
        let outputs = Array("\u{1B}[[A\u{8}\u{1B}[Ax".utf8).flatMap { decoder.byte($0) }
        #expect(outputs == self.keys([.function(1), .backspace, .up, .character("x")]))
    }

    @Test(
        "bytes that are no UTF-8 are left out",
        arguments: [
            [0xFF, 0x61], [0xC3, 0x61], [0x80, 0x61], [0xE4, 0xB8, 0x61], [0xED, 0xA0, 0x80, 0x61], [0xC0, 0x80, 0x61],
        ] as [[UInt8]])
    func invalid(bytes: [UInt8]) {
        #expect(self.outputs(bytes) == self.keys([.character("a")]))
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
    func mouse(text: String, expected: [TerminalEvent]) {
        #expect(self.outputs(text.utf8) == expected.map { .event($0) })
    }

    @Test("a character may arrive in pieces")
    func pieces() {
        var decoder = KeyDecoder()
        let first = decoder.byte(0xC3) + decoder.settle()
        let second = decoder.byte(0xA9)
        #expect(first == [])
        #expect(second == self.keys([.character("é")]))
    }

    // MARK: - Answers

    private static let answers: [(String, TerminalAnswer)] = [
        ("\u{1B}[2;21R", .cursor(row: 2, column: 21)), ("\u{1B}[1;1R", .cursor(row: 1, column: 1)),
        ("\u{1B}]11;rgb:ffff/ffff/ffff\u{1B}\\", .background(isLight: true)),
        ("\u{1B}]11;rgb:ff/ff/dd\u{7}", .background(isLight: true)),
        ("\u{1B}]11;rgb:0/0/0\u{7}", .background(isLight: false)),
        ("\u{1B}]11;rgb:1c1c/1c1c/1c1c\u{1B}\\", .background(isLight: false)),
        ("\u{1B}]11;rgba:fd/f6/e3/ff\u{7}", .background(isLight: true)),
        ("\u{1B}]11;RGB:FD/F6/E3\u{7}", .background(isLight: true)),
        ("\u{1B}]11;#fdf6e3\u{7}", .background(isLight: true)),
        ("\u{1B}]11;#002b36\u{1B}\\", .background(isLight: false)),
        ("\u{1B}]11;#fff\u{7}", .background(isLight: true)),
        ("\u{1B}]11;#ffffeeeedddd\u{7}", .background(isLight: true)),
        ("\u{1B}_Gi=31;OK\u{1B}\\", .pictures(.kitty)),
        ("\u{1B}[?62;22;4c", .pictures(.sixel)),
        ("\u{1B}[?62;4;52c", .pictures(.sixel)),
    ]

    @Test("an answer is no key, wherever it is cut", arguments: Self.answers.indices)
    func answer(index: Int) {
        let (text, answer) = Self.answers[index]
        let bytes = Array(text.utf8)
        #expect(self.outputs(bytes) == [.answer(answer)])
        for cut in 1..<bytes.count {
            var decoder = KeyDecoder()
            var outputs = bytes[..<cut].flatMap { decoder.byte($0) }
            // What waits is given up only when it may be typed, and while an answer is awaited only after some time.
            #expect(cut < 3 || decoder.isInReport)
            outputs += bytes[cut...].flatMap { decoder.byte($0) } + decoder.byte(UInt8(ascii: "x"))
            #expect(outputs == [.answer(answer)] + self.keys([.character("x")]), "cut at \(cut)")
        }
    }

    @Test(
        "what is no answer is neither a key nor an answer",
        arguments: [
            "\u{1B}]11;\u{7}", "\u{1B}]11;rgb:\u{7}", "\u{1B}]11;rgb:ff/ff\u{7}", "\u{1B}]11;rgb:fffff/0/0\u{7}",
            "\u{1B}]11;rgb:gg/00/00\u{7}", "\u{1B}]11;rgb:-1/00/00\u{7}", "\u{1B}]11;#ffff\u{7}", "\u{1B}]11;#\u{7}",
            "\u{1B}]11;white\u{1B}\\", "\u{1B}]10;rgb:ff/ff/ff\u{7}", "\u{1B}]\u{7}", "\u{1B}]52;c;cQ==\u{7}",
            "\u{1B}[R", "\u{1B}[;R", "\u{1B}[0;0R", "\u{1B}[1;2;3R", "\u{1B}[99999999999999999999;1R",
            "\u{1B}_Gi=31;EINVAL:x\u{1B}\\", "\u{1B}_Gi=5;OK\u{1B}\\", "\u{1B}_G\u{7}", "\u{1B}[?62;22c", "\u{1B}[?4c",
            "\u{1B}[?62;44c", "\u{1B}[4c", "\u{1B}[?c", "\u{1B}]11;rgba:ff/ff/ff\u{7}", "\u{1B}]11;é\u{7}",
        ])
    func noAnswer(text: String) {
        #expect(self.outputs(Array(text.utf8) + [0x78]) == self.keys([.character("x")]))
    }

    @Test(
        "a text without end takes no memory and no key for long; its end is found all the same",
        arguments: [0x07, 0x5C])
    func longText(end: UInt8) {
        var decoder = KeyDecoder()
        var outputs = "\u{1B}]11;rgb:ffff/ffff/ffff".utf8.flatMap { decoder.byte($0) }
        for _ in 0..<100_000 { outputs += decoder.byte(UInt8(ascii: "q")) }
        outputs += (end == 0x07 ? [0x07] : [0x1B, 0x5C]).flatMap { decoder.byte($0) }
        outputs += decoder.byte(UInt8(ascii: "x"))
        #expect(outputs == self.keys([.character("x")]))
        outputs =
            "\u{1B}]11;qqqq".utf8.flatMap { decoder.byte($0) } + decoder.settle() + decoder.byte(UInt8(ascii: "q"))
        #expect(outputs == self.keys([.character("q")]))
    }

    @Test("a key that is pressed inside of a broken text is a key")
    func brokenText() {
        #expect(self.outputs("\u{1B}]11;rgb:\u{3}".utf8) == self.keys([.control("c")]))
        #expect(self.outputs("\u{1B}]11;rgb:\u{1B}[A".utf8) == self.keys([.up]))
        #expect(self.outputs("\u{1B}]11;rgb:\u{1B}\u{1B}\\x".utf8) == self.keys([.character("x")]))
    }

    // MARK: - Pastes

    @Test(
        "a paste is one text, with line feeds, and keys in it are no keys",
        arguments: [
            ("a\r\nb\rc", "a\nb\nc"), ("q\u{1B}[Aq", "q\u{1B}[Aq"), ("\u{1B}[20", "\u{1B}[20"),
            ("\u{1B}\u{1B}[200~", "\u{1B}\u{1B}[200~"), ("照片\u{1B}]11;x\u{7}", "照片\u{1B}]11;x\u{7}"),
        ])
    func paste(text: String, expected: String) {
        let bytes = Array("\u{1B}[200~\(text)\u{1B}[201~a".utf8)
        #expect(self.outputs(bytes) == [.event(.paste(expected))] + self.keys([.character("a")]))
        var decoder = KeyDecoder()
        // Time passes between the bytes, but for an Esc, which would be the key.
        let outputs = bytes.flatMap { byte -> [KeyDecoder.Output] in
            let found = decoder.byte(byte)
            return found + (decoder.isInReport || decoder.isPasting || byte == 0x1B ? [] : decoder.settle())
        }
        #expect(!outputs.contains(.event(.key(.character("q")))))
    }

    @Test("a paste without end is cut")
    func longPaste() {
        var decoder = KeyDecoder()
        for byte in "\u{1B}[200~".utf8 { _ = decoder.byte(byte) }
        for _ in 0..<(KeyDecoder.pasteLimit + 10) { _ = decoder.byte(0x61) }
        guard case .event(.paste(let text)) = decoder.endPaste().first else {
            Issue.record("no paste")
            return
        }
        #expect(text.utf8.count == KeyDecoder.pasteLimit)
    }

    @Test("no bytes make it fail")
    func noise() {
        var generator = SystemRandomNumberGenerator()
        var decoder = KeyDecoder()
        let likely = Array("\u{1B}\u{1B}[]O;\\\u{7}0123456789~RMm<#/rgb:".utf8)
        for round in 0..<40_000 {
            let byte = round % 2 == 0 ? UInt8.random(in: 0...255, using: &generator) : likely.randomElement()
            _ = decoder.byte(byte ?? 0)
            if Int.random(in: 0..<50, using: &generator) == 0 { _ = decoder.settle() }
            if Int.random(in: 0..<5_000, using: &generator) == 0 { _ = decoder.endPaste() }
        }
    }
}
