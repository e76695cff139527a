import TerminalCanvas
import TestSupport
import Testing
import TrafficJournal
import WorkerDomain

@testable import ConsoleUI
@testable import StorageScreens

/// Keys, columns, tables and paths that look alike and differ in their bytes, on the screens.
@Suite("Keys that look alike, on screen")
struct ByteKeyScreenTests {
    private static let composed = "caf\u{E9}"
    private static let decomposed = "cafe\u{301}"

    @Test("the selection stays on its own key when the listing is read again, sorted and filtered")
    func selection() async {
        let store = MemoryObjectStore(
            [Self.composed, Self.decomposed].map { BucketsSample.object($0, Array($0.utf8), etag: $0) })
        var bench = ScreenBench<BucketsScreen>(
            world: BackendsSample.world(.english, resources: BucketsSample.resources(store)))
        await bench.send(.shown)
        for row in 0...1 {
            await bench.press(.character("g"))
            if row == 1 { await bench.press(.character("j")) }
            let key = bench.screen.listing?.selected?.key ?? ""
            #expect(key.utf8.count == (row == 0 ? 6 : 5))
            await bench.press(.character("r"), .character(">"), .character("<"))
            #expect(bench.screen.listing?.selected?.key.utf8.count == key.utf8.count)
            await bench.press(.enter)
            #expect(await bench.bytes == Array(key.utf8))
            #expect(bench.screen.preview?.change == nil)
            await bench.press(.escape)
        }
        store.remove(Self.decomposed)
        await bench.press(.character("r"))
        #expect(bench.screen.listing?.marks.removed == 1 && bench.screen.listing?.marks.changed == 0)
        #expect(bench.screen.listing?.items.map(\.key.utf8.count) == [5])
    }

    @Test("folders that look alike are two, and coming back selects the one that was left")
    func folders() async {
        let store = MemoryObjectStore(
            [Self.composed, Self.decomposed].map { BucketsSample.object("\($0)/x", Array($0.utf8)) })
        var bench = ScreenBench<BucketsScreen>(
            world: BackendsSample.world(.english, resources: BucketsSample.resources(store)))
        await bench.send(.shown)
        await bench.press(.character("j"), .enter)
        #expect(bench.screen.listing?.prefix.utf8.count == 6)
        await bench.press(.character("h"))
        #expect(bench.screen.listing?.selected?.key.utf8.count == 6)
    }

    @Test("tables and columns that look alike are two: schema, sort and what is selected")
    func tables() async {
        let columns = [Self.decomposed, Self.composed].map { SQLColumn(name: $0, declaredType: "INTEGER") }
        let database = MemoryDatabase(
            [Self.decomposed, Self.composed].map { name in
                MemoryDatabase.Table(
                    name: name, columns: columns, rows: [[.integer(Int64(name.utf8.count)), .integer(0)]],
                    sql: "CREATE TABLE \(name.utf8.count)")
            })
        let resource = BoundResource(binding: Binding(name: "DB", kind: .d1), reader: .database(database), place: "d1")
        var bench = ScreenBench<DatabaseScreen>(world: BackendsSample.world(.english, resources: [resource]))
        await bench.send(.shown)
        await bench.press(.character("j"), .character("r"))
        #expect(bench.screen.tables.open?.name.utf8.count == 5)
        let schema = bench.screen.schemaLines(.english, columns: 38).flatMap { $0 }.map(\.text).joined()
        #expect(schema.contains("CREATE TABLE 5") && !schema.contains("CREATE TABLE 6"))
        await bench.press(.enter, .character("l"), .character("o"))
        #expect(bench.screen.grid?.order?.column.utf8.count == 5)
        await bench.press(.character("h"), .character("o"))
        #expect(bench.screen.grid?.order.map { $0.column.utf8.count == 6 && !$0.isDescending } == true)
    }

    @Test("bindings that look alike are two")
    func bindings() async {
        let resources = [Self.composed, Self.decomposed].map { name in
            BoundResource(
                binding: Binding(name: name, kind: .r2),
                reader: .bucket(MemoryObjectStore([BucketsSample.object("\(name.utf8.count)", [1])])), place: "r2")
        }
        var bench = ScreenBench<BucketsScreen>(world: BackendsSample.world(.english, resources: resources))
        await bench.send(.shown)
        await bench.press(.character("]"))
        #expect(bench.screen.listing?.items.map(\.key) == ["6"])
    }

    @Test("failing requests of paths that look alike are counted apart")
    func attention() {
        let exchanges = [Self.composed, Self.decomposed].enumerated().map { index, path in
            Pilot.exchange(UInt64(index + 1), "GET", "/\(path)", status: 500)
        }
        var world = World(language: .english, now: Pilot.now, status: Pilot.status())
        world.traffic.apply(Pilot.delta(exchanges))
        #expect(TrafficAttention.items(in: world).count { $0.id.hasPrefix("exchange") } == 2)
    }
}
