import TerminalCanvas
import TextSafety
import Widgets
import WorkerDomain

/// JSON in lines: one member a line, indented, numbers and strings exactly as they are spelt.
///
/// Where it does not parse, a line says so and why, and the rest is shown as it stands.
struct JSONLayout: StreamLayout {
    enum Expectation: Sendable { case value, valueOrEnd, key, keyOrEnd, colon, commaOrEnd, nothing }

    /// A string that is longer than one line.
    private struct LongString: Sendable {
        let role: Role
        let isHidden: Bool
    }

    static let deepest = 1_024
    /// Nothing is indented further.
    private static let deepestIndent = 64
    /// A string is shown in pieces of so many bytes.
    private static let piece = 4_000

    private let language: Language
    private let indent: String
    private(set) var frames: [JSONFrame] = []
    private(set) var expectation = Expectation.value
    private var current: [TextRun] = []
    private var currentOffset = 0
    private var currentPath: String?
    private var currentFold: ContentLine.Fold?
    private var folds: Set<Int>
    private var secrets: JSONMemberSecrets
    private var long: LongString?
    private var folded: JSONFolded?
    private var sourceLine = 1
    private var sourceLineStart = 0
    private var problem: (kind: JSONProblem, offset: Int)?
    private var rest: LinesLayout<PlainStyle>?
    private var isDone = false
    /// The path of the value in what it is part of.
    private let base: String

    init(
        redaction: Redaction, language: Language, base: String = "", indent: Int = 0, folds: Set<Int> = [],
        sourceStart: Int = 0
    ) {
        self.secrets = JSONMemberSecrets(redaction: redaction)
        self.language = language
        self.base = base
        self.indent = String(repeating: " ", count: indent)
        self.folds = folds
        self.sourceLineStart = sourceStart
    }

    var isFinished: Bool { self.isDone || self.rest?.isFinished ?? false }
    /// The bytes break the rules of JSON.
    var hasFailed: Bool { self.problem != nil || self.rest != nil }

    mutating func toggle(fold: Int) { self.folds.formSymmetricDifference([fold]) }

    mutating func layOut(_ window: ContentWindow, into sink: inout LineSink) -> Int {
        if self.rest != nil { return self.rest?.layOut(window, into: &sink) ?? 0 }
        let span = window.bytes.span
        var place = 0
        while !sink.isFull {
            if let problem = self.problem {
                self.report(problem.kind, at: problem.offset, window, &sink)
                if sink.isFull { return place }
                return place + (self.rest?.layOut(window.dropping(place), into: &sink) ?? 0)
            }
            guard place < span.count else {
                if window.isLast { self.finish(window, place, &sink) }
                if self.problem != nil, !sink.isFull { continue }
                return place
            }
            let before = place
            if self.folded != nil {
                self.skip(window, span, &place)
            } else if self.long != nil {
                self.goOn(window, span, &place, &sink)
            } else {
                self.token(window, span, &place, &sink)
            }
            if place == before, self.problem == nil, !sink.isFull { return place }
        }
        // What was used to its end may be over with it.
        if place == span.count, window.isLast, self.expectation == .nothing, self.current.isEmpty, self.problem == nil {
            self.isDone = true
        }
        return place
    }

    private mutating func token(
        _ window: ContentWindow, _ span: Span<UInt8>, _ place: inout Int, _ sink: inout LineSink
    ) {
        switch span[place] {
        case 0x20, 0x09, 0x0D: place += 1
        case 0x0A:
            place += 1
            self.sourceLine += 1
            self.sourceLineStart = window.offset + place
        case UInt8(ascii: "{"), UInt8(ascii: "["): self.open(window, span, &place, &sink)
        case UInt8(ascii: "}"), UInt8(ascii: "]"): self.close(window, span, &place, &sink)
        case UInt8(ascii: ","):
            guard self.expectation == .commaOrEnd, !self.frames.isEmpty else {
                return self.fail(.unexpected, at: window.offset + place)
            }
            self.append(",", .plain, window, place, sink)
            place += 1
            self.breakLine(&sink)
            let isObject = self.frames[self.frames.count - 1].isObject
            if !isObject { self.frames[self.frames.count - 1].index += 1 }
            self.expectation = isObject ? .key : .value
        case UInt8(ascii: ":"):
            guard self.expectation == .colon else { return self.fail(.unexpected, at: window.offset + place) }
            self.append(": ", .plain, window, place, sink)
            place += 1
            self.expectation = .value
        case UInt8(ascii: "\""): self.string(window, span, &place, &sink)
        default: self.word(window, span, &place, &sink)
        }
    }

    // MARK: - Brackets

    private mutating func open(
        _ window: ContentWindow, _ span: Span<UInt8>, _ place: inout Int, _ sink: inout LineSink
    ) {
        let offset = window.offset + place
        guard self.expectation == .value || self.expectation == .valueOrEnd else {
            return self.fail(.unexpected, at: offset)
        }
        guard self.frames.count < Self.deepest else { return self.fail(.tooDeep, at: offset) }
        let isObject = span[place] == UInt8(ascii: "{")
        let closing = isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")
        var next = place + 1
        let limit = min(span.count, place + Self.piece)
        while next < limit, span[next].isSpace { next += 1 }
        // An empty one is one line; what follows the bracket must be there to see that.
        if next == span.count, next < place + Self.piece, !window.isLast { return }
        if next < limit, span[next] == closing {
            self.append(isObject ? "{}" : "[]", .plain, window, place, sink)
            self.countLines(span, place..<next, window)
            place = next + 1
            return self.valueEnded()
        }
        self.append(isObject ? "{" : "[", .plain, window, place, sink)
        let isFolded = self.folds.contains(offset)
        if self.currentFold == nil { self.currentFold = ContentLine.Fold(id: offset, isFolded: isFolded) }
        place += 1
        if isFolded {
            self.folded = JSONFolded(isObject: isObject)
            return
        }
        self.frames.append(self.secrets.frame(isObject: isObject, below: self.frames.last))
        self.breakLine(&sink)
        self.expectation = isObject ? .keyOrEnd : .valueOrEnd
    }

    private mutating func close(
        _ window: ContentWindow, _ span: Span<UInt8>, _ place: inout Int, _ sink: inout LineSink
    ) {
        let isObject = span[place] == UInt8(ascii: "}")
        guard let frame = self.frames.last, frame.isObject == isObject,
            [.commaOrEnd, isObject ? .keyOrEnd : .valueOrEnd].contains(self.expectation)
        else { return self.fail(.unexpected, at: window.offset + place) }
        if !self.current.isEmpty {
            self.breakLine(&sink)
            // A line that nobody looks at and one that is looked at must not share their parts.
            if sink.isFull { return }
        }
        self.frames.removeLast()
        self.append(isObject ? "}" : "]", .plain, window, place, sink)
        place += 1
        self.valueEnded()
    }

    /// Goes on to the end of what is folded away.
    private mutating func skip(_ window: ContentWindow, _ span: Span<UInt8>, _ place: inout Int) {
        guard let lines = self.folded?.skip(span, &place) else { return }
        self.sourceLine += lines.count
        if let last = lines.last { self.sourceLineStart = window.offset + last }
        guard let folded = self.folded, folded.isOver else { return }
        self.current += folded.runs(self.language)
        self.folded = nil
        self.valueEnded()
    }

    // MARK: - Strings and words

    private mutating func string(
        _ window: ContentWindow, _ span: Span<UInt8>, _ place: inout Int, _ sink: inout LineSink
    ) {
        let offset = window.offset + place
        let isName = self.expectation == .key || self.expectation == .keyOrEnd
        guard isName || self.expectation == .value || self.expectation == .valueOrEnd else {
            return self.fail(.unexpected, at: offset)
        }
        let found = JSONText.end(of: span, from: place + 1, limit: place + 1 + Self.piece)
        if let fault = found.fault {
            // What stands before the fault is shown with the rest.
            return self.fail(fault.problem, at: window.offset + fault.place)
        }
        let bytes = window.bytes
        let start = bytes.startIndex
        if found.isClosed {
            let raw = bytes[(start + place)..<(start + found.end + 1)]
            if isName {
                self.frames[self.frames.count - 1].name = JSONText.name(raw.dropFirst().dropLast())
                self.append(raw.text, .name, window, place, sink)
                self.expectation = .colon
            } else {
                let isHidden = self.secrets.hides(
                    raw.dropFirst().dropLast(), in: &self.frames, isNeeded: sink.isKeeping)
                self.append(isHidden ? "\"\(Redaction.mask)\"" : raw.text, .literal, window, place, sink)
                self.valueEnded()
            }
            place = found.end + 1
            return
        }
        // A longer one is shown piece by piece; it needs a whole piece, or the end.
        if span.count - place <= Self.piece + 8 {
            if !window.isLast { return }
            if !window.isCut { return self.fail(.unclosed, at: offset) }
        }
        let end = window.isLast && span.count - place <= Self.piece + 8 ? span.count : found.end
        let piece = bytes[(start + place)..<(start + end)]
        // Whether it is hidden says how many lines it takes.
        let isHidden = !isName && self.secrets.hides(piece.dropFirst(), in: &self.frames, isNeeded: true)
        if isName { self.frames[self.frames.count - 1].name = JSONText.name(piece.dropFirst()) }
        self.append(isHidden ? "\"\(Redaction.mask)\"" : piece.text, isName ? .name : .literal, window, place, sink)
        self.long = LongString(role: isName ? .name : .literal, isHidden: isHidden)
        place = end
        if !isHidden { self.breakLine(&sink) }
    }

    /// Goes on with a long string.
    private mutating func goOn(
        _ window: ContentWindow, _ span: Span<UInt8>, _ place: inout Int, _ sink: inout LineSink
    ) {
        guard let long = self.long else { return }
        let found = JSONText.end(of: span, from: place, limit: place + Self.piece)
        if let fault = found.fault { return self.fail(fault.problem, at: window.offset + fault.place) }
        var end = found.isClosed ? found.end + 1 : found.end
        if !found.isClosed, span.count - place <= Self.piece + 8 {
            if !window.isLast { return }
            if !window.isCut { return self.fail(.unclosed, at: window.offset + place) }
            end = span.count
        }
        if !long.isHidden {
            let start = window.bytes.startIndex
            self.append(window.bytes[(start + place)..<(start + end)].text, long.role, window, place, sink)
        }
        place = end
        if found.isClosed {
            self.long = nil
            if long.role == .name { self.expectation = .colon } else { self.valueEnded() }
        } else if !long.isHidden {
            self.breakLine(&sink)
        }
    }

    /// A number, `true`, `false`, `null`, or what stands for a hidden number.
    private mutating func word(
        _ window: ContentWindow, _ span: Span<UInt8>, _ place: inout Int, _ sink: inout LineSink
    ) {
        let offset = window.offset + place
        var end = place
        let limit = min(span.count, place + Self.piece)
        while end < limit, !JSONText.isMark(span[end]) { end += 1 }
        if end == span.count, !window.isLast { return }
        let start = window.bytes.startIndex
        let raw = window.bytes[(start + place)..<(start + end)]
        let isNumber = raw.first.map { $0.isDigit || $0 == UInt8(ascii: "-") } ?? false
        let isCutOff = window.isCut && end == span.count
        let isKnown =
            isNumber
            ? JSONNumber.isValid(raw) || isCutOff
            : JSONText.isWord(raw) || JSONText.isMask(raw) || (isCutOff && JSONText.beginsWord(raw))
        guard self.expectation == .value || self.expectation == .valueOrEnd else {
            return self.fail(.unexpected, at: offset)
        }
        guard isKnown else { return self.fail(.unknownWord, at: offset) }
        let isHidden = isNumber && sink.isKeeping && self.secrets.hidesNumber(in: self.frames)
        self.append(isHidden ? Redaction.mask : raw.text, .number, window, place, sink)
        place = end
        self.valueEnded()
    }

    private var memberName: String? {
        guard let frame = self.frames.last, frame.isObject else { return nil }
        return frame.name
    }

    private mutating func valueEnded() { self.expectation = self.frames.isEmpty ? .nothing : .commaOrEnd }

    // MARK: - Lines

    private mutating func append(
        _ text: String, _ role: Role, _ window: ContentWindow, _ place: Int, _ sink: LineSink
    ) {
        if self.current.isEmpty {
            self.currentOffset = 0
            self.currentPath = nil
            self.currentFold = nil
            if sink.isKeeping {
                let levels = min(self.frames.count, Self.deepestIndent)
                self.current.append(TextRun(self.indent + String(repeating: "  ", count: levels)))
                self.currentOffset = window.place(of: window.offset + place)
                self.currentPath = JSONPath.text(self.frames, base: self.base)
            }
        }
        // Lines that are only counted still need to know that something stands in them.
        if sink.isKeeping || self.current.isEmpty { self.current.append(TextRun(text, role)) }
    }

    private mutating func breakLine(_ sink: inout LineSink) {
        sink.add(
            ContentLine(self.current, offset: self.currentOffset, path: self.currentPath, fold: self.currentFold))
        self.current = []
        self.currentFold = nil
    }

    private mutating func countLines(_ span: Span<UInt8>, _ range: Range<Int>, _ window: ContentWindow) {
        for place in range where span[place] == 0x0A {
            self.sourceLine += 1
            self.sourceLineStart = window.offset + place + 1
        }
    }

    // MARK: - Ends

    private mutating func fail(_ kind: JSONProblem, at offset: Int) {
        if self.problem == nil { self.problem = (kind, offset) }
    }

    private mutating func report(
        _ kind: JSONProblem, at offset: Int, _ window: ContentWindow, _ sink: inout LineSink
    ) {
        if !self.current.isEmpty {
            self.breakLine(&sink)
            if sink.isFull { return }
        }
        let place = window.place(of: offset)
        let column = max(1, place - window.place(of: min(offset, self.sourceLineStart)) + 1)
        let reason = kind.phrase(self.expectation, isInObject: self.frames.last?.isObject ?? false)(self.language)
        let text = ContentPhrases.jsonProblem(
            self.language, Format.count(self.sourceLine), Format.count(column), Format.count(place), reason)
        sink.add(ContentLine([TextRun(text, .failure)], offset: place))
        self.problem = nil
        self.rest = LinesLayout(PlainStyle())
    }

    private mutating func finish(_ window: ContentWindow, _ place: Int, _ sink: inout LineSink) {
        if self.expectation != .nothing || self.long != nil || self.folded != nil, !window.isCut {
            return self.fail(.ended, at: window.offset + place)
        }
        if !self.current.isEmpty { self.breakLine(&sink) }
        self.isDone = true
    }
}
