/// Cuts Python source into tokens, indentation included (language reference, section 2).
///
/// It accepts what CPython 3.12 to 3.14 accepts. Bounds: 100 levels of indentation and 200 of brackets, as in CPython;
/// 500,000 tokens.
struct PythonTokenizer {
    static let tokenLimit = 500_000

    let bytes: [UInt8]
    var offset: Int
    var stop: Int
    var tokens: [PythonToken] = []
    var brackets: [(symbol: UInt8, place: SourcePlace)] = []
    private var indents: [(column: Int, alternate: Int)] = [(0, 0)]
    private var line = 1
    private var lineStart = 0
    /// The newest offset whose column was counted, so that long lines are counted once.
    private var counted = (offset: 0, column: 0)

    init(_ source: SourceText) {
        self.bytes = source.bytes
        self.offset = 0
        self.stop = source.bytes.count
    }

    /// A tokenizer for one expression inside the source, at its own place; newlines do not count in it.
    init(_ source: [UInt8], field: Range<Int>, place: SourcePlace) {
        self.bytes = source
        self.offset = field.lowerBound
        self.stop = field.upperBound
        self.line = place.line
        self.lineStart = field.lowerBound
        self.counted = (field.lowerBound, place.column - 1)
    }

    static func tokens(of source: SourceText) throws(SourceError) -> [PythonToken] {
        var tokenizer = PythonTokenizer(source)
        try tokenizer.run()
        return tokenizer.tokens
    }

    static func tokens(of source: [UInt8], field: Range<Int>, place: SourcePlace) throws(SourceError) -> [PythonToken] {
        var tokenizer = PythonTokenizer(source, field: field, place: place)
        tokenizer.brackets = [(UInt8(ascii: "("), place)]
        while tokenizer.offset < tokenizer.stop { try tokenizer.readToken() }
        tokenizer.add(.end, from: tokenizer.offset)
        return tokenizer.tokens
    }

    /// The byte `distance` ahead; 0 behind the end.
    func peek(_ distance: Int = 0) -> UInt8 {
        let index = self.offset + distance
        return index < self.stop ? self.bytes[index] : 0
    }

    mutating func place(of offset: Int) -> SourcePlace {
        if offset < self.counted.offset { self.counted = (self.lineStart, 0) }
        for index in self.counted.offset..<max(self.counted.offset, offset) where self.bytes[index] & 0xC0 != 0x80 {
            self.counted.column += 1
        }
        self.counted.offset = max(self.counted.offset, offset)
        return SourcePlace(line: self.line, column: self.counted.column + 1)
    }

    mutating func fail(_ message: String, at offset: Int? = nil) -> SourceError {
        SourceError(.syntax, message, at: self.place(of: offset ?? self.offset))
    }

    private mutating func run() throws(SourceError) {
        while self.offset < self.stop {
            if try self.readIndentation() { continue }
            while self.offset < self.stop {
                if try self.readToken() { break }
            }
        }
        if let open = self.brackets.last {
            let symbol = String(UnicodeScalar(open.symbol))
            throw SourceError(.syntax, "'\(symbol)' was never closed", at: open.place)
        }
        if let last = self.tokens.last, last.kind != .newline { self.add(.newline, from: self.offset) }
        for _ in self.indents.dropFirst() { self.add(.dedent, from: self.offset) }
        self.add(.end, from: self.offset)
    }

    mutating func add(_ kind: PythonToken.Kind, from start: Int) {
        self.tokens.append(PythonToken(kind: kind, place: self.place(of: start), start: start, end: self.offset))
    }

    /// Steps over a line end and counts it.
    mutating func stepOverLineEnd() {
        let isCarriageReturn = self.peek() == 13
        self.offset += 1
        if isCarriageReturn && self.peek() == 10 { self.offset += 1 }
        self.line += 1
        self.lineStart = self.offset
        self.counted = (self.offset, 0)
    }

    /// Reads the blanks at the start of a line; true when the line holds nothing.
    private mutating func readIndentation() throws(SourceError) -> Bool {
        var column = 0
        var alternate = 0
        scan: while self.offset < self.stop {
            switch self.peek() {
            case 32:
                column += 1
                alternate += 1
            case 9:
                column = (column / 8 + 1) * 8
                alternate += 1
            case 12: (column, alternate) = (0, 0)
            case UInt8(ascii: "\\") where self.peek(1) == 10 || self.peek(1) == 13:
                // A joined line keeps the indentation of where it began.
                self.offset += 1
                self.stepOverLineEnd()
                continue scan
            default: break scan
            }
            self.offset += 1
        }
        switch self.peek() {
        case UInt8(ascii: "#"), 10, 13:
            self.skipComment()
            if self.offset < self.stop { self.stepOverLineEnd() }
            return true
        default:
            if self.offset >= self.stop { return true }
        }
        guard let top = self.indents.last else { return false }
        if column == top.column {
            guard alternate == top.alternate else {
                throw self.fail("inconsistent use of tabs and spaces in indentation")
            }
        } else if column > top.column {
            guard alternate > top.alternate else {
                throw self.fail("inconsistent use of tabs and spaces in indentation")
            }
            guard self.indents.count < 100 else { throw self.fail("too many levels of indentation") }
            self.indents.append((column, alternate))
            self.add(.indent, from: self.offset)
        } else {
            while let current = self.indents.last, current.column > column {
                self.indents.removeLast()
                self.add(.dedent, from: self.offset)
            }
            guard self.indents.last?.column == column else {
                throw self.fail("unindent does not match any outer indentation level")
            }
        }
        return false
    }

    private mutating func skipComment() {
        guard self.peek() == UInt8(ascii: "#") else { return }
        while self.offset < self.stop, self.peek() != 10, self.peek() != 13 { self.offset += 1 }
    }

    /// Reads one token or blank; true when a logical line ended.
    @discardableResult
    private mutating func readToken() throws(SourceError) -> Bool {
        guard self.tokens.count < Self.tokenLimit else {
            throw SourceError(.tooComplex, "more than \(Self.tokenLimit) tokens", at: self.place(of: self.offset))
        }
        let byte = self.peek()
        let start = self.offset
        switch byte {
        case 32, 9, 12: self.offset += 1
        case UInt8(ascii: "#"): self.skipComment()
        case 10, 13:
            if self.brackets.isEmpty {
                self.add(.newline, from: start)
                self.stepOverLineEnd()
                return true
            }
            self.stepOverLineEnd()
        case UInt8(ascii: "\\"):
            self.offset += 1
            guard self.peek() == 10 || self.peek() == 13 else {
                throw self.fail("unexpected character after line continuation character", at: start)
            }
            self.stepOverLineEnd()
            if self.offset >= self.stop { throw self.fail("unexpected end of file after line continuation") }
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self.readNumber()
        case UInt8(ascii: "."):
            if (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self.peek(1)) {
                self.readNumber()
            } else {
                try self.readSymbol()
            }
        case UInt8(ascii: "'"), UInt8(ascii: "\""): try self.readString(prefix: "")
        default:
            if Self.isNameByte(byte) { try self.readName() } else { try self.readSymbol() }
        }
        return false
    }

    static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"), 0x80...:
            true
        default: false
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private mutating func readNumber() {
        let start = self.offset
        while self.offset < self.stop {
            let byte = self.peek()
            let previous = self.offset > start ? self.bytes[self.offset - 1] : 0
            let isExponentSign =
                (byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-"))
                && (previous | 0x20) == UInt8(ascii: "e") && (self.bytes[min(start + 1, self.stop - 1)] | 0x20) != 0x78
            guard
                Self.isDigit(byte) || Self.isNameByte(byte) && byte < 0x80 || byte == UInt8(ascii: ".")
                    || isExponentSign
            else { break }
            // `1if x else y` is legal: a number ends where a keyword begins.
            if (byte == UInt8(ascii: "i") || byte == UInt8(ascii: "a") || byte == UInt8(ascii: "o")), previous > 0,
                !Self.isHexadecimal(self.bytes, start), self.startsKeyword()
            {
                break
            }
            self.offset += 1
        }
        self.add(.number, from: start)
    }

    private static func isHexadecimal(_ bytes: [UInt8], _ start: Int) -> Bool {
        bytes[start] == UInt8(ascii: "0") && start + 1 < bytes.count && (bytes[start + 1] | 0x20) == UInt8(ascii: "x")
    }

    private func startsKeyword() -> Bool {
        ["if", "in", "is", "and", "or"].contains { word in
            word.utf8.enumerated().allSatisfy { self.peek($0.offset) == $0.element }
        }
    }

    private mutating func readName() throws(SourceError) {
        let start = self.offset
        while Self.isNameByte(self.peek()) || Self.isDigit(self.peek()) { self.offset += 1 }
        var text = String(decoding: self.bytes[start..<self.offset], as: UTF8.self)
        let quote = self.peek()
        if quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") {
            let prefix = text.lowercased()
            if ["r", "u", "b", "f", "t", "rb", "br", "rf", "fr", "rt", "tr"].contains(prefix) {
                return try self.readString(prefix: prefix, from: start)
            }
        }
        if self.bytes[start..<self.offset].contains(where: { $0 >= 0x80 }) {
            guard let name = PythonIdentifier.normalized(text) else {
                throw self.fail("invalid character in identifier", at: start)
            }
            text = name
        }
        self.add(.name(text), from: start)
    }

    private static let symbols: [[String]] = [
        ["**=", "//=", ">>=", "<<=", "..."],
        [
            "**", "//", ">>", "<<", "<=", ">=", "==", "!=", "->", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "@=",
            ":=",
        ],
    ]
    private static let single = Set("+-*/%@&|^~<>()[]{},:.;=".utf8)
    private static let longSymbols: Set<String> = Set(Self.symbols.joined())

    private mutating func readSymbol() throws(SourceError) {
        let start = self.offset
        for length in [3, 2] where start + length <= self.stop {
            guard self.bytes[start..<start + length].allSatisfy({ $0 > 32 && $0 < 127 }) else { continue }
            let text = String(decoding: self.bytes[start..<start + length], as: UTF8.self)
            if Self.longSymbols.contains(text) {
                self.offset += length
                return self.add(.symbol(text), from: start)
            }
        }
        let byte = self.peek()
        guard Self.single.contains(byte) else { throw self.fail("invalid syntax") }
        switch byte {
        case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"):
            guard self.brackets.count < 200 else { throw self.fail("too many nested parentheses") }
            self.brackets.append((byte, self.place(of: start)))
        case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"):
            let text = String(UnicodeScalar(byte))
            guard let open = self.brackets.popLast() else { throw self.fail("unmatched '\(text)'") }
            let closing: [UInt8: UInt8] = [0x28: 0x29, 0x5B: 0x5D, 0x7B: 0x7D]
            guard closing[open.symbol] == byte else {
                let opening = String(UnicodeScalar(open.symbol))
                throw self.fail("closing parenthesis '\(text)' does not match opening parenthesis '\(opening)'")
            }
        default: break
        }
        self.offset += 1
        self.add(.symbol(String(UnicodeScalar(byte))), from: start)
    }
}
