import Foundation
import TestSupport
import Testing
import WorkerDomain

/// What the console relies on, whatever store a binding has.
@Suite("Every object store", .timeLimit(.minutes(3)))
struct ObjectStoreContractTests {
    @Test("lists every key once, in byte order, whatever the page size", arguments: StoreBench.Kind.available)
    func pages(kind: StoreBench.Kind) async throws {
        let bench = try await StoreBench(kind)
        for limit in [1, 2, 5, 1_000] {
            var keys: [[UInt8]] = []
            var cursor: String?
            repeat {
                let page = try await bench.store.list(ObjectListRequest(cursor: cursor, limit: limit))
                #expect(page.entries.count <= limit)
                keys += page.objects.map { Array($0.key.utf8) }
                cursor = page.nextCursor
            } while cursor != nil
            #expect(keys == bench.keys)
        }
    }

    @Test("a prefix is a beginning of bytes", arguments: StoreBench.Kind.available)
    func prefixes(kind: StoreBench.Kind) async throws {
        let bench = try await StoreBench(kind)
        for prefix in ["", "a", "folder", "folder/", "folder/s", "folder/sub/t", "简", "简历/张三.pdf", "e", "nothing/"] {
            let page = try await bench.store.list(ObjectListRequest(prefix: prefix))
            let wanted = bench.keys.filter { $0.starts(with: prefix.utf8) }
            #expect(page.objects.map { Array($0.key.utf8) } == wanted, "\(prefix)")
        }
    }

    @Test("collapses keys below a delimiter", arguments: StoreBench.Kind.available)
    func delimiter(kind: StoreBench.Kind) async throws {
        let bench = try await StoreBench(kind)
        let store = bench.store
        let level = try await store.list(ObjectListRequest(prefix: "folder", delimiter: "/"))
        #expect(level.prefixes == ["folder/"])
        #expect(level.objects.map(\.key) == ["folder0"])
        let marker = bench.bodies.filter { $0.key == "folder/" }.map(\.key)
        let below = try await store.list(ObjectListRequest(prefix: "folder/", delimiter: "/", limit: marker.count + 1))
        #expect(below.objects.map(\.key) == marker + ["folder/one"])
        let rest = try await store.list(
            ObjectListRequest(prefix: "folder/", delimiter: "/", cursor: below.nextCursor, limit: 2))
        #expect(rest.prefixes == ["folder/sub/"])
        #expect(rest.nextCursor == nil)
        let inside = try await store.list(ObjectListRequest(delimiter: "/", startAfter: "folder/sub/one"))
        #expect(inside.prefixes.first == "folder/")
        // Pages of a level say each of its lines once.
        var lines: [String] = []
        var cursor: String?
        repeat {
            let page = try await store.list(ObjectListRequest(delimiter: "/", cursor: cursor, limit: 3))
            lines += page.entries.map { entry in
                switch entry {
                case .object(let object): object.key
                case .prefix(let prefix): prefix
                }
            }
            cursor = page.nextCursor
        } while cursor != nil && lines.count < 100
        let wanted = Set(
            bench.keys.map { key -> [UInt8] in
                let end = key.prefix { $0 != 0 }.firstIndex(of: UInt8(ascii: "/"))
                return end.map { Array(key[...$0]) } ?? key
            })
        #expect(Set(lines.map { Array($0.utf8) }) == wanted && lines.count == wanted.count)
    }

    @Test(
        "finds a part of a name in every key, ASCII letters without case, other bytes as they are",
        arguments: StoreBench.Kind.available)
    func find(kind: StoreBench.Kind) async throws {
        let bench = try await StoreBench(kind)
        func folded(_ bytes: some Sequence<UInt8>) -> [UInt8] {
            bytes.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        }
        for (text, prefix) in [
            ("", ""), ("FOLDER", ""), ("o", "folder/"), ("folder", "folder/"), ("T", "folder/sub"), ("%2f", ""),
            ("张三", ""),
            ("\u{e9}", ""), ("e\u{301}", ""), ("L\0b", ""), ("no such name", ""), ("x", "nothing/"),
        ] {
            var scan = ObjectScan(prefix: prefix, time: .zero)
            var (keys, looked) = ([[UInt8]](), 0)
            repeat {
                let found = try await bench.store.find(NamePart(text), in: scan)
                keys += found.objects.map { Array($0.key.utf8) }
                looked += found.looked
                scan.cursor = found.nextCursor
            } while scan.cursor != nil
            let below = bench.keys.filter { $0.starts(with: prefix.utf8) }
            let wanted = below.filter { key in
                let (name, part) = (folded(key.dropFirst(prefix.utf8.count)), folded(text.utf8))
                return part.isEmpty || name.indices.contains { name[$0...].starts(with: part) }
            }
            #expect(keys == wanted && looked == below.count, "\(text) below \(prefix)")
        }
    }

    @Test("adds up what lies below a prefix", arguments: StoreBench.Kind.available)
    func sum(kind: StoreBench.Kind) async throws {
        let bench = try await StoreBench(kind)
        for prefix in ["", "folder", "folder/", "folder/sub/", "big", "nothing/"] {
            var scan = ObjectScan(prefix: prefix, time: .zero)
            var (objects, bytes) = (0, Int64(0))
            repeat {
                let sum = try await bench.store.sum(scan)
                objects += sum.objects
                bytes += sum.bytes
                scan.cursor = sum.nextCursor
            } while scan.cursor != nil
            let wanted = bench.bodies.filter { $0.key.utf8.starts(with: prefix.utf8) }
            #expect(objects == wanted.count && bytes == Int64(wanted.reduce(0) { $0 + $1.parts.joined().count }))
        }
    }

    @Test("starts behind a key", arguments: StoreBench.Kind.available)
    func startAfter(kind: StoreBench.Kind) async throws {
        let bench = try await StoreBench(kind)
        for after in ["folder/one", "folder/sub/three", "a", "zzz"] {
            let page = try await bench.store.list(ObjectListRequest(startAfter: after))
            let wanted = bench.keys.filter { Array(after.utf8).lexicographicallyPrecedes($0) }
            #expect(page.objects.map { Array($0.key.utf8) } == wanted, "\(after)")
        }
    }

    @Test("reads bytes, ranges and nothing behind the end", arguments: StoreBench.Kind.available)
    func reads(kind: StoreBench.Kind) async throws {
        let bench = try await StoreBench(kind)
        let store = bench.store
        for body in bench.bodies {
            let bytes = Array(body.parts.joined())
            #expect(try await store.read(body.key, offset: 0, length: 10_000).bytes == bytes)
            #expect(try await store.read(body.key, offset: 2, length: 2).bytes == Array(bytes.dropFirst(2).prefix(2)))
            let head = try #require(try await store.head(body.key))
            #expect(head.bytes == Int64(bytes.count))
            let part = try await store.read(body.key, offset: 0, length: 1)
            #expect(part.object.isSameVersion(as: head))
        }
        #expect(try await store.read("big", offset: 999, length: 2).bytes == [7, 8])
        #expect(try await store.read("big", offset: 0, length: 0).bytes.isEmpty)
        #expect(try await store.read("big", offset: .max, length: 5).bytes.isEmpty)
        // SeaweedFS takes keys for paths and resolves them.
        let odd = kind == .seaweed ? [] : ["..", "folder/../a.txt", "/a.txt", "folder//one"]
        for key in ["nothing", "folder/nothing", "a.txt/below", ""] + odd {
            #expect(try await store.head(key) == nil, "\(key)")
        }
        for (key, offset, length, code) in [
            ("nothing", Int64(0), 1, StorageError.Code.notFound), ("big", -1, 1, .invalid), ("big", 0, -1, .invalid),
        ] {
            let error = await #expect(throws: StorageError.self) {
                try await store.read(key, offset: offset, length: length)
            }
            #expect(error?.code == code)
        }
    }

    @Test("a listing and the object itself are of the same version", arguments: StoreBench.Kind.available)
    func versions(kind: StoreBench.Kind) async throws {
        let bench = try await StoreBench(kind)
        for object in try await bench.store.list(ObjectListRequest()).objects {
            let head = try #require(try await bench.store.head(object.key))
            #expect(head.isSameVersion(as: object), "\(object.key)")
        }
    }

    @Test("counts objects and bytes, and refuses bad limits and cursors", arguments: StoreBench.Kind.available)
    func counts(kind: StoreBench.Kind) async throws {
        let bench = try await StoreBench(kind)
        let bytes = bench.bodies.reduce(0) { $0 + $1.parts.joined().count }
        #expect(try await bench.store.usage() == BucketUsage(objects: bench.bodies.count, bytes: Int64(bytes)))
        // SeaweedFS takes any text for a cursor.
        let cursors = kind == .seaweed ? [] : [ObjectListRequest(cursor: "%")]
        for request in [ObjectListRequest(limit: 0), ObjectListRequest(limit: 1_001)] + cursors {
            let error = await #expect(throws: StorageError.self) { try await bench.store.list(request) }
            #expect(error?.code == .invalid)
        }
    }
}
