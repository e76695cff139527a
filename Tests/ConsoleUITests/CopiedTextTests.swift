import TestSupport
import Testing
import TextSafety
import WorkerDomain

@testable import ConsoleUI

/// What goes to the clipboard may be pasted into a shell.
@Suite("copied text")
struct CopiedTextTests {
    @Test("a value that steers a terminal is quoted, and the message says so; any other is copied as it is")
    func values() {
        let hostile = "a\u{1B}]0;x\u{7}\u{202E}b\nrm -rf ~\r"
        let copied = CopiedText(value: hostile)
        #expect(copied.text == "$'a\\033]0;x\\007\\342\\200\\256b\\nrm -rf ~\\r'")
        #expect(copied.isQuoted)
        let reply = CopyReply(copied: copied, outcome: .terminal)
        #expect(reply.message(.english, columns: 80, reveal: "*").contains("quoted"))
        #expect(!ControlCharacters.areIn(CopiedText(value: CanvasReading.hostileText).text))
        for plain in ["img/a b.png", "张三-简历.pdf", "é", "it's"] {
            #expect(CopiedText(value: plain).text == plain)
            #expect(!CopiedText(value: plain).isQuoted)
        }
        #expect(CopiedText(value: "x \(Redaction.mask)").isRedacted)
    }

    @Test("lines keep their ends and tabs, and nothing else that steers a terminal")
    func lines() {
        #expect(CopiedText(lines: "a\n\tb").text == "a\n\tb")
        let cleaned = CopiedText(lines: "a\n\u{1B}[31m\u{202E}b").text
        #expect(!ControlCharacters.areIn(cleaned.replacing("\n", with: "")) && cleaned.hasPrefix("a\n"))
    }

    @Test("every screen copies through that door")
    func door() async {
        var model = Pilot.model(
            screen: .traffic,
            exchanges: [
                Pilot.exchange(1, "GET", "/a?x=\u{202E}b", fields: ["X-A: \u{7}\u{1B}[31m", "X-B: \u{2066}c"])
            ])
        var texts: [String] = []
        for case .copy(let copied) in model.press("y") { texts.append(copied.text) }
        #expect(texts.count == 1)
        for text in texts { #expect(!ControlCharacters.areIn(text.replacing("\n", with: "")), "\(text)") }
        #expect(texts.first?.contains("\\007\\033") == true)
    }
}
