import TerminalCanvas

/// The control sequence that puts a text on the clipboard of the terminal (OSC 52, XTerm Control Sequences).
package enum ClipboardSequence {
    /// The most bytes of a text that are sent, by whomever; terminals drop more than 100,000 characters of base64.
    package static let limit = 75_000
    /// The most bytes of one string that screen passes on: it drops what is longer (MAXSTR, 256 in version 4.0).
    private static let pieceLimit = 240

    /// - Returns: `nil` when the text is too long: half of it would be worse than nothing.
    static func bytes(for text: String, through passage: ClipboardPassage = .direct) -> [UInt8]? {
        guard text.utf8.count <= self.limit else { return nil }
        let start = Array("\u{1B}]52;c;".utf8) + self.base64(Array(text.utf8))
        switch passage {
        case .direct: return start + [0x1B, 0x5C]
        case .screen:
            // Its own end must not be that of the string around it.
            let sequence = start + [0x07]
            return stride(from: 0, to: sequence.count, by: self.pieceLimit).flatMap { place in
                [0x1B, 0x50] + sequence[place..<min(place + self.pieceLimit, sequence.count)] + [0x1B, 0x5C]
            }
        }
    }

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func base64(_ bytes: [UInt8]) -> [UInt8] {
        var encoded: [UInt8] = []
        encoded.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            var value = 0
            for offset in 0..<3 {
                value = value << 8 | (offset < group.count ? Int(group[start + offset]) : 0)
            }
            for digit in 0..<4 {
                let index = value >> (18 - 6 * digit) & 0x3F
                encoded.append(digit <= group.count ? self.alphabet[index] : UInt8(ascii: "="))
            }
        }
        return encoded
    }
}
