import TerminalCanvas
import TestSupport
import Testing
import WorkerDomain

@testable import ConsoleUI
@testable import StorageScreens

@Suite("BucketsScreen pictures")
struct BucketsGoldenTests {
    private func bench(
        _ language: Language = .english, store: MemoryObjectStore = BucketsSample.store
    ) -> ScreenBench<BucketsScreen> {
        var world = BackendsSample.world(language, resources: BucketsSample.resources(store))
        world.health["r2:UPLOADS_BUCKET"] = BindingHealth(
            state: .healthy, latency: .milliseconds(2), items: 8, bytes: 3_312, probedAt: BackendsSample.now)
        world.health["r2:EXPORTS_BUCKET"] = BindingHealth(state: .empty, items: 0, bytes: 0)
        return ScreenBench(world: world)
    }

    @Test(arguments: [(40, 10), (80, 24), (160, 45)])
    func loaded(columns: Int, rows: Int) async {
        var bench = self.bench()
        await bench.send(.shown)
        bench.screen.changeListing { $0.select(key: "张三-简历.pdf") }
        #expect(goldenMismatch(bench.canvas(columns, rows), "buckets-loaded-\(columns)x\(rows)") == nil)
    }

    @Test func chinese() async {
        var bench = self.bench(.simplifiedChinese)
        await bench.send(.shown)
        bench.screen.changeListing { $0.select(key: "manifest.json") }
        #expect(goldenMismatch(bench.canvas(80, 24), "buckets-chinese-80x24") == nil)
    }

    @Test func ascii() async {
        var bench = self.bench()
        await bench.send(.shown)
        await bench.press(.character("o"))
        #expect(goldenMismatch(bench.canvas(80, 24, glyphs: .ascii), "buckets-ascii-menu-80x24") == nil)
    }

    @Test func loading() {
        var bench = self.bench()
        bench.begin(.shown)
        #expect(goldenMismatch(bench.canvas(80, 24), "buckets-loading-80x24") == nil)
    }

    @Test func empty() async {
        var bench = self.bench()
        await bench.send(.shown)
        await bench.press(.character("]"))
        #expect(goldenMismatch(bench.canvas(80, 24), "buckets-empty-80x24") == nil)
    }

    @Test func failed() async {
        let error = StorageError(
            .malformed, operation: "list r2:UPLOADS_BUCKET", reason: "file is not a database (26)")
        var bench = self.bench(store: MemoryObjectStore([], failure: error))
        await bench.send(.shown)
        #expect(goldenMismatch(bench.canvas(80, 24), "buckets-failed-80x24") == nil)
    }

    @Test func unbound() async {
        var bench = ScreenBench<BucketsScreen>(world: BackendsSample.world())
        await bench.send(.shown)
        #expect(goldenMismatch(bench.canvas(80, 24), "buckets-unbound-80x24") == nil)
    }

    @Test(arguments: [(40, 10), (80, 24), (160, 45)])
    func json(columns: Int, rows: Int) async {
        var bench = self.bench()
        await bench.send(.shown)
        bench.screen.changeListing { $0.select(key: "manifest.json") }
        await bench.press(.enter)
        #expect(goldenMismatch(bench.canvas(columns, rows), "buckets-json-\(columns)x\(rows)") == nil)
    }

    @Test func hexadecimal() async {
        var bench = self.bench()
        await bench.send(.shown)
        await bench.press(.enter)
        bench.screen.changeListing { $0.select(key: "2025/photo.png") }
        await bench.press(.enter)
        #expect(goldenMismatch(bench.canvas(80, 24), "buckets-image-80x24") == nil)
        await bench.press(.character("v"))
        #expect(goldenMismatch(bench.canvas(80, 24), "buckets-hex-80x24") == nil)
        await bench.press(.tab)
        #expect(goldenMismatch(bench.canvas(80, 24), "buckets-metadata-80x24") == nil)
    }

    @Test("no control, bidi or zero-width scalar of a key or a type reaches a cell")
    func hostile() async {
        var bench = self.bench()
        await bench.send(.shown)
        for key in ["\(CanvasReading.hostileText).txt"] {
            bench.screen.changeListing { $0.select(key: key) }
            for (columns, rows) in [(40, 10), (80, 24), (160, 45)] {
                #expect(CanvasReading.forbidden(in: bench.canvas(columns, rows)).isEmpty)
            }
        }
        #expect(CanvasReading.text(of: bench.canvas(80, 24)).contains("▲ ctl"))
        await bench.press(.enter, .tab)
        #expect(CanvasReading.forbidden(in: bench.canvas(160, 45)).isEmpty)
        #expect(goldenMismatch(bench.canvas(80, 24), "buckets-hostile-80x24") == nil)
    }

    @Test("every size down to nothing draws without a crash")
    func sizes() async {
        var bench = self.bench()
        await bench.send(.shown)
        for columns in stride(from: 0, through: 170, by: 7) {
            for rows in stride(from: 4, through: 46, by: 5) { _ = bench.canvas(columns, rows) }
        }
        await bench.press(.character("j"), .enter)
        for columns in stride(from: 0, through: 170, by: 7) {
            for rows in stride(from: 4, through: 46, by: 5) { _ = bench.canvas(columns, rows) }
        }
    }
}
