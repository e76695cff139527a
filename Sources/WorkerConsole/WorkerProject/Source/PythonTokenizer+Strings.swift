/// String literals: quotes, prefixes, escapes, and the fields of formatted strings (language reference, section 2.4).
extension PythonTokenizer {
    mutating func readString(prefix: String, from start: Int? = nil) throws(SourceError) {
        let begin = start ?? self.offset
        let place = self.place(of: begin)
        let isFormatted = prefix.contains("f") || prefix.contains("t")
        let isRaw = prefix.contains("r")
        var fields: [Range<Int>] = []
        let body = try self.skipString(isFormatted: isFormatted, isRaw: isRaw, fields: &fields, depth: 0, place: place)
        let kind: PythonString.Kind = isFormatted ? .formatted : prefix.contains("b") ? .bytes : .text
        let value = kind == .text && body.count <= 4096 ? Self.value(of: self.bytes[body], isRaw: isRaw) : nil
        let string = PythonString(kind: kind, value: value, fields: fields)
        self.tokens.append(PythonToken(kind: .string(string), place: place, start: begin, end: self.offset))
    }

    /// Steps over the literal whose opening quote stands at the offset, and gives the range between its quotes.
    private mutating func skipString(
        isFormatted: Bool, isRaw: Bool, fields: inout [Range<Int>], depth: Int, place: SourcePlace
    ) throws(SourceError) -> Range<Int> {
        guard depth < 8 else { throw SourceError(.tooComplex, "formatted strings nested too deeply", at: place) }
        let quote = self.peek()
        let isTriple = self.peek(1) == quote && self.peek(2) == quote
        self.offset += isTriple ? 3 : 1
        let start = self.offset
        while self.offset < self.stop {
            let byte = self.peek()
            switch byte {
            case UInt8(ascii: "\\"):
                self.offset += 1
                if self.peek() == 10 || self.peek() == 13 {
                    self.stepOverLineEnd()
                } else if !(isFormatted && (self.peek() == UInt8(ascii: "{") || self.peek() == UInt8(ascii: "}"))) {
                    // `\N{…}` names a character in a formatted string too.
                    if isFormatted && !isRaw && self.peek() == UInt8(ascii: "N") && self.peek(1) == UInt8(ascii: "{") {
                        while self.offset < self.stop, self.peek() != UInt8(ascii: "}"), self.peek() != quote {
                            self.offset += 1
                        }
                    } else {
                        self.offset += 1
                    }
                }
            case 10, 13:
                guard isTriple else {
                    throw SourceError(.syntax, "unterminated string literal", at: place)
                }
                self.stepOverLineEnd()
            case quote:
                if !isTriple {
                    self.offset += 1
                    return start..<self.offset - 1
                }
                if self.peek(1) == quote && self.peek(2) == quote {
                    self.offset += 3
                    return start..<self.offset - 3
                }
                self.offset += 1
            case UInt8(ascii: "{") where isFormatted:
                if self.peek(1) == UInt8(ascii: "{") {
                    self.offset += 2
                } else {
                    try self.skipField(
                        quote: quote, isTriple: isTriple, isRaw: isRaw, fields: &fields, depth: depth, place: place)
                }
            default: self.offset += 1
            }
        }
        throw SourceError(
            .syntax, isTriple ? "unterminated triple-quoted string literal" : "unterminated string literal", at: place)
    }

    /// Steps over `{expression!r:format}`.
    private mutating func skipField(
        quote: UInt8, isTriple: Bool, isRaw: Bool, fields: inout [Range<Int>], depth: Int, place: SourcePlace
    ) throws(SourceError) {
        guard depth < 8 else { throw SourceError(.tooComplex, "formatted strings nested too deeply", at: place) }
        self.offset += 1
        let start = self.offset
        var nesting = 0
        var isExpression = true
        func close(at end: Int, _ fields: inout [Range<Int>]) {
            // More fields than this are not looked at.
            if fields.count < 256 { fields.append(start..<end) }
        }
        while self.offset < self.stop {
            let byte = self.peek()
            switch byte {
            case UInt8(ascii: "'"), UInt8(ascii: "\""):
                if !isExpression {
                    guard byte != quote || isTriple else {
                        throw SourceError(.syntax, "f-string: expecting '}'", at: place)
                    }
                    self.offset += 1
                    break
                }
                var inner: [Range<Int>] = []
                let before = self.offset > start ? self.bytes[self.offset - 1] | 0x20 : 0
                let twoBefore = self.offset > start + 1 ? self.bytes[self.offset - 2] | 0x20 : 0
                let letters = [before, twoBefore]
                _ = try self.skipString(
                    isFormatted: letters.contains(UInt8(ascii: "f")) || letters.contains(UInt8(ascii: "t")),
                    isRaw: letters.contains(UInt8(ascii: "r")), fields: &inner, depth: depth + 1, place: place)
            case UInt8(ascii: "("), UInt8(ascii: "["):
                nesting += isExpression ? 1 : 0
                self.offset += 1
            case UInt8(ascii: ")"), UInt8(ascii: "]"):
                nesting -= isExpression ? 1 : 0
                self.offset += 1
            case UInt8(ascii: "{"):
                if isExpression {
                    nesting += 1
                    self.offset += 1
                } else {
                    try self.skipField(
                        quote: quote, isTriple: isTriple, isRaw: isRaw, fields: &fields, depth: depth + 1, place: place)
                }
            case UInt8(ascii: "}"):
                if nesting <= 0 || !isExpression {
                    if isExpression { close(at: self.offset, &fields) }
                    self.offset += 1
                    return
                }
                nesting -= 1
                self.offset += 1
            case UInt8(ascii: ":") where isExpression && nesting <= 0:
                close(at: self.offset, &fields)
                isExpression = false
                self.offset += 1
            case UInt8(ascii: "!") where isExpression && nesting <= 0 && self.peek(1) != UInt8(ascii: "="):
                close(at: self.offset, &fields)
                isExpression = false
                self.offset += 1
            case 10, 13: self.stepOverLineEnd()
            case UInt8(ascii: "#") where isExpression:
                while self.offset < self.stop, self.peek() != 10, self.peek() != 13 { self.offset += 1 }
            default: self.offset += 1
            }
        }
        throw SourceError(.syntax, "f-string: expecting '}'", at: place)
    }

    /// The text that a literal stands for; `nil` when it has an escape that is not followed here.
    private static func value(of body: ArraySlice<UInt8>, isRaw: Bool) -> String? {
        guard !isRaw, body.contains(UInt8(ascii: "\\")) else { return String(decoding: body, as: UTF8.self) }
        let plain: [UInt8: UInt8] = [
            UInt8(ascii: "n"): 10, UInt8(ascii: "t"): 9, UInt8(ascii: "r"): 13, UInt8(ascii: "\\"): UInt8(ascii: "\\"),
            UInt8(ascii: "'"): UInt8(ascii: "'"), UInt8(ascii: "\""): UInt8(ascii: "\""),
        ]
        var out: [UInt8] = []
        var iterator = body.makeIterator()
        while let byte = iterator.next() {
            guard byte == UInt8(ascii: "\\") else {
                out.append(byte)
                continue
            }
            guard let next = iterator.next() else { return nil }
            if next == 10 { continue }
            guard let replacement = plain[next] else { return nil }
            out.append(replacement)
        }
        return String(decoding: out, as: UTF8.self)
    }
}
