import TerminalCanvas
import TextSafety
import Widgets
package import WorkerDomain

/// The parts of a multipart body (RFC 2046 section 5.1, RFC 7578), each in the view that suits it.
package struct MultipartView: ContentView {
    package let id = "multipart"
    package let name = ContentPhrases.multipartView

    package init() {}

    package func fit(_ sample: ContentSample) -> ContentFit {
        guard sample.depth < ContentViews.deepest, let delimiter = Self.delimiter(sample) else { return .no }
        let isDeclared = sample.essence.hasPrefix("multipart/")
        let head = sample.bytes.prefix(1_024).text.lowercased()
        let isLike =
            sample.bytes.starts(with: delimiter)
            && (head.contains("content-disposition:") || head.contains("content-type:"))
        if isDeclared { return .expected }
        return isLike ? .likely : .no
    }

    package func layout(_ sample: ContentSample, _ options: ContentOptions) -> (any StreamLayout)? {
        Self.delimiter(sample).map { MultipartLayout(delimiter: $0, options: options, depth: sample.depth, base: nil) }
    }

    package func open(_ input: ContentInput) async throws(ContentError) -> ContentDocument {
        let layout: any StreamLayout =
            Self.delimiter(input.sample).map {
                MultipartLayout(delimiter: $0, options: input.options, depth: 0, base: input.text)
            } ?? FixedLayout([])
        return input.document(self, try await input.shown(), layout)
    }

    /// Two hyphens and the boundary: as the type says where that stands in the content, else as the content begins.
    private static func delimiter(_ sample: ContentSample) -> [UInt8]? {
        if sample.essence.hasPrefix("multipart/"),
            let boundary = MediaType.parameter("boundary", of: sample.mediaType), !boundary.isEmpty,
            boundary.utf8.count <= 200
        {
            let delimiter = Array("--\(boundary)".utf8)
            if sample.bytes.firstRange(of: delimiter) != nil { return delimiter }
        }
        guard sample.bytes.starts(with: Array("--".utf8)),
            let end = sample.bytes.prefix(204).firstIndex(where: \.isLineEnd), end > 2
        else { return nil }
        return Array(sample.bytes[..<end])
    }
}

/// A part after the other; a text in its view, of anything else the beginning.
struct MultipartLayout: StreamLayout {
    private enum Phase: Sendable {
        case between, head, content, skipping, epilogue
    }

    /// A head that is longer is none.
    private static let longestHead = 16_384
    /// So much of a part says what it is.
    private static let sampleSize = 4_096
    /// Bytes of a part that is no text which are shown.
    private static let shownBytes = 128

    private let delimiter: [UInt8]
    private let options: ContentOptions
    private let depth: Int
    /// The content with its secrets, for whoever opens a part by itself.
    private let base: (any ByteSource)?
    private var phase = Phase.between
    private var number = 0
    private var isFirst = true
    /// Lines of the part's head that have not been added.
    private var pending: [ContentLine] = []
    private var part: (any StreamLayout)?
    private var head = PartHead()
    /// The end of the content of the part, once it is known.
    private var end: Int?
    /// No delimiter begins before this.
    private var searched = 0
    private var isDone = false

    init(delimiter: [UInt8], options: ContentOptions, depth: Int, base: (any ByteSource)?) {
        self.delimiter = delimiter
        self.options = options
        self.depth = depth
        self.base = base
    }

    var isFinished: Bool { self.isDone && self.pending.isEmpty }

    mutating func toggle(fold: Int) { self.part?.toggle(fold: fold) }

    mutating func layOut(_ window: ContentWindow, into sink: inout LineSink) -> Int {
        var place = 0
        while !sink.isFull {
            if !self.pending.isEmpty {
                // Taken out first: a line that is only counted is not asked for.
                let line = self.pending.removeFirst()
                sink.add(line)
                continue
            }
            if self.isDone { return place }
            let rest = window.dropping(place)
            let before = (self.phase, place, sink.next)
            switch self.phase {
            case .between: place += self.findDelimiter(rest)
            case .head: place += self.readHead(rest)
            case .content: place += self.layOutContent(rest, &sink)
            case .skipping: place += self.skip(rest)
            case .epilogue: place = window.bytes.count
            }
            if place == window.bytes.count, window.isLast, self.phase == .epilogue || self.phase == .between {
                self.isDone = true
            }
            if before == (self.phase, place, sink.next), self.pending.isEmpty, !self.isDone { return place }
        }
        return place
    }

    /// Up to the next delimiter and behind its line.
    private mutating func findDelimiter(_ window: ContentWindow) -> Int {
        let bytes = window.bytes
        guard let found = bytes.firstRange(of: self.delimiter) else {
            // A preamble is left out; the delimiter may have begun at its end.
            return window.isLast ? bytes.count : max(0, bytes.count - self.delimiter.count)
        }
        let behind = bytes[found.upperBound...]
        if behind.count < 2, !window.isLast { return found.lowerBound - bytes.startIndex }
        if behind.starts(with: Array("--".utf8)) {
            self.phase = .epilogue
            return found.upperBound - bytes.startIndex
        }
        guard let lineEnd = behind.firstIndex(of: 0x0A) else {
            if window.isLast {
                self.phase = .epilogue
                return bytes.count
            }
            // What stands in the line of a delimiter is blank.
            if behind.count > 1_024 { return found.upperBound - bytes.startIndex }
            return found.lowerBound - bytes.startIndex
        }
        self.phase = .head
        return lineEnd + 1 - bytes.startIndex
    }

    private mutating func readHead(_ window: ContentWindow) -> Int {
        let limit = window.bytes.prefix(Self.longestHead)
        var fields: [(name: String, value: String)] = []
        var place = limit.startIndex
        var isOver = false
        while place < limit.endIndex, let lineEnd = limit[place...].firstIndex(of: 0x0A) {
            let line = limit[place..<lineEnd].trimmed
            let isFolded = limit[place].isBlank
            place = lineEnd + 1
            if line.isEmpty {
                isOver = true
                break
            }
            if line.starts(with: self.delimiter) {
                // A part without content and without the empty line.
                place = lineEnd + 1 - (lineEnd + 1 - line.startIndex)
                isOver = true
                break
            }
            if isFolded, !fields.isEmpty {
                fields[fields.count - 1].value += " " + line.text
            } else if let colon = line.firstIndex(of: UInt8(ascii: ":")) {
                fields.append((line[..<colon].trimmed.text, line[(colon + 1)...].trimmed.text))
            } else {
                fields.append((line.text, ""))
            }
        }
        if !isOver, window.bytes.count < Self.longestHead, !window.isLast { return 0 }
        let used = isOver ? place - window.bytes.startIndex : min(limit.count, place - limit.startIndex)
        self.number += 1
        self.head = PartHead(fields)
        self.begin(window, used)
        return used
    }

    /// The lines of a head, and what follows it.
    private mutating func begin(_ window: ContentWindow, _ used: Int) {
        let language = self.options.language
        let start = window.offset + used
        let offset = window.place(of: window.offset)
        let path = self.head.path(self.number, language)
        var item: ContentItem?
        if let base = self.base {
            item = ContentItem(
                DelimitedSource(base, start: window.place(of: start), delimiter: self.delimiter),
                mediaType: self.head.mediaType, name: self.head.fileName)
        }
        if self.number > 1 { self.pending.append(ContentLine([], offset: offset)) }
        self.pending.append(
            ContentLine(
                [TextRun(self.head.title(self.number, language), .title)], offset: offset, path: path, item: item))
        for field in self.head.fields {
            let value = self.options.redaction.value(field.value, of: field.name)
            self.pending.append(
                ContentLine([TextRun(Pad.right(field.name, 20), .name), TextRun(value)], offset: offset, path: path))
        }
        self.phase = .content
        self.part = nil
        self.end = nil
        self.searched = start
    }

    /// The bytes of the part that are here: all of them, or those before which no delimiter can begin.
    private mutating func content(_ window: ContentWindow) -> ContentWindow {
        if self.end == nil {
            let from = max(0, self.searched - window.offset)
            let bytes = window.bytes
            let start = bytes.startIndex
            if from == 0, self.part == nil, bytes.starts(with: self.delimiter) {
                self.end = window.offset
            } else if from < bytes.count,
                let found = bytes[(start + from)...].firstRange(of: [0x0A] + self.delimiter)
            {
                let hasReturn = found.lowerBound > start && bytes[found.lowerBound - 1] == 0x0D
                self.end = window.offset + (found.lowerBound - start) - (hasReturn ? 1 : 0)
            } else {
                self.searched = max(self.searched, window.offset + max(0, bytes.count - self.delimiter.count - 2))
            }
        }
        if let end = self.end { return window.prefix(max(0, end - window.offset), isLast: true) }
        if window.isLast { return window }
        return window.prefix(max(0, self.searched - window.offset), isLast: false)
    }

    private mutating func layOutContent(_ window: ContentWindow, _ sink: inout LineSink) -> Int {
        let content = self.content(window)
        if self.part == nil {
            guard content.isLast || content.bytes.count >= Self.sampleSize else { return 0 }
            self.choose(content)
            if self.phase == .skipping { return 0 }
        }
        let line = sink.lines.count
        let used = self.part?.layOut(content, into: &sink) ?? 0
        let prefix = self.head.path(self.number, self.options.language)
        sink.change(from: line) { line in
            line.runs.insert(TextRun("  "), at: 0)
            line.path = line.path.map { "\(prefix) › \($0)" } ?? prefix
        }
        if self.part?.isFinished ?? true { self.phase = .skipping }
        return min(used, content.bytes.count)
    }

    /// The view of a part.
    private mutating func choose(_ content: ContentWindow) {
        let bytes = Array(content.bytes.prefix(Self.sampleSize))
        let isWhole = content.isLast && bytes.count == content.bytes.count
        let language = self.options.language
        let redaction = self.options.redaction
        if bytes.isEmpty {
            self.phase = .skipping
            return
        }
        if let name = self.head.name, redaction.hides(member: name, text: bytes.text) {
            self.pending.append(
                ContentLine([TextRun("  \(Redaction.mask)")], path: self.head.path(self.number, language)))
            self.phase = .skipping
            return
        }
        let encoding = TextEncoding.detect(bytes, charset: nil)
        let isText = encoding?.encoding == .utf8
        let sample = ContentSample(
            bytes, isWhole: isWhole, text: isText ? bytes : nil, encoding: encoding?.encoding,
            mediaType: self.head.mediaType, name: self.head.fileName, depth: self.depth + 1)
        if isText, let (view, layout) = ContentViews.nested(sample, self.options), view.id != "hex" {
            self.part = layout
            return
        }
        // Enough to see what it is; opened by itself it has all its views.
        let facts = ImageFacts.read(bytes)?.lines(language) ?? []
        var hex = HexLayout(columns: max(44, self.options.columns - 2))
        var shown = LineSink(next: 0, keeping: 0, end: 1_000)
        let count = min(Self.shownBytes, bytes.count)
        _ = hex.layOut(content.prefix(count, isLast: true), into: &shown)
        let path = self.head.path(self.number, language)
        for line in facts + shown.lines {
            self.pending.append(
                ContentLine([TextRun("  ")] + line.runs, offset: content.place(of: content.offset), path: path))
        }
        if bytes.count > count || !isWhole { self.pending.append(ContentLine([TextRun("  …", .dim)], path: path)) }
        self.phase = .skipping
    }

    /// What is left of a part.
    private mutating func skip(_ window: ContentWindow) -> Int {
        let content = self.content(window)
        if content.isLast {
            self.phase = .between
            self.part = nil
        }
        return content.bytes.count
    }
}
