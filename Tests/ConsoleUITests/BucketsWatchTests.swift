import TerminalCanvas
import TestSupport
import Testing
import WorkerDomain

@testable import ConsoleUI
@testable import StorageScreens

/// A listing that is open while others write.
@Suite("BucketsScreen: watching")
struct BucketsWatchTests {
    private func bench(_ store: MemoryObjectStore, _ changes: ScriptedChanges) -> ScreenBench<BucketsScreen> {
        let resources = BucketsSample.resources(store, changes: changes)
        return ScreenBench(world: BackendsSample.world(.english, resources: resources))
    }

    private static func object(_ key: String, _ etag: String = "e1") -> (StoredObject, [UInt8]) {
        BucketsSample.object(key, Array(etag.utf8), type: "text/plain", etag: etag)
    }

    @Test("new, changed and deleted objects are merged in, marked for some seconds, and the selection stays")
    func merging() async {
        let store = MemoryObjectStore(["b", "d", "f"].map { Self.object($0) })
        let changes = ScriptedChanges()
        var bench = self.bench(store, changes)
        await bench.send(.shown)
        await bench.press(.character("j"))
        #expect(bench.screen.listing?.selected?.key == "d" && bench.isWatching)
        let (new, changed) = (Self.object("a"), Self.object("f", "e2"))
        store.put(new.0, new.1)
        store.put(changed.0, changed.1)
        store.remove("b")
        await bench.hear()
        #expect(bench.screen.listing?.items.map(\.key) == ["a", "d", "f"])
        #expect(bench.screen.listing?.selected?.key == "d")
        #expect(bench.screen.listing?.marks.mark(of: "a") == .added)
        #expect(bench.screen.listing?.marks.mark(of: "f") == .changed)
        #expect(bench.screen.listing?.marks.mark(of: "d") == nil)
        let text = CanvasReading.text(of: bench.canvas(80, 24))
        #expect(text.contains("1 new · 1 changed · 1 gone") && text.contains("◆"))
        bench.world.now = WallTime(nanosecondsSinceEpoch: bench.world.now.nanosecondsSinceEpoch + ChangeMarks.time)
        await bench.send(.tick)
        #expect(bench.screen.listing?.marks.isEmpty == true)
        #expect(!CanvasReading.text(of: bench.canvas(80, 24)).contains("◆"))
    }

    @Test("when the selected object is deleted, the one in its place is selected")
    func deletedSelection() async {
        let store = MemoryObjectStore(["a", "b", "c"].map { Self.object($0) })
        var bench = self.bench(store, ScriptedChanges())
        await bench.send(.shown)
        await bench.press(.character("j"))
        store.remove("b")
        await bench.hear()
        #expect(bench.screen.listing?.selected?.key == "c")
    }

    @Test("what has been listed in several pages is listed again as far as it went")
    func severalPages() async {
        let store = MemoryObjectStore((0..<2_400).map { Self.object("k\(10_000 + $0)") })
        let changes = ScriptedChanges()
        var bench = self.bench(store, changes)
        await bench.send(.shown)
        await bench.press(.character("+"), .character("+"))
        #expect(bench.screen.listing?.items.count == 1_500)
        let new = Self.object("k10003a")
        store.put(new.0, new.1)
        await bench.hear()
        let keys = bench.screen.listing?.items.map(\.key) ?? []
        #expect(keys.count >= 1_501 && keys == keys.sorted() && Set(keys).count == keys.count)
        #expect(bench.screen.listing?.marks.added == 1 && bench.screen.listing?.marks.removed == 0)
        #expect(bench.screen.listing?.hasMore == true)
        await bench.press(.character("+"), .character("+"))
        #expect(bench.screen.listing?.items.count == 2_401)
    }

    @Test("at most four readings a second are asked for, and none while the screen is hidden")
    func pace() async {
        let changes = ScriptedChanges()
        let store = MemoryObjectStore((0..<2_400).map { Self.object("k\(10_000 + $0)") })
        var bench = self.bench(store, changes)
        await bench.send(.shown)
        await bench.hear()
        #expect(changes.pauses == [.milliseconds(250)])
        await bench.press(.character("+"), .character("+"), .character("+"), .character("+"))
        await bench.hear()
        await bench.hear()
        // Three pages were read: three quarters of a second.
        #expect(changes.pauses.last == .milliseconds(750))
        await bench.send(.hidden)
        #expect(!bench.isWatching && changes.watches == 0)
        let lists = store.lists.count
        await bench.send(.tick)
        #expect(store.lists.count == lists)
        await bench.send(.shown)
        #expect(bench.isWatching && changes.watches == 1)
    }

    @Test("an opened value that is overwritten or deleted is left as it is, and that is said")
    func openValue() async {
        let store = MemoryObjectStore(["a", "b"].map { Self.object($0) })
        var bench = self.bench(store, ScriptedChanges())
        await bench.send(.shown)
        await bench.press(.enter)
        let new = Self.object("a", "e2")
        store.put(new.0, new.1)
        await bench.hear()
        #expect(bench.screen.preview?.change == .behind)
        #expect(await bench.bytes == Array("e1".utf8))
        #expect(CanvasReading.text(of: bench.canvas(120, 24)).contains("changed since it was read: reload"))
        await bench.press(.character("r"))
        #expect(await bench.bytes == Array("e2".utf8))
        store.remove("a")
        await bench.hear()
        #expect(bench.screen.preview?.change == .gone)
    }

    @Test("names of a namespace leave the listing when they expire, without a reading")
    func expiry() async {
        let now = BackendsSample.world(.english).now
        let soon = WallTime(nanosecondsSinceEpoch: now.nanosecondsSinceEpoch + 2_000_000_000)
        let namespace = MemoryNamespace(entries: [
            (KeyValueEntry(key: "a", expiresAt: soon, metadata: nil), [65]),
            (KeyValueEntry(key: "b", expiresAt: nil, metadata: nil), [66]),
        ])
        let resource = BoundResource(
            binding: Binding(name: "CACHE", kind: .kv), reader: .namespace(namespace), place: "kv")
        var bench = ScreenBench<BucketsScreen>(world: BackendsSample.world(.english, resources: [resource]))
        await bench.send(.shown)
        await bench.press(.enter)
        await bench.send(.tick)
        #expect(bench.screen.listing?.items.count == 2 && bench.screen.preview?.change == nil)
        bench.world.now = soon
        await bench.send(.tick)
        #expect(bench.screen.listing?.items.map(\.key) == ["b"])
        #expect(bench.screen.preview?.change == .gone)
    }

    @Test("where changes cannot be watched, that is said")
    func blind() async {
        var bench = self.bench(MemoryObjectStore([Self.object("a")]), ScriptedChanges(isBlind: true))
        await bench.send(.shown)
        #expect(!bench.isWatching)
        #expect(
            CanvasReading.text(of: bench.canvas(120, 24)).contains("changes are not watched here: reload to see them"))
    }

    @Test("a listing that cannot be read again for a moment stays, and the next change reads it")
    func lockedForAMoment() async {
        let store = MemoryObjectStore([Self.object("a")])
        var bench = self.bench(store, ScriptedChanges())
        await bench.send(.shown)
        store.setFailure(StorageError(.locked, operation: "list", reason: "database is locked"))
        await bench.hear()
        #expect(bench.screen.listing?.items.count == 1)
        #expect(CanvasReading.text(of: bench.canvas(120, 24)).contains("showing earlier data: database is locked"))
        store.setFailure(nil)
        let new = Self.object("b")
        store.put(new.0, new.1)
        await bench.hear()
        #expect(bench.screen.listing?.items.count == 2 && bench.screen.listing?.staleReason == nil)
    }
}
