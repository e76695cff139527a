import ContentViews
import TerminalCanvas
import TestSupport
import Testing
import WorkerDomain

@testable import ConsoleUI
@testable import StorageScreens

/// A value that is written anew while it is looked at.
@Suite("BucketsScreen: changes")
struct BucketsChangeTests {
    private func bench(_ store: MemoryObjectStore) -> ScreenBench<BucketsScreen> {
        ScreenBench(world: BackendsSample.world(.english, resources: BucketsSample.resources(store)))
    }

    private static func version(
        _ key: String, _ bytes: [UInt8], _ etag: String, type: String = "text/plain"
    ) -> (StoredObject, [UInt8]) {
        BucketsSample.object(key, bytes, type: type, etag: etag, custom: ["etag": etag])
    }

    private static let old = Self.version("k.txt", Array("old".utf8), "e1")
    private static let new = Self.version("k.txt", Array("new and much longer".utf8), "e2")

    @Test("an object that was overwritten is shown whole, with its own size, etag and fields, and that is said")
    func rereading() async {
        let store = MemoryObjectStore([Self.old])
        var bench = self.bench(store)
        await bench.send(.shown)
        await bench.press(.enter)
        #expect(bench.screen.preview?.item == .object(Self.old.0) && bench.screen.preview?.change == nil)
        store.put(Self.new.0, Self.new.1)
        await bench.press(.character("r"))
        #expect(bench.screen.preview?.item == .object(Self.new.0))
        #expect(await bench.bytes == Self.new.1)
        #expect(bench.screen.preview?.change == .sinceRead)
        let text = CanvasReading.text(of: bench.canvas(160, 45))
        #expect(text.contains("e2") && !text.contains("e1") && text.contains("19 B"))
        #expect(text.contains("changed since it was last read"))
        #expect(bench.screen.listing?.items == [.object(Self.new.0)])
        await bench.press(.character("r"))
        #expect(bench.screen.preview?.change == nil)
    }

    @Test("an object that is overwritten between the listing and Enter is shown as it is, and that is said")
    func opening() async {
        let store = MemoryObjectStore([Self.old])
        var bench = self.bench(store)
        await bench.send(.shown)
        store.put(Self.new.0, Self.new.1)
        await bench.press(.enter)
        #expect(bench.screen.preview?.item == .object(Self.new.0))
        #expect(await bench.bytes == Self.new.1)
        #expect(bench.screen.preview?.change == .sinceListed)
        #expect(CanvasReading.text(of: bench.canvas(120, 24)).contains("changed since it was listed"))
    }

    @Test("JSON that changes while it is read in steps is of one version")
    func changingJSON() async throws {
        let key = "k.json"
        let first = Self.version(key, Array("[\"\(String(repeating: "a", count: 150_000))\"]".utf8), "e1")
        let second = Self.version(key, Array("[\"\(String(repeating: "b", count: 140_000))\"]".utf8), "e2")
        let store = MemoryObjectStore([first])
        var bench = self.bench(store)
        await bench.send(.shown)
        store.putAfterRead(second.0, second.1)
        await bench.press(.enter)
        #expect(await bench.bytes == second.1)
        #expect(bench.screen.content?.view == "json" && bench.screen.content?.problem == nil)
        #expect(bench.screen.preview?.item == .object(second.0))
    }

    @Test("the next part of a value that has changed is not put behind the first part of the old one")
    func changingParts() async throws {
        let first = Self.version("core", Array(repeating: 1, count: 600_000), "e1")
        let second = Self.version("core", Array(repeating: 2, count: 700_000), "e2")
        let store = MemoryObjectStore([first])
        var bench = self.bench(store)
        await bench.send(.shown)
        await bench.press(.enter)
        store.put(second.0, second.1)
        await bench.press(.character("G"))
        #expect(await bench.bytes == second.1)
        #expect(bench.screen.content?.content(at: 0)?.offset == 0)
        #expect(bench.screen.preview?.change == .sinceRead)
    }

    @Test("a value of a namespace comes with the metadata of the same write")
    func namespace() async {
        func entry(_ version: String) -> KeyValueEntry {
            KeyValueEntry(key: "k", expiresAt: nil, metadata: #"{"v":"\#(version)"}"#, version: version)
        }
        let namespace = MemoryNamespace(entries: [(entry("1"), [65])])
        let resource = BoundResource(
            binding: Binding(name: "CACHE", kind: .kv), reader: .namespace(namespace), place: "kv")
        var bench = ScreenBench<BucketsScreen>(world: BackendsSample.world(.english, resources: [resource]))
        await bench.send(.shown)
        namespace.put(entry("2"), [66, 66])
        await bench.press(.enter)
        #expect(bench.screen.preview?.item == .name(entry("2")))
        #expect(await bench.bytes == [66, 66])
        #expect(bench.screen.preview?.change == .sinceListed)
    }
}

extension ScreenBench<BucketsScreen> {
    /// All bytes of the value that is open.
    var bytes: [UInt8]? {
        get async {
            guard let source = self.screen.preview?.source else { return nil }
            var bytes: [UInt8] = []
            while let more = try? await source.read(at: bytes.count, count: 65_536), !more.isEmpty { bytes += more }
            return bytes
        }
    }
}
