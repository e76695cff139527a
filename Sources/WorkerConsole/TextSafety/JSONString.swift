/// A string of JSON (RFC 8259 section 7), read strictly.
package enum JSONString {
    /// The text of a string with its quotation marks.
    /// - Returns: `nil` for anything else: control characters, unknown escapes, half a pair of surrogates, invalid UTF-8.
    package static func text(_ literal: ArraySlice<UInt8>) -> String? {
        guard literal.first == UInt8(ascii: "\""), self.end(of: literal, from: literal.startIndex) == literal.endIndex
        else { return nil }
        let content = literal.dropFirst().dropLast()
        guard content.contains(UInt8(ascii: "\\")) else { return String(validating: content, as: UTF8.self) }
        var bytes: [UInt8] = []
        var rest = content
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\"), let escape = rest.popFirst() else {
                bytes.append(byte)
                continue
            }
            guard escape == UInt8(ascii: "u") else {
                bytes.append(self.character(of: escape) ?? escape)
                continue
            }
            guard let scalar = self.scalar(&rest) else { return nil }
            bytes += String(scalar).utf8
        }
        return String(validating: bytes, as: UTF8.self)
    }

    /// Where a string ends: the place behind its closing quotation mark.
    /// - Parameters:
    ///   - bytes: May go on behind the string.
    ///   - start: The place of the opening one.
    /// - Returns: `nil` when it is not closed, holds a control character, or an escape that JSON does not have.
    static func end(of bytes: ArraySlice<UInt8>, from start: Int) -> Int? {
        var place = start + 1
        while place < bytes.endIndex {
            switch bytes[place] {
            case UInt8(ascii: "\""): return place + 1
            case ..<0x20: return nil
            case UInt8(ascii: "\\"):
                guard place + 1 < bytes.endIndex else { return nil }
                if bytes[place + 1] == UInt8(ascii: "u") {
                    let digits = bytes[(place + 2)...].prefix(4)
                    guard digits.count == 4, digits.allSatisfy({ $0.hexadecimalValue != nil }) else { return nil }
                } else if self.character(of: bytes[place + 1]) == nil {
                    return nil
                }
                place += 2
            default: place += 1
            }
        }
        return nil
    }

    private static func character(of escape: UInt8) -> UInt8? {
        switch escape {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): escape
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "t"): 0x09
        default: nil
        }
    }

    /// Takes the digits of one escape, or of the two of a pair.
    private static func scalar(_ rest: inout ArraySlice<UInt8>) -> Unicode.Scalar? {
        let high = self.unit(&rest)
        guard UTF16.isLeadSurrogate(high) else { return Unicode.Scalar(high) }
        guard rest.starts(with: "\\u".utf8) else { return nil }
        rest = rest.dropFirst(2)
        let low = self.unit(&rest)
        guard UTF16.isTrailSurrogate(low) else { return nil }
        return Unicode.Scalar(0x10000 + (UInt32(high) - 0xD800) << 10 + (UInt32(low) - 0xDC00))
    }

    private static func unit(_ rest: inout ArraySlice<UInt8>) -> UInt16 {
        defer { rest = rest.dropFirst(4) }
        return rest.prefix(4).reduce(0) { $0 << 4 | UInt16($1.hexadecimalValue ?? 0) }
    }
}
