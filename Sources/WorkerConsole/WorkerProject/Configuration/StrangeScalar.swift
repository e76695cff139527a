/// Scalars that an editor, a chat or an input method leaves in a file, and that look like what was meant.
enum StrangeScalar {
    private static let names: [UInt32: (name: String, advice: String)] = {
        let space = "a plain space"
        var names: [UInt32: (String, String)] = [
            0xA0: ("a no-break space", space), 0x1680: ("an Ogham space", space),
            0x202F: ("a narrow no-break space", space),
            0x205F: ("a mathematical space", space), 0x3000: ("an ideographic space", space),
            0x2028: ("a line separator", "a line end"), 0x2029: ("a paragraph separator", "a line end"),
            0x85: ("a next-line character", "a line end"), 0xFEFF: ("a byte order mark", "nothing"),
            0xAD: ("a soft hyphen", "nothing"), 0x180E: ("a vowel separator", "nothing"),
            0xFF02: ("a full-width quote", "\""), 0xFF07: ("a full-width quote", "'"),
            0xFF0C: ("a full-width comma", ","),
            0xFF1A: ("a full-width colon", ":"), 0xFF1D: ("a full-width equals sign", "="),
            0xFF3B: ("a full-width bracket", "["), 0xFF3D: ("a full-width bracket", "]"),
            0xFF5B: ("a full-width brace", "{"), 0xFF5D: ("a full-width brace", "}"), 0xFF03: ("a full-width #", "#"),
            0x3001: ("an ideographic comma", ","), 0x2212: ("a minus sign", "-"), 0x2013: ("a dash", "-"),
        ]
        for code in UInt32(0x2000)...0x200A { names[code] = ("a typographic space", space) }
        for code: UInt32 in [0x200B, 0x200C, 0x200D, 0x2060] { names[code] = ("an invisible character", "nothing") }
        for code: UInt32 in [0x200E, 0x200F, 0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2066, 0x2067, 0x2068, 0x2069] {
            names[code] = ("an invisible direction mark", "nothing")
        }
        for code: UInt32 in [0x201C, 0x201D, 0x201E] { names[code] = ("a typographic quote", "\"") }
        for code: UInt32 in [0x2018, 0x2019, 0x201A] { names[code] = ("a typographic quote", "'") }
        return names
    }()

    /// What stands there and what to type instead; `nil` for a scalar that nobody mistakes.
    static func sentence(for scalar: Unicode.Scalar) -> String? {
        guard let known = self.names[scalar.value] else { return nil }
        let code = String(scalar.value, radix: 16, uppercase: true)
        let padded = String(repeating: "0", count: max(0, 4 - code.count)) + code
        let advice = known.advice == "nothing" ? "remove it" : "type \(known.advice) instead"
        return "\(known.name) (U+\(padded)) is not allowed here; \(advice)"
    }
}
