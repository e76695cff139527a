/// Every view, in the order in which they are offered where they suit equally well.
package enum ContentViews {
    package static let all: [any ContentView] = [
        NDJSONView(),
        JSONView(),
        EventStreamView(),
        FormView(),
        MultipartView(),
        TableView(),
        HTMLView(),
        XMLView(),
        MarkdownView(),
        ImageView(),
        DocumentView(),
        ArchiveView(),
        PDFView(),
        DatabaseFileView(),
        TextView(),
        HexView(),
    ]

    /// Bytes that are looked at to choose a view.
    static let sampleSize = 65_536
    /// Contents within contents: multipart in multipart, a file of an archive of an archive.
    static let deepest = 4

    /// Takes the codings off, and finds out what the content is.
    package static func open(_ item: ContentItem, _ options: ContentOptions) async throws(ContentError) -> OpenedContent
    {
        let (bytes, codings, refused) = try await Self.decoded(item, options)
        let start = try await bytes.all(at: 0, count: Self.sampleSize)
        // Fewer bytes than were asked for are all there are.
        let isWhole = start.count < Self.sampleSize || bytes.size.map { $0 <= start.count } ?? false
        let charset = MediaType.parameter("charset", of: item.mediaType ?? "")
        var detected = start.isEmpty ? nil : TextEncoding.detect(start, charset: charset)
        var text = bytes
        if let detected, detected.mark > 0 { text = SliceSource(bytes, detected.mark..<Int.max) }
        if let encoding = detected?.encoding, encoding != .utf8 {
            if let transcoder = TextTranscoder(encoding) {
                text = DecodedSource(
                    text, decoder: transcoder, coding: encoding.rawValue, limit: options.decodedLimit)
            } else {
                // Without the system's decoder it is shown as bytes.
                (detected, text) = (nil, bytes)
            }
        }
        let textStart = detected == nil ? nil : try await text.all(at: 0, count: Self.sampleSize)
        let sample = ContentSample(
            start, isWhole: isWhole, text: textStart, encoding: detected?.encoding, mediaType: item.mediaType,
            name: item.name)
        return OpenedContent(
            input: ContentInput(sample: sample, item: item, options: options, bytes: bytes, text: text),
            codings: codings, refused: refused, hasMark: detected.map { $0.mark > 0 } ?? false)
    }

    /// The content without its codings: those that are declared, then those that the bytes show.
    private static func decoded(_ item: ContentItem, _ options: ContentOptions) async throws(ContentError) -> (
        source: any ByteSource, codings: [ContentCoding], refused: [ContentCoding]
    ) {
        var source = item.source
        var codings: [ContentCoding] = []
        var refused: [ContentCoding] = []
        for coding in ContentCoding.list(item.coding) {
            guard coding.mayBegin(try await source.all(at: 0, count: 4)) else {
                refused.append(coding)
                continue
            }
            let decoded = coding.decoded(source, limit: options.decodedLimit)
            // A coding that the bytes do not have would hide them; one that they begin with is cut.
            if try await decoded.read(at: 0, count: 1).isEmpty, let ending = decoded.ending,
                !coding.hasMark || ending == .damaged(coding: coding.rawValue)
            {
                refused.append(coding)
                continue
            }
            source = decoded
            codings.append(coding)
        }
        while codings.count < ContentCoding.deepest,
            let coding = ContentCoding.detect(try await source.all(at: 0, count: 4))
        {
            let decoded = coding.decoded(source, limit: options.decodedLimit)
            if try await decoded.read(at: 0, count: 1).isEmpty, decoded.ending != nil { break }
            source = decoded
            codings.append(coding)
        }
        return (source, codings, refused)
    }

    /// The view for a part of something else, and its layout.
    static func nested(_ sample: ContentSample, _ options: ContentOptions) -> (view: any ContentView, any StreamLayout)?
    {
        let fitting = Self.fitting(sample, options.views)
        for view in fitting {
            if let layout = view.layout(sample, options) { return (view, layout) }
        }
        return nil
    }

    /// The views that suit, best first; never none.
    static func fitting(_ sample: ContentSample, _ views: [any ContentView] = Self.all) -> [any ContentView] {
        let fits = views.enumerated().map { ($0.offset, $0.element, $0.element.fit(sample)) }.filter { $0.2 > .no }
        return fits.sorted { $0.2 != $1.2 ? $0.2 > $1.2 : $0.0 < $1.0 }.map { $0.1 }
    }
}
