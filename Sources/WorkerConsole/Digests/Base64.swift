import COpenSSL

/// Base64 with the alphabet of RFC 4648 section 4 and its padding.
package enum Base64 {
    /// OpenSSL counts in `Int32`; a multiple of three needs padding at the end only.
    private static let piece = 3 << 20

    package static func text(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: self.piece) {
            let part = bytes[start..<min(start + self.piece, bytes.count)]
            // One byte more than the text: OpenSSL ends it with a zero.
            text += [UInt8](unsafeUninitializedCapacity: (part.count + 2) / 3 * 4 + 1) { buffer, count in
                part.withUnsafeBufferPointer { part in
                    count = Int(EVP_EncodeBlock(buffer.baseAddress, part.baseAddress, Int32(part.count)))
                }
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes of a text that is base64 from its first to its last letter: without blanks, with its padding.
    ///
    /// Bits behind the last byte may be anything, as most readers have it.
    package static func bytes(_ text: some StringProtocol) -> [UInt8]? {
        let letters = Array(text.utf8)
        let padding = letters.reversed().prefix(2).prefix { $0 == UInt8(ascii: "=") }.count
        // OpenSSL would leave blanks out, and take `=` anywhere.
        guard letters.count.isMultiple(of: 4), letters.dropLast(padding).allSatisfy(self.isLetter) else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(letters.count / 4 * 3)
        for start in stride(from: 0, to: letters.count, by: self.piece / 3 * 4) {
            let part = letters[start..<min(start + self.piece / 3 * 4, letters.count)]
            bytes += [UInt8](unsafeUninitializedCapacity: part.count / 4 * 3) { buffer, count in
                part.withUnsafeBufferPointer { part in
                    count = max(0, Int(EVP_DecodeBlock(buffer.baseAddress, part.baseAddress, Int32(part.count))))
                }
            }
        }
        return bytes.dropLast(padding)
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"):
            true
        default: false
        }
    }
}
