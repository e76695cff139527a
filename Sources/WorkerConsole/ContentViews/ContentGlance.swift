import TextSafety
package import Widgets
import WorkerDomain

/// The beginning of a content that is in memory, in the view that suits it: for a place that has room for a few lines and
/// cannot wait.
package struct ContentGlance: Sendable {
    /// So much of it is looked at, also behind its codings.
    private static let limit = 4_096

    /// What the first line says: `JSON · gzip`.
    package let title: String
    package let lines: [[TextRun]]

    /// - Parameters:
    ///   - bytes: The beginning, as it was sent.
    ///   - isWhole: Nothing follows it.
    ///   - mediaType: Its `Content-Type`.
    ///   - coding: Its `Content-Encoding`.
    ///   - count: So many lines are made at most.
    ///   - options: How it is shown.
    package init(
        _ bytes: [UInt8], isWhole: Bool, mediaType: String?, coding: String?, lines count: Int,
        _ options: ContentOptions
    ) {
        var bytes = bytes
        var isWhole = isWhole
        var codings: [ContentCoding] = []
        let declared = ContentCoding.list(coding)
        while codings.count < ContentCoding.deepest {
            let next = codings.count < declared.count ? declared[codings.count] : ContentCoding.detect(bytes)
            guard let next, next.mayBegin(Array(bytes.prefix(4))),
                let (decoded, isEnd) = next.beginning(of: bytes, isWhole: isWhole, limit: Self.limit)
            else { break }
            codings.append(next)
            (bytes, isWhole) = (decoded, isEnd)
        }
        if bytes.count > Self.limit {
            bytes = Array(bytes.prefix(Self.limit))
            isWhole = false
        }
        let detected =
            bytes.isEmpty
            ? nil : TextEncoding.detect(bytes, charset: MediaType.parameter("charset", of: mediaType ?? ""))
        let text = detected.flatMap { $0.encoding.utf8(of: Array(bytes.dropFirst($0.mark))) }
        var shown = text ?? bytes
        if !options.redaction.isOff {
            shown = options.redaction.body(shown, type: mediaType, encoding: nil).bytes
        }
        let sample = ContentSample(
            shown, isWhole: isWhole, text: text == nil ? nil : shown, encoding: detected?.encoding,
            mediaType: mediaType, name: nil, depth: ContentViews.deepest)
        let language = options.language
        var lines: [ContentLine] = []
        var parts: [String] = []
        if let facts = ImageFacts.read(bytes) {
            // A picture takes the whole of it.
            parts.append(ContentPhrases.imageView(language))
            lines = facts.lines(language)
        } else if let (view, layout) = ContentViews.nested(sample, options) {
            parts.append(view.name(language))
            var layout = layout
            var sink = LineSink(next: 0, keeping: 0, end: max(0, count))
            let window = ContentWindow(
                bytes: shown[...], offset: 0, isLast: true, isCut: !isWhole, source: MemorySource([]))
            _ = layout.layOut(window, into: &sink)
            lines = sink.lines
        }
        parts += codings.map(\.rawValue)
        if let encoding = detected?.encoding, encoding != .utf8 { parts.append(encoding.rawValue) }
        self.title = parts.joined(separator: " · ")
        self.lines = lines.prefix(max(0, count)).map(\.runs)
    }
}

extension ContentCoding {
    /// What the beginning of encoded bytes decodes to.
    /// - Returns: `nil` when it decodes to nothing.
    fileprivate func beginning(of bytes: [UInt8], isWhole: Bool, limit: Int) -> (bytes: [UInt8], isEnd: Bool)? {
        switch self {
        case .gzip: Self.decode(Inflater(.gzip), bytes, isWhole, limit)
        case .deflate: Self.decode(Inflater(.deflate), bytes, isWhole, limit)
        case .brotli: Self.decode(BrotliDecoder(), bytes, isWhole, limit)
        case .zstd: Self.decode(ZstdDecoder(), bytes, isWhole, limit)
        }
    }

    private static func decode(
        _ decoder: consuming some StreamDecoder & ~Copyable, _ bytes: [UInt8], _ isWhole: Bool, _ limit: Int
    ) -> (bytes: [UInt8], isEnd: Bool)? {
        var output: [UInt8] = []
        var used = 0
        while output.count < limit {
            let before = (used, output.count)
            let (count, state) = decoder.decode(
                bytes[used...], isLast: isWhole, into: &output, room: limit - output.count)
            used += min(max(0, count), bytes.count - used)
            if state == .ended { return (output, true) }
            if state == .damaged || before == (used, output.count) { break }
        }
        return output.isEmpty ? nil : (Array(output.prefix(limit)), false)
    }
}
