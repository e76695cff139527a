import ContentViews
import TerminalCanvas
import TestSupport
import Testing
import WorkerDomain

@testable import ConsoleUI
@testable import StorageScreens

@Suite("BucketsScreen")
struct BucketsScreenTests {
    private func bench(
        _ store: MemoryObjectStore = BucketsSample.store, _ language: Language = .english
    ) -> ScreenBench<BucketsScreen> {
        ScreenBench(world: BackendsSample.world(language, resources: BucketsSample.resources(store)))
    }

    private func many(_ count: Int) -> MemoryObjectStore {
        MemoryObjectStore(
            (0..<count).map { index in
                BucketsSample.object(String(repeating: "0", count: 6 - String(index).count) + "\(index).txt", [65])
            })
    }

    @Test("the first bucket is listed when the screen is first shown, with one level of folders")
    func firstListing() async {
        var bench = self.bench()
        await bench.send(.shown)
        let listing = bench.screen.listing
        #expect(listing?.binding == "r2:UPLOADS_BUCKET")
        #expect(listing?.phase == .loaded)
        #expect(listing?.items.first == .prefix("2025/"))
        #expect(listing?.items.count == 7)
        #expect(bench.works.isEmpty)
    }

    @Test("Enter opens a folder, h goes up and the folder is selected again")
    func folders() async {
        var bench = self.bench()
        await bench.send(.shown)
        await bench.press(.enter)
        #expect(bench.screen.listing?.prefix == "2025/")
        #expect(bench.screen.binds(.escape, in: bench.world))
        await bench.press(.character("j"), .enter)
        #expect(bench.screen.listing?.prefix == "2025/一月/" || bench.screen.preview != nil)
        await bench.press(.escape, .character("g"), .enter)
        await bench.press(.escape)
        #expect(bench.screen.listing?.prefix == "")
        #expect(bench.screen.listing?.selected == .prefix("2025/"))
        #expect(!bench.screen.binds(.escape, in: bench.world))
    }

    @Test("a page more is asked for with +, and at the last row, until there are no more")
    func pages() async {
        let store = self.many(1_200)
        var bench = self.bench(store)
        await bench.send(.shown)
        #expect(bench.screen.listing?.items.count == 500)
        #expect(bench.screen.listing?.hasMore == true)
        await bench.press(.character("+"))
        #expect(bench.screen.listing?.items.count == 1_000)
        await bench.press(.character("G"))
        #expect(bench.screen.listing?.items.count == 1_200)
        #expect(bench.screen.listing?.hasMore == false)
        await bench.press(.character("+"), .character("G"))
        #expect(store.lists.count == 3)
        let keys = bench.screen.listing?.items.map(\.key) ?? []
        #expect(keys == keys.sorted() && Set(keys).count == 1_200)
    }

    @Test("drawing changes nothing, and twice the same is drawn", arguments: [(40, 10), (80, 24), (160, 45)])
    func purity(columns: Int, rows: Int) async {
        var bench = self.bench()
        await bench.send(.shown)
        let ways: [[KeyEvent]] = [
            [], [.character("o")], [.escape, .tab], [.tab, .character("/"), .tab], [.escape, .character("G"), .enter],
            [.backTab],
        ]
        for keys in ways {
            for key in keys { await bench.press(key) }
            let before = "\(bench.screen)"
            var first = Canvas(columns: columns, rows: rows)
            var second = Canvas(columns: columns, rows: rows)
            let layout = bench.screen.draw(into: &first, area: first.bounds, world: bench.world)
            #expect(bench.screen.draw(into: &second, area: second.bounds, world: bench.world) == layout)
            #expect(first == second && "\(bench.screen)" == before)
        }
    }

    @Test("a failure is shown and r tries again")
    func failure() async {
        let store = self.many(3)
        store.setFailure(StorageError(.locked, operation: "list r2:UPLOADS_BUCKET", reason: "database is locked"))
        var bench = self.bench(store)
        await bench.send(.shown)
        guard case .failed(let error) = bench.screen.listing?.phase else {
            Issue.record("not failed")
            return
        }
        #expect(error.code == .locked)
        store.setFailure(nil)
        await bench.press(.character("r"))
        #expect(bench.screen.listing?.items.count == 3)
    }

    @Test("a page that fails leaves what is listed, and + tries it again")
    func laterFailure() async {
        let store = self.many(700)
        var bench = self.bench(store)
        await bench.send(.shown)
        store.setFailure(StorageError(.unreachable, operation: "list", reason: "no route"))
        await bench.press(.character("+"))
        #expect(bench.screen.listing?.items.count == 500)
        #expect(bench.screen.listing?.moreProblem?.reason == "no route")
        store.setFailure(nil)
        await bench.press(.character("+"))
        #expect(bench.screen.listing?.items.count == 700)
    }

    @Test("the filter narrows while it is typed, letters are text, Esc clears it")
    func filter() async {
        var bench = self.bench()
        await bench.send(.shown)
        await bench.press(.character("/"))
        #expect(bench.screen.isTyping)
        await bench.type("NOTES")
        #expect(bench.screen.listing?.visible.count == 1)
        await bench.press(.enter)
        #expect(!bench.screen.isTyping)
        await bench.press(.escape)
        #expect(bench.screen.listing?.visible.count == 7)
    }

    @Test("Tab in the filter makes a prefix of it, which the store lists")
    func prefixField() async {
        let store = self.many(2_000)
        var bench = self.bench(store)
        await bench.send(.shown)
        await bench.press(.character("/"), .tab)
        await bench.type("0019")
        await bench.press(.enter)
        #expect(bench.screen.listing?.prefix == "0019")
        #expect(bench.screen.listing?.items.count == 100)
        await bench.press(.character("h"))
        #expect(bench.screen.listing?.prefix == "")
    }

    @Test("a prefix that is typed in full is not doubled")
    func fullPrefix() async {
        var bench = self.bench()
        await bench.send(.shown)
        for typed in ["2025/", "2025/一月/"] {
            await bench.press(.character("/"), .tab)
            await bench.type("2025/")
            await bench.press(.enter)
            #expect(bench.screen.listing?.prefix == "2025/")
            await bench.press(.character("/"), .tab)
            await bench.type(typed)
            await bench.press(.enter)
            #expect(bench.screen.listing?.prefix == typed)
            await bench.press(.character("/"), .tab)
            await bench.type("x")
            await bench.press(.enter)
            #expect(bench.screen.listing?.prefix == typed + "x")
            while bench.screen.listing?.hasParent == true { await bench.press(.character("h")) }
        }
    }

    @Test("sorting by size puts folders first and the largest object next, and keeps the selection")
    func sorting() async {
        var bench = self.bench()
        await bench.send(.shown)
        await bench.press(.character("j"), .character("j"))
        let selected = bench.screen.listing?.selected
        await bench.press(.character("o"), .character("j"), .enter)
        #expect(bench.screen.listing?.sort == BucketsSort(column: .size, isDescending: true))
        #expect(bench.screen.listing?.item(atRow: 0) == .prefix("2025/"))
        #expect(bench.screen.listing?.item(atRow: 1)?.key == "archive.tar")
        #expect(bench.screen.listing?.selected == selected)
    }

    @Test("JSON opens laid out, Markdown as such, a PDF with what its header says")
    func previews() async {
        var bench = self.bench()
        await bench.send(.shown)
        bench.screen.changeListing { $0.select(key: "manifest.json") }
        await bench.press(.enter)
        #expect(bench.screen.content?.view == "json")
        #expect(bench.screen.content?.lineCount ?? 0 > 5)
        await bench.press(.escape)
        bench.screen.changeListing { $0.select(key: "notes.md") }
        await bench.press(.enter)
        #expect(bench.screen.content?.view == "markdown")
        await bench.press(.character("v"))
        #expect(bench.screen.content?.view == "text")
        #expect(bench.screen.content?.content(at: 0)?.text == "# Notes")
        await bench.press(.escape)
        bench.screen.changeListing { $0.select(key: "张三-简历.pdf") }
        await bench.press(.enter)
        #expect(bench.screen.content?.view == "pdf")
        #expect(bench.screen.preview?.content?.signature?.facts == ["PDF 1.7"])
    }

    @Test("what gives access is hidden in an object and its views until * asks for it, and that is counted")
    func redaction() async {
        let bytes = Array(#"{"user":"alice","password":"hunter2hunter2"}"#.utf8)
        var bench = self.bench(MemoryObjectStore([BucketsSample.object("a.json", bytes, type: "application/json")]))
        await bench.send(.shown)
        await bench.press(.enter)
        for _ in bench.screen.content?.viewIDs ?? [] {
            let text = CanvasReading.text(of: bench.canvas(120, 24))
            #expect(text.contains("alice") && !text.contains("hunter2") && text.contains("redacted: 1"))
            await bench.press(.character("v"))
        }
        await bench.press(.character("*"))
        #expect(CanvasReading.text(of: bench.canvas(120, 24)).contains("hunter2"))
        await bench.press(.character("*"))
        #expect(!CanvasReading.text(of: bench.canvas(120, 24)).contains("hunter2"))
    }

    @Test("a large value is read 64 KiB at a time as far as somebody looks, its end without what stands before")
    func windows() async throws {
        let bytes = (0..<3_000_000).map { UInt8($0 % 251) }
        let store = MemoryObjectStore([BucketsSample.object("core.dump", bytes)])
        var bench = self.bench(store)
        await bench.send(.shown)
        await bench.press(.enter)
        #expect(store.readLengths.count <= 2)
        #expect(bench.screen.content?.view == "hex")
        await bench.press(.character("G"))
        let line = try #require(bench.screen.content?.content(at: bench.screen.content?.line ?? 0))
        #expect(line.offset == (3_000_000 - 1) / 16 * 16)
        #expect(store.readLengths.count <= 4)
        await bench.press(.character("g"))
        #expect(bench.screen.content?.content(at: 0)?.offset == 0)
        #expect(store.readLengths.allSatisfy { $0 <= 65_536 })
    }

    @Test("y copies the key, Y an address with everything else percent-encoded")
    func copying() async {
        var bench = self.bench()
        await bench.send(.shown)
        bench.screen.changeListing { $0.select(key: "张三-简历.pdf") }
        await bench.press(.character("y"), .character("Y"))
        #expect(bench.copied == ["张三-简历.pdf", "r2://resume-uploads/%E5%BC%A0%E4%B8%89-%E7%AE%80%E5%8E%86.pdf"])
    }

    @Test("in the metadata pane y copies the selected field")
    func copyingFields() async {
        var bench = self.bench()
        await bench.send(.shown)
        bench.screen.changeListing { $0.select(key: "notes.md") }
        await bench.press(.tab, .character("j"), .character("j"), .character("y"))
        #expect(bench.copied == ["text/markdown"])
        await bench.press(.enter, .tab, .character("G"), .character("y"))
        #expect(bench.copied.last == "v1")
    }

    @Test("coming back to the screen reads a short listing again without blanking it, and keeps the selection")
    func comingBack() async {
        let store = self.many(5)
        var bench = self.bench(store)
        await bench.send(.shown)
        await bench.press(.character("j"))
        bench.begin(.hidden)
        bench.begin(.shown)
        #expect(bench.screen.listing?.items.count == 5)
        await bench.press(.character("j"))
        #expect(bench.screen.listing?.selected?.key == "000002.txt")
        #expect(store.lists.count == 2)
    }

    @Test("a namespace lists its names with expiry and metadata and shows values")
    func namespace() async {
        var bench = self.bench()
        await bench.send(.shown)
        await bench.press(.character("["))
        #expect(bench.screen.listing?.items.map(\.key) == ["flags", "会话:42"])
        await bench.press(.enter)
        #expect(bench.screen.content?.view == "json")
        let text = CanvasReading.text(of: bench.canvas(160, 45))
        #expect(text.contains("alice"))
    }

    @Test("100,000 entries are filtered, sorted and drawn without delay")
    func large() {
        var listing = BucketsListing(binding: "r2:B")
        let items = (0..<100_000).map {
            BucketsItem.object(BucketsSample.object("photo-\($0).png", [], size: Int64($0 % 977)).0)
        }
        listing.take(items, nextCursor: "more")
        #expect(listing.isFull)
        let world = BackendsSample.world(resources: BucketsSample.resources())
        let binding = BucketsSample.resources()[0].binding
        var canvas = Canvas(columns: 160, rows: 45)
        var layout = ScreenLayout()
        let drawing = ContinuousClock().measure {
            BucketsEntries(listing, binding, [], BucketsMarks(), world).draw(
                into: &canvas, in: canvas.bounds, isFocused: true, isTyping: false, &layout)
        }
        #expect(drawing < .milliseconds(250), "in a debug build")
        listing.setFilter("99999")
        #expect(listing.visible.count == 1)
    }
}
