/// Bytes that were decoded from others, and where each of them came from.
struct MappedBytes {
    private(set) var bytes: [UInt8] = []
    /// For each byte the place in the source where its encoding begins.
    private var starts: [Int] = []
    /// For each byte the place in the source behind its encoding.
    private var ends: [Int] = []

    mutating func append(_ byte: UInt8, from start: Int, to end: Int) {
        self.bytes.append(byte)
        self.starts.append(start)
        self.ends.append(end)
    }

    /// The part of the source that a range of ``bytes`` came from.
    func source(of range: Range<Int>) -> Range<Int> {
        guard let last = range.last else { return 0..<0 }
        return self.starts[range.lowerBound]..<self.ends[last]
    }

    /// The bytes with `%41` and, in a query, `+` decoded (RFC 3986 section 2.1).
    init?(percentEncoded bytes: some Collection<UInt8>) {
        let bytes = Array(bytes)
        guard bytes.contains(0x25) else { return nil }
        var isChanged = false
        var index = 0
        while index < bytes.count {
            if bytes[index] == 0x25, index + 2 < bytes.count, let high = bytes[index + 1].hexadecimalValue,
                let low = bytes[index + 2].hexadecimalValue
            {
                self.append(high << 4 | low, from: index, to: index + 3)
                isChanged = true
                index += 3
            } else {
                self.append(bytes[index], from: index, to: index + 1)
                index += 1
            }
        }
        if !isChanged { return nil }
    }

    /// The text of a string literal of JSON or JavaScript: `\u0070assword` must not hide a name from the rule.
    init(stringLiteral bytes: ArraySlice<UInt8>) {
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let byte = bytes[index]
            guard byte == UInt8(ascii: "\\"), index + 1 < bytes.endIndex else {
                self.append(byte, from: index, to: index + 1)
                index += 1
                continue
            }
            let escape = bytes[index + 1]
            if escape == UInt8(ascii: "u"), let unit = Self.unit(bytes, index + 2) {
                var scalar = Unicode.Scalar(unit)
                var end = index + 6
                if (0xD800..<0xDC00).contains(unit), end + 1 < bytes.endIndex, bytes[end] == UInt8(ascii: "\\"),
                    let low = Self.unit(bytes, end + 2), (0xDC00..<0xE000).contains(low)
                {
                    scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
                    end += 6
                }
                for part in String(scalar ?? "\u{FFFD}").utf8 { self.append(part, from: index, to: end) }
                index = end
                continue
            }
            let decoded: UInt8 =
                switch escape {
                case UInt8(ascii: "n"): 0x0A
                case UInt8(ascii: "r"): 0x0D
                case UInt8(ascii: "t"): 0x09
                default: escape
                }
            self.append(decoded, from: index, to: index + 2)
            index += 2
        }
    }

    init() {}

    private static func unit(_ bytes: ArraySlice<UInt8>, _ start: Int) -> UInt32? {
        guard start + 4 <= bytes.endIndex else { return nil }
        var value: UInt32 = 0
        for byte in bytes[start..<(start + 4)] {
            guard let digit = byte.hexadecimalValue else { return nil }
            value = value << 4 | UInt32(digit)
        }
        return value
    }
}

extension UInt8 {
    var hexadecimalValue: UInt8? {
        switch self {
        case 0x30...0x39: self - 0x30
        case 0x41...0x46: self - 0x37
        case 0x61...0x66: self - 0x57
        default: nil
        }
    }

    var isDigit: Bool { (0x30...0x39).contains(self) }
    var isUpper: Bool { (0x41...0x5A).contains(self) }
    var isLower: Bool { (0x61...0x7A).contains(self) }
    var isLetter: Bool { self.isUpper || self.isLower }
    var isBlank: Bool { self == 0x20 || self == 0x09 }
    var isLineEnd: Bool { self == 0x0A || self == 0x0D }
    var isSpace: Bool { self.isBlank || self.isLineEnd }
}
