#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Tests and comparisons on bytes of a head.
enum ASCII {
    static let tab: UInt8 = 0x09
    static let lineFeed: UInt8 = 0x0A
    static let carriageReturn: UInt8 = 0x0D
    static let space: UInt8 = 0x20
    static let comma: UInt8 = 0x2C
    static let colon: UInt8 = 0x3A

    /// True for the bytes of a token (RFC 9110 section 5.6.2).
    @inline(__always)
    static func isToken(_ byte: UInt8) -> Bool {
        // One bit a byte: `! # $ % & ' * + - . 0–9` below 64, `A–Z ^ _ ` a–z | ~` from 64.
        let bits: UInt64 = byte < 64 ? 0x03FF_6CFA_0000_0000 : 0x57FF_FFFF_C7FF_FFFE
        return byte < 128 && (bits >> UInt64(byte & 63)) & 1 == 1
    }

    /// Where the token that begins at `start` ends: at `end`, or before a byte that no token has.
    @inline(__always)
    static func tokenEnd(_ bytes: UnsafeRawBufferPointer, from start: Int, to end: Int) -> Int {
        var index = start
        while end &- index >= EightBytes.count {
            let count = EightBytes(bytes, at: index).plainNameCount
            index &+= count
            if count < EightBytes.count { break }
        }
        while index < end, self.isToken(bytes[index]) { index &+= 1 }
        return index
    }

    @inline(__always)
    static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

    @inline(__always)
    static func lower(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }

    @inline(__always)
    static func isBlank(_ byte: UInt8) -> Bool { byte == self.space || byte == self.tab }

    /// True for what may stand in a field value: no control byte but a tab.
    @inline(__always)
    static func isFieldText(_ byte: UInt8) -> Bool { (byte >= 0x20 && byte != 0x7F) || byte == self.tab }

    /// True when none of these bytes is a control byte; a tab is allowed.
    @inline(__always)
    static func isFieldText(_ bytes: UnsafeRawBufferPointer, from start: Int, to end: Int) -> Bool {
        var index = start
        while end &- index >= EightBytes.count, EightBytes(bytes, at: index).areText { index &+= EightBytes.count }
        // Mostly fewer than eight are left; a tab or a byte that may not be here is among them, or comes first.
        while index < end {
            if !self.isFieldText(bytes[index]) { return false }
            index &+= 1
        }
        return true
    }

    /// Compares without case; `word` is written in lower case.
    @inline(__always)
    static func equals(_ bytes: UnsafeRawBufferPointer, _ start: Int, _ end: Int, _ word: StaticString) -> Bool {
        let count = end - start
        guard count == word.utf8CodeUnitCount else { return false }
        let other = word.utf8Start
        var index = 0
        if count >= EightBytes.count {
            let ours = UnsafeRawBufferPointer(start: other, count: count)
            while index < count {
                // The last eight may begin within those before them.
                let place = min(index, count &- EightBytes.count)
                guard EightBytes(bytes, at: start &+ place).lower == EightBytes(ours, at: place) else { return false }
                index &+= EightBytes.count
            }
            return true
        }
        while index < count {
            if self.lower(bytes[start &+ index]) != other[index] { return false }
            index &+= 1
        }
        return true
    }

    /// Compares two ranges of the same bytes without case.
    static func equals(_ bytes: UnsafeRawBufferPointer, _ left: Range<Int>, _ right: Range<Int>) -> Bool {
        guard left.count == right.count else { return false }
        return zip(left, right).allSatisfy { self.lower(bytes[$0]) == self.lower(bytes[$1]) }
    }

    /// The index of the first `byte` in `start..<end`.
    @inline(__always)
    static func find(_ byte: UInt8, in bytes: UnsafeRawBufferPointer, from start: Int, to end: Int) -> Int? {
        guard start < end, let base = bytes.baseAddress else { return nil }
        guard let found = memchr(base + start, Int32(byte), end - start) else { return nil }
        return UnsafeRawPointer(found) - base
    }

    /// Calls `body` with every item of a comma-separated list, blanks trimmed, empty items left out.
    static func forEachListItem(
        _ bytes: UnsafeRawBufferPointer, from start: Int, to end: Int, _ body: (Int, Int) -> Void
    ) {
        var from = start
        while from <= end {
            let comma = self.find(self.comma, in: bytes, from: from, to: end) ?? end
            var first = from
            var last = comma
            while first < last, self.isBlank(bytes[first]) { first += 1 }
            while last > first, self.isBlank(bytes[last - 1]) { last -= 1 }
            if first < last { body(first, last) }
            from = comma + 1
        }
    }

    /// Reads a length of digits only; `nil` for anything else and for more than 18 digits.
    static func decimal(_ bytes: UnsafeRawBufferPointer, from start: Int, to end: Int) -> Int? {
        guard start < end, end - start <= 18 else { return nil }
        var value = 0
        for index in start..<end {
            guard self.isDigit(bytes[index]) else { return nil }
            value = value * 10 + Int(bytes[index] - 0x30)
        }
        return value
    }
}
