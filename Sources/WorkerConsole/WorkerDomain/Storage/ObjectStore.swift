/// Lists and reads the objects of one bucket binding.
package protocol ObjectStore: Sendable {
    /// Returns one page of keys and collapsed prefixes in UTF-8 binary order, as R2 does.
    /// - Parameter request: Prefix, delimiter, cursor and page size.
    /// - Returns: At most `request.limit` entries, keys and prefixes together. `nextCursor` is `nil` on the last page.
    /// - Throws: `StorageError` — `.locked`, `.malformed`, `.denied`, `.unreachable`. A bucket that does not exist yet
    ///   is an empty page, not an error.
    func list(_ request: ObjectListRequest) async throws(StorageError) -> ObjectPage
    /// Returns the metadata of one object, or `nil` when there is none.
    func head(_ key: String) async throws(StorageError) -> StoredObject?
    /// Reads bytes of one object, together with its metadata: both are those of one and the same version.
    /// - Parameters:
    ///   - key: The exact key.
    ///   - offset: First byte, 0 or more.
    ///   - length: Bytes wanted at most.
    /// - Returns: The object and the bytes; fewer than asked for at the object's end, none behind it.
    /// - Throws: `StorageError` — `.notFound`, and as ``list(_:)``.
    func read(_ key: String, offset: Int64, length: Int) async throws(StorageError) -> ObjectPart
    /// Counts objects and bytes, or says how far it came when the bucket is large.
    func usage() async throws(StorageError) -> BucketUsage
}

/// What to list.
package struct ObjectListRequest: Sendable, Equatable {
    /// Only keys that start with these bytes; empty for all.
    package var prefix: String
    /// Collapses keys that share a segment up to this text into one prefix; `nil` lists every key.
    package var delimiter: String?
    /// Where the previous page ended, or `nil` for the first page.
    package var cursor: String?
    /// Only keys after this one, in UTF-8 binary order.
    package var startAfter: String?
    /// 1 to 1,000.
    package var limit: Int

    package init(
        prefix: String = "", delimiter: String? = nil, cursor: String? = nil, startAfter: String? = nil,
        limit: Int = 1_000
    ) {
        self.prefix = prefix
        self.delimiter = delimiter
        self.cursor = cursor
        self.startAfter = startAfter
        self.limit = limit
    }
}

/// One page of a listing.
package struct ObjectPage: Sendable, Equatable {
    /// Keys and prefixes in the store's order.
    package var entries: [ObjectEntry]
    package var nextCursor: String?

    package init(entries: [ObjectEntry] = [], nextCursor: String? = nil) {
        self.entries = entries
        self.nextCursor = nextCursor
    }
}

/// A line of a listing.
package enum ObjectEntry: Sendable, Equatable {
    case object(StoredObject)
    /// A collapsed prefix, delimiter included.
    case prefix(String)

    package static func == (left: ObjectEntry, right: ObjectEntry) -> Bool {
        switch (left, right) {
        case (.object(let left), .object(let right)): left == right
        case (.prefix(let left), .prefix(let right)): left.hasSameBytes(as: right)
        case (.object, _), (.prefix, _): false
        }
    }
}

/// One object's metadata.
package struct StoredObject: Sendable, Equatable {
    package let key: String
    package let bytes: Int64
    /// Hexadecimal, without quotes; ends in `-N` for a multipart object of N parts.
    package let etag: String
    package let version: String
    package let uploadedAt: WallTime
    package let http: ObjectHTTPMetadata
    /// The uploader's own fields, in order of their names.
    package let custom: ObjectFields
    /// Digests by name (`md5`, `sha1`, `sha256`, `sha384`, `sha512`), hexadecimal; only those that are known.
    package let checksums: [String: String]
    /// Empty in local state.
    package let storageClass: String

    package init(
        key: String, bytes: Int64, etag: String, version: String, uploadedAt: WallTime,
        http: ObjectHTTPMetadata = ObjectHTTPMetadata(), custom: ObjectFields = [:],
        checksums: [String: String] = [:], storageClass: String = ""
    ) {
        self.key = key
        self.bytes = bytes
        self.etag = etag
        self.version = version
        self.uploadedAt = uploadedAt
        self.http = http
        self.custom = custom
        self.checksums = checksums
        self.storageClass = storageClass
    }

    package static func == (left: StoredObject, right: StoredObject) -> Bool {
        left.key.hasSameBytes(as: right.key) && left.bytes == right.bytes && left.etag.hasSameBytes(as: right.etag)
            && left.version.hasSameBytes(as: right.version) && left.uploadedAt == right.uploadedAt
            && left.http == right.http && left.custom == right.custom
            && ObjectFields(left.checksums) == ObjectFields(right.checksums)
            && left.storageClass.hasSameBytes(as: right.storageClass)
    }
}

/// The uploader's own fields, in byte order of their names; names and values are compared by their bytes.
package struct ObjectFields: Sendable, Equatable, ExpressibleByDictionaryLiteral, Sequence {
    private let fields: [(name: ByteString, value: ByteString)]

    /// Of fields with the same name the last one counts.
    package init(_ fields: some Sequence<(key: String, value: String)>) {
        let last = Dictionary(fields.map { (ByteString($0.key), ByteString($0.value)) }, uniquingKeysWith: { $1 })
        self.fields = last.map { ($0.key, $0.value) }.sorted { $0.0 < $1.0 }
    }

    package init(dictionaryLiteral elements: (String, String)...) {
        self.init(elements.map { (key: $0.0, value: $0.1) })
    }

    package var isEmpty: Bool { self.fields.isEmpty }
    package var count: Int { self.fields.count }

    package subscript(name: String) -> String? {
        self.fields.first { $0.name == ByteString(name) }?.value.text
    }

    package func makeIterator() -> some IteratorProtocol<(name: String, value: String)> {
        self.fields.lazy.map { (name: $0.name.text, value: $0.value.text) }.makeIterator()
    }

    package static func == (left: ObjectFields, right: ObjectFields) -> Bool {
        left.fields.elementsEqual(right.fields) { $0.name == $1.name && $0.value == $1.value }
    }
}

/// Bytes of an object, and the object that they are of.
package struct ObjectPart: Sendable, Equatable {
    /// As it was when the bytes were read.
    package let object: StoredObject
    package let bytes: [UInt8]

    package init(object: StoredObject, bytes: [UInt8]) {
        self.object = object
        self.bytes = bytes
    }
}

/// The HTTP fields that are stored with an object; each is `nil` when it was not given.
package struct ObjectHTTPMetadata: Sendable, Equatable {
    package var contentType: String?
    package var contentLanguage: String?
    package var contentDisposition: String?
    package var contentEncoding: String?
    package var cacheControl: String?
    package var cacheExpiry: WallTime?

    package init(contentType: String? = nil) {
        self.contentType = contentType
    }

    package static func == (left: ObjectHTTPMetadata, right: ObjectHTTPMetadata) -> Bool {
        let pairs = [
            (left.contentType, right.contentType), (left.contentLanguage, right.contentLanguage),
            (left.contentDisposition, right.contentDisposition), (left.contentEncoding, right.contentEncoding),
            (left.cacheControl, right.cacheControl),
        ]
        return left.cacheExpiry == right.cacheExpiry && pairs.allSatisfy { $0.hasSameBytes(as: $1) }
    }
}

/// How much a bucket holds.
package struct BucketUsage: Sendable, Equatable {
    package let objects: Int
    package let bytes: Int64
    /// False when counting stopped at a bound; the figures are then a lower limit.
    package let isComplete: Bool

    package init(objects: Int, bytes: Int64, isComplete: Bool = true) {
        self.objects = objects
        self.bytes = bytes
        self.isComplete = isComplete
    }
}
