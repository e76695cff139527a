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
    /// False when the store did not tell `http` and `custom`, as a listing of S3 does not: they are then empty.
    package let hasMetadata: Bool

    package init(
        key: String, bytes: Int64, etag: String, version: String, uploadedAt: WallTime,
        http: ObjectHTTPMetadata = ObjectHTTPMetadata(), custom: ObjectFields = [:],
        checksums: [String: String] = [:], storageClass: String = "", hasMetadata: Bool = true
    ) {
        self.hasMetadata = hasMetadata
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
            && left.storageClass.hasSameBytes(as: right.storageClass) && left.hasMetadata == right.hasMetadata
    }

    /// True when both are of one write of the object, whatever else is known of each.
    package func isSameVersion(as other: StoredObject) -> Bool {
        self.key.hasSameBytes(as: other.key) && self.bytes == other.bytes && self.etag.hasSameBytes(as: other.etag)
            && self.version.hasSameBytes(as: other.version)
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
