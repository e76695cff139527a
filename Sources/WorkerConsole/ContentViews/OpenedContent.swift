import TerminalCanvas
import Widgets
import WorkerDomain

/// A content whose kind is known: it can be shown in each of ``views``.
package struct OpenedContent: Sendable {
    private let input: ContentInput
    /// What was taken off, outermost first.
    package let codings: [ContentCoding]
    /// Declared codings that the bytes do not have.
    package let refused: [ContentCoding]
    /// Best first.
    package let views: [any ContentView]

    init(input: ContentInput, codings: [ContentCoding], refused: [ContentCoding]) {
        self.input = input
        self.codings = codings
        self.refused = refused
        self.views = ContentViews.fitting(input.sample)
    }

    /// `nil` for what is no text.
    package var encoding: TextEncoding? { self.input.sample.encoding }
    /// The size behind the codings, where it is known.
    package var size: Int? { self.input.bytes.size }

    /// Why what was decoded so far ends before the content does.
    package var ending: ContentEnding? { self.input.bytes.ending }

    /// What the first line says: `JSON · gzip · GB18030`.
    package func title(_ view: any ContentView) -> String {
        let language = self.input.options.language
        var parts = [view.name(language)] + self.codings.map(\.rawValue)
        if let encoding = self.encoding, encoding != .utf8 { parts.append(encoding.rawValue) }
        return (parts + self.refused.map { ContentPhrases.notCoded(language, $0.rawValue) }).joined(separator: " · ")
    }

    /// Shows the content in a view; without one, in the best.
    package func document(_ view: (any ContentView)? = nil) async throws(ContentError) -> ContentDocument {
        guard let view = view ?? self.views.first else { return self.empty("hex") }
        if self.input.sample.bytes.isEmpty { return self.empty(view.id) }
        return try await view.open(self.input)
    }

    private func empty(_ view: String) -> ContentDocument {
        let language = self.input.options.language
        let line = ContentLine([TextRun(ContentPhrases.empty(language), .dim)])
        // Where it was cut before anything could be decoded, that is said instead.
        let lines = self.input.bytes.ending == nil ? [line] : []
        return ContentDocument(
            view: view, source: self.input.bytes, layout: FixedLayout(lines), language: language)
    }
}
