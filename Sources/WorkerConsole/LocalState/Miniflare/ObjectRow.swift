import SQLite
import TextSafety
import WorkerDomain

/// One row of `_mf_objects`, read leniently: a field that cannot be read is left out, the object stays visible.
struct ObjectRow: Sendable {
    static let columns = "key, version, size, etag, uploaded, checksums, http_metadata, custom_metadata"
    static let columnCount: Int32 = 8
    /// Longer metadata than miniflare accepts by far is not parsed.
    private static let largestMetadata = 64 << 10

    /// Exactly as stored; need not be valid UTF-8.
    let key: [UInt8]
    let object: StoredObject

    init(_ statement: borrowing SQLiteStatement) {
        self.key = statement.bytes(0)
        let etag = statement.text(3)
        var checksums = Self.fields(statement, 5).compactMapValues(\.text)
        // Miniflare keeps only the digests that the uploader gave; the MD5 of a simple object is its etag.
        if checksums["md5"] == nil, etag.utf8.count == 32, BlobFolder.isIdentifier(etag) { checksums["md5"] = etag }
        self.object = StoredObject(
            key: String(decoding: self.key, as: UTF8.self), bytes: max(0, statement.integer(2)), etag: etag,
            version: statement.text(1), uploadedAt: WallTime(millisecondsSinceEpoch: statement.integer(4)),
            http: Self.http(statement, 6), custom: Self.custom(statement, 7),
            checksums: checksums)
    }

    /// The uploader's fields, whose names are told apart by their bytes, as a dictionary of texts would not.
    private static func custom(_ statement: borrowing SQLiteStatement, _ column: Int32) -> ObjectFields {
        ObjectFields(
            self.members(statement, column).compactMap { name, value in
                value.text.map { (key: name, value: $0) }
            })
    }

    private static func fields(_ statement: borrowing SQLiteStatement, _ column: Int32) -> [String: JSONMembers.Value] {
        let members = self.members(statement, column)
        guard !members.isEmpty else { return [:] }
        return Dictionary(members) { $1 }
    }

    private static func members(
        _ statement: borrowing SQLiteStatement, _ column: Int32
    ) -> [(String, JSONMembers.Value)] {
        let bytes = statement.bytes(column)
        // Most objects have none, and a page has a thousand.
        guard bytes.count > 2, bytes.count <= self.largestMetadata else { return [] }
        return JSONMembers.split(bytes).compactMap { member in
            JSONMembers.text(member.name).map { ($0, JSONMembers.Value(member.value)) }
        }
    }

    private static func http(_ statement: borrowing SQLiteStatement, _ column: Int32) -> ObjectHTTPMetadata {
        let fields = self.fields(statement, column)
        var http = ObjectHTTPMetadata(contentType: fields["contentType"]?.text)
        guard !fields.isEmpty else { return http }
        http.contentLanguage = fields["contentLanguage"]?.text
        http.contentDisposition = fields["contentDisposition"]?.text
        http.contentEncoding = fields["contentEncoding"]?.text
        http.cacheControl = fields["cacheControl"]?.text
        if case .number(let milliseconds) = fields["cacheExpiry"] {
            http.cacheExpiry = Int64(exactly: milliseconds.rounded()).map { WallTime(millisecondsSinceEpoch: $0) }
        }
        return http
    }
}
