import Synchronization
import TerminalCanvas
import TestSupport
import Testing
import TextSafety
import Widgets
import WorkerDomain

@testable import ConsoleUI
@testable import ContentViews

/// The one place where screens show bytes.
@Suite("ContentPane", .timeLimit(.minutes(10)))
struct ContentPaneTests {
    private func options(_ redaction: Redaction = .off, columns: Int = 79) -> ContentOptions {
        ContentOptions(redaction: redaction, language: .english, columns: columns)
    }

    /// Does what a pane wants, as a screen does.
    private func run(_ pane: inout ContentPane, _ task: ContentTask?) async {
        var next = task
        while let task = next { next = pane.take(await task.run()) }
    }

    private func opened(
        _ text: String, type: String? = nil, redaction: Redaction = .off, wraps: Bool = false
    ) async -> ContentPane {
        var pane = ContentPane(wraps: wraps)
        let item = ContentItem(MemorySource(Array(text.utf8)), mediaType: type)
        await self.run(&pane, pane.open(item, self.options(redaction)))
        return pane
    }

    private func lines(_ pane: ContentPane, _ columns: Int = 80, _ rows: Int = 24) -> [String] {
        var canvas = Canvas(columns: columns, rows: rows)
        ContentPaneView(pane).draw(into: &canvas, in: canvas.bounds)
        return canvas.lines
    }

    @Test("v turns through the views that suit and comes back to the first")
    func turning() async {
        var pane = await self.opened(#"{"a":[1,2]}"#)
        #expect(pane.viewIDs.first == "json" && pane.viewIDs.last == "hex")
        #expect(self.lines(pane).contains { $0.contains("\"a\": [") })
        for id in pane.viewIDs.dropFirst() + ["json"] {
            await self.run(&pane, pane.turn(1))
            #expect(pane.view == id && pane.isOpen)
        }
        await self.run(&pane, pane.turn(-1))
        #expect(pane.view == "hex")
        #expect(self.lines(pane).first?.contains("7b 22 61") == true)
    }

    @Test("Enter folds what begins on the line and unfolds it; the path of the cursor is known")
    func folding() async {
        var pane = await self.opened(#"{"items":[{"key":1},{"key":2}],"last":true}"#)
        let whole = pane.lineCount
        _ = pane.move(.rows(1), page: 10)
        #expect(pane.canFold)
        await self.run(&pane, pane.enter())
        #expect(pane.lineCount < whole)
        #expect(self.lines(pane).contains { $0.contains("2 items") })
        await self.run(&pane, pane.enter())
        #expect(pane.lineCount == whole)
        _ = pane.move(.rows(2), page: 10)
        #expect(pane.cursorPath?.contains("items[0].key") == true)
        let position = ContentPaneView(pane).position(.english, columns: 60, ellipsis: "…")
        #expect(position.contains("items[0].key") && position.contains("ln 4/"))
    }

    @Test("the place of an error in JSON is said")
    func problems() async {
        let pane = await self.opened("{\"a\": 1,\n \"b\" 2}", type: "application/json")
        #expect(self.lines(pane).contains { $0.contains("not valid JSON at line 2, column 6") })
    }

    @Test("a part of a multipart body opens in its own view, and Esc goes back to the list")
    func parts() async {
        let body =
            "--b\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nhello\r\n--b\r\n"
            + "Content-Disposition: form-data; name=\"data\"; filename=\"d.json\"\r\nContent-Type: application/json\r\n\r\n"
            + "{\"inner\":[1]}\r\n--b--\r\n"
        var pane = await self.opened(body, type: "multipart/form-data; boundary=b")
        #expect(pane.view == "multipart")
        while !pane.canEnter || pane.content(at: pane.line)?.item?.name != "d.json" {
            let before = pane.line
            _ = pane.move(.rows(1), page: 10)
            if pane.line == before { break }
        }
        #expect(pane.canEnter)
        let line = pane.line
        await self.run(&pane, pane.enter())
        #expect(pane.isNested && pane.view == "json" && pane.path == ["d.json"])
        #expect(self.lines(pane).contains { $0.contains("\"inner\": [") })
        pane.leave()
        #expect(pane.view == "multipart" && pane.line == line)
    }

    @Test("a search goes on behind what has been read, backwards and round the end")
    func finding() async {
        let text = (0..<5_000).map { "line \($0) \($0 % 2_000 == 1_500 ? "needle" : "hay")" }.joined(separator: "\n")
        var pane = await self.opened(text)
        pane.beginFinding()
        for letter in "NEEDLE" { await self.run(&pane, pane.type(.character(letter))) }
        await self.run(&pane, pane.type(.enter))
        #expect(pane.line == 1_500)
        await self.run(&pane, pane.find(1))
        #expect(pane.line == 3_500)
        #expect(self.lines(pane).contains { $0.contains("line 3500 needle") })
        await self.run(&pane, pane.find(1))
        #expect(pane.line == 1_500)
        await self.run(&pane, pane.find(-1))
        #expect(pane.line == 3_500)
        #expect(pane.takeMissing() == nil)
        pane.use("nowhere")
        await self.run(&pane, pane.find(1))
        #expect(pane.takeMissing() == "nowhere" && pane.line == 3_500)
    }

    @Test("lines before the content and the line that names the view scroll with it")
    func lead() async {
        var pane = ContentPane(wraps: true)
        pane.show([[TextRun("HTTP/1.1 200 OK")], []], label: "Body · 9 B")
        #expect(pane.lineCount == 2)
        let item = ContentItem(MemorySource(Array(#"{"a":12}"#.utf8)))
        await self.run(&pane, pane.open(item, self.options()))
        let lines = self.lines(pane)
        #expect(lines[0].hasSuffix("HTTP/1.1 200 OK") || lines[0].contains("HTTP/1.1 200 OK"))
        #expect(lines[2].contains("Body · 9 B · JSON") && lines[2].contains("1/3"))
        #expect(lines[4].contains("\"a\": 12"))
        _ = pane.move(.last, page: 10)
        #expect(pane.line == 5)
    }

    @Test("lines in columns are made anew for another width, others are not")
    func widths() async {
        var pane = await self.opened("\u{0}\u{1}\u{2}" + String(repeating: "abcdefgh", count: 9))
        #expect(pane.view == "hex" && pane.lineCount == 5)
        await self.run(&pane, pane.fit(columns: 50))
        #expect(pane.lineCount == 10)
        #expect(pane.fit(columns: 50) == nil)
        var text = await self.opened("words")
        #expect(text.fit(columns: 30) == nil)
    }

    @Test("secrets are hidden in every view", arguments: ["json", "text", "hex"])
    func redaction(view: String) async {
        var pane = await self.opened(#"{"password":"hunter2hunter2","b":1}"#, redaction: .standard)
        while pane.view != view { await self.run(&pane, pane.turn(1)) }
        let shown = self.lines(pane).joined()
        #expect(!shown.contains("hunter2") && !shown.contains("68 75 6e 74"))
        #expect(pane.hidden == 1)
    }

    // MARK: Size

    /// A content of any size, made where it is read; it counts what is read of it.
    private final class Made: ByteSource {
        private let count: Int
        private let line: [UInt8]
        private let counter = Mutex(0)

        init(_ count: Int, line: String) {
            self.count = count
            self.line = Array(line.utf8)
        }

        var size: Int? { self.count }
        var read: Int { self.counter.withLock { $0 } }

        func read(at offset: Int, count: Int) async throws(ContentError) -> [UInt8] {
            guard offset < self.count, count > 0 else { return [] }
            let end = min(self.count, offset + count)
            self.counter.withLock { $0 += end - offset }
            return (offset..<end).map { self.line[$0 % self.line.count] }
        }
    }

    private static let contents = [
        "{\"id\":1,\"token\":\"sk-live-0123456789\",\"v\":[1,2]}\n", "plain words password=hunter2hunter2\n",
        "a,b,c\n", "<p>text</p>\n", "\u{0}\u{1}bytes",
    ]

    @Test("100 MB open as fast as a megabyte: no more of them is read, with secrets hidden", arguments: contents)
    func opening(line: String) async {
        var read: [Int] = []
        for count in [1_000_000, 100_000_000] {
            let source = Made(count, line: line)
            var pane = ContentPane()
            await self.run(&pane, pane.open(ContentItem(source), self.options(.standard)))
            #expect(pane.isOpen && pane.content(at: 0) != nil)
            read.append(source.read)
        }
        #expect(read[1] <= read[0] + 65_536, "\(read)")
        #expect(read[1] < 1_500_000, "\(read)")
    }

    @Test(
        "what is read to go through a content grows as the content does, with secrets hidden",
        arguments: contents.prefix(2))
    func linear(line: String) async {
        var read: [Int] = []
        for count in [400_000, 1_200_000] {
            let source = Made(count, line: line)
            var pane = ContentPane()
            await self.run(&pane, pane.open(ContentItem(source), self.options(.standard)))
            await self.run(&pane, pane.move(.last, page: 20))
            read.append(source.read)
        }
        #expect(Double(read[1]) <= 3.6 * Double(read[0]), "\(read)")
    }

    @Test("going through a content ends when its task is cancelled")
    func cancelling() async {
        let source = Made(100_000_000, line: Self.contents[0])
        var pane = ContentPane()
        await self.run(&pane, pane.open(ContentItem(source), self.options(.standard)))
        let before = source.read
        let task = pane.move(.last, page: 20)
        let work = Task { await task?.run() }
        work.cancel()
        if case .failed(let error) = await work.value { #expect(error.code == .cancelled) } else { Issue.record() }
        #expect(source.read - before < 10_000_000)
    }
}
