extension UInt8 {
    var isDigit: Bool { (0x30...0x39).contains(self) }
    var isLetter: Bool { (0x41...0x5A).contains(self & 0xDF) }
    var isBlank: Bool { self == 0x20 || self == 0x09 }
    var isLineEnd: Bool { self == 0x0A || self == 0x0D }
    var isSpace: Bool { self.isBlank || self.isLineEnd }
    /// A byte of UTF-8 that goes on with a character.
    var isContinuation: Bool { self & 0xC0 == 0x80 }
    /// A control that text of no kind has; escape sequences are text.
    var isBinaryControl: Bool {
        (self < 0x20 && ![0x07, 0x08, 0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x1B, 0x1E].contains(self)) || self == 0x7F
    }

    var hexadecimalValue: UInt8? {
        switch self {
        case 0x30...0x39: self - 0x30
        case 0x41...0x46: self - 0x37
        case 0x61...0x66: self - 0x57
        default: nil
        }
    }

    var lowercased: UInt8 { (0x41...0x5A).contains(self) ? self + 0x20 : self }
}

extension Collection<UInt8> {
    var text: String { String(decoding: self, as: UTF8.self) }

    /// Without blanks and line ends on either side.
    var trimmed: SubSequence {
        var rest = self.drop { $0.isSpace }
        var end = rest.endIndex
        var place = rest.startIndex
        while place != rest.endIndex {
            let next = rest.index(after: place)
            if !rest[place].isSpace { end = next }
            place = next
        }
        if rest.allSatisfy({ $0.isSpace }) { return self[self.endIndex...] }
        rest = rest[..<end]
        return rest
    }

    func startsIgnoringCase(_ word: String) -> Bool {
        var place = self.startIndex
        for byte in word.utf8 {
            guard place != self.endIndex, self[place].lowercased == byte.lowercased else { return false }
            place = self.index(after: place)
        }
        return true
    }
}

/// Where characters of UTF-8 end.
enum UTF8Edge {
    /// Bytes at the end that begin a character and do not finish it: 0 to 3.
    static func cutTail(of bytes: ArraySlice<UInt8>) -> Int {
        for back in 1...3 where back <= bytes.count {
            let byte = bytes[bytes.endIndex - back]
            if byte.isContinuation { continue }
            let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1
            return length > back ? back : 0
        }
        return 0
    }

    /// The first place at or before `end` where a character begins; bytes that are no UTF-8 are cut anywhere.
    static func cut(_ span: Span<UInt8>, before end: Int, after start: Int) -> Int {
        var place = end
        while place > start, place > end - 4, place < span.count, span[place].isContinuation { place -= 1 }
        return place < span.count && span[place].isContinuation || place <= start ? end : place
    }
}
