import TerminalCanvas
import TextSafety
import Widgets
package import WorkerDomain

/// JSON values one a line (NDJSON, JSON Lines): each in one line, laid out when it is unfolded.
package struct NDJSONView: ContentView {
    package let id = "ndjson"
    package let name = ContentPhrases.ndjsonView

    package init() {}

    package func fit(_ sample: ContentSample) -> ContentFit {
        guard let text = sample.text else { return .no }
        let isDeclared = sample.isDeclared(
            types: [
                "application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines",
                "application/json-lines", "application/x-json-stream",
            ], extensions: ["ndjson", "jsonl"])
        guard Self.looksLikeRecords(text, isWhole: sample.isWhole) else { return isDeclared ? .declared : .no }
        return isDeclared ? .expected : .likely
    }

    package func layout(_ sample: ContentSample, _ options: ContentOptions) -> (any StreamLayout)? {
        NDJSONLayout(redaction: options.redaction, language: options.language)
    }

    /// The first line is a whole object or list, and the second begins with the same bracket.
    private static func looksLikeRecords(_ text: [UInt8], isWhole: Bool) -> Bool {
        let lines = text.split(maxSplits: 8, omittingEmptySubsequences: true) { $0 == 0x0A }
            .map { $0.trimmed }.filter { !$0.isEmpty }
        guard lines.count > 1, JSONTint.fits(lines[0]), lines[1].first == lines[0].first else { return false }
        return JSONView.accepts(Array(lines[0]), isWhole: lines[0].count <= 8_192)
            && JSONView.accepts(Array(lines[1].prefix(8_192)), isWhole: false)
    }
}

/// One record a line; unfolded ones in lines of their own.
struct NDJSONLayout: StreamLayout {
    private let redaction: Redaction
    private let language: Language
    private var unfolded: Set<Int> = []
    private var number = 0
    /// The record that is being laid out.
    private var record: JSONLayout?
    /// The rest of a record whose line has been made is left out.
    private var isSkipping = false
    private(set) var isFinished = false

    /// So much of a record is looked at for its line.
    private static let looked = 16_384

    init(redaction: Redaction, language: Language) {
        self.redaction = redaction
        self.language = language
    }

    mutating func toggle(fold: Int) {
        self.unfolded.formSymmetricDifference([fold])
        self.record?.toggle(fold: fold)
    }

    mutating func layOut(_ window: ContentWindow, into sink: inout LineSink) -> Int {
        let span = window.bytes.span
        var place = 0
        while !sink.isFull {
            if self.isSkipping {
                while place < span.count, span[place] != 0x0A { place += 1 }
                if place < span.count { self.isSkipping = false }
            }
            if self.record != nil {
                let used = self.goOn(window.dropping(place), &sink)
                place += used
                if self.record != nil { return place }
                continue
            }
            while place < span.count, span[place].isSpace || span[place] == 0x1E { place += 1 }
            guard place < span.count else {
                self.isFinished = window.isLast
                return place
            }
            var end = place
            let limit = min(span.count, place + Self.looked)
            while end < limit, span[end] != 0x0A { end += 1 }
            if end == span.count, end < place + Self.looked, !window.isLast { return place }
            if self.unfolded.contains(window.offset + place) {
                self.record = JSONLayout(
                    redaction: self.redaction, language: self.language, base: "[\(self.number)]", indent: 2,
                    // Within a record the same marks fold away.
                    folds: self.unfolded.subtracting([window.offset + place]), sourceStart: window.offset + place)
                sink.add(self.headLine(window, place))
                self.number += 1
                continue
            }
            self.add(window, place..<end, isWhole: end < limit || end == span.count, &sink)
            self.number += 1
            place = end
            self.isSkipping = true
        }
        return place
    }

    private func headLine(_ window: ContentWindow, _ place: Int) -> ContentLine {
        let offset = window.offset + place
        return ContentLine(
            [TextRun(ContentPhrases.record(self.language, "\(self.number + 1)"), .dim)],
            offset: window.place(of: offset), path: "[\(self.number)]",
            fold: ContentLine.Fold(id: offset, isFolded: false))
    }

    private func add(_ window: ContentWindow, _ range: Range<Int>, isWhole: Bool, _ sink: inout LineSink) {
        sink.add(self.line(window, range, isWhole: isWhole))
    }

    private func line(_ window: ContentWindow, _ range: Range<Int>, isWhole: Bool) -> ContentLine {
        let start = window.bytes.startIndex
        let offset = window.offset + range.lowerBound
        var bytes = window.bytes[(start + range.lowerBound)..<(start + range.upperBound)]
        if bytes.last == 0x0D { bytes.removeLast() }
        var runs = JSONTint.runs(bytes, self.redaction)
        let isCutOff = window.isCut && range.upperBound == window.bytes.count
        if !JSONView.accepts(Array(bytes), isWhole: isWhole && !isCutOff, limit: Self.looked) {
            runs.insert(TextRun("▲ ", .failure), at: 0)
        }
        return ContentLine(
            runs, offset: window.place(of: offset), path: "[\(self.number)]",
            fold: ContentLine.Fold(id: offset, isFolded: true))
    }

    /// Goes on with the record that is laid out, up to its line end.
    private mutating func goOn(_ window: ContentWindow, _ sink: inout LineSink) -> Int {
        let span = window.bytes.span
        var end = 0
        while end < span.count, span[end] != 0x0A { end += 1 }
        let isLast = end < span.count || window.isLast
        let used = self.record?.layOut(window.prefix(end, isLast: isLast), into: &sink) ?? 0
        if self.record?.isFinished ?? true { self.record = nil }
        return min(used, end)
    }
}
