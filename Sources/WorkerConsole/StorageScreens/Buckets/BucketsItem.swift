import WorkerDomain

/// One line of a listing.
enum BucketsItem: Sendable, Equatable {
    /// Keys that share a beginning up to the next `/`, which is included.
    case prefix(String)
    case object(StoredObject)
    /// A name of a KV namespace.
    case name(KeyValueEntry)

    static func == (left: BucketsItem, right: BucketsItem) -> Bool {
        switch (left, right) {
        case (.prefix(let left), .prefix(let right)): left.hasSameBytes(as: right)
        case (.object(let left), .object(let right)): left == right
        case (.name(let left), .name(let right)): left == right
        case (.prefix, _), (.object, _), (.name, _): false
        }
    }

    /// The whole key or prefix.
    var key: String {
        switch self {
        case .prefix(let prefix): prefix
        case .object(let object): object.key
        case .name(let entry): entry.key
        }
    }

    func hasExpired(at now: WallTime) -> Bool {
        if case .name(let entry) = self, let expiry = entry.expiresAt { expiry <= now } else { false }
    }

    /// True for the same key or prefix, by its bytes, whatever else is known of it.
    func isSame(as other: BucketsItem) -> Bool {
        switch (self, other) {
        case (.prefix, .prefix), (.object, .object), (.name, .name): self.key.utf8.elementsEqual(other.key.utf8)
        default: false
        }
    }

    var isPrefix: Bool { if case .prefix = self { true } else { false } }

    var bytes: Int64? { if case .object(let object) = self { object.bytes } else { nil } }

    /// When an object was stored, or when a name expires.
    var time: WallTime? {
        switch self {
        case .prefix: nil
        case .object(let object): object.uploadedAt
        case .name(let entry): entry.expiresAt
        }
    }

    /// A short word for the type: what was declared, else the key's extension, else nothing.
    var typeName: String {
        guard case .object(let object) = self else { return "" }
        if let declared = object.http.contentType {
            let essence = Self.essence(of: declared)
            if let slash = essence.lastIndex(of: "/"), !StoredSignature.isGeneric(essence) {
                let subtype = String(essence[essence.index(after: slash)...])
                return Self.shortTypes[subtype] ?? Self.shortened(subtype)
            }
        }
        return Self.fileExtension(of: object.key)
    }

    /// A media type without its parameters, in lower case; at most 128 characters.
    static func essence(of mediaType: String) -> String {
        var text = Substring(mediaType.prefix { $0 != ";" }.prefix(128))
        while let last = text.last, last.isWhitespace { text.removeLast() }
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        return text.lowercased()
    }

    /// What follows the last dot of a key's last segment; empty when there is none or it is no plain word.
    static func fileExtension(of key: String) -> String {
        let name = key.utf8.suffix(16)
        guard let dot = name.lastIndex(of: UInt8(ascii: ".")) else { return "" }
        let word = name[name.index(after: dot)...]
        let isWord = word.allSatisfy { (0x30...0x39).contains($0) || (0x41...0x5A).contains($0 & 0xDF) }
        guard !word.isEmpty, word.count <= 8, isWord else { return "" }
        return String(decoding: word, as: UTF8.self).lowercased()
    }

    private static let shortTypes = [
        "plain": "text", "markdown": "md", "javascript": "js", "svg+xml": "svg", "x-ndjson": "ndjson",
        "vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
        "vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
        "vnd.openxmlformats-officedocument.presentationml.presentation": "pptx", "msword": "doc",
    ]

    private static func shortened(_ subtype: String) -> String {
        if let plus = subtype.lastIndex(of: "+") { return String(subtype[subtype.index(after: plus)...]) }
        return subtype.hasPrefix("x-") ? String(subtype.dropFirst(2)) : subtype
    }
}

/// The order of a listing.
struct BucketsSort: Sendable, Equatable {
    enum Column: Int, Sendable, Equatable, CaseIterable {
        case name, size, type, time

        var title: Phrase {
            switch self {
            case .name: BucketsPhrases.columnName
            case .size: BucketsPhrases.columnSize
            case .type: BucketsPhrases.columnType
            case .time: BucketsPhrases.columnModified
            }
        }
    }
    var column: Column = .name
    var isDescending = false

    /// The same column again turns the order round; sizes and times start with the largest.
    func chosen(_ column: Column) -> BucketsSort {
        let startsDescending = column == .size || column == .time
        let isDescending = self.column == column ? !self.isDescending : startsDescending
        return BucketsSort(column: column, isDescending: isDescending)
    }

    /// By the column `step` places further on; behind the last one comes the first.
    func shifted(by step: Int) -> BucketsSort {
        let count = Column.allCases.count
        return Column(rawValue: (self.column.rawValue + step + count) % count).map { self.chosen($0) } ?? self
    }
}
