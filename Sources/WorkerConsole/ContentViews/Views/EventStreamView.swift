import TerminalCanvas
import TextSafety
import Widgets
package import WorkerDomain

/// Server-sent events: fields with their names, data that is JSON with its roles (HTML standard, section 9.2).
package struct EventStreamView: ContentView {
    package let id = "events"
    package let name = ContentPhrases.eventsView

    package init() {}

    package func fit(_ sample: ContentSample) -> ContentFit {
        guard let text = sample.text else { return .no }
        let isDeclared = sample.isDeclared(types: ["text/event-stream"])
        let lines = text.prefix(8_192).split(whereSeparator: \.isLineEnd).prefix(6)
        // The last of them may be cut.
        let whole = lines.count > 1 ? lines.dropLast() : lines
        let isLike =
            !whole.isEmpty && whole.allSatisfy { EventStyle.field(of: $0) != nil }
            && whole.contains { $0.starts(with: Array("data:".utf8)) }
        if isDeclared { return isLike ? .expected : .declared }
        return isLike ? .likely : .no
    }

    package func layout(_ sample: ContentSample, _ options: ContentOptions) -> (any StreamLayout)? {
        LinesLayout(EventStyle(redaction: options.redaction, language: options.language))
    }
}

struct EventStyle: LineStyle {
    private static let fields = ["data", "event", "id", "retry", ""]

    let redaction: Redaction
    let language: Language
    private var number = 1
    /// Something of the present event has been seen.
    private var hasBegun = false

    init(redaction: Redaction, language: Language) {
        self.redaction = redaction
        self.language = language
    }

    /// Events are counted.
    var needsEveryLine: Bool { true }

    mutating func line(_ bytes: ArraySlice<UInt8>, _ place: LinePlace) -> ContentLine {
        if bytes.isEmpty, !place.isContinuation {
            if self.hasBegun { self.number += 1 }
            self.hasBegun = false
            return ContentLine([], offset: place.offset)
        }
        self.hasBegun = true
        guard place.isKept else { return ContentLine([]) }
        let path = ContentPhrases.event(self.language, "\(self.number)")
        if place.isContinuation {
            return ContentLine(JSONTint.runs(bytes, self.redaction, limit: 4_000), offset: place.offset, path: path)
        }
        guard let colon = Self.field(of: bytes) else {
            return ContentLine([TextRun(bytes.text)], offset: place.offset, path: path)
        }
        if colon == bytes.startIndex {
            return ContentLine([TextRun(bytes.text, .dim)], offset: place.offset, path: path)
        }
        let name = bytes[..<colon].text
        var value = bytes[colon...].dropFirst()
        if value.first == 0x20 { value = value.dropFirst() }
        return ContentLine(
            [TextRun(Pad.right(name, 7), .name)] + JSONTint.runs(value, self.redaction, limit: 4_000),
            offset: place.offset, path: path)
    }

    /// The place of the colon behind a field's name, or the end where there is none; `nil` for what is no field.
    static func field(of line: ArraySlice<UInt8>) -> Int? {
        let colon = line.prefix(8).firstIndex(of: UInt8(ascii: ":")) ?? line.endIndex
        return colon - line.startIndex <= 8 && Self.fields.contains(line[..<colon].text) ? colon : nil
    }
}
