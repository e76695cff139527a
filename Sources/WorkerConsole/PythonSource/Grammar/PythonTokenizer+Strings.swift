/// String literals and formatted strings (language reference, sections 2.4 and 2.4.3; PEP 701, PEP 750).
extension PythonTokenizer {
    /// What the letters in front of a quote mean; `nil` when they are a name.
    func stringPrefix(_ range: Range<Int>) -> PythonStringPrefix? {
        var prefix: PythonStringPrefix = []
        var isUnicode = false
        for byte in self.bytes[range] {
            let letter: PythonStringPrefix
            switch byte | 0x20 {
            case UInt8(ascii: "r"): letter = .raw
            case UInt8(ascii: "b"): letter = .bytes
            case UInt8(ascii: "f"): letter = .formatted
            case UInt8(ascii: "t") where self.minor >= 14: letter = [.formatted, .template]
            case UInt8(ascii: "u"):
                isUnicode = true
                continue
            default: return nil
            }
            guard prefix.isDisjoint(with: letter) else { return nil }
            prefix.formUnion(letter)
        }
        if isUnicode && range.count > 1 { return nil }
        return prefix.contains([.bytes, .formatted]) ? nil : prefix
    }

    private mutating func openQuote(_ prefix: inout PythonStringPrefix) -> UInt8 {
        let quote = self.peek()
        if self.peek(1) == quote && self.peek(2) == quote { prefix.insert(.triple) }
        self.offset += prefix.contains(.triple) ? 3 : 1
        return quote
    }

    /// Reads a literal whose opening quote stands at the offset.
    mutating func readString(prefix: PythonStringPrefix, from start: Int) throws(SourceError) {
        var prefix = prefix
        let place = self.place(of: start)
        let quote = self.openQuote(&prefix)
        if prefix.contains(.formatted) {
            guard self.formats.count < 150 else { throw self.fail("too many nested f-strings", at: start) }
            self.formats.append(OpenFormat(prefix: prefix, quote: quote, place: place))
            return self.add(.formatStart(prefix), from: start)
        }
        let body = self.offset
        let isTriple = prefix.contains(.triple)
        while self.offset < self.bytes.count {
            let byte = self.peek()
            if byte == quote {
                guard isTriple else { break }
                if self.peek(1) == quote && self.peek(2) == quote { break }
                self.offset += 1
            } else if byte == 10 || byte == 13 {
                guard isTriple else { break }
                self.stepOverLineEnd()
            } else {
                self.offset += 1
                guard byte == UInt8(ascii: "\\"), self.offset < self.bytes.count else { continue }
                if self.isAtLineEnd { self.stepOverLineEnd() } else { self.offset += 1 }
            }
        }
        guard self.peek() == quote else {
            if let format = self.formats.last, format.quote == quote, !isTriple {
                let kind = format.prefix.contains(.template) ? "t" : "f"
                throw SourceError(.syntax, "\(kind)-string: expecting '}'", at: place)
            }
            throw SourceError(
                .syntax, "unterminated \(isTriple ? "triple-quoted " : "")string literal", at: place,
                fix: isTriple ? "close it with three quotes" : "close it with \(UnicodeScalar(quote)) on the same line")
        }
        if let problem = PythonStringValue.problem(
            in: self.bytes[body..<self.offset], prefix: prefix, names: &self.characterNames)
        {
            throw SourceError(.syntax, problem, at: place)
        }
        self.offset += isTriple ? 3 : 1
        self.tokens.append(
            PythonToken(
                kind: .string(prefix), start: start, end: self.offset, line: place.line, column: place.column))
    }

    func unterminated(_ format: OpenFormat) -> SourceError {
        let kind = format.prefix.contains(.template) ? "t" : "f"
        let isTriple = format.prefix.contains(.triple)
        return SourceError(
            .syntax, "unterminated \(isTriple ? "triple-quoted " : "")\(kind)-string literal", at: format.place,
            fix: isTriple ? "close it with three quotes" : "close it on the same line")
    }

    /// Reads what stands in a formatted string outside of its expressions, up to a field, a field's end or its own end.
    mutating func readFormatText() throws(SourceError) {
        guard let format = self.formats.last else { return }
        let start = self.offset
        let place = self.place(of: start)
        let isTriple = format.prefix.contains(.triple)
        let isRaw = format.prefix.contains(.raw)
        // A field is open: this is its format, where braces are never doubled.
        let isFormat = !format.fields.isEmpty
        while self.offset < self.bytes.count {
            let byte = self.peek()
            switch byte {
            case format.quote:
                if isTriple && !(self.peek(1) == format.quote && self.peek(2) == format.quote) {
                    self.offset += 1
                    continue
                }
                try self.addFormatText(start..<self.offset, prefix: format.prefix, at: place)
                return self.closeFormat(format)
            case 10, 13:
                guard isTriple else {
                    guard isFormat, self.minor < 14 else { throw self.unterminated(format) }
                    // Some releases of 3.12 and 3.13 take what follows up to the brace, others do not.
                    self.doubt = self.doubt ?? self.tooComplex("a line end in the format of a field")
                    try self.addFormatText(start..<self.offset, prefix: format.prefix, at: place)
                    self.formats[self.formats.count - 1].isExpression = true
                    return
                }
                self.stepOverLineEnd()
            case UInt8(ascii: "\\"):
                self.offset += 1
                if self.isAtLineEnd {
                    self.stepOverLineEnd()
                } else if self.peek() == UInt8(ascii: "{") || self.peek() == UInt8(ascii: "}") {
                    continue
                } else if !isRaw, self.peek() == UInt8(ascii: "N"), self.peek(1) == UInt8(ascii: "{") {
                    while self.offset < self.bytes.count, self.peek() != UInt8(ascii: "}"), self.peek() != format.quote,
                        !self.isAtLineEnd
                    { self.offset += 1 }
                    if self.peek() == UInt8(ascii: "}") { self.offset += 1 }
                } else if self.offset < self.bytes.count {
                    self.offset += 1
                }
            case UInt8(ascii: "{"):
                if self.peek(1) == byte && !isFormat {
                    self.offset += 2
                    continue
                }
                try self.addFormatText(start..<self.offset, prefix: format.prefix, at: place)
                return try self.openField()
            case UInt8(ascii: "}"):
                if isFormat {
                    try self.addFormatText(start..<self.offset, prefix: format.prefix, at: place)
                    return self.closeField()
                }
                guard self.peek(1) == byte else {
                    throw self.fail(
                        "\(format.prefix.contains(.template) ? "t" : "f")-string: single '}' is not allowed",
                        fix: "write }} for a brace that is text")
                }
                self.offset += 2
            default: self.offset += 1
            }
        }
        throw self.unterminated(format)
    }

    private mutating func addFormatText(
        _ range: Range<Int>, prefix: PythonStringPrefix, at place: SourcePlace
    ) throws(SourceError) {
        guard !range.isEmpty else { return }
        if let problem = PythonStringValue.problem(
            in: self.bytes[range], prefix: prefix, names: &self.characterNames)
        {
            throw SourceError(.syntax, problem, at: place)
        }
        self.tokens.append(
            PythonToken(
                kind: .formatText, start: range.lowerBound, end: range.upperBound, line: place.line,
                column: place.column))
    }

    private mutating func closeFormat(_ format: OpenFormat) {
        let start = self.offset
        self.offset += format.prefix.contains(.triple) ? 3 : 1
        // A field that is still open has lost its brace: the parser says so.
        while let field = self.formats[self.formats.count - 1].fields.popLast() {
            while self.brackets.count >= field { self.brackets.removeLast() }
        }
        self.formats.removeLast()
        self.add(.formatEnd, from: start)
    }

    private mutating func openField() throws(SourceError) {
        let last = self.formats.count - 1
        guard self.formats[last].fields.count < 3 else { throw self.fail("f-string: expressions nested too deeply") }
        guard self.brackets.count < 200 else { throw self.fail("too many nested parentheses") }
        let start = self.offset
        self.brackets.append(OpenBracket(symbol: .leftBrace, place: self.place(of: start)))
        self.formats[last].fields.append(self.brackets.count)
        self.formats[last].isExpression = true
        self.offset += 1
        self.add(.symbol(.leftBrace), from: start)
    }

    private mutating func closeField() {
        let start = self.offset
        self.formats[self.formats.count - 1].fields.removeLast()
        self.brackets.removeLast()
        self.offset += 1
        self.add(.symbol(.rightBrace), from: start)
    }
}
