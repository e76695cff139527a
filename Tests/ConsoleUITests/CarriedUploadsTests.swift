import TerminalCanvas
import TestSupport
import Testing
import TrafficJournal
import WorkerDomain

@testable import ConsoleUI
@testable import StorageScreens

@Suite("Uploads that the proxy carried")
struct CarriedUploadsTests {
    private static let files = ScriptedFiles()

    private func exchange(
        _ id: UInt64, _ body: String, method: String = "PUT", at seconds: Double = -10, fields: [String] = [],
        kept: Int? = nil
    ) -> Exchange {
        var exchange = Pilot.exchange(id, method, "/api/upload", status: 201, at: seconds, fields: fields)
        let bytes = Array(body.utf8)
        exchange.requestBody = CapturedBody(bytes: Array(bytes.prefix(kept ?? bytes.count)), totalBytes: bytes.count)
        return exchange
    }

    private func object(_ body: String, at seconds: Double = -10, md5: String? = nil) -> StoredObject {
        StoredObject(
            key: "a/b.txt", bytes: Int64(body.utf8.count), etag: "x-1", version: "v1", uploadedAt: Pilot.time(seconds),
            checksums: ["md5": md5 ?? "md5 of \(body)"])
    }

    private func origin(of object: StoredObject, _ exchanges: [Exchange]) -> CarriedUploads.Origin? {
        CarriedUploads.origin(of: object, in: exchanges, md5: Self.files.md5)
    }

    @Test("the newest upload with the same bytes has written an object, exactly")
    func exact() {
        let exchanges = [self.exchange(1, "hello"), self.exchange(2, "hello"), self.exchange(3, "hullo")]
        let origin = self.origin(of: self.object("hello"), exchanges)
        #expect(origin?.id.rawValue == 2 && origin?.isExact == true && origin?.target == "/api/upload")
        // What came after the object was stored has not written it.
        #expect(self.origin(of: self.object("hello"), [self.exchange(1, "hello", at: 60)]) == nil)
        #expect(self.origin(of: self.object("hello"), [self.exchange(1, "hello", method: "GET")]) == nil)
    }

    @Test("a part of a form counts as well, with the line breaks that are its own")
    func form() {
        let body =
            "--XX\r\nContent-Disposition: form-data; name=\"kind\"\r\n\r\navatar\r\n"
            + "--XX\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a\"\r\n\r\none\r\ntwo\r\n\r\n--XX--\r\n"
        let upload = self.exchange(
            7, body, method: "POST", fields: ["Content-Type: multipart/form-data; boundary=XX"])
        let pieces = CarriedUploads.pieces(of: upload).map { String(decoding: $0, as: UTF8.self) }
        #expect(pieces == [body, "avatar", "one\r\ntwo\r\n"])
        #expect(self.origin(of: self.object("one\r\ntwo\r\n"), [upload])?.isExact == true)
        #expect(self.origin(of: self.object("one\r\ntwx\r\n"), [upload])?.isExact == false)
    }

    @Test("a boundary that repeats itself costs linear time")
    func hostileBoundary() {
        func time(_ count: Int) -> Duration {
            let boundary = String(repeating: "-", count: count / 2) + "x"
            let upload = self.exchange(
                7, String(repeating: "-", count: count), method: "POST",
                fields: ["Content-Type: multipart/form-data; boundary=\(boundary)"])
            return (0..<3).map { _ in
                ContinuousClock().measure { #expect(CarriedUploads.pieces(of: upload).count == 1) }
            }.min() ?? .zero
        }
        _ = time(1_000)
        #expect(time(32_000) < time(8_000) * 10)
    }

    @Test("time and size alone make an upload likely, and never when its bytes are known to be others")
    func likely() {
        let cut = self.exchange(4, "hello", kept: 2)
        #expect(self.origin(of: self.object("hello"), [cut])?.isExact == false)
        #expect(self.origin(of: self.object("hello", at: 600), [cut]) == nil)
        #expect(self.origin(of: self.object("hello there"), [cut]) == nil)
        #expect(self.origin(of: self.object("hullo"), [self.exchange(5, "hello")]) == nil)
    }

    @Test(
        "broken forms make no parts, and nothing runs away",
        arguments: ["", "--XX", "--XX\r\n--XX\r\n\r\n--XX", "\r\n\r\n"])
    func broken(body: String) {
        let upload = self.exchange(1, body, fields: ["Content-Type: multipart/form-data; boundary=XX"])
        #expect(CarriedUploads.pieces(of: upload).count <= 2)
    }

    private func world(_ store: MemoryObjectStore) -> World {
        BackendsSample.world(.english, resources: BucketsSample.resources(store))
    }

    @Test("an open object says which exchange has written it, and o goes there")
    func fromObject() async throws {
        let stored = StoredObject(
            key: "a.txt", bytes: 5, etag: "x", version: "v", uploadedAt: BackendsSample.now,
            checksums: ["md5": "md5 of hello"])
        let store = MemoryObjectStore([(stored, Array("hello".utf8))])
        var bench = ScreenBench<BucketsScreen>(world: self.world(store))
        let journal = Journal()
        Self.record("hello", in: journal)
        bench.services = Services(
            journal: journal, backends: ScriptedBackends(), worker: ScriptedWorker(), resources: bench.world.resources,
            checks: ScriptedChecks(report: ChecksSample.report), files: ScriptedFiles())
        await bench.send(.shown)
        let carried = bench.services
        bench.services = Services(
            journal: Journal(), backends: ScriptedBackends(), worker: ScriptedWorker(),
            resources: bench.world.resources,
            checks: ScriptedChecks(report: ChecksSample.report), files: ScriptedFiles())
        await bench.press(.enter)
        #expect(bench.screen.preview != nil && !bench.screen.binds(.character("o"), in: bench.world))
        bench.services = carried
        await bench.press(.escape, .enter)
        #expect(CanvasReading.text(of: bench.canvas(160, 45)).contains("#9 PUT /api/a (exact: same MD5)"))
        await bench.press(.character("o"))
        let target = bench.told.compactMap { effect -> ExchangeID? in
            if case .showExchange(let id, _) = effect { id } else { nil }
        }
        #expect(target == [ExchangeID(rawValue: 9)])
    }

    @Test("o on an upload shows the object with its bytes, selected on its level; without one it says so")
    func fromExchange() async throws {
        let stored = StoredObject(
            key: "deep/er/a.txt", bytes: 5, etag: "x", version: "v", uploadedAt: BackendsSample.now,
            checksums: ["md5": "md5 of hello"])
        for (md5, isFound) in [("md5 of hello", true), ("md5 of other", false)] {
            let object = StoredObject(
                key: stored.key, bytes: 5, etag: "x", version: "v", uploadedAt: stored.uploadedAt,
                checksums: ["md5": md5])
            let store = MemoryObjectStore([(object, Array("hello".utf8))])
            var bench = ScreenBench<TrafficScreen>(world: self.world(store))
            let journal = Journal()
            Self.record("hello", in: journal)
            bench.services = Services(
                journal: journal, backends: ScriptedBackends(), worker: ScriptedWorker(),
                resources: bench.world.resources, checks: ScriptedChecks(report: ChecksSample.report),
                files: ScriptedFiles())
            let delta = journal.delta(since: nil)
            bench.world.traffic.apply(delta)
            await bench.send(.traffic(delta))
            await bench.send(.shown)
            await bench.press(.enter, .character("o"))
            let shown = bench.told.compactMap { effect -> String? in
                if case .showObject(let binding, let key) = effect { "\(binding) \(key)" } else { nil }
            }
            #expect(shown == (isFound ? ["r2:UPLOADS_BUCKET deep/er/a.txt"] : []))
            #expect(bench.toasts == (isFound ? [] : ["no object has these bytes (1 key looked at)"]))
            guard isFound else { continue }
            var buckets = ScreenBench<BucketsScreen>(world: bench.world)
            await buckets.send(.shown)
            await buckets.press(.character("]"))
            await buckets.send(.object(binding: "r2:UPLOADS_BUCKET", key: "deep/er/a.txt"))
            #expect(buckets.screen.listing?.prefix == "deep/er/")
            #expect(buckets.screen.listing?.selected?.key == "deep/er/a.txt")
        }
    }

    private static func record(_ body: String, in journal: Journal) {
        let id = ExchangeID(rawValue: 9)
        let head = Array("PUT /api/a HTTP/1.1\r\nHost: x\r\n\r\n".utf8)
        journal.begin(
            id, ExchangeBeginning(startedAt: BackendsSample.now, downstream: "127.0.0.1:5", route: .backend("blue")),
            head: head.span.bytes, at: nil)
        let summary = ExchangeSummary(
            ending: .completed, timers: ExchangeTimers(), requestBytes: body.utf8.count)
        journal.end(
            id, summary, head: RawSpan(), requestBody: Array(body.utf8), responseBody: [], at: nil)
    }
}
