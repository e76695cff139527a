import TerminalCanvas
import TestSupport
import Testing
import TrafficJournal
import WorkerDomain

@testable import ConsoleUI
@testable import StorageScreens

@Suite("Deletions on the buckets screen")
struct BucketsRemovalTests {
    /// Lists more keys than any screen takes, without holding them.
    private struct EndlessStore: ObjectStore {
        func list(_ request: ObjectListRequest) async throws(StorageError) -> ObjectPage {
            if request.delimiter != nil { return ObjectPage(entries: [.prefix("it's/")]) }
            let start = request.cursor.flatMap { Int($0) } ?? 1_000_000
            let entries = (start..<(start + 1_000)).map { ObjectEntry.object(BucketsSample.object("it's/\($0)", []).0) }
            return ObjectPage(entries: entries, nextCursor: "\(start + 1_000)")
        }
        func head(_: String) async throws(StorageError) -> StoredObject? { nil }
        func read(_ key: String, offset _: Int64, length _: Int) async throws(StorageError) -> ObjectPart {
            throw StorageError(.notFound, operation: "read \(key)", reason: "no such object")
        }
        func usage() async throws(StorageError) -> BucketUsage { BucketUsage(objects: 0, bytes: 0, isComplete: false) }
    }

    @Test(
        "more than 100,000 objects are refused, with the command that deletes them", arguments: [nil, "s3.example.com"])
    func refusesMany(host: String?) async {
        var bench = ScreenBench<BucketsScreen>(
            world: BackendsSample.world(.english, resources: BucketsSample.resources()))
        var resource = BoundResource(
            binding: bench.world.resources[0].binding, reader: .bucket(EndlessStore()),
            place: "s3.example.com/resume-uploads")
        (resource.host, resource.writer) = (host, MemoryWriter(store: BucketsSample.store))
        bench.world.resources = [resource]
        bench.services = Services(
            journal: Journal(), backends: ScriptedBackends(), worker: ScriptedWorker(), resources: [resource],
            checks: ScriptedChecks(report: ChecksSample.report), files: ScriptedFiles())
        await bench.send(.shown)
        await bench.press(.character("W"), .character("X"))
        guard case .failed(let error)? = bench.screen.removal?.phase else {
            Issue.record("not refused")
            return
        }
        let confirm = host == nil ? "" : " --confirm resume-uploads"
        #expect(
            error.reason
                == "more than 100,000 objects are not deleted on the screen; "
                + "worker-console r2 rm $'UPLOADS_BUCKET/it\\'s/' --recursive --dry-run\(confirm) shows what it would "
                + "delete, and deletes any number with --write; it needs the same --project and --env as this console")
        #expect(Language.simplifiedChinese.text(error.reason).contains("可删除任意数量"))
        await bench.type("delete 100001")
        await bench.press(.enter)
        #expect(bench.screen.removal?.isAgreed == false)
        #expect(CanvasReading.text(of: bench.canvas(80, 24)).contains("100,000"))
    }
}
