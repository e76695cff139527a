package import Digests
import FoundationEssentials
import SQLite
package import WorkerDomain

/// Writes local state in miniflare's layout, for the embedded sample and for tests; never for a user's project.
///
/// It makes a new `.wrangler` and refuses a folder that has one.
package struct MiniflareStateWriter: Sendable {
    /// An object to be stored.
    package struct Object: Sendable {
        package var key: String
        /// One part is a simple object; more, or ``isMultipart``, are stored as a multipart upload.
        package var parts: [[UInt8]]
        package var isMultipart: Bool
        package var http: ObjectHTTPMetadata
        package var custom: [String: String]
        /// Digests that the uploader is said to have given; R2 knows no MD5 among them.
        package var digests: [Digest]
        package var uploadedAt: WallTime

        package init(
            key: String, parts: [[UInt8]], isMultipart: Bool = false,
            http: ObjectHTTPMetadata = ObjectHTTPMetadata(), custom: [String: String] = [:], digests: [Digest] = [],
            uploadedAt: WallTime
        ) {
            self.key = key
            self.parts = parts
            self.isMultipart = isMultipart || parts.count > 1
            self.http = http
            self.custom = custom
            self.digests = digests
            self.uploadedAt = uploadedAt
        }
    }

    /// A value to be stored.
    package struct Value: Sendable {
        package var key: String
        package var bytes: [UInt8]
        /// JSON text.
        package var metadata: String?
        package var expiresAt: WallTime?

        package init(key: String, bytes: [UInt8], metadata: String? = nil, expiresAt: WallTime? = nil) {
            self.key = key
            self.bytes = bytes
            self.metadata = metadata
            self.expiresAt = expiresAt
        }
    }

    package let state: MiniflareState

    /// Makes `.wrangler/state/v3` in the folder.
    /// - Throws: `StorageError` — `.invalid` when there is a `.wrangler` already, `.denied`, `.unreachable`.
    package init(projectFolder: String) throws(StorageError) {
        let state = MiniflareState(projectFolder: projectFolder)
        try Self.attempt("make sample state in \(projectFolder)") {
            let manager = FileManager.default
            try manager.createDirectory(atPath: projectFolder, withIntermediateDirectories: true)
            // It fails when something of this name is there, a dangling link included.
            try manager.createDirectory(atPath: projectFolder + "/.wrangler", withIntermediateDirectories: false)
            try manager.createDirectory(atPath: state.root, withIntermediateDirectories: true)
        }
        self.state = state
    }

    /// Makes a bucket, if there is none of this name, and stores objects in it; the last of a key wins.
    package func store(_ objects: [Object], inBucket bucket: String) throws(StorageError) {
        try self.write(.r2, bucket, Self.bucketSchema) { database, blobs in
            for object in objects { try Self.insert(object, database, blobs) }
        }
    }

    /// Makes a namespace, if there is none of this name, and stores values in it.
    package func store(_ values: [Value], inNamespace namespace: String) throws(StorageError) {
        try self.write(.kv, namespace, Self.namespaceSchema) { database, blobs in
            for value in values {
                let blob = try Self.writeBlob(value.bytes, into: blobs, at: WallTime(millisecondsSinceEpoch: 0))
                let expiry = value.expiresAt.map { $0.nanosecondsSinceEpoch / 1_000_000 }
                try database.run(
                    "INSERT OR REPLACE INTO _mf_entries VALUES (?, ?, ?, ?)",
                    [.text(value.key), .text(blob), .optional(expiry), .optional(value.metadata)])
            }
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
        _ body: (borrowing WritableDatabase, _ blobs: String) throws -> Void
    ) throws(StorageError) {
        try Self.attempt("write sample \(kind.rawValue):\(name)") {
            let path = self.state.database(kind, name: name)
            let blobs = self.state.blobs(kind, name: name)
            let manager = FileManager.default
            let folder = self.state.folder(kind)
            try manager.createDirectory(atPath: folder, withIntermediateDirectories: true)
            if kind != .d1 { try manager.createDirectory(atPath: blobs, withIntermediateDirectories: true) }
            let database = try WritableDatabase(path: path, operation: "write sample \(kind.rawValue):\(name)")
            try database.run("PRAGMA journal_mode = WAL")
            // What fails is rolled back when the connection ends.
            try database.run("BEGIN")
            try database.run(schema)
            try body(database, blobs)
            try database.run("COMMIT")
        }
    }

    private static func insert(
        _ object: Object, _ database: borrowing WritableDatabase, _ blobs: String
    ) throws {
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
        let key = SQLiteValue.text(object.key)
        let http = SQLiteValue.text(try self.json(self.fields(object.http)))
        let custom = SQLiteValue.text(try self.json(object.custom))
        try database.run(
            "INSERT OR REPLACE INTO _mf_objects VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                key, .optional(blob), .text(MiniflareIdentity.hexadecimal(self.random(16))), .integer(Int64(bytes)),
                .text(etag), .integer(milliseconds), .text(try self.json(self.digests(object))), http, custom,
            ])
        guard object.isMultipart else { return }
        let upload = SQLiteValue.text(self.identifier())
        try database.run("INSERT INTO _mf_multipart_uploads VALUES (?, ?, ?, ?, 1)", [upload, key, http, custom])
        for (index, part) in object.parts.enumerated() {
            let blob = try self.writeBlob(part, into: blobs, at: object.uploadedAt)
            try database.run(
                "INSERT INTO _mf_multipart_parts VALUES (?, ?, ?, ?, ?, ?, ?)",
                [
                    upload, .integer(Int64(index + 1)), .text(blob), .integer(Int64(part.count)),
                    .text(self.identifier()), .text(MiniflareIdentity.hexadecimal(sums[index])), key,
                ])
        }
    }

    /// Writes one blob under miniflare's kind of name: 32 random bytes and the time.
    private static func writeBlob(_ bytes: [UInt8], into folder: String, at time: WallTime) throws -> String {
        let milliseconds = UInt64(bitPattern: time.nanosecondsSinceEpoch / 1_000_000)
        let stamp = (0..<8).map { UInt8(truncatingIfNeeded: milliseconds >> (8 * (7 - UInt64($0)))) }
        let name = MiniflareIdentity.hexadecimal(self.random(32) + stamp)
        try Data(bytes).write(to: URL(filePath: "\(folder)/\(name)"), options: .withoutOverwriting)
        return name
    }

    private static func digests(_ object: Object) -> [String: String] {
        let bytes = object.parts.first ?? []
        var digests: [String: String] = [:]
        for digest in object.isMultipart ? [] : object.digests {
            digests[digest.rawValue] = MiniflareIdentity.hexadecimal(digest.hash(bytes))
        }
        return digests
    }

    private static func fields(_ http: ObjectHTTPMetadata) -> HTTPFields {
        HTTPFields(
            contentType: http.contentType, contentLanguage: http.contentLanguage,
            contentDisposition: http.contentDisposition, contentEncoding: http.contentEncoding,
            cacheControl: http.cacheControl, cacheExpiry: http.cacheExpiry.map { $0.nanosecondsSinceEpoch / 1_000_000 })
    }

    private static func json(_ fields: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(fields), as: UTF8.self)
    }

    /// 128 random bytes in base64url, as upload and part identifiers are.
    private static func identifier() -> String {
        Data(self.random(128)).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
            .replacing("=", with: "")
    }

    private static func random(_ count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in generator.next() }
    }

    private static func attempt(_ operation: String, _ body: () throws -> Void) throws(StorageError) {
        do {
            try body()
        } catch let error as CocoaError where error.code == .fileWriteFileExists {
            throw StorageError(.invalid, operation: operation, reason: "there is a .wrangler already")
        } catch let error as CocoaError where error.code == .fileWriteNoPermission {
            throw StorageError(.denied, operation: operation, reason: "permission denied")
        } catch let error as SQLiteError {
            throw StorageError(error)
        } catch {
            throw StorageError(.unreachable, operation: operation, reason: "\(error)")
        }
    }
}

/// HTTP metadata as miniflare writes it: what is not there is left out.
private struct HTTPFields: Encodable {
    let contentType: String?
    let contentLanguage: String?
    let contentDisposition: String?
    let contentEncoding: String?
    let cacheControl: String?
    /// Milliseconds since the epoch.
    let cacheExpiry: Int64?
}

extension SQLiteValue {
    fileprivate static func optional(_ text: String?) -> SQLiteValue { text.map { .text($0) } ?? .null }
    fileprivate static func optional(_ number: Int64?) -> SQLiteValue { number.map { .integer($0) } ?? .null }
}
