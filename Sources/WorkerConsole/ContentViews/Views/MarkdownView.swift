import TerminalCanvas
import Widgets
package import WorkerDomain

/// Markdown as it is written, with its parts in roles: headings, lists, quotations, code, emphasis (CommonMark 0.31).
package struct MarkdownView: ContentView {
    package let id = "markdown"
    package let name = Phrase("Markdown", "Markdown")

    package init() {}

    package func fit(_ sample: ContentSample) -> ContentFit {
        guard let text = sample.text else { return .no }
        if sample.isDeclared(types: ["text/markdown", "text/x-markdown"], extensions: ["md", "markdown"]) {
            return .expected
        }
        // Many texts look a little like it; a heading and another sign say it.
        let lines = text.prefix(4_096).split(separator: 0x0A).prefix(60)
        let headings = lines.count { $0.first == UInt8(ascii: "#") && MarkdownStyle.headingLevel($0) != nil }
        let others = lines.count { $0.starts(with: Array("```".utf8)) || $0.starts(with: Array("- ".utf8)) }
        return headings > 0 && headings + others > 1 ? .possible : .no
    }

    package func layout(_ sample: ContentSample, _ options: ContentOptions) -> (any StreamLayout)? {
        LinesLayout(MarkdownStyle())
    }
}

struct MarkdownStyle: LineStyle {
    /// The sign and the length of the fence that is open.
    private var fence: (sign: UInt8, count: Int)?
    private var section: String?

    /// Whether a line is code is decided by those before.
    var needsEveryLine: Bool { true }

    mutating func line(_ bytes: ArraySlice<UInt8>, _ place: LinePlace) -> ContentLine {
        let trimmed = bytes.drop { $0 == 0x20 }
        let indent = trimmed.startIndex - bytes.startIndex
        if !place.isContinuation, indent < 4, let mark = Self.fence(trimmed) {
            if let open = self.fence {
                if mark.sign == open.sign, mark.count >= open.count, trimmed.dropFirst(mark.count).trimmed.isEmpty {
                    self.fence = nil
                    return self.made([TextRun(bytes.text, .dim)], place)
                }
            } else {
                self.fence = mark
                return self.made([TextRun(bytes.text, .dim)], place)
            }
        }
        if self.fence != nil { return self.made([TextRun(bytes.text, .literal)], place) }
        if !place.isContinuation, indent < 4, let level = Self.headingLevel(trimmed) {
            self.section = trimmed.dropFirst(level).trimmed.prefix(128).text
            return self.made([TextRun(bytes.text, level == 1 ? .title : .strong)], place)
        }
        guard place.isKept else { return ContentLine([]) }
        if trimmed.first == UInt8(ascii: ">") { return self.made([TextRun(bytes.text, .dim)], place) }
        if Self.isRule(trimmed) { return self.made([TextRun(bytes.text, .border)], place) }
        let marker = Self.listMarker(trimmed)
        let head = bytes[..<(trimmed.startIndex + marker)]
        let rest = bytes[(trimmed.startIndex + marker)...]
        return self.made((head.isEmpty ? [] : [TextRun(head.text, .key)]) + Self.inline(rest), place)
    }

    private func made(_ runs: [TextRun], _ place: LinePlace) -> ContentLine {
        ContentLine(runs, offset: place.offset, path: self.section)
    }

    private static func fence(_ line: ArraySlice<UInt8>) -> (sign: UInt8, count: Int)? {
        guard let sign = line.first, sign == UInt8(ascii: "`") || sign == UInt8(ascii: "~") else { return nil }
        let count = line.prefix { $0 == sign }.count
        return count >= 3 ? (sign, count) : nil
    }

    static func headingLevel(_ line: ArraySlice<UInt8>) -> Int? {
        let level = line.prefix { $0 == UInt8(ascii: "#") }.count
        guard (1...6).contains(level) else { return nil }
        return line.dropFirst(level).first.map { $0.isBlank } ?? true ? level : nil
    }

    private static func isRule(_ line: ArraySlice<UInt8>) -> Bool {
        guard let sign = line.first, [0x2A, 0x2D, 0x5F].contains(sign) else { return false }
        return line.count { $0 == sign } >= 3 && line.allSatisfy { $0 == sign || $0.isBlank }
    }

    /// The length of a bullet or a number with the blank behind it.
    private static func listMarker(_ line: ArraySlice<UInt8>) -> Int {
        guard let first = line.first else { return 0 }
        if [0x2A, 0x2B, 0x2D].contains(first) { return line.dropFirst().first == 0x20 ? 2 : 0 }
        let digits = line.prefix(9).prefix { $0.isDigit }.count
        guard digits > 0 else { return 0 }
        let rest = line.dropFirst(digits)
        guard rest.first == UInt8(ascii: ".") || rest.first == UInt8(ascii: ")"), rest.dropFirst().first == 0x20 else {
            return 0
        }
        return digits + 2
    }

    /// Code, emphasis and links; each sign is looked for once, so that a line of signs is not gone through again and
    /// again.
    private static func inline(_ bytes: ArraySlice<UInt8>) -> [TextRun] {
        var runs: [TextRun] = []
        var plain = bytes.startIndex
        var place = bytes.startIndex
        var missing: Set<UInt8> = []
        func flush(_ end: Int) { if plain < end { runs.append(TextRun(bytes[plain..<end].text)) } }
        while place < bytes.endIndex {
            let byte = bytes[place]
            let closing: UInt8
            let role: Role
            switch byte {
            case UInt8(ascii: "`"): (closing, role) = (byte, .literal)
            case UInt8(ascii: "*"), UInt8(ascii: "_"): (closing, role) = (byte, .strong)
            case UInt8(ascii: "["): (closing, role) = (UInt8(ascii: ")"), .name)
            case UInt8(ascii: "\\"):
                place += 2
                continue
            default:
                place += 1
                continue
            }
            let count = bytes[place...].prefix { $0 == byte }.count
            let content = place + count
            // Within a word `_` is a letter of a name.
            let isWord = byte == UInt8(ascii: "_") && place > bytes.startIndex && !bytes[place - 1].isSpace
            guard !isWord, !missing.contains(byte), content < bytes.endIndex,
                !bytes[content].isSpace || closing == 0x60,
                let end = Self.end(bytes, from: content, closing, count: byte == UInt8(ascii: "[") ? 1 : count)
            else {
                if !isWord, content < bytes.endIndex, !bytes[content].isSpace { missing.insert(byte) }
                place = content
                continue
            }
            flush(place)
            runs.append(TextRun(bytes[place..<end].text, role))
            place = end
            plain = end
        }
        flush(bytes.endIndex)
        return runs
    }

    /// Behind the signs that close; `[` must be a link: `[text](place)`.
    private static func end(_ bytes: ArraySlice<UInt8>, from start: Int, _ closing: UInt8, count: Int) -> Int? {
        if closing == UInt8(ascii: ")") {
            guard let bracket = bytes[start...].firstIndex(of: UInt8(ascii: "]")),
                bytes[bracket...].dropFirst().first == UInt8(ascii: "(")
            else { return nil }
            return bytes[bracket...].firstIndex(of: closing).map { $0 + 1 }
        }
        var place = start
        while place < bytes.endIndex {
            guard bytes[place] == closing else {
                place += 1
                continue
            }
            let run = bytes[place...].prefix { $0 == closing }.count
            if run == count { return place + run }
            place += run
        }
        return nil
    }
}
