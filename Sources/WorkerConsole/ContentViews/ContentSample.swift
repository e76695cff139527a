/// How well a view suits a content.
package enum ContentFit: Int, Sendable, Comparable {
    case no
    /// It can be shown so.
    case possible
    /// The media type or the name says so, the bytes do not.
    case declared
    /// The bytes look like it.
    case likely
    /// Both.
    case expected
    /// Bytes that stand in nothing else.
    case certain

    package static func < (left: ContentFit, right: ContentFit) -> Bool { left.rawValue < right.rawValue }
}

/// The beginning of a content, behind its codings, and what is said of it.
package struct ContentSample: Sendable {
    /// The first bytes.
    let bytes: [UInt8]
    /// They are all.
    let isWhole: Bool
    /// The same as UTF-8 without a mark; `nil` for what is no text.
    let text: [UInt8]?
    let encoding: TextEncoding?
    /// The media type as declared.
    let mediaType: String
    /// The media type without parameters, in lower case; empty when there is none.
    let essence: String
    /// In lower case, without the dot; empty when there is none.
    let fileExtension: String
    /// How many contents this one is part of.
    let depth: Int

    init(
        _ bytes: [UInt8], isWhole: Bool, text: [UInt8]?, encoding: TextEncoding?, mediaType: String?, name: String?,
        depth: Int = 0
    ) {
        self.bytes = bytes
        self.isWhole = isWhole
        self.text = text
        self.encoding = encoding
        self.mediaType = mediaType ?? ""
        self.essence = MediaType.essence(mediaType ?? "")
        self.fileExtension = MediaType.fileExtension(name ?? "")
        self.depth = depth
    }

    /// True when the type or the name says that it is of this kind.
    func isDeclared(types: [String] = [], suffix: String? = nil, extensions: [String] = []) -> Bool {
        types.contains(self.essence) || suffix.map { self.essence.hasSuffix($0) } ?? false
            || extensions.contains(self.fileExtension)
    }
}
