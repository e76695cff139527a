/// How the bytes of a stored value are read as text.
enum StoredEncoding: String, Sendable, Equatable {
    case utf8 = "UTF-8"
    case utf8Mark = "UTF-8 BOM"
    case utf16Little = "UTF-16 LE BOM"
    case utf16Big = "UTF-16 BE BOM"
    /// No text that can be read here.
    case binary

    /// Decides from the start of a value; unless it is whole, a character may be cut at the end.
    static func detect(_ bytes: [UInt8], isWhole: Bool) -> StoredEncoding {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return .utf8Mark }
        if bytes.starts(with: [0xFF, 0xFE]) { return .utf16Little }
        if bytes.starts(with: [0xFE, 0xFF]) { return .utf16Big }
        if bytes.contains(0) { return .binary }
        let tail = isWhole ? 0 : Self.cutTail(of: bytes)
        return String(validating: bytes.dropLast(tail), as: UTF8.self) == nil ? .binary : .utf8
    }

    /// Decodes a window; characters that are cut at its edges are left out, unless an edge is the value's own.
    func decode(_ bytes: [UInt8], isAtStart: Bool, isAtEnd: Bool) -> String {
        switch self {
        case .binary: return ""
        case .utf8, .utf8Mark:
            var slice = bytes[...]
            if isAtStart {
                if self == .utf8Mark { slice = slice.dropFirst(3) }
            } else {
                slice = slice.drop { $0 & 0xC0 == 0x80 }
            }
            if !isAtEnd { slice = slice.dropLast(Self.cutTail(of: bytes)) }
            return String(decoding: slice, as: UTF8.self)
        case .utf16Little, .utf16Big:
            let first = isAtStart ? 2 : 0
            var units: [UInt16] = []
            units.reserveCapacity(bytes.count / 2)
            for index in stride(from: first, to: bytes.count - 1, by: 2) {
                let pair = (UInt16(bytes[index]), UInt16(bytes[index + 1]))
                units.append(self == .utf16Little ? pair.1 << 8 | pair.0 : pair.0 << 8 | pair.1)
            }
            if !isAtStart, let unit = units.first, UTF16.isTrailSurrogate(unit) { units.removeFirst() }
            if !isAtEnd, let unit = units.last, UTF16.isLeadSurrogate(unit) { units.removeLast() }
            return String(decoding: units, as: UTF16.self)
        }
    }

    /// Bytes at the end that begin a character and do not finish it: 0 to 3.
    private static func cutTail(of bytes: [UInt8]) -> Int {
        for back in 1...3 where back <= bytes.count {
            let byte = bytes[bytes.count - back]
            if byte & 0xC0 == 0x80 { continue }
            let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1
            return length > back ? back : 0
        }
        return 0
    }
}

/// Splits text into lines that can be drawn one by one.
enum StoredLines {
    /// Bytes of UTF-8; a longer line goes on in the next one, so that no line costs more than this to draw.
    static let maximumBytes = 4_000

    /// The lines of `text`; CR LF, LF and CR end one.
    static func split(_ text: String) -> [String] {
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
