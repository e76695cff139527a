import WorkerDomain

/// Reads JSON with comments and trailing commas, as wrangler does for both `.json` and `.jsonc`.
///
/// Of two equal keys the last one wins. Nesting is bounded.
package struct JSONCParser {
    private let text: ConfigurationText
    private var index = 0
    private var depth = 0

    private init(_ text: ConfigurationText) { self.text = text }

    /// - Throws: ``ConfigurationSyntaxError`` with the place of the first thing that is wrong.
    package static func parse(_ bytes: [UInt8]) throws(ConfigurationSyntaxError) -> ConfigurationValue {
        var parser = JSONCParser(try ConfigurationText(bytes))
        try parser.skipBlanks()
        guard parser.peek != nil else { throw parser.error("the file is empty; it needs at least { }") }
        let value = try parser.value()
        try parser.skipBlanks()
        guard parser.peek == nil else { throw parser.error("unexpected text after the end of the value; remove it") }
        return value
    }

    private var peek: Unicode.Scalar? { self.index < self.text.scalars.count ? self.text.scalars[self.index] : nil }
    private var next: Unicode.Scalar? {
        self.index + 1 < self.text.scalars.count ? self.text.scalars[self.index + 1] : nil
    }

    private func error(_ message: String, at index: Int? = nil) -> ConfigurationSyntaxError {
        // Where something else was expected, what stands there may look like it.
        let strange = index == nil ? self.peek.flatMap { StrangeScalar.sentence(for: $0) } : nil
        return ConfigurationSyntaxError(strange ?? message, at: self.text.position(index ?? self.index))
    }

    private mutating func skipBlanks() throws(ConfigurationSyntaxError) {
        while let scalar = self.peek {
            switch scalar {
            case " ", "\t", "\n", "\r": self.index += 1
            case "/" where self.next == "/":
                while let inside = self.peek, inside != "\n" {
                    _ = inside
                    self.index += 1
                }
            case "/" where self.next == "*":
                let start = self.index
                self.index += 2
                while self.peek != nil, !(self.peek == "*" && self.next == "/") { self.index += 1 }
                guard self.peek != nil else {
                    throw self.error("this comment is never closed; close it with */", at: start)
                }
                self.index += 2
            default: return
            }
        }
    }

    private mutating func value() throws(ConfigurationSyntaxError) -> ConfigurationValue {
        let start = self.index
        let position = self.text.position(start)
        guard let first = self.peek else { throw self.error("a value is missing at the end of the file") }
        switch first {
        case "{", "[":
            self.depth += 1
            defer { self.depth -= 1 }
            guard self.depth <= ConfigurationText.depthLimit else {
                throw self.error("nested deeper than \(ConfigurationText.depthLimit) levels; make it flatter")
            }
            let content = first == "{" ? try self.table() : try self.array()
            return ConfigurationValue(content, at: position)
        case "\"": return ConfigurationValue(.string(try self.quoted()), at: position)
        case "-", "0"..."9":
            return ConfigurationValue(
                .number(JavaScriptNumber.text(of: try self.number())), at: position)
        default:
            while let letter = self.peek, letter.properties.isAlphabetic {
                _ = letter
                self.index += 1
            }
            switch String(String.UnicodeScalarView(self.text.scalars[start..<self.index])) {
            case "true": return ConfigurationValue(.bool(true), at: position)
            case "false": return ConfigurationValue(.bool(false), at: position)
            case "null": return ConfigurationValue(.null, at: position)
            default:
                if start == self.index, let first = self.peek, let strange = StrangeScalar.sentence(for: first) {
                    throw self.error(strange)
                }
                throw self.error(
                    "expected a value: a string in double quotes, a number, true, false, null, { or [", at: start)
            }
        }
    }

    private mutating func table() throws(ConfigurationSyntaxError) -> ConfigurationValue.Content {
        var members: [ConfigurationValue.Member] = []
        var places: [ByteString: Int] = [:]
        self.index += 1
        while true {
            try self.skipBlanks()
            if self.peek == "}" { break }
            let keyPosition = self.text.position(self.index)
            guard self.peek == "\"" else {
                throw self.error("expected a key in double quotes, or } to close the object")
            }
            let key = try self.quoted()
            try self.skipBlanks()
            guard self.peek == ":" else { throw self.error("expected a colon after the key \"\(key)\"") }
            self.index += 1
            try self.skipBlanks()
            let member = ConfigurationValue.Member(key: key, keyPosition: keyPosition, value: try self.value())
            if let place = places[ByteString(key)] {
                members[place] = member
            } else {
                places[ByteString(key)] = members.count
                members.append(member)
            }
            try self.skipBlanks()
            if self.peek == "," {
                self.index += 1
                continue
            }
            guard self.peek == "}" else { throw self.error("expected a comma or } after the value of \"\(key)\"") }
        }
        self.index += 1
        return .table(members)
    }

    private mutating func array() throws(ConfigurationSyntaxError) -> ConfigurationValue.Content {
        var values: [ConfigurationValue] = []
        self.index += 1
        while true {
            try self.skipBlanks()
            if self.peek == "]" { break }
            values.append(try self.value())
            try self.skipBlanks()
            if self.peek == "," {
                self.index += 1
                continue
            }
            guard self.peek == "]" else { throw self.error("expected a comma or ] in the array") }
        }
        self.index += 1
        return .array(values)
    }

    private mutating func number() throws(ConfigurationSyntaxError) -> String {
        let start = self.index
        var digits = 0
        func isDigit(_ scalar: Unicode.Scalar?) -> Bool { scalar.map { ("0"..."9").contains($0) } ?? false }
        if self.peek == "-" { self.index += 1 }
        let zero = self.peek == "0"
        while isDigit(self.peek) {
            self.index += 1
            digits += 1
        }
        guard digits > 0, !(zero && digits > 1) else {
            throw self.error("malformed number; write it like 10 or 1.5", at: start)
        }
        if self.peek == "." {
            self.index += 1
            guard isDigit(self.peek) else { throw self.error("a number needs digits after its decimal point") }
            while isDigit(self.peek) { self.index += 1 }
        }
        if self.peek == "e" || self.peek == "E" {
            self.index += 1
            if self.peek == "+" || self.peek == "-" { self.index += 1 }
            guard isDigit(self.peek) else { throw self.error("a number needs digits in its exponent") }
            while isDigit(self.peek) { self.index += 1 }
        }
        return String(String.UnicodeScalarView(self.text.scalars[start..<self.index]))
    }

    private mutating func quoted() throws(ConfigurationSyntaxError) -> String {
        let start = self.index
        var result = String.UnicodeScalarView()
        self.index += 1
        while let scalar = self.peek {
            if scalar == "\"" {
                self.index += 1
                return String(result)
            }
            guard scalar.value >= 0x20 else {
                if scalar == "\n" || scalar == "\r" {
                    throw self.error("this string is not closed on its line; add a \"", at: start)
                }
                throw self.error("control character in a string; write it as an escape like \\u0009")
            }
            self.index += 1
            guard scalar == "\\" else {
                result.append(scalar)
                continue
            }
            guard let escape = self.peek else { break }
            self.index += 1
            switch escape {
            case "\"", "\\", "/": result.append(escape)
            case "b": result.append("\u{8}")
            case "f": result.append("\u{C}")
            case "n": result.append("\n")
            case "r": result.append("\r")
            case "t": result.append("\t")
            case "u":
                var unit = try self.hexUnit()
                if (0xD800...0xDBFF).contains(unit), self.peek == "\\", self.next == "u" {
                    let saved = self.index
                    self.index += 2
                    let low = try self.hexUnit()
                    if (0xDC00...0xDFFF).contains(low) {
                        unit = 0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)
                    } else {
                        self.index = saved
                    }
                }
                result.append(Unicode.Scalar(unit) ?? "\u{FFFD}")
            default: throw self.error("unknown escape \\\(escape); write \\\\ for a backslash", at: self.index - 2)
            }
        }
        throw self.error("this string is never closed; add a \"", at: start)
    }

    private mutating func hexUnit() throws(ConfigurationSyntaxError) -> UInt32 {
        var unit: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = self.peek.flatMap({ Character($0).hexDigitValue }) else {
                throw self.error("the escape \\u needs four hexadecimal digits")
            }
            unit = unit * 16 + UInt32(digit)
            self.index += 1
        }
        return unit
    }
}
