import TerminalCanvas

/// What a terminal says of itself when it is asked.
enum TerminalAnswer: Sendable, Equatable {
    /// Where the cursor stands, counted from 1 (DSR, `ESC [ 6 n`).
    case cursor(row: Int, column: Int)
    /// The colour behind the text is nearer to white than to black (OSC 11).
    case background(isLight: Bool)
    /// It shows pictures, and how they are sent.
    case pictures(PictureProtocol)

    /// - Parameter sequence: `ESC [` row `;` column `R`, or `ESC [ ?` numbers `c` (DA1), of which 4 stands for sixels;
    ///   anything else is no answer.
    init?(control sequence: [UInt8]) {
        if sequence.last == UInt8(ascii: "c"), sequence.count > 3, sequence[2] == UInt8(ascii: "?") {
            guard sequence[3...].dropLast().split(separator: UInt8(ascii: ";")).dropFirst().contains([0x34]) else {
                return nil
            }
            self = .pictures(.sixel)
            return
        }
        guard sequence.last == UInt8(ascii: "R") else { return nil }
        let numbers = String(decoding: sequence.dropFirst(2).dropLast(), as: UTF8.self)
            .split(separator: ";", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
        guard numbers.count == 2, numbers[0] > 0, numbers[1] > 0 else { return nil }
        self = .cursor(row: numbers[0], column: numbers[1])
    }

    /// - Parameter string: What stands between `ESC ]`, or `ESC _`, and the end.
    init?(string: [UInt8]) {
        if string.starts(with: "Gi=\(KittyPictures.question);OK".utf8) {
            self = .pictures(.kitty)
            return
        }
        guard string.starts(with: "11;".utf8), let color = TerminalColor(string.dropFirst(3)) else { return nil }
        self = .background(isLight: color.isLight)
    }
}

/// A colour as terminals write it: `rgb:` with one to four hexadecimal digits a part, `rgba:`, or `#` and digits
/// (XParseColor(3)).
struct TerminalColor: Equatable {
    /// Each from 0 to 1.
    let red, green, blue: Double

    init?(_ bytes: ArraySlice<UInt8>) {
        let parts: [ArraySlice<UInt8>]
        let isNumber = bytes.first == UInt8(ascii: "#")
        if isNumber {
            let digits = bytes.dropFirst()
            guard digits.count % 3 == 0, !digits.isEmpty else { return nil }
            let size = digits.count / 3
            parts = (0..<3).map { digits.dropFirst($0 * size).prefix(size) }
        } else {
            let lower = bytes.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }[...]
            let hasAlpha = lower.starts(with: "rgba:".utf8)
            guard hasAlpha || lower.starts(with: "rgb:".utf8) else { return nil }
            parts = lower.dropFirst(hasAlpha ? 5 : 4).split(
                separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            guard parts.count == (hasAlpha ? 4 : 3) else { return nil }
        }
        let values = parts.compactMap { Self.value($0) }
        guard values.count == parts.count else { return nil }
        (self.red, self.green, self.blue) = (values[0], values[1], values[2])
    }

    /// Brightness as the eye weighs the parts (ITU-R BT.601).
    var isLight: Bool { 0.299 * self.red + 0.587 * self.green + 0.114 * self.blue > 0.5 }

    private static func value(_ digits: ArraySlice<UInt8>) -> Double? {
        guard (1...4).contains(digits.count) else { return nil }
        var value = 0
        for digit in digits {
            guard let one = Character(UnicodeScalar(digit)).hexDigitValue else { return nil }
            value = value << 4 | one
        }
        return Double(value) / Double(1 << (4 * digits.count) - 1)
    }
}
