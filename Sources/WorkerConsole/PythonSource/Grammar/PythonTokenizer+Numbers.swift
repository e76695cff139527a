/// Numbers (language reference, section 2.6).
extension PythonTokenizer {
    mutating func readNumber() throws(SourceError) {
        let start = self.offset
        if self.peek() == UInt8(ascii: "0") {
            switch self.peek(1) | 0x20 {
            case UInt8(ascii: "x"): return try self.readPrefixed("hexadecimal", from: start) { Self.digit($0) < 16 }
            case UInt8(ascii: "o"): return try self.readPrefixed("octal", from: start) { Self.digit($0) < 8 }
            case UInt8(ascii: "b"): return try self.readPrefixed("binary", from: start) { Self.digit($0) < 2 }
            default: break
            }
        }
        var isInteger = true
        if self.peek() != UInt8(ascii: ".") { try self.readDigits() }
        let integerEnd = self.offset
        if self.peek() == UInt8(ascii: ".") {
            isInteger = false
            self.offset += 1
            if Self.isDigit(self.peek()) { try self.readDigits() }
        }
        if self.peek() | 0x20 == UInt8(ascii: "e") {
            let hasSign = self.peek(1) == UInt8(ascii: "+") || self.peek(1) == UInt8(ascii: "-")
            if Self.isDigit(self.peek(hasSign ? 2 : 1)) {
                isInteger = false
                self.offset += hasSign ? 2 : 1
                try self.readDigits()
            } else if hasSign {
                throw self.fail("invalid decimal literal", at: start)
            }
        }
        var isImaginary = false
        if self.peek() | 0x20 == UInt8(ascii: "j") {
            isImaginary = true
            self.offset += 1
        }
        if isInteger && !isImaginary { try self.checkInteger(start..<integerEnd) }
        try self.endNumber(isImaginary ? "imaginary" : "decimal", from: start)
    }

    private static func digit(_ byte: UInt8) -> UInt8 {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: 255
        }
    }

    /// Decimal digits with single underscores between them.
    private mutating func readDigits() throws(SourceError) {
        while true {
            while Self.isDigit(self.peek()) { self.offset += 1 }
            guard self.peek() == UInt8(ascii: "_") else { return }
            guard Self.isDigit(self.peek(1)) else { throw self.fail("invalid decimal literal") }
            self.offset += 1
        }
    }

    private mutating func readPrefixed(
        _ kind: String, from start: Int, isDigit: (UInt8) -> Bool
    ) throws(SourceError) {
        self.offset += 2
        repeat {
            if self.peek() == UInt8(ascii: "_") { self.offset += 1 }
            guard isDigit(self.peek()) else {
                guard Self.isDigit(self.peek()) else { throw self.fail("invalid \(kind) literal", at: start) }
                throw self.invalidDigit(of: kind)
            }
            while isDigit(self.peek()) { self.offset += 1 }
        } while self.peek() == UInt8(ascii: "_")
        if Self.isDigit(self.peek()) { throw self.invalidDigit(of: kind) }
        try self.endNumber(kind, from: start)
    }

    private mutating func invalidDigit(of kind: String) -> SourceError {
        self.fail("invalid digit '\(UnicodeScalar(self.peek()))' in \(kind) literal")
    }

    /// An integer has no leading zeros, and not more digits than the interpreter converts.
    private mutating func checkInteger(_ range: Range<Int>) throws(SourceError) {
        let digits = self.bytes[range].filter { $0 != UInt8(ascii: "_") }
        if digits.count > 1, digits[0] == UInt8(ascii: "0"), digits.contains(where: { $0 != UInt8(ascii: "0") }) {
            throw self.fail(
                "leading zeros in decimal integer literals are not permitted", at: range.lowerBound,
                fix: "write the number without them, or 0o in front of an octal one")
        }
        if digits.count > 4_300 {
            throw self.fail(
                "a decimal integer literal of \(digits.count) digits; the interpreter reads 4300", at: range.lowerBound,
                fix: "write it in hexadecimal")
        }
    }

    /// A number ends where a keyword begins, as in `1if x else y`; no other name may follow it.
    private mutating func endNumber(_ kind: String, from start: Int) throws(SourceError) {
        let byte = self.peek()
        if Self.isNameByte(byte) || Self.isDigit(byte) {
            let follows = ["and", "else", "for", "if", "in", "is", "not", "or"].contains { word in
                word.utf8.enumerated().allSatisfy { self.peek($0.offset) == $0.element }
            }
            guard follows else { throw self.fail("invalid \(kind) literal", at: start) }
        }
        self.add(.number, from: start)
    }
}
