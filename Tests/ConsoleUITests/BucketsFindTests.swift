import TerminalCanvas
import TestSupport
import Testing
import WorkerDomain

@testable import ConsoleUI
@testable import StorageScreens

@Suite("Search of a bucket")
struct BucketsFindTests {
    private func bench(
        _ store: MemoryObjectStore = BucketsSample.store, _ language: Language = .english
    ) -> ScreenBench<BucketsScreen> {
        ScreenBench(world: BackendsSample.world(language, resources: BucketsSample.resources(store)))
    }

    private func deep(_ count: Int) -> MemoryObjectStore {
        MemoryObjectStore(
            (0..<count).map { index in
                let number = String(repeating: "0", count: 6 - String(index).count) + "\(index)"
                return BucketsSample.object("all/Photo-\(number).png", [65])
            })
    }

    @Test("Tab turns / through level, prefix, below this and the whole bucket; Enter searches all of it")
    func everywhere() async {
        var bench = self.bench()
        await bench.send(.shown)
        await bench.press(.character("/"), .tab, .tab)
        await bench.type("PHOTO")
        await bench.press(.enter)
        #expect(bench.screen.find.isShown && bench.screen.find.phase == .complete)
        #expect(bench.screen.find.items.map(\.key) == ["2025/photo.png"])
        #expect(bench.screen.find.looked == 8)
        let text = CanvasReading.text(of: bench.canvas(80, 24))
        #expect(text.contains("1 found, all 8 keys looked at") && text.contains("“PHOTO” in UPLOADS_BUCKET"))
    }

    @Test("results are there while the rest is looked at, with how many of how many; Esc stops, Esc closes")
    func streams() async {
        var bench = self.bench(self.deep(4_500))
        bench.world.health["r2:UPLOADS_BUCKET"] = BindingHealth(state: .healthy, items: 4_700)
        await bench.send(.shown)
        await bench.press(.character("/"), .tab, .tab)
        await bench.type("photo-00001")
        bench.begin(.key(.enter))
        for looked in [1_000, 2_000] {
            guard let work = bench.works.first(where: { $0.slot == "find" }) else {
                Issue.record("nothing is looked for")
                return
            }
            bench.works.removeAll { $0.slot == "find" }
            bench.note(bench.screen.receive(await work.run(bench.services), in: bench.world))
            #expect(bench.screen.find.items.count == 10 && bench.screen.find.looked == looked)
        }
        let text = CanvasReading.text(of: bench.canvas(80, 24))
        #expect(text.contains("10 found, 2,000 of ~4,700 keys looked at"))
        bench.begin(.key(.escape))
        #expect(bench.works.isEmpty && bench.screen.find.phase == .stopped && bench.screen.find.isShown)
        #expect(CanvasReading.text(of: bench.canvas(80, 24)).contains("10 found, stopped after 2,000 keys"))
        await bench.press(.escape)
        #expect(!bench.screen.find.isShown)
    }

    @Test("Enter on a result lists its level with it selected, also far behind the first page; n goes to the next")
    func opens() async {
        var bench = self.bench(self.deep(4_500))
        await bench.send(.shown)
        await bench.press(.character("/"), .tab, .tab)
        await bench.type("photo-0042")
        await bench.press(.enter, .down, .enter)
        #expect(bench.screen.listing?.prefix == "all/")
        #expect(bench.screen.listing?.selected?.key == "all/Photo-004201.png")
        #expect(bench.screen.focus == .entries && !bench.screen.find.isShown)
        await bench.press(.character("n"))
        #expect(bench.screen.listing?.selected?.key == "all/Photo-004202.png")
        await bench.press(.character("N"), .character("N"))
        #expect(bench.screen.listing?.selected?.key == "all/Photo-004200.png")
        await bench.press(.character("h"))
        #expect(bench.screen.listing?.prefix == "")
    }

    @Test("a search below a prefix compares what stands behind it, and looks at nothing else")
    func below() async {
        var bench = self.bench()
        await bench.send(.shown)
        await bench.press(.enter, .character("/"), .tab, .tab)
        await bench.type("2025")
        await bench.press(.enter)
        #expect(bench.screen.find.items.isEmpty && bench.screen.find.looked == 2)
        #expect(CanvasReading.text(of: bench.canvas(80, 24)).contains("no key contains “2025”"))
        await bench.press(.character("/"), .control("u"))
        await bench.type("报告")
        await bench.press(.enter)
        #expect(bench.screen.find.items.map(\.key) == ["2025/一月/报告.txt"])
    }

    @Test("bytes that look alike are other keys")
    func bytes() async {
        let store = MemoryObjectStore([
            BucketsSample.object("caf\u{e9}", []), BucketsSample.object("cafe\u{301}", []),
        ])
        var bench = self.bench(store)
        await bench.send(.shown)
        await bench.press(.character("/"), .tab, .tab)
        await bench.type("f\u{e9}")
        await bench.press(.enter)
        #expect(bench.screen.find.items.map { Array($0.key.utf8) } == [Array("caf\u{e9}".utf8)])
    }

    @Test("a failure says why and how far it came; r searches again")
    func failure() async {
        let store = self.deep(10)
        var bench = self.bench(store)
        await bench.send(.shown)
        store.setFailure(StorageError(.unreachable, operation: "search", reason: "no route"))
        await bench.press(.character("/"), .tab, .tab)
        await bench.type("0")
        await bench.press(.enter)
        guard case .failed(let error) = bench.screen.find.phase else {
            Issue.record("not failed")
            return
        }
        #expect(error.reason == "no route")
        #expect(CanvasReading.text(of: bench.canvas(80, 24)).contains("no route"))
        store.setFailure(nil)
        await bench.press(.character("r"))
        #expect(bench.screen.find.items.count == 10)
    }

    @Test("a store that leads in a circle ends the search")
    func circle() async {
        var bench = ScreenBench<BucketsScreen>(
            world: BackendsSample.world(
                .english,
                resources: [
                    BoundResource(
                        binding: Binding(name: "B", kind: .r2), reader: .bucket(CircleStore()), place: "")
                ]))
        await bench.send(.shown)
        await bench.press(.character("/"), .tab, .tab)
        await bench.type("a")
        await bench.press(.enter)
        guard case .failed(let error) = bench.screen.find.phase else {
            Issue.record("goes on")
            return
        }
        #expect(error.code == .malformed)
    }

    @Test("names of a namespace are searched as well")
    func namespace() async {
        var bench = self.bench()
        await bench.send(.shown)
        await bench.press(.character("["), .character("/"), .tab, .tab)
        await bench.type("FLAG")
        await bench.press(.enter)
        #expect(bench.screen.find.items.map(\.key) == ["flags"])
    }

    @Test("another bucket has results and marks of its own")
    func otherBucket() async {
        var bench = self.bench()
        await bench.send(.shown)
        await bench.press(.character(" "), .character("/"), .tab, .tab)
        await bench.type("o")
        await bench.press(.enter, .escape, .character("]"))
        #expect(bench.screen.find.query == nil && bench.screen.marks.isEmpty)
    }

    @Test(
        arguments: [(Language.english, 40, 10), (.english, 80, 24), (.english, 160, 45), (.simplifiedChinese, 80, 24)])
    func picture(language: Language, columns: Int, rows: Int) async {
        var bench = self.bench(BucketsSample.store, language)
        await bench.send(.shown)
        await bench.press(.character("/"), .tab, .tab)
        await bench.type("o")
        let typed = "buckets-search-\(language.rawValue)-\(columns)x\(rows)"
        #expect(goldenMismatch(bench.canvas(columns, rows), typed) == nil)
        await bench.press(.enter, .character(" "))
        expectPureDrawing(of: bench, columns, rows)
        #expect(
            goldenMismatch(bench.canvas(columns, rows), "buckets-found-\(language.rawValue)-\(columns)x\(rows)") == nil)
        #expect(CanvasReading.forbidden(in: bench.canvas(columns, rows)).isEmpty)
    }
}

/// Two pages that point at each other.
private struct CircleStore: ObjectStore {
    func list(_ request: ObjectListRequest) async throws(StorageError) -> ObjectPage {
        let isFirst = request.cursor != "b"
        return ObjectPage(
            entries: [.object(BucketsSample.object(isFirst ? "a" : "b", []).0)], nextCursor: isFirst ? "b" : "a")
    }
    func head(_ key: String) async throws(StorageError) -> StoredObject? { nil }
    func read(_ key: String, offset: Int64, length: Int) async throws(StorageError) -> ObjectPart {
        throw StorageError(.notFound, operation: "read", reason: "no such object")
    }
    func usage() async throws(StorageError) -> BucketUsage { BucketUsage(objects: 0, bytes: 0) }
}
