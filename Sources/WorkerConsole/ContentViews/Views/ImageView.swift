import TerminalCanvas
import Widgets
package import WorkerDomain

/// What a picture is, and for PNG and JPEG the picture: in half blocks, or as pixels where the terminal shows them.
package struct ImageView: ContentView {
    package let id = "image"
    package let name = ContentPhrases.imageView
    package let isArranged = true

    package init() {}

    package func fit(_ sample: ContentSample) -> ContentFit {
        if ImageFacts.read(sample.bytes) != nil { return .certain }
        return SVGFacts.read(sample) != nil ? .possible : .no
    }

    package func open(_ input: ContentInput) async throws(ContentError) -> ContentDocument {
        let language = input.options.language
        guard var facts = ImageFacts.read(input.sample.bytes) else {
            let lines = SVGFacts.read(input.sample)?.lines(language) ?? []
            let layout = FixedLayout(lines + [ContentLine([])], then: MarkupLayout(isHTML: false, language: language))
            return input.document(self, try await input.shown(), layout)
        }
        if facts.frames == nil { facts.frames = try await ImageFrames.count(facts.format, in: input.bytes) }
        var lines = facts.lines(language)
        if let size = input.bytes.size {
            lines += ContentNotes.facts([(ContentPhrases.size, Format.bytes(Int64(size)))], language)
        }
        if let picture = try await PictureDecoder.read(facts.format, input.bytes) {
            lines += [ContentLine([])] + PictureLines(picture, columns: input.options.columns).lines()
        }
        return input.document(self, MemorySource([]), FixedLayout(lines))
    }
}

/// The size that an SVG says of itself.
enum SVGFacts {
    static func read(_ sample: ContentSample) -> ImageFacts? {
        guard let text = sample.text?.prefix(8_192),
            let start = text.firstRange(of: Array("<svg".utf8))?.lowerBound,
            text[..<start].allSatisfy({ $0 != 0x3C }) || text.starts(with: Array("<?xml".utf8))
                || text.starts(with: Array("<!".utf8))
        else { return nil }
        let tag = text[start...].prefix { $0 != 0x3E }
        func number(_ name: String) -> Int? {
            guard let found = tag.firstRange(of: Array(" \(name)=\"".utf8)) else { return nil }
            let digits = tag[found.upperBound...].prefix(8).prefix { $0.isDigit }
            return Int(digits.text)
        }
        var facts = ImageFacts("SVG", number("width"), number("height"))
        if let found = tag.firstRange(of: Array("viewBox=\"".utf8)) {
            let box = tag[found.upperBound...].prefix(80).prefix { $0 != 0x22 }.text
            if !box.isEmpty { facts.depth = "viewBox \(box)" }
        }
        return facts
    }
}
