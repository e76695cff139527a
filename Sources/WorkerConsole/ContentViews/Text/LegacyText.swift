/// How well bytes read in the encodings that carry no sign of their own.
enum LegacyText {
    /// The share of two-byte characters that Chinese texts in GB18030 have; -1 for bytes that are none.
    ///
    /// Those of GB 2312 have both bytes from A1 on; Big5 has a third of its second bytes below.
    static func gb18030(_ bytes: [UInt8]) -> Double {
        var index = 0
        var pairs = 0
        var usual = 0
        while index < bytes.count {
            let lead = bytes[index]
            if lead < 0x80 {
                index += 1
                continue
            }
            guard (0x81...0xFE).contains(lead) else { return -1 }
            guard index + 1 < bytes.count else { break }
            let trail = bytes[index + 1]
            if (0x30...0x39).contains(trail) {
                guard index + 3 < bytes.count else { break }
                guard (0x81...0xFE).contains(bytes[index + 2]), (0x30...0x39).contains(bytes[index + 3]) else {
                    return -1
                }
                pairs += 1
                index += 4
                continue
            }
            guard (0x40...0xFE).contains(trail), trail != 0x7F else { return -1 }
            pairs += 1
            if trail >= 0xA1, (0xB0...0xF7).contains(lead) || (0xA1...0xA9).contains(lead) { usual += 1 }
            index += 2
        }
        return pairs == 0 ? 0 : Double(usual) / Double(pairs)
    }

    /// The same for Big5: of its two planes nearly all text is in the first.
    static func big5(_ bytes: [UInt8]) -> Double {
        var index = 0
        var pairs = 0
        var usual = 0
        var low = 0
        while index < bytes.count {
            let lead = bytes[index]
            if lead < 0x80 {
                index += 1
                continue
            }
            guard (0x81...0xFE).contains(lead) else { return -1 }
            guard index + 1 < bytes.count else { break }
            let trail = bytes[index + 1]
            guard (0x40...0x7E).contains(trail) || (0xA1...0xFE).contains(trail) else { return -1 }
            pairs += 1
            if (0xA4...0xC6).contains(lead) || lead == 0xA1 { usual += 1 }
            if trail < 0x80 { low += 1 }
            index += 2
        }
        guard pairs > 0 else { return 0 }
        // Without a single low second byte it is GB 2312.
        let share = Double(usual) / Double(pairs)
        return low == 0 && pairs >= 4 ? share * 0.5 : share
    }

    /// True for text of a European language: high bytes are letters and signs, and seldom in a row.
    static func isLatin1(_ bytes: [UInt8]) -> Bool {
        var high = 0
        var run = 0
        var longest = 0
        for byte in bytes {
            // Five places of Windows-1252 hold nothing.
            if [0x81, 0x8D, 0x8F, 0x90, 0x9D].contains(byte) { return false }
            run = byte >= 0x80 ? run + 1 : 0
            longest = max(longest, run)
            if byte >= 0x80 { high += 1 }
        }
        return longest <= 4 && high * 3 <= bytes.count
    }
}
