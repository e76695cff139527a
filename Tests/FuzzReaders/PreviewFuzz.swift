import TerminalCanvas
import Widgets
import WorkerDomain

@testable import ConsoleUI

/// The preview of a stored value: any bytes can be drawn, and nothing that steers a terminal reaches a cell.
enum PreviewFuzz {
    /// The first byte says which part of the value this is and how it is shown.
    static func violation(_ input: [UInt8]) -> String? {
        let flags = input.first ?? 0
        let bytes = Array(input.dropFirst())
        let start: Int64 = flags & 1 == 0 ? 0 : 4_096
        let total = start + Int64(bytes.count) + (flags & 2 == 0 ? 0 : 999)
        let first = StoredContent(window: StoredWindow(bytes: bytes, total: total), looksLikeJSON: flags & 4 != 0)
        let content = StoredContent(
            window: StoredWindow(start: start, bytes: bytes, total: total), earlier: flags & 8 == 0 ? nil : first,
            looksLikeJSON: flags & 4 != 0)
        var finder = TextFinder()
        finder.begin()
        for letter: Character in ["a", "{", "é"] { _ = finder.take(.character(letter)) }
        for form in [StoredContentView.Form.pretty, .text, .hex] {
            for (columns, rows) in [(80, 24), (40, 10), (1, 1), (3, 2)] {
                for line in [0, 7, content.lines.count] {
                    var canvas = Canvas(columns: columns, rows: rows, glyphs: flags & 16 == 0 ? .unicode : .ascii)
                    StoredContentView.draw(
                        &canvas, canvas.bounds, content, form: form, line: line, left: Int(flags >> 5), finder: finder,
                        language: .english)
                    if let text = Self.violation(of: canvas) { return text }
                }
            }
        }
        return nil
    }

    private static func violation(of canvas: Canvas) -> String? {
        for cell in canvas.cells {
            // The joiner holds emoji together.
            for scalar in cell.text.unicodeScalars where StoredContent.isHidden(scalar) && scalar != "\u{200D}" {
                return "U+\(String(scalar.value, radix: 16)) is drawn"
            }
        }
        return nil
    }
}
