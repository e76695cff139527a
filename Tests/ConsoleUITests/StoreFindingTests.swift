import TerminalCanvas
import TestSupport
import Testing
import Widgets
import WorkerDomain

@testable import ConsoleUI
@testable import StorageScreens

/// What is said in place of "nothing stored yet".
@Suite("Findings in place of data")
struct StoreFindingTests {
    private static func bucket(_ findings: [StoreFinding], _ objects: [String] = []) -> BoundResource {
        BoundResource(
            binding: Binding(name: "UPLOADS", kind: .r2, resource: "uploads"),
            reader: .bucket(MemoryObjectStore(objects.map { BucketsSample.object($0, [1]) })), place: ".wrangler",
            findings: { findings })
    }

    private static func database(_ findings: [StoreFinding], exists: Bool = false) -> BoundResource {
        BoundResource(
            binding: Binding(name: "DB", kind: .d1), reader: .database(MemoryDatabase([], exists: exists)),
            place: ".wrangler", findings: { findings })
    }

    private static func text<S: Screen>(
        _: S.Type, _ resource: BoundResource, _ columns: Int, _ rows: Int, _ language: Language = .english
    ) async -> String {
        var bench = ScreenBench<S>(world: BackendsSample.world(language, resources: [resource]))
        await bench.send(.shown)
        // Wrapped lines are read as one.
        return CanvasReading.text(of: bench.canvas(columns, rows)).split(whereSeparator: \.isNewline)
            .map { $0.filter { $0 != "│" }.split(separator: " ").joined(separator: " ") }.joined(separator: " ")
    }

    @Test("each finding is said with what to set", arguments: [(80, 24), (160, 45)])
    func sentences(columns: Int, rows: Int) async {
        let cases: [(StoreFinding, String, String)] = [
            (.otherName("old"), "there is data of another resource: old", "preview_bucket_name = \"old\""),
            (.otherFile("r2/ab.sqlite"), "there is a database for another id: r2/ab.sqlite", "set preview_bucket_name"),
            (.otherLayout("state/v4"), "an unsupported layout: state/v4", "state/v3"),
            (.elsewhere("data"), "there is state in another folder: data", "path = \"data\" below [bindings.UPLOADS]"),
        ]
        for (finding, title, advice) in cases {
            let text = await Self.text(BucketsScreen.self, Self.bucket([finding]), columns, rows)
            #expect(text.contains(title) && text.contains(advice), "\(finding): \(text)")
            #expect(!text.contains("nothing stored yet"))
        }
    }

    @Test("D1 says them too, also on the smallest terminal")
    func database() async {
        for (columns, rows) in [(80, 24), (160, 45), (40, 10)] {
            let text = await Self.text(
                DatabaseScreen.self, Self.database([.otherLayout(".wrangler/state/d1")]), columns, rows)
            #expect(text.contains(".wrangler/state/d1"), "\(columns): \(text)")
            #expect(!text.contains("nothing stored yet"))
        }
    }

    @Test("data under an old name is shown, and said to be old")
    func oldName() async {
        let finding = StoreFinding.oldName(stored: "UPLOADS", current: "uploads")
        let text = await Self.text(BucketsScreen.self, Self.bucket([finding], ["k"]), 120, 24)
        #expect(text.contains("stored as UPLOADS: wrangler dev would start empty"))
        let chinese = await Self.text(BucketsScreen.self, Self.bucket([finding], ["k"]), 120, 24, .simplifiedChinese)
        #expect(chinese.contains("wrangler dev 启动时将为空"))
    }

    @Test("the Overview names a remote binding and what was found")
    func overview() {
        let resource = Self.bucket([])
        func line(_ health: BindingHealth) -> String {
            OverviewLines(language: .english, glyphs: GlyphSet.unicode.glyphs).lines(
                of: [resource], health: [resource.binding.id: health], columns: 70
            ).flatMap { $0 }.map(\.text).joined()
        }
        #expect(line(BindingHealth(state: .remote)).contains("remote, not read here"))
        #expect(
            line(BindingHealth(state: .empty, findings: [.otherName("x")])).contains(
                "nothing here, but other state was found"))
        #expect(line(BindingHealth(state: .empty)).contains("nothing stored yet"))
        var world = BackendsSample.world(.english, resources: [resource])
        world.health = [resource.binding.id: BindingHealth(state: .empty, findings: [.elsewhere("data")])]
        #expect(AttentionItem.all(in: world).contains { $0.text.contains("another folder: data") })
    }
}
