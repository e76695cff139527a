import Foundation
import TestSupport
import Testing
import WorkerDomain

@testable import LocalState

@Suite("BucketScan")
struct BucketScanTests {
    @Test("a scan of many keys goes on where its time ended, and finds each key once")
    func parts() async throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let writer = try MiniflareStateWriter(projectFolder: folder)
        let count = 12_000
        let objects = (0..<count).map { index in
            MiniflareStateWriter.Object(
                key: "level-\(index % 7)/IMG-\(index).png", parts: [[]], uploadedAt: WallTime(millisecondsSinceEpoch: 0)
            )
        }
        try writer.store(objects, inBucket: "uploads")
        let store = MiniflareBucketStore(state: writer.state, candidates: ["uploads"])
        var (found, looked, parts) = (Set<String>(), 0, 0)
        var scan = ObjectScan(time: .zero)
        repeat {
            let part = try await store.find(NamePart("img-1"), in: scan)
            for object in part.objects { #expect(found.insert(object.key).inserted) }
            #expect(part.objects.count <= ObjectScan.largestFinding)
            (looked, parts) = (looked + part.looked, parts + 1)
            scan.cursor = part.nextCursor
        } while scan.cursor != nil
        #expect(looked == count && parts > 10)
        #expect(found.count == (0..<count).count { "\($0)".hasPrefix("1") })

        var sum = 0
        scan = ObjectScan(prefix: "level-3/", time: .zero)
        repeat {
            let part = try await store.sum(scan)
            sum += part.objects
            scan.cursor = part.nextCursor
        } while scan.cursor != nil
        #expect(sum == (0..<count).count { $0 % 7 == 3 })
    }

    @Test("a bucket that is not there yet has nothing to find, and a wrong cursor is refused")
    func edges() async throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let store = MiniflareBucketStore(state: MiniflareState(projectFolder: folder), candidates: ["uploads"])
        #expect(try await store.find(NamePart("a"), in: ObjectScan()) == ObjectScan.Found())
        #expect(try await store.sum(ObjectScan()) == ObjectScan.Sum())
        await #expect(throws: StorageError.self) {
            _ = try await store.find(NamePart("a"), in: ObjectScan(cursor: "not base64!"))
        }
    }
}
