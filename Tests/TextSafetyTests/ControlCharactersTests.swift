import Foundation
import Testing

@testable import TextSafety

@Suite("what steers a terminal")
struct ControlCharactersTests {
    /// ESC, BEL, C1, bidi, zero-width, separators, fillers, tags, private use.
    static let hostile =
        "a\u{1B}[31m\u{7}\u{9B}2J\u{202E}\u{2066}\u{200B}\u{FEFF}\u{AD}\u{2028}\u{3164}\u{E0041}\u{E000}\r\n\t\u{0}'\"\\é中"

    @Test("a JSON literal holds none of it raw and reads back to the same text")
    func json() throws {
        let literal = ControlCharacters.json(Self.hostile)
        #expect(!ControlCharacters.areIn(literal))
        #expect(literal.contains("é中"))
        #expect(try JSONDecoder().decode(String.self, from: Data(literal.utf8)) == Self.hostile)
        let escaped = ControlCharacters.escaped(json: "{\n  \"a\": \"\u{202E}é\"\n}")
        #expect(escaped == "{\n  \"a\": \"\\u202eé\"\n}")
    }

    @Test("a shell's word holds none of it raw and stands for the same bytes")
    func shell() throws {
        let text = Self.hostile.replacing("\u{0}", with: "")
        let word = ControlCharacters.shellWord(text)
        #expect(!ControlCharacters.areIn(word))
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments = ["-c", "printf %s \(word)"]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(Array(bytes) == Array(text.utf8))
    }

    @Test("text in any script stays")
    func scripts() {
        #expect(!ControlCharacters.areIn("Grüße, 张三, こんにちは, Привет, مرحبا, नमस्ते, 👍🏽 — “x” … ✓"))
    }
}
