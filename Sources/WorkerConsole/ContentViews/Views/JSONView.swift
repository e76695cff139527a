import TextSafety
package import WorkerDomain

/// JSON: indented, with folding, the path of the cursor, and the place of an error.
package struct JSONView: ContentView {
    package let id = "json"
    package let name = Phrase("JSON", "JSON")

    package init() {}

    package func fit(_ sample: ContentSample) -> ContentFit {
        guard let text = sample.text else { return .no }
        let isDeclared = sample.isDeclared(
            types: ["application/json", "text/json"], suffix: "+json", extensions: ["json", "map", "geojson", "ipynb"])
        let start = text.drop { $0.isSpace }
        guard start.first == UInt8(ascii: "{") || start.first == UInt8(ascii: "[") else {
            return isDeclared ? .declared : .no
        }
        // An object that breaks off or holds an error is JSON too, and where the error is helps; `[` begins many texts.
        let isObject = start.first == UInt8(ascii: "{") && start.dropFirst().first { !$0.isSpace } == UInt8(ascii: "\"")
        guard isObject || Self.accepts(text, isWhole: sample.isWhole) else { return isDeclared ? .declared : .no }
        return isDeclared ? .expected : .likely
    }

    package func layout(_ sample: ContentSample, _ options: ContentOptions) -> (any StreamLayout)? {
        JSONLayout(redaction: options.redaction, language: options.language)
    }

    /// True when the beginning parses.
    static func accepts(_ text: [UInt8], isWhole: Bool, limit: Int = 8_192) -> Bool {
        let start = text.prefix(limit)
        var layout = JSONLayout(redaction: .off, language: .english)
        var sink = LineSink(next: 0, keeping: .max, end: .max)
        let isCut = !isWhole || start.count < text.count
        let window = ContentWindow(
            bytes: start.dropLast(isCut ? UTF8Edge.cutTail(of: start) : 0), offset: 0, isLast: true, isCut: isCut,
            source: MemorySource([]))
        _ = layout.layOut(window, into: &sink)
        return !layout.hasFailed
    }
}
