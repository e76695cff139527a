/// A change of a source: what stands in a range of its bytes becomes another text.
struct SourceEdit: Sendable, Equatable {
    /// Of ``EditableSource/bytes``.
    let range: Range<Int>
    let text: String

    init(_ range: Range<Int>, _ text: String) {
        self.range = range
        self.text = text
    }

    static func insert(_ text: String, at offset: Int) -> SourceEdit { SourceEdit(offset..<offset, text) }
}

/// A Python source that is changed in places: everything else keeps its bytes, the byte order mark, the encoding and the
/// line ends included.
struct EditableSource: Sendable {
    private enum Encoding: Sendable { case utf8, marked, latin1 }

    /// Decoded, without a byte order mark.
    let bytes: [UInt8]
    let tokens: [PythonToken]
    /// Empty when the source is not Python yet.
    let statements: [PythonStatement]
    /// The line end that most lines have.
    let newline: String
    /// One level of indentation.
    let indent: String
    /// The quote of most literals.
    let quote: Character
    private let encoding: Encoding
    /// Offsets of the lines.
    private let lines: [Int]

    /// `nil` for a file that is not text in an encoding that can be written again.
    /// - Parameters:
    ///   - data: The file.
    ///   - minor: The minor version of the interpreter that reads it.
    ///   - memo: What was read of sources already; `nil` to read this one here.
    init?(_ data: [UInt8], minor: Int, memo: SourceMemo? = nil) {
        guard let text = try? SourceText(decoding: data) else { return nil }
        self.bytes = text.bytes
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        if data.elementsEqual(text.bytes) {
            self.encoding = .utf8
        } else if data.starts(with: mark), data.dropFirst(3).elementsEqual(text.bytes) {
            self.encoding = .marked
        } else {
            self.encoding = .latin1
        }
        var tokenizer = PythonTokenizer(text.bytes, minor: minor)
        guard (try? tokenizer.run()) != nil else { return nil }
        self.tokens = tokenizer.tokens
        let statements =
            if let memo { try? memo.statements(of: data, minor: minor) } else {
                try? PythonParser.statements(of: text, minor: minor)
            }
        self.statements = statements ?? []
        self.lines = Self.lineStarts(of: text.bytes)
        self.newline = Self.newline(of: text.bytes)
        self.indent = Self.indent(in: tokenizer.tokens, text.bytes)
        self.quote = Self.quote(in: tokenizer.tokens, text.bytes)
    }

    // MARK: - What it is like

    private static func lineStarts(of bytes: [UInt8]) -> [Int] {
        var starts = [0]
        for (index, byte) in bytes.enumerated() {
            let isEnd = byte == 10 || byte == 13 && !(index + 1 < bytes.count && bytes[index + 1] == 10)
            if isEnd { starts.append(index + 1) }
        }
        return starts
    }

    private static func newline(of bytes: [UInt8]) -> String {
        var (feeds, pairs, returns) = (0, 0, 0)
        for (index, byte) in bytes.enumerated() {
            switch byte {
            case 10: if index > 0, bytes[index - 1] == 13 { pairs += 1 } else { feeds += 1 }
            case 13: if index + 1 >= bytes.count || bytes[index + 1] != 10 { returns += 1 }
            default: break
            }
        }
        if pairs > feeds, pairs >= returns { return "\r\n" }
        return returns > feeds ? "\r" : "\n"
    }

    /// The most frequent step from one level to the next; four blanks when nothing is indented.
    private static func indent(in tokens: [PythonToken], _ bytes: [UInt8]) -> String {
        var counts: [String: Int] = [:]
        var levels = [""]
        for token in tokens {
            switch token.kind {
            case .indent:
                var start = token.start
                while start > 0, bytes[start - 1] == 32 || bytes[start - 1] == 9 { start -= 1 }
                let text = String(decoding: bytes[start..<token.start], as: UTF8.self)
                let outer = levels.last ?? ""
                if text.hasPrefix(outer) { counts[String(text.dropFirst(outer.count)), default: 0] += 1 }
                levels.append(text)
            case .dedent: if levels.count > 1 { levels.removeLast() }
            default: break
            }
        }
        return counts.filter { !$0.key.isEmpty }.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? "    "
    }

    private static func quote(in tokens: [PythonToken], _ bytes: [UInt8]) -> Character {
        var single = 0
        for token in tokens {
            guard case .string(let prefix) = token.kind, !prefix.contains(.triple) else { continue }
            single += bytes[token.end - 1] == UInt8(ascii: "'") ? 1 : -1
        }
        return single > 0 ? "'" : "\""
    }

    // MARK: - Places

    /// The index of the token at a place; `nil` when none begins there.
    func token(at place: SourcePlace) -> Int? {
        // Tokens are in order of their places; those without a text share one.
        var (low, high) = (0, self.tokens.count)
        while low < high {
            let middle = (low + high) / 2
            let token = self.tokens[middle]
            if (token.line, token.column) < (place.line, place.column) { low = middle + 1 } else { high = middle }
        }
        while low < self.tokens.count, self.tokens[low].place == place {
            if self.tokens[low].end > self.tokens[low].start { return low }
            low += 1
        }
        return nil
    }

    func text(of index: Int) -> String {
        String(decoding: self.bytes[self.tokens[index].start..<self.tokens[index].end], as: UTF8.self)
    }

    func text(_ range: Range<Int>) -> String { String(decoding: self.bytes[range], as: UTF8.self) }

    func isSymbol(_ index: Int, _ symbol: PythonSymbol) -> Bool {
        self.tokens.indices.contains(index) && self.tokens[index].kind == .symbol(symbol)
    }

    func isName(_ index: Int) -> Bool {
        guard self.tokens.indices.contains(index), case .name = self.tokens[index].kind else { return false }
        return true
    }

    /// The index of the bracket that closes the one at `index`.
    func closing(of index: Int) -> Int? {
        var depth = 0
        for next in index..<self.tokens.count {
            guard case .symbol(let symbol) = self.tokens[next].kind else { continue }
            switch symbol {
            case .leftParenthesis, .leftBracket, .leftBrace: depth += 1
            case .rightParenthesis, .rightBracket, .rightBrace:
                depth -= 1
                if depth == 0 { return next }
            default: break
            }
        }
        return nil
    }

    /// Where a line begins, counted from 1; the end of the source for lines behind it.
    func start(ofLine line: Int) -> Int {
        line - 1 < self.lines.count ? self.lines[max(0, line - 1)] : self.bytes.count
    }

    /// The blanks at the start of a line.
    func indentation(ofLine line: Int) -> String {
        let start = self.start(ofLine: line)
        return self.text(
            start..<(self.bytes[start...].firstIndex { $0 != 32 && $0 != 9 && $0 != 12 } ?? self.bytes.count))
    }

    /// The first token of the logical line that a token stands in.
    func lineHead(of index: Int) -> Int {
        var head = index
        while head > 0 {
            switch self.tokens[head - 1].kind {
            case .newline, .indent, .dedent: return head
            default: head -= 1
            }
        }
        return head
    }

    /// The newline token that ends the logical line of a token.
    func lineTail(of index: Int) -> Int {
        self.tokens[index...].firstIndex { $0.kind == .newline || $0.kind == .end } ?? self.tokens.count - 1
    }

    /// The offset behind the physical end of a logical line, its line end and a comment included.
    func end(ofLogicalLineOf index: Int) -> Int {
        let tail = self.tokens[self.lineTail(of: index)]
        var offset = tail.start
        while offset < self.bytes.count, self.bytes[offset] != 10, self.bytes[offset] != 13 { offset += 1 }
        guard offset < self.bytes.count else { return offset }
        let isPair = self.bytes[offset] == 13 && offset + 1 < self.bytes.count && self.bytes[offset + 1] == 10
        offset += isPair ? 2 : 1
        return offset
    }

    // MARK: - Changing it

    /// Lines with the source's own line ends, ready to be inserted at the start of a line.
    func lines(_ lines: [String], indentation: String = "") -> String {
        lines.map { ($0.isEmpty ? "" : indentation + $0) + self.newline }.joined()
    }

    /// An edit that puts lines behind everything, two empty lines below what is there.
    func append(_ added: [String]) -> SourceEdit {
        var end = self.bytes.count
        while end > 0, [10, 13, 32, 9, 12].contains(self.bytes[end - 1]) { end -= 1 }
        guard end > 0 else { return .insert(self.lines(added), at: self.bytes.count) }
        let isEnded = [10, 13].contains(self.bytes[self.bytes.count - 1])
        let behind = self.lines.filter { $0 > end }.count - (isEnded ? 1 : 0)
        let lead = (isEnded ? "" : self.newline) + String(repeating: self.newline, count: max(0, 2 - behind))
        return .insert(lead + self.lines(added), at: self.bytes.count)
    }

    /// The file with the edits made; `nil` when they overlap, or when a text cannot be written in the file's encoding.
    func applying(_ edits: [SourceEdit]) -> [UInt8]? {
        let ordered = edits.enumerated().sorted {
            ($0.element.range.lowerBound, $0.offset) < ($1.element.range.lowerBound, $1.offset)
        }.map(\.element)
        var result: [UInt8] = []
        var offset = 0
        for edit in ordered {
            guard edit.range.lowerBound >= offset, edit.range.upperBound <= self.bytes.count else { return nil }
            result += self.bytes[offset..<edit.range.lowerBound]
            result += Array(edit.text.utf8)
            offset = edit.range.upperBound
        }
        result += self.bytes[offset...]
        switch self.encoding {
        case .utf8: return result
        case .marked: return [0xEF, 0xBB, 0xBF] + result
        case .latin1:
            let scalars = String(decoding: result, as: UTF8.self).unicodeScalars
            guard scalars.allSatisfy({ $0.value < 0x100 }) else { return nil }
            return scalars.map { UInt8($0.value) }
        }
    }
}
