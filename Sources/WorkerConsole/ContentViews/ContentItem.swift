package import TextSafety
package import WorkerDomain

/// Something that has bytes, and what is said of it.
package struct ContentItem: Sendable {
    package let source: any ByteSource
    /// Its `Content-Type`, with parameters.
    package let mediaType: String?
    /// Its `Content-Encoding`.
    package let coding: String?
    /// The name of a file, a key, a part.
    package let name: String?

    package init(
        _ source: any ByteSource, mediaType: String? = nil, coding: String? = nil, name: String? = nil
    ) {
        self.source = source
        self.mediaType = mediaType
        self.coding = coding
        self.name = name
    }
}

/// How content is shown.
package struct ContentOptions: Sendable {
    /// The rules for what gives access; they are applied to everything that is decoded or nested, before it is shown.
    package var redaction: Redaction
    package var language: Language
    /// The cells of a line, for views that arrange: hex, pictures.
    package var columns: Int
    /// So many bytes are decoded of a compressed or foreign text at most.
    package var decodedLimit: Int
    /// The path of `pdftotext` of poppler, where it is installed.
    package var pdfToText: String?
    /// The views that there are.
    package var views: [any ContentView]

    package init(
        redaction: Redaction, language: Language, columns: Int = 80, decodedLimit: Int = 67_108_864,
        pdfToText: String? = nil, views: [any ContentView] = ContentViews.all
    ) {
        self.redaction = redaction
        self.language = language
        self.columns = columns
        self.decodedLimit = decodedLimit
        self.pdfToText = pdfToText
        self.views = views
    }
}
