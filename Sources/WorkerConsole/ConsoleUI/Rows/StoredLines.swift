/// Splits text into lines that can be drawn one by one.
package enum StoredLines {
    /// Bytes of UTF-8; a longer line goes on in the next one, so that no line costs more than this to draw.
    static let maximumBytes = 4_000

    /// The lines of `text`; CR LF, LF and CR end one.
    package static func split(_ text: String) -> [String] {
        var lines: [String] = []
        var text = text
        text.withUTF8 { bytes in
            var first = 0
            var place = 0
            while place < bytes.count {
                let byte = bytes[place]
                if byte == 0x0A || byte == 0x0D {
                    lines.append(String(decoding: bytes[first..<place], as: UTF8.self))
                    if byte == 0x0D, place + 1 < bytes.count, bytes[place + 1] == 0x0A { place += 1 }
                    first = place + 1
                } else if place - first >= Self.maximumBytes, byte & 0xC0 != 0x80 {
                    lines.append(String(decoding: bytes[first..<place], as: UTF8.self))
                    first = place
                }
                place += 1
            }
            if first < bytes.count || lines.isEmpty {
                lines.append(String(decoding: bytes[first...], as: UTF8.self))
            }
        }
        return lines
    }
}
