import Foundation
import LocalState
import SQLite
import WorkerDomain

/// Local state: rows of any values in the tables of a bucket, a namespace and a database, and files that are none.
///
/// What cannot be read is a `StorageError`; pages come to an end, and a listed object can be looked at.
final class StateFuzz: Sendable {
    static let shared = StateFuzz()

    private static let tables: [(kind: MiniflareIdentity.Kind, table: String, columns: String)] = [
        (
            .r2, "_mf_objects",
            "key, blob_id, version, size, etag, uploaded, checksums, http_metadata, custom_metadata"
        ),
        (.r2, "_mf_multipart_parts", "blob_id, size, object_key, part_number"),
        (.kv, "_mf_entries", "key, blob_id, expiration, metadata"),
        (.d1, "t", "a, b, c"),
    ]

    private let folder: String
    private let state: MiniflareState

    private init() {
        self.folder = FileManager.default.temporaryDirectory.appendingPathComponent("fuzz-\(getpid())").path
        self.state = MiniflareState(projectFolder: self.folder)
        for kind in [MiniflareIdentity.Kind.r2, .kv, .d1] {
            let path = URL(fileURLWithPath: self.state.database(kind, name: "b")).deletingLastPathComponent()
            try? FileManager.default.createDirectory(at: path, withIntermediateDirectories: true)
        }
        atexit { try? FileManager.default.removeItem(atPath: StateFuzz.shared.folder) }
    }

    /// The first byte chooses: 0 is a whole file, others are rows for one of the tables.
    func violation(_ input: [UInt8]) -> String? {
        for kind in [MiniflareIdentity.Kind.r2, .kv, .d1] {
            let path = self.state.database(kind, name: "b")
            for suffix in ["", "-wal", "-shm", "-journal"] { unlink(path + suffix) }
        }
        let choice = Int(input.first ?? 0) % (Self.tables.count + 1)
        if choice == 0 {
            for kind in [MiniflareIdentity.Kind.r2, .kv, .d1] {
                let path = self.state.database(kind, name: "b")
                guard FileManager.default.createFile(atPath: path, contents: Data(input.dropFirst())) else {
                    return "\(path) could not be written"
                }
            }
        } else if let text = self.fill(Self.tables[choice - 1], with: Array(input.dropFirst())) {
            return text
        }
        return self.wait { await self.read() }
    }

    // MARK: - Writing

    private func fill(
        _ target: (kind: MiniflareIdentity.Kind, table: String, columns: String), with bytes: [UInt8]
    ) -> String? {
        do throws(SQLiteError) {
            let connection = try SQLiteConnection(path: self.state.database(target.kind, name: "b"))
            try connection.run("PRAGMA synchronous=OFF; PRAGMA journal_mode=OFF")
            for other in Self.tables where other.kind == target.kind {
                try connection.run("CREATE TABLE \(other.table) (\(other.columns))")
            }
            let count = target.columns.split(separator: ",").count
            let places = (1...count).map { "?\($0)" }.joined(separator: ", ")
            var values = Values(bytes)
            for _ in 0..<20 where !values.isEmpty {
                let row = (0..<count).map { _ in values.next() }
                try connection.run("INSERT INTO \(target.table) VALUES (\(places))", row)
            }
            // A multipart object, for the parts to belong to.
            if target.table == "_mf_multipart_parts" {
                try connection.run("INSERT INTO _mf_objects VALUES ('k', NULL, 'v', 99, 'e', 1, '{}', '{}', '{}')")
            }
            return nil
        } catch {
            return "the rows could not be written: \(error)"
        }
    }

    /// Values made of bytes: a kind, and what follows it.
    private struct Values {
        private var bytes: ArraySlice<UInt8>

        init(_ bytes: [UInt8]) { self.bytes = bytes[...] }

        var isEmpty: Bool { self.bytes.isEmpty }

        mutating func next() -> SQLiteValue {
            let kind = self.bytes.popFirst() ?? 0
            switch kind % 6 {
            case 0: return .null
            case 1: return .integer(Int64(bitPattern: self.number()))
            case 2: return .real(Double(bitPattern: self.number()))
            case 3: return .integer(Int64(self.bytes.popFirst() ?? 0))
            case 4: return .text(String(decoding: self.text(), as: UTF8.self))
            default: return .blob(self.text())
            }
        }

        private mutating func number() -> UInt64 {
            (0..<8).reduce(0) { number, _ in number << 8 | UInt64(self.bytes.popFirst() ?? 0) }
        }

        private mutating func text() -> [UInt8] {
            let count = min(Int(self.bytes.popFirst() ?? 0), self.bytes.count)
            defer { self.bytes.removeFirst(count) }
            return Array(self.bytes.prefix(count))
        }
    }

    // MARK: - Reading

    private func read() async -> String? {
        if let text = await self.bucket(MiniflareBucketStore(state: self.state, candidates: ["b"])) { return text }
        if let text = await self.namespace(MiniflareNamespaceStore(state: self.state, candidates: ["b"])) {
            return text
        }
        return await self.database(
            MiniflareD1(state: self.state, candidates: ["b"], timeLimit: .milliseconds(500)))
    }

    private func bucket(_ store: MiniflareBucketStore) async -> String? {
        for delimiter in [nil, "/"] {
            var cursor: String?
            for round in 0... {
                guard round < 200 else { return "the pages of a bucket do not end" }
                guard
                    let page = try? await store.list(
                        ObjectListRequest(delimiter: delimiter, cursor: cursor, limit: 3))
                else { break }
                if page.entries.count > 3 { return "a page is longer than its limit" }
                for case .object(let object) in page.entries {
                    if object.bytes < 0 { return "a size is negative" }
                    _ = try? await store.head(object.key)
                    if let part = try? await store.read(object.key, offset: 0, length: 64), part.bytes.count > 64 {
                        return "more is read than was asked for"
                    }
                }
                cursor = page.nextCursor
                if cursor == nil { break }
            }
        }
        if let usage = try? await store.usage(), usage.objects < 0 || usage.bytes < 0 { return "a sum is negative" }
        return nil
    }

    private func namespace(_ store: MiniflareNamespaceStore) async -> String? {
        var cursor: String?
        for round in 0... {
            guard round < 200 else { return "the pages of a namespace do not end" }
            guard let page = try? await store.list(prefix: "", cursor: cursor, limit: 3) else { return nil }
            if page.entries.count > 3 { return "a page is longer than its limit" }
            for entry in page.entries { _ = try? await store.value(of: entry.key, maximumBytes: 64) }
            cursor = page.nextCursor
            if cursor == nil { return nil }
        }
        return nil
    }

    private func database(_ database: MiniflareD1) async -> String? {
        guard let overview = try? await database.overview() else { return nil }
        for table in overview.tables.prefix(10) {
            _ = try? await database.columns(of: table.name)
            _ = try? await database.count(of: table.name)
            guard let rows = try? await database.rows(of: table.name, order: nil, offset: 0, limit: 5) else { continue }
            if rows.rows.count > 5 { return "more rows are read than were asked for" }
            if rows.rows.contains(where: { $0.count != rows.columns.count }) { return "a row has other columns" }
        }
        return nil
    }

    /// libFuzzer knows no tasks: its thread waits.
    private func wait(_ body: @escaping @Sendable () async -> String?) -> String? {
        let box = Outcome()
        let done = DispatchSemaphore(value: 0)
        Task.detached {
            box.text = await body()
            done.signal()
        }
        done.wait()
        return box.text
    }

    /// Written before the semaphore is signalled and read after it.
    private final class Outcome: @unchecked Sendable {
        var text: String?
    }
}
