import Digests
import TextSafety
package import WorkerDomain

/// How rows are printed.
package enum RowFormat: String, Sendable, CaseIterable {
    case text, csv
    /// CSV whose texts no spreadsheet takes for formulas.
    case safeCSV = "safe-csv"
    case json, sql
}

/// Values of SQL as the literals of a format; every one comes back as the same value.
package enum RowText {
    /// `{"blob":"<base64>"}` and `{"real":"Infinity"}` where JSON has no such value.
    package static func json(_ value: SQLValue) -> String {
        switch value {
        case .null: "null"
        case .integer(let number): String(number)
        case .real(let number): number.isFinite ? Self.real(number) : "{\"real\":\"\(Self.name(of: number))\"}"
        case .text(let text): ControlCharacters.json(text)
        case .blob(let bytes): "{\"blob\":\"\(Base64.text(bytes))\"}"
        }
    }

    /// As RFC 4180; NULL is empty, an empty text is `""`, a blob its digits behind `0x`.
    package static func csv(_ value: SQLValue) -> String {
        switch value {
        case .null: return ""
        case .integer(let number): return String(number)
        case .real(let number): return number.isFinite ? Self.real(number) : Self.name(of: number)
        case .blob(let bytes): return "0x" + Self.digits(bytes)
        case .text(let text): return self.csv(text)
        }
    }

    private static func csv(_ text: String) -> String {
        let mustQuote =
            text.isEmpty || text.utf8.contains { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\"") || $0 < 0x20 }
            || text.utf8.first == UInt8(ascii: " ") || text.utf8.last == UInt8(ascii: " ")
        return mustQuote ? text.quoted("\"") : text
    }

    /// As ``csv(_:)``, but what a spreadsheet would run as a formula has a `'` before it, which makes it a text there;
    /// numbers stay (OWASP, CSV injection).
    ///
    /// In some countries a spreadsheet splits lines at `;`, or is told to at a tab, and takes quotation marks inside such
    /// a part for characters: what a formula begins with gets its `'` behind each of these too.
    package static func safeCSV(_ value: SQLValue) -> String {
        guard case .text(let text) = value else { return self.csv(value) }
        var safe = String.UnicodeScalarView()
        if let first = text.unicodeScalars.first, self.blanks.contains(first) { safe.append("'") }
        var isStart = true
        for scalar in text.unicodeScalars {
            if isStart, self.formulaStarts.contains(scalar) { safe.append("'") }
            // Blanks and quotation marks before a formula do not hinder it.
            isStart = self.cellEnds.contains(scalar) || (isStart && (scalar == " " || scalar == "\""))
            safe.append(scalar)
        }
        let isAsItWas = safe.count == text.unicodeScalars.count && !safe.contains(where: self.cellEnds.contains)
        return isAsItWas ? self.csv(text) : String(safe).quoted("\"")
    }

    /// What begins another cell in some spreadsheet.
    private static let cellEnds: Set<Unicode.Scalar> = [",", ";", "\t", "\n", "\r", "|"]

    /// What a formula begins with; the wide forms count in some.
    private static let formulaStarts: Set<Unicode.Scalar> = [
        "=", "+", "-", "@", "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}",
    ]

    /// What spreadsheets skip at the beginning of a text.
    private static let blanks: Set<Unicode.Scalar> = ["\t", "\r", "\n"]

    /// A literal of SQLite.
    package static func sql(_ value: SQLValue) -> String {
        switch value {
        case .null: "NULL"
        // Without its sign the smallest integer is too large for one.
        case .integer(let number): number == .min ? "(-9223372036854775807 - 1)" : String(number)
        case .real(let number):
            number.isNaN ? "NULL" : number.isInfinite ? (number < 0 ? "-9e999" : "9e999") : Self.real(number)
        case .blob(let bytes): "x'" + Self.digits(bytes) + "'"
        case .text(let text):
            // A literal ends at a NUL.
            text.utf8.contains(0)
                ? "CAST(x'" + Self.digits(Array(text.utf8)) + "' AS TEXT)"
                : text.quoted("'")
        }
    }

    /// A cell for a person, on one line.
    package static func text(_ value: SQLValue) -> String {
        switch value {
        case .null: "NULL"
        case .integer(let number): String(number)
        case .real(let number): number.isFinite ? Self.real(number) : Self.name(of: number)
        case .blob(let bytes): "x'" + Self.digits(Array(bytes.prefix(32))) + (bytes.count > 32 ? "…'" : "'")
        case .text(let text): ObjectText.key(text)
        }
    }

    /// The shortest digits that read back as the same number, with a point or an exponent.
    private static func real(_ number: Double) -> String { "\(number)" }

    private static func name(of number: Double) -> String {
        number.isNaN ? "NaN" : number < 0 ? "-Infinity" : "Infinity"
    }

    private static func digits(_ bytes: [UInt8]) -> String { Digest.hexadecimal(bytes) }
}
