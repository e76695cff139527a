/// Lines of text for output without a screen, measured in the columns that a terminal gives them.
package enum WrappedText {
    /// Han and full-width characters have two columns, everything else has one.
    package static func columns(of text: some StringProtocol) -> Int {
        text.reduce(0) { $0 + (Self.isWide($1) ? 2 : 1) }
    }

    /// The text with blanks behind it, up to so many columns; at least one blank.
    package static func padded(_ text: String, to columns: Int) -> String {
        text + String(repeating: " ", count: max(1, columns - self.columns(of: text)))
    }

    /// Breaks a text at blanks and between wide characters, so that no line is wider than `columns`, where a word is not.
    ///
    /// Closing punctuation never begins a line, and opening punctuation never ends one.
    package static func lines(_ text: String, columns: Int) -> [String] {
        var lines: [String] = []
        for unit in Self.units(of: text) {
            let blank = unit.followsBlank ? " " : ""
            if let last = lines.last, self.columns(of: last) + blank.count + self.columns(of: unit.text) <= columns {
                lines[lines.count - 1] += blank + unit.text
            } else {
                lines.append(unit.text)
            }
        }
        return lines
    }

    /// What stays on one line.
    private struct Unit {
        var text: String
        let followsBlank: Bool
    }

    private static func units(of text: String) -> [Unit] {
        var units: [Unit] = []
        var followsBlank = true
        for character in text {
            if character == " " {
                followsBlank = true
                continue
            }
            let previous = units.last?.text.last
            let joins =
                !followsBlank && previous != nil
                && (!(Self.isWide(character) || previous.map(Self.isWide) ?? false)
                    || Self.isClosing(character) || previous.map(Self.isOpening) ?? false)
            if joins, !units.isEmpty {
                units[units.count - 1].text.append(character)
            } else {
                units.append(Unit(text: String(character), followsBlank: followsBlank && !units.isEmpty))
            }
            followsBlank = false
        }
        return units
    }

    private static func isClosing(_ character: Character) -> Bool { "，。；：、！？）”’】》…".contains(character) }

    private static func isOpening(_ character: Character) -> Bool { "（“‘【《".contains(character) }

    private static func isWide(_ character: Character) -> Bool {
        guard let scalar = character.unicodeScalars.first else { return false }
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
            0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
            return true
        default: return false
        }
    }
}
