import Synchronization
import TerminalCanvas
import TestSupport
import Testing
import TrafficJournal
import WorkerDomain

@testable import ConsoleUI
@testable import StorageScreens

@Suite("Transfers of a bucket")
struct BucketsTransferTests {
    private func bench(
        _ files: ScriptedFiles = ScriptedFiles(), store: MemoryObjectStore = BucketsSample.store, writes: Bool = true,
        host: String? = nil, _ language: Language = .english
    ) -> ScreenBench<BucketsScreen> {
        var resources = BucketsSample.resources(store)
        var first = BoundResource(
            binding: resources[0].binding, reader: .bucket(store),
            place: host.map { "\($0)/resume-uploads" } ?? ".wrangler/state/v3/r2")
        first.host = host
        if host != nil { first.sharing = ScriptedSharing() }
        if writes { first.writer = MemoryWriter(store: store) }
        resources[0] = first
        var bench = ScreenBench<BucketsScreen>(world: BackendsSample.world(language, resources: resources))
        bench.services = Services(
            journal: Journal(), backends: ScriptedBackends(), worker: ScriptedWorker(), resources: resources,
            checks: ScriptedChecks(report: ChecksSample.report), files: files)
        return bench
    }

    private func copy() -> MemoryObjectStore {
        MemoryObjectStore([
            BucketsSample.object("2025/a.png", [1, 2, 3]), BucketsSample.object("2025/b.png", [4]),
            BucketsSample.object("notes.md", Array("# Notes".utf8)),
        ])
    }

    private func text(_ bench: ScreenBench<BucketsScreen>, _ columns: Int = 160, _ rows: Int = 45) -> String {
        CanvasReading.text(of: bench.canvas(columns, rows))
    }

    @Test("s asks for a path with a safe name in it, and saves what is under the cursor; the end is said")
    func saves() async {
        let files = ScriptedFiles()
        var bench = self.bench(files)
        await bench.send(.shown)
        bench.screen.changeListing { $0.select(key: "notes.md") }
        await bench.press(.character("s"))
        #expect(bench.screen.isTyping && bench.screen.prompt?.text == "safe-notes.md")
        await bench.press(.tab)
        await bench.type("x")
        await bench.press(.enter)
        #expect(files.saved.map(\.path) == ["safe-notes.mdx"] && files.saved.map(\.isOverwriting) == [true])
        #expect(files.saved.first?.targets.map(\.key) == ["notes.md"])
        #expect(self.text(bench).contains("saved 1 object · 21 B → safe-notes.mdx · 1 verified by checksum"))
        await bench.press(.character("c"))
        #expect(!self.text(bench).contains("saved 1 object"))
    }

    @Test("with marks the marked ones are saved, a prefix as a whole")
    func savesMarked() async {
        let files = ScriptedFiles()
        var bench = self.bench(files)
        await bench.send(.shown)
        await bench.press(.character(" "))
        bench.screen.changeListing { $0.select(key: "notes.md") }
        await bench.press(.character(" "), .character("s"), .enter)
        #expect(files.saved.first?.targets.map(\.key) == ["2025/", "notes.md"])
    }

    @Test("while it runs, bytes of how many and the object are said; another one has to wait, c cancels")
    func progress() async {
        var bench = self.bench()
        await bench.send(.shown)
        bench.screen.changeListing { $0.select(key: "notes.md") }
        await bench.press(.character("s"))
        bench.begin(.key(.enter))
        #expect(bench.screen.transfer.isRunning)
        var progress = TransferProgress()
        (progress.bytes, progress.totalBytes, progress.bytesPerSecond) = (12_400_000, 41_200_000, 8_100_000)
        (progress.objects, progress.totalObjects, progress.name) = (2, 12, "2025/photo.png")
        bench.screen.transfer.note(progress)
        let text = self.text(bench)
        #expect(text.contains("saving ███░░░░░░░░░ 30 % · 12 MB of 41 MB · 8.1 MB/s · object 3 of 12 · c cancels"))
        for (columns, rows) in [(40, 10), (80, 24), (160, 45)] {
            #expect(goldenMismatch(bench.canvas(columns, rows), "buckets-saving-\(columns)x\(rows)") == nil)
        }
        bench.works = []
        await bench.press(.character("s"), .enter)
        #expect(bench.toasts == ["another transfer is running: cancel it or wait"])
        await bench.press(.character("c"))
        #expect(bench.screen.transfer.phase == .stopped)
        #expect(self.text(bench).contains("saving it again goes on where it stopped"))
    }

    @Test("what failed is said with the key and why")
    func failures() async {
        let files = ScriptedFiles()
        files.outcome = {
            var outcome = TransferOutcome()
            outcome.objects = 1
            outcome.fail("2025/a.png", "no space left on the device")
            return .success(outcome)
        }
        var bench = self.bench(files)
        await bench.send(.shown)
        await bench.press(.character("s"), .enter)
        #expect(self.text(bench).contains("1 failed: 2025/a.png: no space left on the device"))
        files.outcome = { .failure(StorageError(.notFound, operation: "get", reason: "no such folder: x")) }
        await bench.press(.character("s"), .enter)
        #expect(self.text(bench).contains("no such folder: x"))
    }

    @Test("without leave to write nothing is offered that would change the bucket, and that is said")
    func readOnly() async {
        var bench = self.bench(writes: false)
        await bench.send(.shown)
        #expect(self.text(bench).contains("READ-ONLY"))
        for key in ["W", "X", "i", "u"] { #expect(!bench.screen.binds(.character(Character(key)), in: bench.world)) }
        await bench.press(.character("W"), .character("X"), .character("i"))
        #expect(bench.screen.removal == nil && bench.screen.prompt == nil && !bench.screen.isWriting)
    }

    @Test("uploads and deletions are offered in the write mode alone, which another bucket does not inherit")
    func writeMode() async {
        let files = ScriptedFiles()
        var bench = self.bench(files)
        await bench.send(.shown)
        for key in ["X", "i"] { #expect(!bench.screen.binds(.character(Character(key)), in: bench.world)) }
        await bench.press(.character("W"))
        #expect(self.text(bench).contains("WRITE MODE"))
        await bench.press(.enter, .character("i"))
        await bench.type("site/")
        await bench.press(.enter)
        #expect(files.uploads.map(\.path) == ["site/"] && files.uploads.map(\.prefix) == ["2025/"])
        await bench.press(.character("]"))
        #expect(!bench.screen.isWriting)
    }

    @Test("X shows how many and which objects, and deletes exactly these once the words are typed; u brings them back")
    func deletes() async {
        let store = self.copy()
        let files = ScriptedFiles()
        var bench = self.bench(files, store: store)
        await bench.send(.shown)
        await bench.press(.character("W"), .character("X"))
        #expect(bench.screen.isTyping && bench.screen.removal?.objects.map(\.key) == ["2025/a.png", "2025/b.png"])
        let text = self.text(bench, 80, 24)
        #expect(text.contains("Delete 2 objects from UPLOADS_BUCKET: dry run") && text.contains("nothing deleted yet"))
        #expect(text.contains("2025/a.png") && text.contains("dry run: 2 objects · 4 B"))
        #expect(text.contains("type “delete 2”"))
        await bench.press(.enter)
        await bench.type("delete")
        await bench.press(.enter)
        #expect(files.removals.isEmpty && bench.screen.removal != nil)
        // What comes meanwhile is not deleted with the rest.
        store.put(BucketsSample.object("2025/c.png", [5]).0, [5])
        await bench.type(" 2")
        await bench.press(.enter)
        #expect(files.removals.map { $0.objects.map(\.key) } == [["2025/a.png", "2025/b.png"]])
        #expect(files.removals.first?.usesTrash == true)
        #expect(self.text(bench).contains("deleted 2 objects · 4 B · u brings them back"))
        await bench.press(.character("u"))
        #expect(files.restored.map { $0.objects.map(\.key) } == [["2025/a.png", "2025/b.png"]])
        #expect(!bench.screen.binds(.character("u"), in: bench.world))
    }

    @Test("what is deleted from the results of a search is not among them any more")
    func deletesFound() async {
        let store = self.copy()
        var bench = self.bench(store: store)
        await bench.send(.shown)
        await bench.press(.character("W"), .character("/"), .tab, .tab)
        await bench.type("png")
        await bench.press(.enter, .character("X"))
        await bench.type("delete 1")
        await bench.press(.enter)
        #expect(bench.screen.find.isShown && bench.screen.find.items.map(\.key) == ["2025/b.png"])
    }

    @Test("Esc leaves the question, and nothing was deleted")
    func cancels() async {
        let files = ScriptedFiles()
        var bench = self.bench(files, store: self.copy())
        await bench.send(.shown)
        await bench.press(.character("W"), .character("X"), .escape)
        #expect(bench.screen.removal == nil && files.removals.isEmpty && !bench.screen.isTyping)
    }

    @Test("of a remote bucket its name has to be typed; there is no trash, and that is said")
    func deletesRemote() async {
        let files = ScriptedFiles()
        var bench = self.bench(files, store: self.copy(), host: "s3.example.com")
        await bench.send(.shown)
        bench.screen.changeListing { $0.select(key: "notes.md") }
        await bench.press(.character("W"), .character("X"))
        #expect(self.text(bench, 80, 24).contains("remote: this cannot be undone"))
        await bench.type("delete 1")
        await bench.press(.enter)
        #expect(files.removals.isEmpty)
        await bench.press(.control("u"))
        await bench.type("resume-uploads")
        await bench.press(.enter)
        #expect(files.removals.first?.usesTrash == false && files.removals.first?.objects.map(\.key) == ["notes.md"])
    }

    @Test("too many objects for one deletion are refused before anything happens")
    func tooMany() async {
        let store = MemoryObjectStore([BucketsSample.object("a/1", [1])])
        store.setFailure(nil)
        var bench = self.bench(store: store)
        await bench.send(.shown)
        await bench.press(.character("W"))
        store.setFailure(StorageError(.unreachable, operation: "list", reason: "no route"))
        await bench.press(.character("X"))
        guard case .failed(let error)? = bench.screen.removal?.phase else {
            Issue.record("not failed")
            return
        }
        #expect(error.reason == "no route" && bench.screen.removal?.isAgreed == false)
    }

    @Test("z counts what lies below a prefix; the sum stays, with ~ until it is complete")
    func sums() async {
        let store = MemoryObjectStore(
            (0..<2_500).map {
                BucketsSample.object("big/\(String(repeating: "0", count: 4 - "\($0)".count))\($0)", [1, 2])
            })
        var bench = self.bench(store: store)
        await bench.send(.shown)
        bench.begin(.key(.character("z")))
        for objects in [1_000, 2_000] {
            guard let work = bench.works.first(where: { $0.slot == "sum" }) else {
                Issue.record("nothing is counted")
                return
            }
            bench.works.removeAll { $0.slot == "sum" }
            bench.note(bench.screen.receive(await work.run(bench.services), in: bench.world))
            #expect(bench.screen.sums.sum(of: "big/", in: "r2:UPLOADS_BUCKET")?.objects == objects)
        }
        #expect(self.text(bench).contains("~4.0 kB") && self.text(bench).contains("~2,000"))
        await bench.settle()
        #expect(bench.screen.sums.sum(of: "big/", in: "r2:UPLOADS_BUCKET")?.isComplete == true)
        #expect(self.text(bench).contains("5.0 kB") && !self.text(bench).contains("~5.0 kB"))
        await bench.press(.enter)
        #expect(self.text(bench).contains("2,500 objects below, 5.0 kB"))
        await bench.press(.character("h"))
        #expect(self.text(bench).contains("5.0 kB"))
        bench.begin(.key(.character("z")))
        await bench.press(.character("c"))
        #expect(!bench.screen.sums.isRunning && bench.works.isEmpty)
    }

    @Test("Y copies s3:// for a bucket of a server, P a URL for so long and says until when")
    func links() async {
        var bench = self.bench(host: "s3.example.com")
        await bench.send(.shown)
        bench.screen.changeListing { $0.select(key: "notes.md") }
        await bench.press(.character("Y"), .character("P"))
        #expect(self.text(bench, 80, 24).contains("15 minutes"))
        await bench.press(.character("j"), .enter)
        #expect(bench.copied == ["s3://resume-uploads/notes.md", "https://s3.example.com/notes.md?expires=86400"])
        #expect(self.text(bench).contains("link valid until"))
        var local = self.bench()
        await local.send(.shown)
        #expect(!local.screen.binds(.character("P"), in: local.world))
    }

    @Test("C holds an object against its checksums, and the details say what came out")
    func verifying() async {
        let files = ScriptedFiles()
        files.outcome = {
            var outcome = TransferOutcome()
            outcome.verdicts = [
                ChecksumVerdict(name: "md5", stored: "aa", computed: "aa"),
                ChecksumVerdict(name: "sha256", stored: "bb", computed: "cc"),
            ]
            return .success(outcome)
        }
        var bench = self.bench(files)
        await bench.send(.shown)
        bench.screen.changeListing { $0.select(key: "notes.md") }
        await bench.press(.character("C"))
        let text = self.text(bench)
        #expect(text.contains("✓ equal to the bytes") && text.contains("✖ different: the bytes have cc"))
        await bench.press(.enter)
        #expect(self.text(bench).contains("✖ different: the bytes have cc"))
    }

    @Test("the badge names the host of a server, with REMOTE in a role of its own")
    func badge() async {
        var bench = self.bench(host: "s3.example.com")
        await bench.send(.shown)
        let spans = bench.screen.stateLine(in: bench.world)
        #expect(spans.contains(Span("REMOTE s3.example.com", .danger)))
        var local = self.bench()
        await local.send(.shown)
        #expect(local.screen.stateLine(in: local.world).contains(Span("LOCAL", .strong)))
        let far = BoundResource(
            binding: Binding(name: "FAR", kind: .r2), reader: .bucket(MemoryObjectStore([])), place: "r2://far")
        #expect(Pane.placeSpans(of: far, .english).first == Span("REMOTE", .danger))
    }

    @Test(
        arguments: [(Language.english, 40, 10), (.english, 80, 24), (.english, 160, 45), (.simplifiedChinese, 80, 24)])
    func pictures(language: Language, columns: Int, rows: Int) async {
        let size = "\(language.rawValue)-\(columns)x\(rows)"
        var bench = self.bench(store: self.copy(), host: nil, language)
        await bench.send(.shown)
        await bench.press(.character("s"))
        #expect(goldenMismatch(bench.canvas(columns, rows), "buckets-path-\(size)") == nil)
        await bench.press(.escape, .character("W"), .character("z"), .character("X"))
        await bench.type("delete")
        expectPureDrawing(of: bench, columns, rows)
        #expect(goldenMismatch(bench.canvas(columns, rows), "buckets-delete-\(size)") == nil)
        await bench.type(" 2")
        await bench.press(.enter)
        #expect(goldenMismatch(bench.canvas(columns, rows), "buckets-deleted-\(size)") == nil)
    }
}
