import Foundation
import Synchronization
import TestSupport
import Testing
import WorkerDomain

@testable import S3Storage

/// What a server must not be trusted with: each fault ends in a sentence, and never in a loop, a crash or a lie.
@Suite("A faulty S3 server", .timeLimit(.minutes(1)))
struct S3FaultTests {
    /// Pauses that are noted and not waited for.
    private final class Pauses: Sendable {
        private let noted = Mutex<[Duration]>([])
        var all: [Duration] { self.noted.withLock { $0 } }

        var policy: RetryPolicy {
            var policy = RetryPolicy()
            policy.jitter = { 1 }
            policy.sleep = { [self] pause in self.noted.withLock { $0.append(pause) } }
            return policy
        }
    }

    private func error(
        _ reply: SmallServer.Reply, _ call: (S3BucketStore) async throws(StorageError) -> Void
    ) async throws -> StorageError {
        let server = try SmallServer { _ in reply }
        defer { server.stop() }
        let store = try StoreBench.s3(server.port, "b", retry: Pauses().policy)
        do throws(StorageError) {
            try await call(store)
        } catch {
            return error
        }
        throw CocoaError(.featureUnsupported)
    }

    private static func listing(_ inside: String) -> SmallServer.Reply {
        .xml("<ListBucketResult>\(inside)</ListBucketResult>")
    }

    static let listings: [(name: String, reply: SmallServer.Reply, code: StorageError.Code, words: String)] = [
        (
            "a web page", SmallServer.Reply(headers: [("Content-Type", "text/html")], body: Array("<html><p>Hi".utf8)),
            .malformed, "web page"
        ),
        (
            "a web page without a type", SmallServer.Reply(body: Array("\n<!DOCTYPE HTML><p>".utf8)), .malformed,
            "web page"
        ),
        ("nothing", SmallServer.Reply(), .malformed, "ends early"),
        ("JSON", SmallServer.Reply(body: Array("{\"a\":1}".utf8)), .malformed, "not S3's XML"),
        ("truncated XML", .xml("<ListBucketResult><Contents><Key>a</Key><Size>1"), .malformed, "ends early"),
        ("other XML", .xml("<Other><Key>a</Key></Other>"), .malformed, "not S3's XML"),
        ("bytes that are no text", SmallServer.Reply(body: [0xFF, 0xFE, 0, 1, 0x3C, 0]), .malformed, "not S3's XML"),
        (
            "XML a thousand deep", .xml(String(repeating: "<a>", count: 1_000)), .malformed, "not S3's XML"
        ),
        (
            "entities that grow",
            .xml(
                "<!DOCTYPE l [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;\">]>"
                    + "<Other>&c;&c;&c;</Other>"), .malformed, "not S3's XML"
        ),
        (
            "a size that is a word", Self.listing("<Contents><Key>a</Key><Size>big</Size></Contents>"), .malformed,
            "size"
        ),
        ("a negative size", Self.listing("<Contents><Key>a</Key><Size>-1</Size></Contents>"), .malformed, "size"),
        (
            "a size beyond 64 bits", Self.listing("<Contents><Key>a</Key><Size>9223372036854775808</Size></Contents>"),
            .malformed, "size"
        ),
        ("more without a place", Self.listing("<IsTruncated>true</IsTruncated>"), .malformed, "where"),
        ("403", MemoryBucket.error(403, "SignatureDoesNotMatch"), .denied, "credentials"),
        ("403 without a body", SmallServer.Reply(status: 403), .denied, "access denied"),
        ("404", MemoryBucket.error(404, "NoSuchBucket"), .notFound, "no such bucket"),
        ("a clock that is wrong", MemoryBucket.error(403, "RequestTimeTooSkewed"), .denied, "clock"),
        (
            "another region",
            .xml(
                "<Error><Code>AuthorizationHeaderMalformed</Code><Message>x</Message><Region>eu-west-1</Region></Error>",
                status: 400), .invalid, "set region = \"eu-west-1\""
        ),
        (
            "a redirect", SmallServer.Reply(status: 301, headers: [("Location", "http://127.0.0.1:1/")]), .invalid,
            "region"
        ),
        ("a status that is none of these", SmallServer.Reply(status: 302), .malformed, "not S3's XML"),
    ]

    @Test("a listing that is none says what came instead", arguments: listings)
    func list(item: (name: String, reply: SmallServer.Reply, code: StorageError.Code, words: String)) async throws {
        let error = try await self.error(item.reply) { store throws(StorageError) in
            _ = try await store.list(ObjectListRequest())
        }
        #expect(error.code == item.code && error.reason.contains(item.words), "\(error)")
        #expect(error.operation == "list r2:B/")
    }

    @Test("a cursor that comes back is noticed, after one page or after a circle of several")
    func cursors() async throws {
        for length in [1, 2, 3, 7] {
            let server = try SmallServer { request in
                let number = request.query["continuation-token"].flatMap { Int($0) } ?? 0
                return Self.listing(
                    "<Contents><Key>k</Key><Size>1</Size></Contents><IsTruncated>true</IsTruncated>"
                        + "<NextContinuationToken>\((number + 1) % length + 100)</NextContinuationToken>")
            }
            defer { server.stop() }
            var walk = ObjectWalk(try StoreBench.s3(server.port, "b"), ObjectListRequest())
            let error = await #expect(throws: StorageError.self) { while try await walk.next() != nil {} }
            #expect(error?.code == .malformed && error?.reason == "the listing repeats its cursor")
            #expect(server.requests.count <= 4 * length + 4)
        }
    }

    @Test("503 is tried again after a growing pause, Retry-After is kept to, and a day is not waited for")
    func retries() async throws {
        let pauses = Pauses()
        let count = Mutex(0)
        let server = try SmallServer { _ in
            let number = count.withLock { value in
                value += 1
                return value
            }
            switch number {
            case 1: return SmallServer.Reply(status: 503)
            case 2: return SmallServer.Reply(status: 500)
            case 3: return SmallServer.Reply(status: 429, headers: [("Retry-After", "7")])
            default: return Self.listing("")
            }
        }
        defer { server.stop() }
        _ = try await StoreBench.s3(server.port, "b", retry: pauses.policy).list(ObjectListRequest())
        #expect(pauses.all == [.milliseconds(200), .milliseconds(400), .seconds(7)])

        let patient = Pauses()
        let day = try SmallServer { _ in SmallServer.Reply(status: 503, headers: [("Retry-After", "86400")]) }
        defer { day.stop() }
        let store = try StoreBench.s3(day.port, "b", retry: patient.policy)
        let error = await #expect(throws: StorageError.self) { try await store.list(ObjectListRequest()) }
        #expect(error?.code == .unreachable && error?.reason.contains("asks to wait 86400 s") == true)
        #expect(patient.all.isEmpty && day.requests.count == 1)

        let never = Pauses()
        let down = try SmallServer { _ in SmallServer.Reply(status: 503) }
        defer { down.stop() }
        let other = try StoreBench.s3(down.port, "b", retry: never.policy)
        let last = await #expect(throws: StorageError.self) { try await other.list(ObjectListRequest()) }
        #expect(last?.reason.contains("tried 5 times") == true && down.requests.count == 5)
    }

    @Test("Retry-After may be a date; nonsense is none")
    func retryAfter() {
        let now = WallTime(millisecondsSinceEpoch: 1_767_323_045_000)
        #expect(RetryPolicy.retryAfter("120", now: now) == .seconds(120))
        #expect(RetryPolicy.retryAfter("Fri, 02 Jan 2026 03:04:15 GMT", now: now) == .seconds(10))
        #expect(RetryPolicy.retryAfter("Fri, 02 Jan 2025 03:04:15 GMT", now: now) == .zero)
        for value in ["-1", "soon", ""] { #expect(RetryPolicy.retryAfter(value, now: now) == nil, "\(value)") }
    }

    @Test("a server that cannot be reached is named")
    func refused() async throws {
        let server = try SmallServer { _ in SmallServer.Reply() }
        let port = server.port
        server.stop()
        let store = try StoreBench.s3(port, "b", retry: Pauses().policy)
        let error = await #expect(throws: StorageError.self) { try await store.list(ObjectListRequest()) }
        #expect(error?.code == .unreachable && error?.reason.contains("127.0.0.1:\(port) cannot be reached") == true)
    }

    @Test("an object of 5 TiB is listed and read in pieces, never as a whole")
    func huge() async throws {
        let size: Int64 = 5 << 40
        let server = try SmallServer { request in
            if request.query["list-type"] == "2" {
                return Self.listing("<Contents><Key>huge</Key><Size>\(size)</Size></Contents>")
            }
            guard let range = request.headers["range"]?.firstMatch(of: /^bytes=(\d+)-(\d+)$/),
                let first = Int64(range.1),
                let last = Int64(range.2)
            else { return SmallServer.Reply(status: 500) }
            let end = min(last, size - 1)
            return SmallServer.Reply(
                status: 206, headers: [("ETag", "\"x\""), ("Content-Range", "bytes \(first)-\(end)/\(size)")],
                body: [UInt8](repeating: 1, count: Int(end - first + 1)))
        }
        defer { server.stop() }
        let store = try StoreBench.s3(server.port, "b")
        #expect(try await store.list(ObjectListRequest()).objects.first?.bytes == size)
        let part = try await store.read("huge", offset: size - 3, length: 1_000)
        #expect(part.object.bytes == size && part.bytes.count == 3)
        #expect(try await store.read("huge", offset: 1 << 41, length: 10).bytes.count == 10)
        let error = await #expect(throws: StorageError.self) { try await store.read("huge", offset: 0, length: .max) }
        #expect(error?.code == .limit)
        #expect(server.requests.allSatisfy { $0.query["list-type"] == "2" || $0.headers["range"] != nil })
    }

    static let reads: [(name: String, reply: SmallServer.Reply, code: StorageError.Code)] = [
        (
            "another range",
            SmallServer.Reply(status: 206, headers: [("Content-Range", "bytes 5-9/100")], body: [1, 2, 3, 4, 5]),
            .malformed
        ),
        ("no range said", SmallServer.Reply(status: 206, body: [1, 2]), .malformed),
        (
            "fewer bytes", SmallServer.Reply(status: 206, headers: [("Content-Range", "bytes 0-9/100")], body: [1, 2]),
            .malformed
        ),
        (
            "a connection that ends early",
            SmallServer.Reply(
                status: 206, headers: [("Content-Range", "bytes 0-9/100")], body: [1, 2], cut: 2, length: 10),
            .unreachable
        ),
        ("a body without an end", SmallServer.Reply(body: [UInt8](repeating: 1, count: 1 << 20)), .limit),
    ]

    @Test("a read that brings something else is an error", arguments: reads)
    func read(item: (name: String, reply: SmallServer.Reply, code: StorageError.Code)) async throws {
        let error = try await self.error(item.reply) { store throws(StorageError) in
            _ = try await store.read("k", offset: 0, length: 10)
        }
        #expect(error.code == item.code, "\(error)")
    }

    @Test("odd keys go out and come back byte for byte")
    func keys() async throws {
        let keys = [
            "new\nline", "\u{1b}]0;x\u{7}", String(repeating: "简", count: 341), "a%2Fb", "a/b", "/lead", "//", "😀/👩‍👩‍👧‍👦",
            "a+b c", "..", "../x", "?a=b&c#d", "nul\0", "<&>\"'", " ", "\u{fffe}",
        ]
        let bucket = MemoryBucket("b")
        let server = try SmallServer { bucket.handle($0) }
        defer { server.stop() }
        let store = try StoreBench.s3(server.port, "b")
        let writer = S3BucketWriter(store)
        for key in keys {
            let object = try await writer.put(
                ObjectUpload(key: key, source: MemoryBytes(Array(key.utf8))), progress: { _ in })
            #expect(object.key.hasSameBytes(as: key))
        }
        let listed = try await store.list(ObjectListRequest()).objects.map { Array($0.key.utf8) }
        #expect(Set(listed) == Set(keys.map { Array($0.utf8) }))
        for key in keys { #expect(try await store.read(key, offset: 0, length: 2_000).bytes == Array(key.utf8)) }
        #expect(try await writer.delete(keys).isEmpty)
        #expect(try await store.list(ObjectListRequest()).entries.isEmpty)
    }
}
