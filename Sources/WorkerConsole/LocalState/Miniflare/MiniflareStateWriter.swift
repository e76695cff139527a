import Digests
import Glibc
import OperatingSystem
import SQLite
package import WorkerDomain

/// Writes local state in miniflare's layout, for the embedded sample and for tests; never for a user's project.
///
/// It makes a new `.wrangler` and refuses a folder that has one.
package struct MiniflareStateWriter: Sendable {
    /// An object to be stored.
    package struct Object: Sendable {
        package var key: String
        /// One part is a simple object; more are stored as a multipart upload.
        package var parts: [[UInt8]]
        package var http: ObjectHTTPMetadata
        package var custom: [String: String]
        package var uploadedAt: WallTime

        package init(
            key: String, parts: [[UInt8]], http: ObjectHTTPMetadata = ObjectHTTPMetadata(),
            custom: [String: String] = [:], uploadedAt: WallTime
        ) {
            self.key = key
            self.parts = parts
            self.http = http
            self.custom = custom
            self.uploadedAt = uploadedAt
        }

        var isMultipart: Bool { self.parts.count > 1 }
    }

    package let state: MiniflareState

    /// Makes `.wrangler/state/v3` in the folder.
    /// - Throws: `StorageError` — `.invalid` when there is a `.wrangler` already, `.denied`, `.unreachable`.
    package init(projectFolder: String) throws(StorageError) {
        let state = MiniflareState(projectFolder: projectFolder)
        try Self.attempt("make sample state in \(projectFolder)") {
            try Folders.make(projectFolder)
            // It fails when something of this name is there, a dangling link included.
            try Folders.makeNew(projectFolder + "/.wrangler")
            try Folders.make(state.root)
        }
        self.state = state
    }

    /// Makes a bucket, if there is none of this name, and stores objects in it; the last of a key wins.
    package func store(_ objects: [Object], inBucket bucket: String) throws(StorageError) {
        try self.write(.r2, bucket, Self.bucketSchema) { database, blobs in
            for object in objects { try Self.insert(object, database, blobs) }
        }
    }

    /// Makes a D1 database, if there is none of this name, and runs statements on it in one transaction.
    ///
    /// `name` is the database's id, or the binding's name when it has none.
    package func run(_ statements: [String], inDatabase name: String) throws(StorageError) {
        try self.write(.d1, name, Self.databaseSchema) { database, _ in
            for statement in statements { try database.run(statement) }
        }
    }

    private func write(
        _ kind: MiniflareIdentity.Kind, _ name: String, _ schema: String,
        _ body: (borrowing SQLiteConnection, _ blobs: String) throws -> Void
    ) throws(StorageError) {
        try Self.attempt("write sample \(kind.rawValue):\(name)") {
            let path = self.state.database(kind, name: name)
            let blobs = self.state.blobs(kind, name: name)
            try Folders.make(self.state.folder(kind))
            if kind != .d1 { try Folders.make(blobs) }
            let database = try SQLiteConnection(path: path)
            try database.run("PRAGMA journal_mode = WAL")
            try database.transaction {
                try database.run(schema)
                try body(database, blobs)
            }
        }
    }

    private static func insert(_ object: Object, _ database: borrowing SQLiteConnection, _ blobs: String) throws {
        let sums = object.parts.map { Digest.md5.hash($0) }
        let bytes = object.parts.reduce(0) { $0 + $1.count }
        let milliseconds = object.uploadedAt.nanosecondsSinceEpoch / 1_000_000
        var etag = MiniflareIdentity.hexadecimal(Digest.md5.hash(object.parts.first ?? []))
        var blob: String?
        if object.isMultipart {
            let joined = Digest.md5.hash(Array(sums.joined()))
            etag = "\(MiniflareIdentity.hexadecimal(joined))-\(object.parts.count)"
        } else {
            blob = try self.writeBlob(object.parts.first ?? [], into: blobs, at: object.uploadedAt)
        }
        let http = MiniflareMetadata.http(object.http)
        let custom = MiniflareMetadata.custom(object.custom)
        try database.run(
            "INSERT OR REPLACE INTO _mf_objects VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                .text(object.key), SQLiteValue(blob), .text(MiniflareIdentity.hexadecimal(self.random(16))),
                .integer(Int64(bytes)), .text(etag), .integer(milliseconds), .text("{}"), .text(http), .text(custom),
            ])
        guard object.isMultipart else { return }
        let upload = self.identifier()
        try database.run(
            "INSERT INTO _mf_multipart_uploads VALUES (?, ?, ?, ?, 1)",
            [.text(upload), .text(object.key), .text(http), .text(custom)])
        for (index, part) in object.parts.enumerated() {
            let blob = try self.writeBlob(part, into: blobs, at: object.uploadedAt)
            try database.run(
                "INSERT INTO _mf_multipart_parts VALUES (?, ?, ?, ?, ?, ?, ?)",
                [
                    .text(upload), .integer(Int64(index + 1)), .text(blob), .integer(Int64(part.count)),
                    .text(self.identifier()), .text(MiniflareIdentity.hexadecimal(sums[index])), .text(object.key),
                ])
        }
    }

    /// Writes one blob under miniflare's kind of name: 32 random bytes and the time.
    private static func writeBlob(_ bytes: [UInt8], into folder: String, at time: WallTime) throws -> String {
        let milliseconds = UInt64(bitPattern: time.nanosecondsSinceEpoch / 1_000_000)
        let stamp = (0..<8).map { UInt8(truncatingIfNeeded: milliseconds >> (8 * (7 - UInt64($0)))) }
        let name = MiniflareIdentity.hexadecimal(self.random(32) + stamp)
        try FileOutput.put(bytes, at: "\(folder)/\(name)", isNew: true)
        return name
    }

    /// 128 random bytes in base64url, as upload and part identifiers are.
    private static func identifier() -> String {
        Base64.text(self.random(128)).replacing(bytes: [
            UInt8(ascii: "+"): "-", UInt8(ascii: "/"): "_", UInt8(ascii: "="): "",
        ])
    }

    static func random(_ count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in generator.next() }
    }

    private static func attempt(_ operation: String, _ body: () throws -> Void) throws(StorageError) {
        do {
            try body()
        } catch let error as SystemError where error.code == EEXIST && error.path.hasSuffix("/.wrangler") {
            throw StorageError(.invalid, operation: operation, reason: "there is a .wrangler already")
        } catch let error as SystemError where error.code == EACCES || error.code == EPERM {
            throw StorageError(.denied, operation: operation, reason: "permission denied")
        } catch let error as SystemError {
            throw StorageError(.unreachable, operation: operation, reason: error.reason)
        } catch let error as SQLiteError {
            throw StorageError(error, operation: operation)
        } catch {
            throw StorageError(.unreachable, operation: operation, reason: "\(error)")
        }
    }
}
