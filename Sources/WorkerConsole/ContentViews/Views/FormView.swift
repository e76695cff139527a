import TerminalCanvas
import TextSafety
import Widgets
package import WorkerDomain

/// A form in a URL's encoding: one field a line, decoded (URL standard, section 5).
package struct FormView: ContentView {
    package let id = "form"
    package let name = ContentPhrases.formView

    package init() {}

    package func fit(_ sample: ContentSample) -> ContentFit {
        guard let text = sample.text else { return .no }
        let isDeclared = sample.isDeclared(types: ["application/x-www-form-urlencoded"])
        let isLike = Self.looksLikeForm(text)
        if isDeclared { return isLike ? .expected : .declared }
        return isLike ? .likely : .no
    }

    package func layout(_ sample: ContentSample, _ options: ContentOptions) -> (any StreamLayout)? {
        FormLayout(redaction: options.redaction)
    }

    /// Fields with names and without blanks, more than one.
    private static func looksLikeForm(_ text: [UInt8]) -> Bool {
        let start = text.prefix(4_096)
        guard start.allSatisfy({ $0 > 0x20 && $0 < 0x7F && ![0x22, 0x3C, 0x3E, 0x7B, 0x7D].contains($0) }) else {
            return false
        }
        let fields = start.split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: false)
        guard fields.count > 1 else { return false }
        let whole = text.count > start.count ? fields.dropLast() : fields[...]
        return whole.allSatisfy { field in
            guard let equals = field.firstIndex(of: UInt8(ascii: "=")) else { return false }
            return equals > field.startIndex && !field[..<equals].contains { [0x2F, 0x3F, 0x3A].contains($0) }
        }
    }
}

struct FormLayout: StreamLayout {
    /// A field is shown in pieces of so many bytes.
    private static let piece = 12_000

    private let redaction: Redaction
    /// The name of the field that goes on.
    private var name: String?
    private var isHidden = false
    private(set) var isFinished = false

    init(redaction: Redaction) { self.redaction = redaction }

    mutating func layOut(_ window: ContentWindow, into sink: inout LineSink) -> Int {
        let span = window.bytes.span
        let start = window.bytes.startIndex
        var place = 0
        while !sink.isFull {
            guard place < span.count else {
                self.isFinished = window.isLast
                return place
            }
            let limit = min(span.count, place + Self.piece)
            var end = place
            while end < limit, span[end] != UInt8(ascii: "&") { end += 1 }
            let isWhole = end < limit || (end < span.count && span[end] == UInt8(ascii: "&"))
            if !isWhole, end == span.count, !window.isLast { return place }
            if !isWhole, end < span.count { end = Self.cut(span, end) }
            // An empty field is none; a long one whose end follows its last piece does not go on.
            if end > place {
                let bytes = window.bytes[(start + place)..<(start + end)]
                self.add(
                    bytes, at: window.place(of: window.offset + place), isWhole: isWhole || end == span.count, &sink)
            }
            let isOver = isWhole || end == span.count
            if isOver { self.name = nil } else if self.name == nil { self.name = "" }
            place = isWhole ? end + 1 : end
        }
        if place == span.count, window.isLast { self.isFinished = true }
        return place
    }

    private mutating func add(_ bytes: ArraySlice<UInt8>, at offset: Int, isWhole: Bool, _ sink: inout LineSink) {
        // Of one that goes on it must be known whether it is hidden.
        guard sink.isKeeping || !isWhole else { return sink.add(ContentLine([])) }
        if let name = self.name {
            let runs = self.isHidden ? [TextRun("…", .dim)] : [TextRun(Self.decoded(bytes).text)]
            return sink.add(ContentLine(runs, offset: offset, path: name))
        }
        let equals = bytes.firstIndex(of: UInt8(ascii: "=")) ?? bytes.endIndex
        let name = Self.decoded(bytes[..<equals]).prefix(256).text
        let value = Self.decoded(bytes[equals...].dropFirst())
        self.isHidden = self.redaction.hides(member: name, text: value.text)
        let shown = self.isHidden ? [TextRun(Redaction.mask)] : JSONTint.runs(value[...], self.redaction, limit: 4_000)
        sink.add(ContentLine([TextRun(Pad.right(name, 20), .name)] + shown, offset: offset, path: name))
        self.name = name
    }

    /// Not within `%41`.
    private static func cut(_ span: Span<UInt8>, _ end: Int) -> Int {
        for back in 1...2 where span[end - back] == UInt8(ascii: "%") { return end - back }
        return end
    }

    static func decoded(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        var place = bytes.startIndex
        while place < bytes.endIndex {
            if bytes[place] == UInt8(ascii: "%"), place + 2 < bytes.endIndex,
                let high = bytes[place + 1].hexadecimalValue, let low = bytes[place + 2].hexadecimalValue
            {
                decoded.append(high << 4 | low)
                place += 3
            } else {
                decoded.append(bytes[place] == UInt8(ascii: "+") ? 0x20 : bytes[place])
                place += 1
            }
        }
        return decoded
    }
}
