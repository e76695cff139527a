import TerminalCanvas
import Widgets
package import WorkerDomain

/// HTML, indented by its elements; within a line what belongs to the flow of the text.
package struct HTMLView: ContentView {
    package let id = "html"
    package let name = Phrase("HTML", "HTML")

    package init() {}

    package func fit(_ sample: ContentSample) -> ContentFit {
        guard let text = sample.text else { return .no }
        let isDeclared = sample.isDeclared(types: ["text/html"], extensions: ["html", "htm"])
        let start = text.prefix(1_024).drop { $0.isSpace }
        let isLike = ["<!doctype html", "<html", "<head", "<body"].contains { start.startsIgnoringCase($0) }
        if isDeclared { return isLike || start.first == UInt8(ascii: "<") ? .expected : .declared }
        return isLike ? .likely : .no
    }

    package func layout(_ sample: ContentSample, _ options: ContentOptions) -> (any StreamLayout)? {
        MarkupLayout(isHTML: true, language: options.language)
    }
}

/// XML, indented; where elements do not close as they open, a line says so.
package struct XMLView: ContentView {
    package let id = "xml"
    package let name = Phrase("XML", "XML")

    package init() {}

    package func fit(_ sample: ContentSample) -> ContentFit {
        guard let text = sample.text else { return .no }
        let isDeclared = sample.isDeclared(
            types: ["application/xml", "text/xml"], suffix: "+xml", extensions: ["xml", "svg", "xsd", "rss", "plist"])
        let start = text.prefix(1_024).drop { $0.isSpace }
        let isLike = start.starts(with: Array("<?xml".utf8)) || start.starts(with: Array("<svg".utf8))
        if isDeclared { return isLike || start.first == UInt8(ascii: "<") ? .expected : .declared }
        if isLike { return .likely }
        return start.first == UInt8(ascii: "<") && start.dropFirst().first.map { $0.isLetter } ?? false
            ? .possible : .no
    }

    package func layout(_ sample: ContentSample, _ options: ContentOptions) -> (any StreamLayout)? {
        MarkupLayout(isHTML: false, language: options.language)
    }
}

/// One element a line, its short text on the same.
struct MarkupLayout: StreamLayout {
    /// An element that has begun, whose line may still take its text and its end.
    private struct Opening: Sendable {
        let name: String
        let runs: [TextRun]
        let offset: Int
        let depth: Int
    }

    private static let deepestIndent = 32
    /// More open elements are counted, not remembered.
    private static let deepest = 512
    /// An element whose text is longer takes three lines.
    private static let shortText = 100
    private static let longestFlow = 2_000

    private static let void: Set<String> = [
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
    ]
    private static let inline: Set<String> = [
        "a", "abbr", "b", "bdi", "bdo", "br", "cite", "code", "data", "del", "dfn", "em", "i", "ins", "kbd", "label",
        "mark", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "u", "var", "wbr", "img", "button",
        "input",
    ]
    private static let raw: Set<String> = ["script", "style", "textarea", "title"]

    private let isHTML: Bool
    private let language: Language
    private var stack: [String] = []
    private var tooDeep = 0
    private var opening: Opening?
    private var flow: [TextRun] = []
    private var flowBytes = 0
    private var flowOffset = 0
    private var rawElement: String?
    /// Lines that wait for room.
    private var pending: [ContentLine] = []
    private var isDone = false

    init(isHTML: Bool, language: Language) {
        self.isHTML = isHTML
        self.language = language
    }

    var isFinished: Bool { self.isDone && self.pending.isEmpty }

    mutating func layOut(_ window: ContentWindow, into sink: inout LineSink) -> Int {
        let span = window.bytes.span
        var place = 0
        while !sink.isFull {
            if !self.pending.isEmpty {
                for line in self.pending {
                    if sink.isFull { break }
                    sink.add(line)
                    self.pending.removeFirst()
                }
                continue
            }
            guard place < span.count else {
                if window.isLast, !self.isDone {
                    self.finish(window)
                    continue
                }
                return place
            }
            let raw = self.rawElement.map { Array($0.utf8) }
            guard let (token, end) = MarkupToken.next(span, at: place, isLast: window.isLast, raw: raw) else {
                return place
            }
            self.take(token, window, place..<end)
            place = end
        }
        return place
    }

    private mutating func take(_ token: MarkupToken, _ window: ContentWindow, _ range: Range<Int>) {
        let start = window.bytes.startIndex
        let bytes = window.bytes[(start + range.lowerBound)..<(start + range.upperBound)]
        let offset = window.place(of: window.offset + range.lowerBound)
        func name(_ range: Range<Int>) -> String {
            let text = window.bytes[(start + range.lowerBound)..<(start + range.upperBound)].prefix(64).text
            return self.isHTML ? text.lowercased() : text
        }
        switch token {
        case .text: self.text(bytes, offset)
        case .data: self.block([TextRun(bytes.text, .literal)], offset)
        case .comment, .declaration, .instruction: self.block([TextRun(bytes.text, .dim)], offset)
        case .open(let range, let isEmpty): self.open(name(range), bytes, isEmpty: isEmpty, offset)
        case .close(let range): self.close(name(range), bytes, offset)
        }
    }

    private mutating func text(_ bytes: ArraySlice<UInt8>, _ offset: Int) {
        if self.rawElement != nil {
            for line in bytes.split(omittingEmptySubsequences: true, whereSeparator: \.isLineEnd) {
                let text = line.trimmed
                if text.isEmpty { continue }
                self.addFlow([TextRun(text.text, .literal)], text.count, offset)
                self.flushFlow()
            }
            return
        }
        let words = bytes.split(omittingEmptySubsequences: true, whereSeparator: \.isSpace)
        guard !words.isEmpty else {
            // A blank between two elements of the flow.
            if !self.flow.isEmpty { self.addFlow([TextRun(" ")], 1, offset) }
            return
        }
        var text = words.map(\.text).joined(separator: " ")
        if !self.flow.isEmpty, bytes.first?.isSpace == true { text = " " + text }
        if bytes.last?.isSpace == true { text += " " }
        self.addFlow([TextRun(text)], text.utf8.count, offset)
    }

    private mutating func open(_ name: String, _ tag: ArraySlice<UInt8>, isEmpty: Bool, _ offset: Int) {
        let runs = MarkupTint.runs(tag)
        let isVoid = isEmpty || (self.isHTML && Self.void.contains(name))
        if self.isHTML, Self.inline.contains(name) { return self.addFlow(runs, tag.count, offset) }
        self.flushAll()
        if isVoid { return self.pending.append(self.line(runs, offset)) }
        self.opening = Opening(name: name, runs: runs, offset: offset, depth: self.stack.count)
        if self.stack.count < Self.deepest { self.stack.append(name) } else { self.tooDeep += 1 }
        if self.isHTML, Self.raw.contains(name) { self.rawElement = name }
    }

    private mutating func close(_ name: String, _ tag: ArraySlice<UInt8>, _ offset: Int) {
        self.rawElement = nil
        if self.isHTML, Self.inline.contains(name) { return self.addFlow(MarkupTint.runs(tag), tag.count, offset) }
        if let opening = self.opening, opening.name == name, self.flowBytes <= Self.shortText {
            let text = self.flow
            self.flow = []
            self.flowBytes = 0
            self.opening = nil
            self.pop()
            return self.pending.append(self.line(opening.runs + text + MarkupTint.runs(tag), opening.offset))
        }
        self.flushAll()
        if self.tooDeep > 0 {
            self.tooDeep -= 1
            return self.pending.append(self.line(MarkupTint.runs(tag), offset))
        }
        if self.stack.last == name {
            self.pop()
            return self.pending.append(self.line(MarkupTint.runs(tag), offset))
        }
        let isOpen = self.stack.suffix(64).contains(name)
        if self.isHTML, isOpen {
            // Elements whose end tag may be left out.
            while let last = self.stack.last, last != name { self.pop() }
            self.pop()
            return self.pending.append(self.line(MarkupTint.runs(tag), offset))
        }
        let note: [TextRun] =
            self.isHTML
            ? []
            : [TextRun("  " + ContentPhrases.closesNothing(self.language, self.stack.last ?? Format.unknown), .failure)]
        self.pending.append(self.line(MarkupTint.runs(tag) + note, offset))
        if isOpen {
            while let last = self.stack.last, last != name { self.pop() }
            self.pop()
        }
    }

    private mutating func pop() {
        if self.tooDeep > 0 { self.tooDeep -= 1 } else if !self.stack.isEmpty { self.stack.removeLast() }
    }

    private mutating func block(_ runs: [TextRun], _ offset: Int) {
        self.flushAll()
        self.pending.append(self.line(runs, offset))
    }

    private mutating func addFlow(_ runs: [TextRun], _ bytes: Int, _ offset: Int) {
        if self.flow.isEmpty { self.flowOffset = offset }
        self.flow += runs
        self.flowBytes += bytes
        if self.flowBytes > Self.longestFlow { self.flushAll() }
    }

    private mutating func flushAll() {
        self.flushOpening()
        self.flushFlow()
    }

    private mutating func flushOpening() {
        guard let opening = self.opening else { return }
        self.pending.append(self.line(opening.runs, opening.offset, depth: opening.depth))
        self.opening = nil
    }

    private mutating func flushFlow() {
        self.flushOpening()
        let isBlank = self.flow.allSatisfy { $0.text == " " }
        if !isBlank { self.pending.append(self.line(self.flow, self.flowOffset)) }
        self.flow = []
        self.flowBytes = 0
    }

    private func line(_ runs: [TextRun], _ offset: Int, depth: Int? = nil) -> ContentLine {
        let indent = String(repeating: "  ", count: min(depth ?? self.stack.count, Self.deepestIndent))
        let path = self.stack.suffix(6).joined(separator: " › ")
        return ContentLine([TextRun(indent)] + runs, offset: offset, path: path.isEmpty ? nil : path)
    }

    private mutating func finish(_ window: ContentWindow) {
        self.flushAll()
        if !self.isHTML, !window.isCut, !self.stack.isEmpty {
            let names = self.stack.prefix(6).joined(separator: " › ")
            let text = ContentPhrases.notClosed(self.language, names)
            self.pending.append(
                ContentLine([TextRun(text, .failure)], offset: window.place(of: window.offset + window.bytes.count)))
        }
        self.isDone = true
    }
}

/// The roles within a tag.
enum MarkupTint {
    static func runs(_ tag: ArraySlice<UInt8>) -> [TextRun] {
        var runs: [TextRun] = []
        var place = tag.startIndex
        while place < tag.endIndex, !tag[place].isSpace { place += 1 }
        runs.append(TextRun(tag[..<place].text, .name))
        while place < tag.endIndex {
            var end = place
            if tag[place] == 0x22 || tag[place] == 0x27 {
                end = tag[(place + 1)...].firstIndex(of: tag[place]).map { $0 + 1 } ?? tag.endIndex
                runs.append(TextRun(tag[place..<end].text, .literal))
            } else {
                while end < tag.endIndex, tag[end] != 0x22, tag[end] != 0x27 { end += 1 }
                var text = tag[place..<end].text
                var closing = ""
                if end == tag.endIndex, text.hasSuffix(">") {
                    closing = text.hasSuffix("/>") ? "/>" : ">"
                    text.removeLast(closing.count)
                }
                runs.append(TextRun(text))
                if !closing.isEmpty { runs.append(TextRun(closing, .name)) }
            }
            place = end
        }
        return runs
    }
}
