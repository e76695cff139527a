/// Numbers as the Worker sees them: what a double makes of the digits, written as JavaScript writes it.
enum JavaScriptNumber {
    /// - Parameter digits: A number in JSON's notation.
    /// - Returns: `Infinity` and `-Infinity` for what a double cannot hold, which JSON writes as null.
    static func text(of digits: String) -> String {
        // Every whole number of 15 digits is a double.
        let isShort = digits.utf8.count <= 15 && digits.utf8.allSatisfy { (0x30...0x39).contains($0) }
        return isShort ? digits : Self.text(of: Double(digits) ?? .nan)
    }

    /// The shortest digits that give the number back (ECMA-262, Number::toString).
    static func text(of value: Double) -> String {
        guard value.isFinite else { return value.isNaN ? "NaN" : value > 0 ? "Infinity" : "-Infinity" }
        if value == 0 { return "0" }
        // Swift writes the shortest digits too, with another rule for where the exponent begins.
        let parts = "\(value.magnitude)".split(separator: "e")
        let mantissa = (parts.first ?? "").split(separator: ".")
        let whole = mantissa.first ?? ""
        var digits = whole + (mantissa.dropFirst().first ?? "")
        var point = whole.count + (parts.dropFirst().first.flatMap { Int($0) } ?? 0)
        while digits.first == "0" {
            digits.removeFirst()
            point -= 1
        }
        while digits.last == "0" { digits.removeLast() }
        return (value < 0 ? "-" : "") + Self.placed(digits, point: point)
    }

    /// The digits with `point` of them before the point.
    private static func placed(_ digits: Substring, point: Int) -> String {
        func zeros(_ count: Int) -> String { String(repeating: "0", count: count) }
        switch point {
        case digits.count...21: return digits + zeros(point - digits.count)
        case 1..<max(digits.count, 1) where point <= 21: return digits.prefix(point) + "." + digits.dropFirst(point)
        case -5...0: return "0." + zeros(-point) + digits
        default:
            let fraction = digits.count > 1 ? "." + digits.dropFirst() : ""
            return "\(digits.prefix(1))\(fraction)e\(point > 0 ? "+" : "-")\(abs(point - 1))"
        }
    }
}
