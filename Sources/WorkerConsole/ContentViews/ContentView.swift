package import Phrases

/// One way to show bytes. Adding one: a file in `Views`, and its line in ``ContentViews/all``.
package protocol ContentView: Sendable {
    /// Never shown, never changed: `json`.
    var id: String { get }
    /// Stands on the first line.
    var name: Phrase { get }

    /// How well it suits a content, by the beginning of it.
    func fit(_ sample: ContentSample) -> ContentFit
    /// The layout of a content that is read from its start; `nil` for a view that reads here and there.
    func layout(_ sample: ContentSample, _ options: ContentOptions) -> (any StreamLayout)?
    /// Shows a content; without an own one, what ``layout(_:_:)`` makes of the text behind the door of redaction.
    func open(_ input: ContentInput) async throws(ContentError) -> ContentDocument
}

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

/// A content that a view opens.
package struct ContentInput: Sendable {
    let sample: ContentSample
    let item: ContentItem
    let options: ContentOptions
    /// The content without codings.
    let bytes: any ByteSource
    /// The same as UTF-8 without a mark, where it is text.
    let text: any ByteSource

    /// The text as it may be shown: the door through which everything goes that comes from the content.
    func shown() async throws(ContentError) -> any ByteSource {
        try await RedactedSource.open(self.text, self.options.redaction, type: self.sample.mediaType)
    }

    func document(_ view: any ContentView, _ source: any ByteSource, _ layout: any StreamLayout) -> ContentDocument {
        ContentDocument(view: view.id, source: source, layout: layout, language: self.options.language)
    }
}

extension ContentView {
    package func layout(_ sample: ContentSample, _ options: ContentOptions) -> (any StreamLayout)? { nil }

    package func open(_ input: ContentInput) async throws(ContentError) -> ContentDocument {
        let layout = self.layout(input.sample, input.options) ?? FixedLayout([])
        return input.document(self, try await input.shown(), layout)
    }
}

/// What a media type says.
enum MediaType {
    /// Without parameters, in lower case.
    static func essence(_ type: String) -> String {
        Array(type.utf8.prefix { $0 != UInt8(ascii: ";") }).trimmed.prefix(128).text.lowercased()
    }

    /// A parameter, without its quotation marks (RFC 9110 section 5.6.6).
    static func parameter(_ name: String, of value: String) -> String? {
        let bytes = Array(value.utf8.prefix(4_096))
        var place = bytes.firstIndex(of: UInt8(ascii: ";")).map { $0 + 1 } ?? bytes.count
        while place < bytes.count {
            while place < bytes.count, bytes[place].isSpace || bytes[place] == UInt8(ascii: ";") { place += 1 }
            let start = place
            while place < bytes.count, bytes[place] != UInt8(ascii: "="), bytes[place] != UInt8(ascii: ";") { place += 1 }
            let found = bytes[start..<place].trimmed.text.lowercased()
            guard place < bytes.count, bytes[place] == UInt8(ascii: "=") else { continue }
            place += 1
            var text: [UInt8] = []
            if place < bytes.count, bytes[place] == UInt8(ascii: "\"") {
                place += 1
                while place < bytes.count, bytes[place] != UInt8(ascii: "\"") {
                    if bytes[place] == UInt8(ascii: "\\"), place + 1 < bytes.count { place += 1 }
                    text.append(bytes[place])
                    place += 1
                }
                place += 1
            } else {
                while place < bytes.count, bytes[place] != UInt8(ascii: ";") {
                    text.append(bytes[place])
                    place += 1
                }
                text = Array(text.trimmed)
            }
            if found == name { return text.text }
        }
        return nil
    }

    /// In lower case, without the dot.
    static func fileExtension(_ name: String) -> String {
        let bytes = Array(name.utf8)
        guard let dot = bytes.lastIndex(of: UInt8(ascii: ".")), bytes.count - dot <= 12 else { return "" }
        let text = bytes[(dot + 1)...]
        return text.contains(UInt8(ascii: "/")) ? "" : text.text.lowercased()
    }
}
