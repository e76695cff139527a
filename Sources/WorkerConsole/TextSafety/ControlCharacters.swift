/// The characters that steer a terminal, hide in a text or turn its direction, and ways to write them visibly.
///
/// Every JSON, message and copied text of the program goes by this one rule. Screens go by the canvas's rule, which
/// also knows widths.
package enum ControlCharacters {
    /// True for what must not leave the program as it is: controls (C0, DEL, C1), bidi and zero-width characters, line
    /// and paragraph separators, fillers, and code points without a meaning.
    package static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.value < 0x300 {
            return scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value) || scalar == "\u{AD}"
        }
        switch scalar.value {
        // Fillers and joiners that are letters or marks by category, and show nothing.
        case 0x034F, 0x115F...0x1160, 0x17B4...0x17B5, 0x180B...0x180F, 0x3164, 0xFFA0, 0xE0000...0xE0FFF: return true
        default: break
        }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: return true
        default: return false
        }
    }

    /// True when the text holds such a character; line feeds and tabs count too.
    package static func areIn(_ text: some StringProtocol) -> Bool {
        text.unicodeScalars.contains { self.isUnsafe($0) }
    }

    /// Appends a scalar to a JSON string literal, as `\uXXXX` where it is unsafe: JSON allows that for every character.
    package static func appendJSON(_ scalar: Unicode.Scalar, to text: inout String) {
        switch scalar {
        case "\"": text += "\\\""
        case "\\": text += "\\\\"
        case "\n": text += "\\n"
        case "\r": text += "\\r"
        case "\t": text += "\\t"
        default: self.appendEscaped(scalar, to: &text)
        }
    }

    /// The text as a JSON string literal.
    package static func json(_ value: String) -> String {
        var text = "\""
        for scalar in value.unicodeScalars { self.appendJSON(scalar, to: &text) }
        return text + "\""
    }

    /// JSON text in which no unsafe character stands raw; between its tokens only line feeds may.
    package static func escaped(json: String) -> String {
        guard json.unicodeScalars.contains(where: { self.isUnsafe($0) && $0 != "\n" }) else { return json }
        var text = ""
        for scalar in json.unicodeScalars {
            if scalar == "\n" { text += "\n" } else { self.appendEscaped(scalar, to: &text) }
        }
        return text
    }

    private static func appendEscaped(_ scalar: Unicode.Scalar, to text: inout String) {
        guard self.isUnsafe(scalar) else { return text.unicodeScalars.append(scalar) }
        for unit in String(scalar).utf16 { text += "\\u" + self.hexadecimal(UInt32(unit), digits: 4) }
    }

    /// The text as one word `$'…'`, which bash, zsh, ksh and POSIX 2024's sh read back to the same bytes.
    package static func shellWord(_ text: String) -> String {
        var word = "$'"
        for scalar in text.unicodeScalars {
            switch scalar {
            case "'": word += "\\'"
            case "\\": word += "\\\\"
            case "\n": word += "\\n"
            case "\r": word += "\\r"
            case "\t": word += "\\t"
            default:
                guard self.isUnsafe(scalar) else {
                    word.unicodeScalars.append(scalar)
                    continue
                }
                // Three octal digits end by themselves: what follows cannot join them, as it could `\x`.
                for byte in String(scalar).utf8 {
                    let digits = String(byte, radix: 8)
                    word += "\\" + String(repeating: "0", count: 3 - digits.count) + digits
                }
            }
        }
        return word + "'"
    }

    package static func hexadecimal(_ value: UInt32, digits: Int) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
