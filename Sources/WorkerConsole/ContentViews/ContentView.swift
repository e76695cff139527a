package import WorkerDomain

/// One way to show bytes. Adding one: a file in `Views`, and its line in ``ContentViews/all``.
package protocol ContentView: Sendable {
    /// Never shown, never changed: `json`.
    var id: String { get }
    /// Stands on the first line.
    var name: Phrase { get }

    /// Its lines are arranged in columns: they are never broken, and made anew for another width.
    var isArranged: Bool { get }

    /// How well it suits a content, by the beginning of it.
    func fit(_ sample: ContentSample) -> ContentFit
    /// The layout of a content that is read from its start; `nil` for a view that reads here and there.
    func layout(_ sample: ContentSample, _ options: ContentOptions) -> (any StreamLayout)?
    /// Shows a content; without an own one, what ``layout(_:_:)`` makes of the text behind the door of redaction.
    func open(_ input: ContentInput) async throws(ContentError) -> ContentDocument
}

/// A content that a view opens.
package struct ContentInput: Sendable {
    let sample: ContentSample
    let item: ContentItem
    var options: ContentOptions
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
    package var isArranged: Bool { false }

    package func layout(_ sample: ContentSample, _ options: ContentOptions) -> (any StreamLayout)? { nil }

    package func open(_ input: ContentInput) async throws(ContentError) -> ContentDocument {
        let layout = self.layout(input.sample, input.options) ?? FixedLayout([])
        return input.document(self, try await input.shown(), layout)
    }
}
