/// How many columns a character takes, by rules of our own: the same on every system.
///
/// Wide and Fullwidth of Unicode Standard Annex 11 take two columns, Ambiguous takes one, marks take none. A cluster
/// is as wide as its widest part; U+FE0F makes an emoji of what can be one, two columns wide.
package enum CharacterWidth {
    /// What a scalar does to the cell that it comes to.
    enum Kind: Equatable {
        /// Takes 1 or 2 columns of its own.
        case spacing(Int)
        /// Joins the cell to its left.
        case combining
        /// Must never reach a terminal.
        case forbidden
    }

    /// The most scalars that one cell of ncurses holds (`CCHARW_MAX`).
    static let maximumScalars = 5

    /// What `scalar` does to a cell.
    static func kind(of scalar: Unicode.Scalar) -> Kind {
        let value = scalar.value
        if value < 0x300 {
            if value >= 0xA0 { return value == 0xAD ? .forbidden : .spacing(1) }
            return value >= 0x20 && value < 0x7F ? .spacing(1) : .forbidden
        }
        // Most Chinese text, without a search.
        if (0x4E00...0x9FFF).contains(value) { return .spacing(2) }
        if self.isForbidden(value) { return .forbidden }
        // Not assigned, or newer than the table: nobody knows how wide a terminal draws it.
        guard let age = scalar.properties.age, age.major <= 16 else { return .forbidden }
        if self.contains(WidthTable.combining, value) { return .combining }
        return .spacing(self.contains(WidthTable.wide, value) ? 2 : 1)
    }

    static func isRegionalIndicator(_ scalar: Unicode.Scalar) -> Bool { (0x1F1E6...0x1F1FF).contains(scalar.value) }

    /// True when U+FE0F makes an emoji of the scalar.
    static func hasEmojiPresentation(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value >= 0xA9 && scalar.properties.isEmoji || "0123456789#*".unicodeScalars.contains(scalar)
    }

    /// True when every part between the joiners of a cluster begins with an emoji.
    static func isEmojiSequence(_ scalars: Character.UnicodeScalarView) -> Bool {
        var isPartStart = true
        for scalar in scalars.prefix(self.maximumScalars + 1) {
            if scalar.value == 0x200D {
                if isPartStart { return false }
                isPartStart = true
            } else {
                if isPartStart, scalar.value < 0xA9 || !scalar.properties.isEmoji { return false }
                isPartStart = false
            }
        }
        return !isPartStart
    }

    private static func isForbidden(_ value: UInt32) -> Bool {
        switch value {
        case 0x034F, 0x061C, 0x115F...0x1160, 0x17B4...0x17B5, 0x180B...0x180F, 0x3164, 0xFFA0: true
        case 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF, 0xFFF0...0xFFFB: true
        case 0xD800...0xDFFF, 0xE000...0xF8FF, 0xFDD0...0xFDEF: true
        case 0x13430...0x1343F, 0x1BCA0...0x1BCA3, 0x1D173...0x1D17A: true
        case 0xE0000...0x10FFFF: true
        default: value & 0xFFFE == 0xFFFE
        }
    }

    private static func contains(_ ranges: [ClosedRange<UInt32>], _ value: UInt32) -> Bool {
        var low = 0
        var high = ranges.count
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound < value { low = middle + 1 } else { high = middle }
        }
        return low < ranges.count && ranges[low].contains(value)
    }
}
