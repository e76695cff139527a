import TerminalCanvas
import TestSupport
import Testing
import WorkerDomain

@testable import ConsoleUI

@Suite("Marks of a bucket")
struct BucketsMarksTests {
    private func bench() -> ScreenBench<BucketsScreen> {
        ScreenBench(world: BackendsSample.world(.english, resources: BucketsSample.resources()))
    }

    @Test("Space marks and goes on; count and bytes are said in the title; U clears")
    func marking() async {
        var bench = self.bench()
        await bench.send(.shown)
        bench.screen.changeListing { $0.select(key: "archive.tar") }
        await bench.press(.character(" "), .character(" "), .character(" "))
        #expect(bench.screen.marks.all.map(\.key) == ["archive.tar", "empty.bin", "manifest.json"])
        #expect(bench.screen.listing?.selected?.key == "notes.md")
        #expect(CanvasReading.text(of: bench.canvas(80, 24)).contains("3 marked · 3.1 kB"))
        await bench.press(.character("k"), .character(" "))
        #expect(bench.screen.marks.all.map(\.key) == ["archive.tar", "empty.bin"])
        await bench.press(.character("U"))
        #expect(bench.screen.marks.isEmpty && !bench.screen.binds(.character("U"), in: bench.world))
    }

    @Test("v marks from the last mark to here, a everything of the level that is shown")
    func ranges() async {
        var bench = self.bench()
        await bench.send(.shown)
        bench.screen.changeListing { $0.select(key: "archive.tar") }
        await bench.press(.character(" "), .character("j"), .character("v"))
        #expect(bench.screen.marks.all.map(\.key) == ["archive.tar", "empty.bin", "manifest.json"])
        await bench.press(.character("a"))
        #expect(bench.screen.marks.count == 7 && bench.screen.marks.hasPrefixes)
        #expect(CanvasReading.text(of: bench.canvas(160, 45)).contains("7 marked · 3.1 kB+"))
        await bench.press(.character("U"), .character("/"))
        await bench.type("notes")
        await bench.press(.enter, .character("a"))
        #expect(bench.screen.marks.all.map(\.key) == ["notes.md"])
    }

    @Test("marks stay on other levels, and in another spelling of the same text are others")
    func levels() async {
        var bench = self.bench()
        await bench.send(.shown)
        await bench.press(.character(" "), .character("g"), .enter, .character("j"), .character(" "), .character("h"))
        #expect(bench.screen.marks.all.map(\.key) == ["2025/", "2025/一月/"])
        var marks = BucketsMarks()
        marks.toggle(.object(BucketsSample.object("\u{e9}", [1]).0))
        marks.toggle(.object(BucketsSample.object("e\u{301}", [1]).0))
        #expect(marks.count == 2 && marks.bytes == 2)
    }

    @Test(arguments: [(40, 10), (80, 24), (160, 45)])
    func picture(columns: Int, rows: Int) async {
        var bench = self.bench()
        await bench.send(.shown)
        await bench.press(.character(" "), .character("j"), .character(" "))
        #expect(goldenMismatch(bench.canvas(columns, rows), "buckets-marked-\(columns)x\(rows)") == nil)
    }
}
