import TextSafety
package import WorkerDomain

/// The text of a Word document: paragraphs, headings, lists and tables of its `word/document.xml` (ECMA-376, part 1).
package struct DocumentView: ContentView {
    package let id = "docx"
    package let name = ContentPhrases.documentView

    private static let type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    private static let part = "word/document.xml"

    package init() {}

    package func fit(_ sample: ContentSample) -> ContentFit {
        guard ArchiveView.isZip(sample.bytes) else { return .no }
        if sample.isDeclared(types: [Self.type], extensions: ["docx", "docm", "dotx"]) { return .certain }
        return sample.bytes.prefix(16_384).firstRange(of: Array("word/".utf8)) != nil ? .certain : .no
    }

    package func open(_ input: ContentInput) async throws(ContentError) -> ContentDocument {
        let options = input.options
        guard let size = try await input.bytes.measuredSize(limit: options.decodedLimit),
            let directory = try await ZipDirectory.find(in: input.bytes, size: size),
            let entry = try await directory.entry(named: Self.part, in: input.bytes),
            let source = directory.source(of: entry, in: input.bytes, limit: options.decodedLimit)
        else { return try await ArchiveView().open(input) }
        let text = DecodedSource(source, decoder: DocumentText(), coding: Self.part, limit: options.decodedLimit)
        // Words may be split in the XML, so that secrets show only in the text.
        let shown = try await RedactedSource.open(text, options.redaction, type: "text/plain")
        return input.document(self, shown, LinesLayout(MarkdownStyle()))
    }
}

/// Makes text of WordprocessingML, with the marks of Markdown for headings, lists and tables.
struct DocumentText: StreamDecoder {
    private var paragraph: [UInt8] = []
    private var mark: [UInt8] = []
    private var isInText = false
    /// Cells of the present row, 0 outside of tables.
    private var cells = 0
    private var tables = 0
    private var hasEnded = false

    mutating func decode(_ input: ArraySlice<UInt8>, isLast: Bool, into output: inout [UInt8], room: Int)
        -> (used: Int, state: StreamDecoderState)
    {
        let span = input.span
        var place = 0
        while place < span.count, output.count < room {
            guard let (token, end) = MarkupToken.next(span, at: place, isLast: isLast) else { break }
            let start = input.startIndex
            switch token {
            case .text:
                if self.isInText { self.add(input[(start + place)..<(start + end)], &output) }
            case .data(let content):
                if self.isInText {
                    self.add(input[(start + content.lowerBound)..<(start + content.upperBound)], &output)
                }
            case .open(let name, let isEmpty):
                let tag = input[(start + place)..<(start + end)]
                self.open(input[(start + name.lowerBound)..<(start + name.upperBound)], tag, isEmpty: isEmpty, &output)
            case .close(let name):
                self.close(input[(start + name.lowerBound)..<(start + name.upperBound)], &output)
            case .comment, .declaration, .instruction: break
            }
            place = end
        }
        guard isLast, place == span.count, !self.hasEnded else {
            return (place, isLast && self.hasEnded ? .ended : .going)
        }
        if !self.paragraph.isEmpty { self.flush(&output) }
        self.hasEnded = true
        return (place, .ended)
    }

    private mutating func open(
        _ name: ArraySlice<UInt8>, _ tag: ArraySlice<UInt8>, isEmpty: Bool, _ output: inout [UInt8]
    ) {
        switch name.text {
        case "w:t": self.isInText = !isEmpty
        case "w:tab": self.paragraph.append(0x09)
        case "w:br", "w:cr": self.flush(&output)
        case "w:pStyle":
            // `Heading1`, `Title`, and what the Chinese Word calls them, which is a number.
            let value = Self.value(tag).lowercased()
            if value == "title" {
                self.mark = Array("# ".utf8)
            } else if value.hasPrefix("heading") {
                let level = value.utf8.last.map { $0.isDigit ? Int($0 - 0x30) : 1 } ?? 1
                self.mark = Array((String(repeating: "#", count: max(1, min(6, level))) + " ").utf8)
            }
        case "w:numPr": if self.mark.isEmpty { self.mark = Array("- ".utf8) }
        case "w:tbl": if !isEmpty { self.tables = min(64, self.tables + 1) }
        case "w:tr": self.cells = 0
        case "w:tc":
            if self.cells == 0 { self.paragraph = Array("| ".utf8) }
            self.cells += 1
        default: break
        }
    }

    private mutating func close(_ name: ArraySlice<UInt8>, _ output: inout [UInt8]) {
        switch name.text {
        case "w:t": self.isInText = false
        case "w:p":
            if self.tables > 0 { self.paragraph.append(0x20) } else { self.flush(&output) }
        case "w:tc": self.paragraph += Array("| ".utf8)
        case "w:tr":
            self.flush(&output)
            self.cells = 0
        case "w:tbl":
            if !self.paragraph.isEmpty { self.flush(&output) }
            self.tables = max(0, self.tables - 1)
        default: break
        }
    }

    private mutating func add(_ raw: ArraySlice<UInt8>, _ output: inout [UInt8]) {
        self.paragraph += MarkupEntity.decoded(raw)
        // A paragraph without end must not grow without bound.
        if self.paragraph.count > 65_536 { self.flush(&output) }
    }

    private mutating func flush(_ output: inout [UInt8]) {
        output += self.mark + self.paragraph
        output.append(0x0A)
        self.paragraph = []
        self.mark = []
    }

    /// The attribute `w:val`.
    private static func value(_ tag: ArraySlice<UInt8>) -> String {
        guard let found = tag.prefix(1_024).firstRange(of: Array("w:val=\"".utf8)) else { return "" }
        return tag[found.upperBound...].prefix(64).prefix { $0 != 0x22 }.text
    }
}

/// References to characters (XML 1.0, sections 4.1 and 4.6).
enum MarkupEntity {
    private static let named: [String: UInt8] = ["lt": 0x3C, "gt": 0x3E, "amp": 0x26, "quot": 0x22, "apos": 0x27]

    static func decoded(_ raw: ArraySlice<UInt8>) -> [UInt8] {
        guard raw.contains(UInt8(ascii: "&")) else { return Array(raw) }
        var decoded: [UInt8] = []
        var place = raw.startIndex
        while place < raw.endIndex {
            guard raw[place] == UInt8(ascii: "&"),
                let end = raw[place...].prefix(12).firstIndex(of: UInt8(ascii: ";"))
            else {
                decoded.append(raw[place])
                place += 1
                continue
            }
            let name = raw[(place + 1)..<end].text
            if let byte = Self.named[name] {
                decoded.append(byte)
            } else if let scalar = Self.scalar(name) {
                decoded += Array(String(Character(scalar)).utf8)
            } else {
                decoded += raw[place...end]
            }
            place = end + 1
        }
        return decoded
    }

    private static func scalar(_ name: String) -> Unicode.Scalar? {
        guard name.hasPrefix("#") else { return nil }
        let digits = name.dropFirst()
        let value = digits.first?.lowercased() == "x" ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
        return value.flatMap { Unicode.Scalar($0) }
    }
}
