/// How bytes are read as text.
package enum TextEncoding: String, Sendable, Equatable, CaseIterable {
    case utf8 = "UTF-8"
    case utf16Little = "UTF-16 LE"
    case utf16Big = "UTF-16 BE"
    case gb18030 = "GB18030"
    case big5 = "Big5"
    case latin1 = "Latin-1"

    /// What glibc's iconv calls it.
    var iconvName: String {
        switch self {
        case .utf8: "UTF-8"
        case .utf16Little: "UTF-16LE"
        case .utf16Big: "UTF-16BE"
        case .gb18030: "GB18030"
        // With the characters that Windows and Hong Kong add.
        case .big5: "BIG5-HKSCS"
        // What the Web reads for this name (WHATWG Encoding).
        case .latin1: "WINDOWS-1252"
        }
    }

    /// By the names that `charset=` has for it.
    init?(charset: String) {
        switch charset.lowercased() {
        case "utf-8", "utf8", "us-ascii", "ascii": self = .utf8
        case "utf-16le": self = .utf16Little
        case "utf-16be": self = .utf16Big
        case "gb18030", "gbk", "gb2312", "x-gbk", "gb_2312-80", "euc-cn", "hz-gb-2312": self = .gb18030
        case "big5", "big5-hkscs", "x-x-big5", "cn-big5": self = .big5
        case "iso-8859-1", "latin1", "windows-1252", "iso8859-1", "cp1252", "l1": self = .latin1
        default: return nil
        }
    }

    /// Decides from the start of the content.
    /// - Parameters:
    ///   - bytes: A window from the start; a character may be cut at its end.
    ///   - charset: What the sender says; it counts where the bytes can be read so.
    /// - Returns: The encoding and the length of its mark; `nil` for what is no text.
    static func detect(_ bytes: [UInt8], charset: String?) -> (encoding: TextEncoding, mark: Int)? {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return (.utf8, 3) }
        if bytes.starts(with: [0xFF, 0xFE]), !bytes.starts(with: [0xFF, 0xFE, 0, 0]), self.isUTF16(bytes, .utf16Little)
        {
            return (.utf16Little, 2)
        }
        if bytes.starts(with: [0xFE, 0xFF]), self.isUTF16(bytes, .utf16Big) { return (.utf16Big, 2) }
        let declared = charset.flatMap { TextEncoding(charset: $0) }
        if bytes.contains(0) { return self.utf16WithoutMark(bytes, declared).map { ($0, 0) } }
        let controls = bytes.count { $0.isBinaryControl }
        guard controls * 50 <= bytes.count else { return nil }
        if self.isUTF8(bytes) { return (.utf8, 0) }
        if let declared, declared != .utf8, declared.canRead(bytes) { return (declared, 0) }
        let chinese = [(TextEncoding.gb18030, LegacyText.gb18030(bytes)), (.big5, LegacyText.big5(bytes))]
            .filter { $0.1 >= 0.6 }.max { $0.1 < $1.1 }
        if let chinese { return (chinese.0, 0) }
        if LegacyText.isLatin1(bytes), controls == 0 { return (.latin1, 0) }
        // Text with a few broken bytes stays text: they are shown as such.
        return self.brokenShare(bytes) <= 0.02 ? (.utf8, 0) : nil
    }

    private func canRead(_ bytes: [UInt8]) -> Bool {
        switch self {
        case .utf8: Self.isUTF8(bytes)
        case .utf16Little, .utf16Big: Self.isUTF16(bytes, self)
        case .gb18030: LegacyText.gb18030(bytes) >= 0
        case .big5: LegacyText.big5(bytes) >= 0
        case .latin1: true
        }
    }

    private static func isUTF8(_ bytes: [UInt8]) -> Bool {
        String(validating: bytes.dropLast(UTF8Edge.cutTail(of: bytes[...])), as: UTF8.self) != nil
    }

    private static func brokenShare(_ bytes: [UInt8]) -> Double {
        let broken = String(decoding: bytes, as: UTF8.self).unicodeScalars.count { $0 == "\u{FFFD}" }
        return Double(broken) / Double(max(1, bytes.count))
    }

    // MARK: - UTF-16

    /// True when the units are characters that texts have, and surrogates come in pairs.
    private static func isUTF16(_ bytes: [UInt8], _ encoding: TextEncoding) -> Bool {
        self.strangeUnits(bytes, encoding).map { $0 <= 0.05 } ?? false
    }

    /// The share of units that no text has; `nil` when surrogates stand alone.
    private static func strangeUnits(_ bytes: [UInt8], _ encoding: TextEncoding) -> Double? {
        var strange = 0
        var lead = false
        let count = bytes.count / 2
        for index in 0..<count {
            let (first, second) = (UInt16(bytes[2 * index]), UInt16(bytes[2 * index + 1]))
            let unit = encoding == .utf16Little ? second << 8 | first : first << 8 | second
            if UTF16.isTrailSurrogate(unit) != lead { return nil }
            lead = UTF16.isLeadSurrogate(unit)
            if unit < 0x20, ![0x09, 0x0A, 0x0D].contains(unit) { strange += 1 }
            if unit == 0xFFFE || unit == 0xFFFF || (0xE000...0xF8FF).contains(unit) { strange += 1 }
        }
        return Double(strange) / Double(max(1, count))
    }

    /// Text without a mark, which holds a zero byte in every line: one of the two bytes of most units is the same few values, because a text keeps to a few
    /// blocks of Unicode.
    private static func utf16WithoutMark(_ bytes: [UInt8], _ declared: TextEncoding?) -> TextEncoding? {
        guard bytes.count >= 8 else { return nil }
        for encoding in [TextEncoding.utf16Little, .utf16Big] where self.isUTF16(bytes, encoding) {
            if declared == encoding { return encoding }
            var usual = 0
            let count = bytes.count / 2
            for index in 0..<count {
                let high = encoding == .utf16Little ? bytes[2 * index + 1] : bytes[2 * index]
                let low = encoding == .utf16Little ? bytes[2 * index] : bytes[2 * index + 1]
                if high == 0, (0x20..<0x7F).contains(low) || low.isSpace { usual += 1 }
                if high == 0x30 || high == 0xFF || (0x4E...0x9F).contains(high) { usual += 1 }
            }
            if usual * 10 >= count * 9, self.hasBlanks(bytes, encoding) { return encoding }
        }
        return nil
    }

    /// A blank, a line end or a full stop stands in every text.
    private static func hasBlanks(_ bytes: [UInt8], _ encoding: TextEncoding) -> Bool {
        let index = encoding == .utf16Little ? 0 : 1
        return (0..<bytes.count / 2).contains { unit in
            let (low, high) = (bytes[2 * unit + index], bytes[2 * unit + 1 - index])
            return (high == 0 && (low.isSpace || low == 0x2E || low.isLetter)) || (high == 0x30 && low <= 0x02)
        }
    }
}
