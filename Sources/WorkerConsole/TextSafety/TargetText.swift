/// A request target as a person reads it.
///
/// Escapes are decoded where that gives text that can be read in one way only; what parts a target, what steers a
/// terminal and what cannot be seen stays escaped. The bytes as they came stand in the detail; filter and copy use them.
package enum TargetText {
    package static func shown(_ target: String) -> String {
        guard target.utf8.contains(0x25) else { return target }
        let bytes = Array(target.utf8)
        // Bytes that are no UTF-8 say that the others are of another encoding as well.
        let isForeign = !self.isUTF8(bytes)
        var shown = String.UnicodeScalarView()
        // What is shown before this place; `nil` where that is an escape.
        var before: Unicode.Scalar?
        var place = 0
        while place < bytes.count {
            guard let first = self.escape(bytes, at: place) else {
                let next = self.scalar(bytes, at: place)
                shown.append(next.scalar)
                before = next.scalar
                place += next.count
                continue
            }
            var run = [first]
            while run.count < 4, let byte = self.escape(bytes, at: place + 3 * run.count), byte & 0xC0 == 0x80 {
                run.append(byte)
            }
            guard let (scalar, count) = self.decoded(run),
                scalar.isASCII ? self.isReadable(scalar, after: before, bytes, place + 3) : !isForeign,
                scalar.isASCII || self.isReadable(scalar, after: before)
            else {
                let count = self.decoded(run)?.count ?? 1
                shown.append(contentsOf: bytes[place..<place + 3 * count].map { Unicode.Scalar($0) })
                place += 3 * count
                before = nil
                continue
            }
            shown.append(scalar)
            before = scalar
            place += 3 * count
        }
        return String(shown)
    }

    // MARK: Bytes

    /// The byte that is escaped at a place.
    private static func escape(_ bytes: [UInt8], at place: Int) -> UInt8? {
        guard place + 2 < bytes.count, bytes[place] == 0x25, let high = self.digit(bytes[place + 1]),
            let low = self.digit(bytes[place + 2])
        else { return nil }
        return high << 4 | low
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }

    /// The scalar at a place of a string's own bytes, which are UTF-8.
    private static func scalar(_ bytes: [UInt8], at place: Int) -> (scalar: Unicode.Scalar, count: Int) {
        // Nearly all of a target.
        if bytes[place] < 0x80 { return (Unicode.Scalar(bytes[place]), 1) }
        return self.decoded(Array(bytes[place..<min(bytes.count, place + 4)])) ?? (Unicode.Scalar(bytes[place]), 1)
    }

    /// The scalar that bytes begin with; `nil` where they are no UTF-8.
    private static func decoded(_ bytes: [UInt8]) -> (scalar: Unicode.Scalar, count: Int)? {
        var decoder = UTF8()
        var input = bytes.makeIterator()
        guard case .scalarValue(let scalar) = decoder.decode(&input) else { return nil }
        return (scalar, UTF8.width(scalar))
    }

    /// Whether all that is escaped together is UTF-8.
    private static func isUTF8(_ bytes: [UInt8]) -> Bool {
        var place = 0
        while place < bytes.count {
            var run: [UInt8] = []
            while let byte = self.escape(bytes, at: place) {
                run.append(byte)
                place += 3
            }
            if !run.isEmpty, String(validating: run, as: UTF8.self) == nil { return false }
            place += 1
        }
        return true
    }

    // MARK: What can be read in one way

    /// Of ASCII what parts nothing in a target; a blank only within words.
    private static func isReadable(
        _ scalar: Unicode.Scalar, after before: Unicode.Scalar?, _ bytes: [UInt8], _ next: Int
    ) -> Bool {
        switch scalar {
        case "0"..."9", "A"..."Z", "a"..."z", "-", "_", "~", "\"", "<", ">", "{", "}", "|", "^", "`": return true
        case " ":
            guard let before, self.isWord(before), next < bytes.count else { return false }
            let escaped = self.escape(bytes, at: next)
            return escaped.map { $0 >= 0x80 || self.isWord(Unicode.Scalar($0)) }
                ?? (bytes[next] >= 0x80 || self.isWord(Unicode.Scalar(bytes[next])))
        default: return false
        }
    }

    private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || scalar.properties.numericType != nil || scalar.properties.isIdeographic
    }

    /// What looks like something that parts a target, like what is cut, or like a stand-in for what is not shown.
    private static let alike: Set<UInt32> = [
        0xFF0F, 0xFF1F, 0xFF03, 0xFF05, 0xFF06, 0xFF1D, 0xFF3C, 0xFF0E, 0x2044, 0x2215, 0x29F8, 0x2571, 0x2024, 0x2025,
        0x2026, 0x22EF, 0xFE52, 0xFE6A, 0xFE60, 0xFE5F, 0xFE66, 0xFE68, 0xFFFD, 0x2800, 0x2022,
    ]

    private static func isReadable(_ scalar: Unicode.Scalar, after before: Unicode.Scalar?) -> Bool {
        guard !self.alike.contains(scalar.value), !(0x2400...0x243F).contains(scalar.value),
            !scalar.properties.isDefaultIgnorableCodePoint
        else { return false }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark:
            // A mark changes the character before it, which must not be one that parts.
            return before.map { self.isWord($0) || !$0.isASCII } ?? false
        case .control, .format, .surrogate, .privateUse, .unassigned, .spaceSeparator, .lineSeparator,
            .paragraphSeparator:
            return false
        default: return true
        }
    }
}
