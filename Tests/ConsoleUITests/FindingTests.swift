import TerminalCanvas
import TestSupport
import Testing
import Widgets
import WorkerDomain

@testable import ConsoleUI
@testable import StorageScreens

@Suite struct FindingTests {
    private func bench(_ store: MemoryObjectStore) -> ScreenBench<BucketsScreen> {
        ScreenBench(world: BackendsSample.world(.english, resources: BucketsSample.resources(store)))
    }

    private static let long = MemoryObjectStore([
        BucketsSample.object(
            "long.txt", Array((1...300).map { "line \($0) of it\n" }.joined().utf8), type: "text/plain")
    ])

    // MARK: Pages

    @Test("a page is what the pane shows, whatever its height", arguments: [(24, 2), (45, 3)])
    func pages(rows: Int, pages: Int) async {
        let store = MemoryObjectStore((0..<400).map { BucketsSample.object("k\($0 + 1_000).txt", [65]) })
        var bench = self.bench(store)
        await bench.send(.shown)
        let shown = CanvasReading.text(of: bench.canvas(80, rows)).split(separator: "\n").count {
            $0.contains(".txt  ")
        }
        bench.draw(80, rows)
        await bench.press(.control("f"))
        #expect(bench.world.layout.page >= shown - 1)
        #expect(bench.screen.listing?.cursor == bench.world.layout.page)
        await bench.press(.control("b"))
        #expect(bench.screen.listing?.cursor == 0)
        await bench.press(.pageDown, .control("u"))
        #expect(bench.screen.listing?.cursor == bench.world.layout.page - bench.world.layout.page / 2)
    }

    @Test("a page of a preview is the preview's height")
    func previewPages() async {
        var bench = self.bench(Self.long)
        await bench.send(.shown)
        await bench.press(.enter)
        bench.draw(80, 24)
        let before = bench.screen.preview?.line ?? -1
        await bench.press(.pageDown)
        // 24 rows without the frame's four, the path, the tabs and the pane's border.
        #expect(bench.screen.preview.map { $0.line - before } == 16)
    }

    // MARK: Finding

    @Test("/ finds in a preview, n and N go on, Esc ends the search before it closes")
    func preview() async {
        var bench = self.bench(Self.long)
        await bench.send(.shown)
        await bench.press(.enter, .character("/"))
        #expect(bench.screen.isTyping)
        await bench.type("LINE 12")
        #expect(CanvasReading.text(of: bench.canvas(80, 24)).contains("find ▸ LINE 12"))
        await bench.press(.enter)
        #expect(bench.screen.preview?.line == 11)
        let canvas = bench.canvas(80, 24)
        #expect(canvas.cells.count { $0.role == .match } == 7)
        await bench.press(.character("n"))
        #expect(bench.screen.preview?.line == 119)
        await bench.press(.character("N"), .character("N"))
        #expect(bench.screen.preview?.line == 128)
        await bench.press(.escape)
        #expect(bench.screen.preview != nil)
        #expect(bench.canvas(80, 24).cells.allSatisfy { $0.role != .match })
        await bench.press(.escape)
        #expect(bench.screen.preview == nil)
    }

    @Test("what is not there is said, and bytes are found in the hexadecimal view")
    func bytes() async {
        var bench = self.bench(
            MemoryObjectStore([BucketsSample.object("x.bin", [UInt8](repeating: 0, count: 400) + Array("needle".utf8))])
        )
        await bench.send(.shown)
        await bench.press(.enter, .character("/"))
        await bench.type("needle")
        await bench.press(.enter)
        #expect(bench.screen.preview?.line == 25)
        await bench.press(.character("/"), .control("u"))
        await bench.type("hay")
        await bench.press(.enter)
        #expect(bench.toasts.last == "“hay” not found")
    }

    @Test("a line of a preview that goes on behind the edge says so, until its end is seen")
    func longLines() async {
        let line = String(repeating: "abcdefgh", count: 15) + "END"
        var bench = self.bench(MemoryObjectStore([BucketsSample.object("l.txt", Array(line.utf8), type: "text/plain")]))
        await bench.send(.shown)
        await bench.press(.enter)
        #expect(CanvasReading.text(of: bench.canvas(80, 24)).contains("…│"))
        for _ in 0..<8 { await bench.press(.right) }
        let text = CanvasReading.text(of: bench.canvas(80, 24))
        #expect(text.contains("END") && !text.contains("…│"))
    }

    @Test("/ finds in the detail of an exchange; without a search n stays the next exchange")
    func detail() async {
        let answer = "{" + (1...60).map { "\"field\($0)\":\($0)" }.joined(separator: ",") + "}"
        var model = Pilot.model(
            screen: .traffic, exchanges: [Pilot.exchange(1, answer: answer), Pilot.exchange(2, answer: answer)])
        await model.send(.enter)
        await model.send("/")
        await model.send("Field55")
        #expect(model.picture.contains("find ▸ Field55"))
        await model.send(.enter)
        #expect(model.picture.contains("\"field55\": 55"))
        #expect(Frame(model: model).draw().cells.count { $0.role == .match } == 7)
        await model.send(.escape)
        await model.send("N")
        #expect(model.picture.contains(" #1  GET"))
        await model.send("/")
        await model.send("nowhere")
        await model.send(.enter)
        #expect(model.picture.contains("“nowhere” not found"))
    }

    @Test("the end of wrapped lines can be reached")
    func wrappedEnd() {
        var pane = ContentPane(wraps: true)
        pane.show((1...12).map { [TextRun("\($0) " + String(repeating: "x", count: 90))] }, label: nil)
        func lines() -> [String] {
            var canvas = Canvas(columns: 41, rows: 10)
            ContentPaneView(pane).draw(into: &canvas, in: canvas.bounds)
            return canvas.lines.map { String($0.dropFirst()) }
        }
        #expect(lines().first?.hasPrefix("1 x") == true)
        #expect(pane.move(.last, page: 10) == nil)
        #expect(lines().contains { $0.hasPrefix("12 x") })
        #expect(lines()[8].hasPrefix("xxx"))
        #expect(pane.move(.rows(-11), page: 10) == nil)
        #expect(lines().first?.hasPrefix("1 x") == true)
    }

    @Test(
        "lines break at blanks, and long words where the line ends",
        arguments: [
            ("waiting for the answer", 12, ["waiting for", "the answer"]), ("aaaa bbbb", 4, ["aaaa", "bbbb"]),
            ("abcdefghij", 4, ["abcd", "efgh", "ij"]), ("张三 简历和照片", 8, ["张三 简", "历和照片"]), ("", 4, [""]),
        ])
    func wrapping(text: String, columns: Int, expected: [String]) {
        let parts = TextWrap.wrap([TextRun(text)], columns: columns)
        #expect(parts.map { $0.map(\.text).joined() } == expected)
    }

    @Test("a line of hits from end to end is marked in linear time", arguments: ["a", "aaaaaaab"])
    func manyHits(query: String) {
        func marking(_ count: Int) -> Duration {
            let line = [TextRun(String(repeating: query, count: count / query.count), .plain)]
            var finder = TextFinder()
            finder.use(query)
            return (0..<5).map { _ in
                ContinuousClock().measure {
                    let runs = finder.marked(line)
                    #expect(runs == [TextRun(line[0].text, .match)])
                }
            }.min() ?? .zero
        }
        _ = marking(1_000)
        #expect(marking(16_000) < marking(4_000) * 10)
    }

    @Test("hits are marked where they stand, across runs, and what lies between them is not")
    func marks() {
        var finder = TextFinder()
        finder.use("aB")
        let runs = finder.marked([TextRun("xab-A", .dim), TextRun("bab", .strong), TextRun("y", .dim)])
        #expect(
            runs == [
                TextRun("x", .dim), TextRun("ab", .match), TextRun("-", .dim), TextRun("A", .match),
                TextRun("bab", .match), TextRun("y", .dim),
            ])
    }
}
