/// Cuts Python source into tokens, indentation included (language reference, section 2).
///
/// It takes what the chosen interpreter takes. Bounds: 100 levels of indentation, 200 of brackets and 150 of formatted
/// strings, as in CPython; 500,000 tokens.
struct PythonTokenizer {
    static let tokenLimit = 500_000

    /// A formatted string whose end was not reached yet.
    struct OpenFormat {
        let prefix: PythonStringPrefix
        let quote: UInt8
        let place: SourcePlace
        /// How many brackets were open at each `{` that began a field, itself included.
        var fields: [Int] = []
        /// Inside a field's expression, where tokens are as anywhere else.
        var isExpression = false
    }

    struct OpenBracket {
        let symbol: PythonSymbol
        let place: SourcePlace
    }

    struct Indentation {
        let column: Int
        /// The column with a tab as one, to find tabs and spaces that only look alike.
        let alternate: Int
    }

    let bytes: [UInt8]
    /// The minor version of the interpreter: 12, 13 or 14.
    let minor: Int
    var offset = 0
    var tokens: [PythonToken] = []
    var brackets: [OpenBracket] = []
    var formats: [OpenFormat] = []
    var indents = [Indentation(column: 0, alternate: 0)]
    /// What `\N{…}` names in literals.
    var characterNames: [String] = []
    /// What makes it uncertain whether a source is taken that has no other fault.
    var doubt: SourceError?
    var line = 1
    private var lineStart = 0
    /// The newest offset whose column was counted, so that long lines are counted once.
    private var counted = (offset: 0, column: 0)

    init(_ bytes: [UInt8], minor: Int) {
        self.bytes = bytes
        self.minor = minor
        self.tokens.reserveCapacity(min(Self.tokenLimit, bytes.count / 4))
    }

    /// The byte `distance` ahead; 0 behind the end.
    @inline(__always)
    func peek(_ distance: Int = 0) -> UInt8 {
        let index = self.offset + distance
        return index < self.bytes.count ? self.bytes[index] : 0
    }

    mutating func place(of offset: Int) -> SourcePlace {
        if offset < self.counted.offset { self.counted = (self.lineStart, 0) }
        for index in self.counted.offset..<max(self.counted.offset, offset) where self.bytes[index] & 0xC0 != 0x80 {
            self.counted.column += 1
        }
        self.counted.offset = max(self.counted.offset, offset)
        return SourcePlace(line: self.line, column: self.counted.column + 1)
    }

    mutating func fail(_ message: String, at offset: Int? = nil, fix: String? = nil) -> SourceError {
        SourceError(.syntax, message, at: self.place(of: offset ?? self.offset), fix: fix)
    }

    mutating func tooComplex(_ message: String) -> SourceError {
        SourceError(.tooComplex, message, at: self.place(of: self.offset))
    }

    /// Reads the whole source into ``tokens``.
    mutating func run() throws(SourceError) {
        while self.offset < self.bytes.count {
            if try self.readIndentation() { continue }
            while self.offset < self.bytes.count {
                if try self.readToken() { break }
            }
        }
        if let format = self.formats.last, !format.isExpression { throw self.unterminated(format) }
        if let open = self.brackets.last {
            throw SourceError(
                .syntax, "'\(open.symbol.rawValue)' was never closed", at: open.place,
                fix: "close it with '\(open.symbol.closing?.rawValue ?? "")'")
        }
        if let last = self.tokens.last, last.kind != .newline, last.kind != .dedent {
            self.add(.newline, from: self.offset)
        }
        // What is missing at the end is missing on the last line that holds something.
        let last = self.tokens.last?.place ?? self.place(of: self.offset)
        for kind in self.indents.dropFirst().map({ _ in PythonToken.Kind.dedent }) + [.end] {
            self.tokens.append(
                PythonToken(kind: kind, start: self.offset, end: self.offset, line: last.line, column: last.column))
        }
    }

    mutating func add(_ kind: PythonToken.Kind, from start: Int) {
        let place = self.place(of: start)
        self.tokens.append(
            PythonToken(kind: kind, start: start, end: self.offset, line: place.line, column: place.column))
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

    var isAtLineEnd: Bool { self.offset < self.bytes.count && (self.peek() == 10 || self.peek() == 13) }

    mutating func skipComment() {
        guard self.peek() == UInt8(ascii: "#") else { return }
        while self.offset < self.bytes.count, !self.isAtLineEnd { self.offset += 1 }
    }

    /// Reads one token or blank; true when a logical line ended.
    private mutating func readToken() throws(SourceError) -> Bool {
        guard self.tokens.count < Self.tokenLimit else {
            throw self.tooComplex("more than \(Self.tokenLimit) tokens")
        }
        if let format = self.formats.last, !format.isExpression {
            try self.readFormatText()
            return false
        }
        let byte = self.peek()
        let start = self.offset
        switch byte {
        case 32, 9, 12: self.offset += 1
        case UInt8(ascii: "#"): self.skipComment()
        case 10, 13:
            guard self.brackets.isEmpty else {
                self.stepOverLineEnd()
                return false
            }
            self.add(.newline, from: start)
            self.stepOverLineEnd()
            return true
        case UInt8(ascii: "\\"): try self.joinLines()
        case UInt8(ascii: "0")...UInt8(ascii: "9"): try self.readNumber()
        case UInt8(ascii: ".") where Self.isDigit(self.peek(1)): try self.readNumber()
        case UInt8(ascii: "'"), UInt8(ascii: "\""): try self.readString(prefix: [], from: start)
        default:
            if Self.isNameByte(byte) { try self.readName() } else { try self.readSymbol() }
        }
        return false
    }

    /// A backslash at the end of a line joins it with the next one.
    mutating func joinLines() throws(SourceError) {
        let start = self.offset
        let place = self.place(of: start)
        self.offset += 1
        guard self.isAtLineEnd else {
            throw self.fail("unexpected character after line continuation character", at: start)
        }
        self.stepOverLineEnd()
        if self.offset >= self.bytes.count {
            throw SourceError(.syntax, "unexpected end of file after line continuation", at: place)
        }
    }

    static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"), 0x80...:
            true
        default: false
        }
    }

    static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

    private static let keywords: [String: PythonKeyword] = Dictionary(
        uniqueKeysWithValues: PythonKeyword.allCases.map { ($0.rawValue, $0) })
    private static let soft: [String: PythonSoftKeyword] = [
        "match": .match, "case": .case, "type": .type, "_": .underscore,
    ]

    private mutating func readName() throws(SourceError) {
        let start = self.offset
        var isPlain = true
        while true {
            let byte = self.peek()
            guard Self.isNameByte(byte) || Self.isDigit(byte) else { break }
            if byte >= 0x80 { isPlain = false }
            self.offset += 1
        }
        let length = self.offset - start
        let quote = self.peek()
        if length <= 2, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\""),
            let prefix = self.stringPrefix(start..<self.offset)
        {
            return try self.readString(prefix: prefix, from: start)
        }
        guard isPlain else {
            try self.checkIdentifier(start..<self.offset)
            return self.add(.name(.none), from: start)
        }
        guard length <= 8 else { return self.add(.name(.none), from: start) }
        let text = String(decoding: self.bytes[start..<self.offset], as: UTF8.self)
        if let keyword = Self.keywords[text] { return self.add(.keyword(keyword), from: start) }
        self.add(.name(Self.soft[text] ?? .none), from: start)
    }

    /// What the interpreter takes for no identifier is refused with the character that is in the way.
    private mutating func checkIdentifier(_ range: Range<Int>) throws(SourceError) {
        let text = String(decoding: self.bytes[range], as: UTF8.self)
        var offset = range.lowerBound
        for scalar in text.unicodeScalars {
            let isFirst = offset == range.lowerBound
            let properties = scalar.properties
            let isValid =
                scalar == "_" || (isFirst ? properties.isXIDStart : properties.isXIDContinue)
            guard isValid else { throw self.invalid(scalar, at: offset) }
            offset += UTF8.width(scalar)
        }
        guard PythonIdentifier.normalized(text) != nil else {
            throw self.fail("invalid character in identifier", at: range.lowerBound)
        }
    }

    private mutating func invalid(_ scalar: Unicode.Scalar, at offset: Int) -> SourceError {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        let code = "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        guard scalar.value >= 32, scalar.value != 127, scalar.properties.generalCategory != .format,
            !scalar.properties.isWhitespace
        else {
            return self.fail("invalid non-printable character \(code)", at: offset, fix: "remove it")
        }
        let isQuote = "\u{2018}\u{2019}\u{201C}\u{201D}".unicodeScalars.contains(scalar)
        return self.fail(
            "invalid character '\(scalar)' (\(code))", at: offset, fix: isQuote ? "type a plain quote, ' or \"" : nil)
    }

    // MARK: - Operators

    private mutating func readSymbol() throws(SourceError) {
        let start = self.offset
        let first = self.peek()
        // In a field of a formatted string `:` begins the format, also in `{x:=5}`.
        if first == UInt8(ascii: ":"), let format = self.formats.last, format.fields.last == self.brackets.count {
            self.offset += 1
            self.add(.symbol(.colon), from: start)
            self.formats[self.formats.count - 1].isExpression = false
            return
        }
        for length in [3, 2] where start + length <= self.bytes.count {
            guard let symbol = Self.symbol(self.bytes[start..<start + length]) else { continue }
            self.offset += length
            return self.add(.symbol(symbol), from: start)
        }
        guard first < 0x80, let symbol = Self.symbol(self.bytes[start..<start + 1]) else {
            if first < 32 || first == 127 { throw self.invalid(Unicode.Scalar(first), at: start) }
            throw self.fail("invalid syntax")
        }
        switch symbol {
        case .leftParenthesis, .leftBracket, .leftBrace:
            guard self.brackets.count < 200 else { throw self.fail("too many nested parentheses") }
            self.brackets.append(OpenBracket(symbol: symbol, place: self.place(of: start)))
        case .rightParenthesis, .rightBracket, .rightBrace: try self.close(symbol)
        default: break
        }
        self.offset += 1
        self.add(.symbol(symbol), from: start)
    }

    private mutating func close(_ symbol: PythonSymbol) throws(SourceError) {
        guard let open = self.brackets.last else { throw self.fail("unmatched '\(symbol.rawValue)'") }
        guard open.symbol.closing == symbol else {
            throw self.fail(
                "closing parenthesis '\(symbol.rawValue)' does not match opening parenthesis "
                    + "'\(open.symbol.rawValue)'" + (open.place.line == self.line ? "" : " on line \(open.place.line)"))
        }
        if let format = self.formats.last, format.fields.last == self.brackets.count {
            self.formats[self.formats.count - 1].fields.removeLast()
            self.formats[self.formats.count - 1].isExpression = false
        }
        self.brackets.removeLast()
    }

    private static let symbols: [UInt32: PythonSymbol] = {
        var table: [UInt32: PythonSymbol] = [:]
        let all: [PythonSymbol] = [
            .leftParenthesis, .rightParenthesis, .leftBracket, .rightBracket, .leftBrace, .rightBrace, .comma, .colon,
            .semicolon, .dot, .ellipsis, .arrow, .walrus, .exclamation, .at, .equal, .plus, .minus, .star, .power,
            .slash, .floor, .percent, .ampersand, .bar, .caret, .tilde, .shiftLeft, .shiftRight, .less, .greater,
            .lessEqual, .greaterEqual, .equalEqual, .notEqual, .plusEqual, .minusEqual, .starEqual, .slashEqual,
            .floorEqual, .percentEqual, .atEqual, .ampersandEqual, .barEqual, .caretEqual, .shiftRightEqual,
            .shiftLeftEqual, .powerEqual,
        ]
        for symbol in all { table[Self.code(symbol.rawValue.utf8)] = symbol }
        return table
    }()

    private static func code(_ bytes: some Sequence<UInt8>) -> UInt32 {
        bytes.reduce(0) { $0 << 8 | UInt32($1) }
    }

    private static func symbol(_ bytes: ArraySlice<UInt8>) -> PythonSymbol? { Self.symbols[Self.code(bytes)] }
}
