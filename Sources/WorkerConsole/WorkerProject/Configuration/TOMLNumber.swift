/// A number as TOML writes it, as far as ``TOMLGuard`` has to tell numbers apart.
enum TOMLNumber {
    /// The value without its sign; `nil` when it has more than 64 bits.
    case integer(UInt64?)
    /// `0x1.8p3`, which C and toml++ know and TOML does not.
    case hexadecimalFraction
    /// A number with a point or an exponent; infinite or zero when it is out of a double's range.
    case fraction(Double)

    /// - Returns: `nil` for anything that TOML would not read as a number.
    init?(_ scalars: ArraySlice<Unicode.Scalar>) {
        guard let first = scalars.first, first.isASCII else { return nil }
        let isSigned = first == "+" || first == "-"
        let digits = isSigned ? scalars.dropFirst() : scalars
        if digits.first == "0", let base = Self.base(digits.dropFirst().first) {
            let rest = digits.dropFirst(2)
            if base == 16, rest.contains(where: { $0 == "p" || $0 == "P" }) {
                self = .hexadecimalFraction
                return
            }
            guard !isSigned, let plain = Self.withoutSeparators(rest, isDigit: { Self.isDigit($0, base: base) }) else {
                return nil
            }
            self = .integer(Self.magnitude(plain, base: base))
            return
        }
        let whole = digits.prefix { Self.isDigit($0, base: 10) || $0 == "_" }
        guard let plain = Self.withoutSeparators(whole, isDigit: { Self.isDigit($0, base: 10) }),
            plain.count == 1 || plain.first != "0"
        else { return nil }
        var rest = digits[whole.endIndex...]
        guard !rest.isEmpty else {
            self = .integer(Self.magnitude(plain, base: 10))
            return
        }
        var text = (first == "-" ? "-" : "") + plain
        if rest.first == "." {
            let part = rest.dropFirst().prefix { Self.isDigit($0, base: 10) || $0 == "_" }
            guard let plain = Self.withoutSeparators(part, isDigit: { Self.isDigit($0, base: 10) }) else { return nil }
            text += "." + plain
            rest = rest[part.endIndex...]
        }
        if rest.first == "e" || rest.first == "E" {
            rest = rest.dropFirst()
            text += "e"
            if let sign = rest.first, sign == "+" || sign == "-" {
                text += sign == "-" ? "-" : ""
                rest = rest.dropFirst()
            }
            guard let plain = Self.withoutSeparators(rest, isDigit: { Self.isDigit($0, base: 10) }) else { return nil }
            text += plain
            rest = rest[rest.endIndex...]
        }
        guard rest.isEmpty, let value = Double(text) else { return nil }
        self = .fraction(value)
    }

    private static func base(_ letter: Unicode.Scalar?) -> Int? {
        switch letter {
        case "x", "X": 16
        case "o": 8
        case "b": 2
        default: nil
        }
    }

    private static func isDigit(_ scalar: Unicode.Scalar, base: Int) -> Bool {
        Character(scalar).isASCII && (Character(scalar).hexDigitValue.map { $0 < base } ?? false)
    }

    /// The digits without the underscores between them; `nil` when there is anything else, or nothing.
    private static func withoutSeparators(
        _ scalars: ArraySlice<Unicode.Scalar>, isDigit: (Unicode.Scalar) -> Bool
    ) -> String? {
        var text = ""
        var isAfterDigit = false
        for scalar in scalars {
            if scalar == "_" {
                guard isAfterDigit else { return nil }
                isAfterDigit = false
            } else {
                guard isDigit(scalar) else { return nil }
                text.unicodeScalars.append(scalar)
                isAfterDigit = true
            }
        }
        return isAfterDigit ? text : nil
    }

    private static func magnitude(_ digits: String, base: Int) -> UInt64? { UInt64(digits, radix: base) }
}
