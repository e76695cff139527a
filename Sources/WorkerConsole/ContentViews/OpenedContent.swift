import TerminalCanvas
import TextSafety
import Widgets
import WorkerDomain

/// A content whose kind is known: it can be shown in each of ``views``.
package struct OpenedContent: Sendable {
    private var input: ContentInput
    /// What was taken off, outermost first.
    package let codings: [ContentCoding]
    /// Declared codings that the bytes do not have.
    package let refused: [ContentCoding]
    /// Best first.
    package let views: [any ContentView]
    private let hasMark: Bool

    init(input: ContentInput, codings: [ContentCoding], refused: [ContentCoding], hasMark: Bool) {
        self.input = input
        self.codings = codings
        self.refused = refused
        self.hasMark = hasMark
        self.views = ContentViews.fitting(input.sample, input.options.views)
    }

    /// `nil` for what is no text.
    package var encoding: TextEncoding? { self.input.sample.encoding }
    /// The encoding as it is called, with its mark: `UTF-8`, `UTF-16 LE BOM`; `nil` for what is no text.
    package var encodingName: String? { self.encoding.map { $0.rawValue + (self.hasMark ? " BOM" : "") } }
    /// The beginning of the text holds so many characters that steer a terminal or hide, line ends and tabs aside.
    package var controls: Int {
        guard let text = self.input.sample.text else { return 0 }
        return text.text.unicodeScalars.count {
            ControlCharacters.isUnsafe($0) && $0 != "\n" && $0 != "\r" && $0 != "\t"
        }
    }

    /// The size behind the codings, where it is known.
    package var size: Int? { self.input.bytes.size }

    /// Why what was decoded so far ends before the content does.
    package var ending: ContentEnding? { self.input.bytes.ending }

    /// What the first line says: `JSON · gzip · GB18030`.
    package func title(_ view: any ContentView) -> String {
        let language = self.input.options.language
        var parts = [view.name(language)] + self.codings.map(\.rawValue)
        if let name = self.encodingName, name != TextEncoding.utf8.rawValue { parts.append(name) }
        return (parts + self.refused.map { ContentPhrases.notCoded(language, $0.rawValue) }).joined(separator: " · ")
    }

    /// The same for lines of another width; nothing is decoded anew.
    package func fitted(columns: Int) -> OpenedContent {
        var copy = self
        copy.input.options.columns = columns
        return copy
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
