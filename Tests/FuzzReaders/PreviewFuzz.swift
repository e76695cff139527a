import TerminalCanvas
import TextSafety
import Widgets
import WorkerDomain

@testable import ConsoleUI
@testable import ContentViews

/// The pane that shows content: any bytes can be drawn in every view, at every size, at their beginning and end, and
/// nothing that steers a terminal reaches a cell.
enum PreviewFuzz {
    private static let types = [nil, "application/json", "text/html", "text/plain; charset=gb18030"]

    /// The first byte says how the value is declared and drawn.
    static func violation(_ input: [UInt8]) -> String? {
        let flags = input.first ?? 0
        let bytes = Array(input.dropFirst())
        return ContentFuzz.wait {
            var pane = ContentPane(wraps: flags & 8 != 0)
            if flags & 1 != 0 { pane.show([[TextRun("head")], []], label: "Body") }
            let item = ContentItem(
                MemorySource(bytes, isCut: flags & 2 != 0), mediaType: Self.types[Int(flags >> 4 & 3)])
            let options = ContentOptions(
                redaction: flags & 4 == 0 ? .standard : .off, language: .english, columns: 60, decodedLimit: 400_000)
            await Self.run(&pane, pane.open(item, options))
            pane.use("a")
            for _ in 0..<max(1, pane.viewIDs.count) {
                for movement in [KeyMovement.first, .rows(7), .last, .pages(-1)] {
                    await Self.run(&pane, pane.move(movement, page: 20))
                    if let text = Self.violation(of: pane, flags) { return text }
                }
                if pane.canFold || pane.canEnter {
                    await Self.run(&pane, pane.enter())
                    if let text = Self.violation(of: pane, flags) { return text }
                    pane.leave()
                }
                await Self.run(&pane, pane.find(flags & 128 == 0 ? 1 : -1))
                pane.scroll(by: 8)
                if let text = Self.violation(of: pane, flags) { return text }
                await Self.run(&pane, pane.turn(1))
            }
            return nil
        }
    }

    /// Does what a pane wants, as a screen does.
    private static func run(_ pane: inout ContentPane, _ task: ContentTask?) async {
        var next = task
        while let task = next { next = pane.take(await task.run()) }
    }

    private static func violation(of pane: ContentPane, _ flags: UInt8) -> String? {
        for (columns, rows) in [(80, 24), (40, 10), (1, 1), (3, 2)] {
            var canvas = Canvas(columns: columns, rows: rows, glyphs: flags & 64 == 0 ? .unicode : .ascii)
            ContentPaneView(pane).draw(into: &canvas, in: canvas.bounds)
            for cell in canvas.cells {
                for scalar in cell.text.unicodeScalars where scalar != "\u{200D}" && ContentFuzz.isForbidden(scalar) {
                    return "U+\(String(scalar.value, radix: 16)) is drawn"
                }
            }
        }
        return nil
    }
}
