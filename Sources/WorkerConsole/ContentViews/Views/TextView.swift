package import WorkerDomain

/// Text as it stands, decoded.
package struct TextView: ContentView {
    package let id = "text"
    package let name = ContentPhrases.textView

    package init() {}

    package func fit(_ sample: ContentSample) -> ContentFit { sample.text == nil ? .no : .possible }

    package func layout(_ sample: ContentSample, _ options: ContentOptions) -> (any StreamLayout)? {
        LinesLayout(PlainStyle())
    }
}
