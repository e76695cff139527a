import TerminalCanvas
import TestSupport
import Testing
import WorkerDomain

@testable import ConsoleUI
@testable import StorageScreens

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
        #expect(CanvasReading.text(of: bench.canvas(160, 45)).contains("7 marked · 3.1 kB, 1 prefix not counted"))
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
        #expect(marks.count == 2 && marks.size(BucketsSums(), in: "r2:B").bytes == 2)
    }

    @Test("what lies below a marked prefix is said to be unknown until it is counted, and each object counts once")
    func sizes() async {
        let store = MemoryObjectStore(
            (0..<1_500).map { BucketsSample.object("big/\(10_000 + $0)", [1, 2]) }
                + [BucketsSample.object("notes.md", [1, 2, 3])])
        var bench = ScreenBench<BucketsScreen>(
            world: BackendsSample.world(.english, resources: BucketsSample.resources(store)))
        await bench.send(.shown)
        await bench.press(.character(" "))
        func line() -> String { CanvasReading.text(of: bench.canvas(160, 45)) }
        #expect(line().contains("1 marked · size not counted") && !line().contains("0 B"))
        await bench.press(.character(" "))
        #expect(line().contains("2 marked · 3 B, 1 prefix not counted"))
        bench.begin(.key(.character("z")))
        #expect(line().contains("2 marked · ~3 B") && !line().contains("0 B"))
        await bench.settle()
        #expect(line().contains("2 marked · 3.0 kB  "))
        await bench.press(.character("g"), .enter, .character("j"), .character(" "))
        #expect(line().contains("3 marked · 3.0 kB  "))
    }

    @Test(arguments: [(40, 10), (80, 24), (160, 45)])
    func picture(columns: Int, rows: Int) async {
        var bench = self.bench()
        await bench.send(.shown)
        await bench.press(.character(" "), .character("j"), .character(" "))
        #expect(goldenMismatch(bench.canvas(columns, rows), "buckets-marked-\(columns)x\(rows)") == nil)
    }
}
