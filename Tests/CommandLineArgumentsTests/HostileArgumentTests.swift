import CommandLineArguments
import Testing

@Suite("Hostile arguments", .timeLimit(.minutes(1)))
struct HostileArgumentTests {
    private func refusal(_ arguments: [[UInt8]]) -> String {
        guard case .refuse(let lines) = SampleProgram.program.request(arguments) else { return "taken" }
        return lines.joined(separator: "\n")
    }

    static let hostile = [
        "--\u{1B}]0;title\u{7}", "--loops=\u{1B}[31m", "--colour=\r\n\t\u{9B}2J", "-\u{202E}", "--env\u{200B}x",
        "--loops=\u{2028}", "--colour=\u{E000}\u{FFFF}", "-\0",
    ]

    @Test("no control or invisible character reaches the message", arguments: hostile)
    func controls(argument: String) {
        let text = self.refusal([Array(argument.utf8)])
        #expect(text.hasPrefix("sample-console: "))
        let isClean = text.unicodeScalars.allSatisfy { scalar in
            switch scalar.properties.generalCategory {
            case .control: scalar == "\n"
            case .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: false
            default: true
            }
        }
        #expect(isClean && text.split(separator: "\n").count == 3, "\(text.debugDescription)")
    }

    @Test("bytes that are no UTF-8 are refused with their place")
    func bytes() {
        let text = self.refusal([Array("serve".utf8), [0x63, 0x61, 0x66, 0xE9]])
        #expect(text.hasPrefix("sample-console: argument 2 is not valid UTF-8: \"caf\u{FFFD}\""))
        #expect(self.refusal([[0xC0, 0x80]]).contains("argument 1"))
        #expect(self.refusal([[0xED, 0xA0, 0x80]]).contains("argument 1"))
    }

    @Test("an argument of 100 kB is shortened", arguments: ["--", "--loops=", "-", "--colour=", "-b"])
    func long(start: String) {
        let text = self.refusal([Array((start + String(repeating: "z", count: 100_000)).utf8)])
        #expect(text.hasPrefix("sample-console: ") && text.utf8.count < 500)
    }

    @Test("one very long value is taken whole, and so are very many")
    func taken() {
        let value = String(repeating: "é", count: 50_000)
        #expect(SampleProgram.outcome(["--env", value]) == "(open) . env=\(value)")
        let many = (0..<5_000).flatMap { ["-b", "http:\($0)"] }
        #expect(SampleProgram.outcome(many).hasSuffix("http:4999"))
        let flags = "-" + String(repeating: "q", count: 100_000)
        #expect(SampleProgram.outcome([flags]) == "(open) . quiet")
    }

    @Test("words drawn at random are run, printed or refused, and never end the program")
    func random() {
        var random = SeededRandom(state: 20_260_801)
        let pieces = [
            "-", "--", "=", "e", "q", "h", "env", "loops", "backend", "quiet", "help", "serve", "open", "1", ".", "",
            "é",
            "\u{1B}", "http:", "generate-completion-script", "bash", "colour", "dark", "\u{301}",
        ]
        for _ in 0..<20_000 {
            let words = (0..<Int.random(in: 0...5, using: &random)).map { _ in
                (0..<Int.random(in: 0...4, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }
                    .joined()
            }
            guard case .refuse(let lines) = SampleProgram.program.request(words) else { continue }
            #expect(lines.count == 3 && !lines.contains { $0.contains("\u{1B}") }, "\(words)")
        }
    }
}

/// The same numbers for the same seed (SplitMix64).
private struct SeededRandom: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        self.state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = self.state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
