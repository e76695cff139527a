import TerminalCanvas
import Testing
import Widgets
import WorkerDomain

@testable import ConsoleUI

@Suite("source on the checks screen")
struct ChecksSourceTests {
    private let glyphs = GlyphSet.unicode.glyphs

    private func text(_ lines: [[Span]]) -> [String] { lines.map { $0.map(\.text).joined() } }

    @Test("an excerpt has line numbers, a mark at its line, and ends what is too long with an ellipsis")
    func excerpt() throws {
        let source = (1...12).map { "value_\($0) = \($0)  # a comment that is long" }.joined(separator: "\n")
        let excerpt = try #require(SourceExcerpt(of: "worker.py", source, line: 10))
        let lines = ChecksSource.excerpt(excerpt, columns: 30, self.glyphs)
        let text = self.text(lines)
        #expect(text[4].hasPrefix("\(self.glyphs.pointer) 10  value_10 = 10") && text[3].hasPrefix("   9  value_9"))
        #expect(text.allSatisfy { Sanitizer.columns(of: $0) <= 30 && $0.hasSuffix("…") })
        #expect(lines[4].contains { $0.role == .number && $0.text == "10" })
    }

    @Test("a fix marks what goes and what comes, and leaves out what is far away")
    func fix() {
        let old = (1...20).map { "line \($0)" }.joined(separator: "\n") + "\n"
        let new = old.replacing("line 10\n", with: "line ten\nline ten and a half\n")
        let text = self.text(ChecksSource.fix(from: old, to: new, isPython: true, columns: 40, self.glyphs))
        #expect(text.filter { $0.hasPrefix("- ") } == ["-     line 10"])
        #expect(text.filter { $0.hasPrefix("+ ") } == ["+ 10  line ten", "+ 11  line ten and a half"])
        #expect(text.count == 3 + 1 + 2 + 3 + 2 && text.first?.hasSuffix("…") == true)
    }

    @Test("where nothing is known of what stood there, the code is shown as it is")
    func whole() {
        let text = self.text(
            ChecksSource.fix(from: nil, to: "a = 1\nb = 2\n", isPython: false, columns: 40, self.glyphs))
        #expect(text == ["  1  a = 1", "  2  b = 2"])
    }
}
