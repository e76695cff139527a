/// One token of Python source; plain data, so that a token can be copied for nothing.
struct PythonToken: Sendable {
    enum Kind: Sendable, Equatable {
        case name(PythonSoftKeyword)
        case keyword(PythonKeyword)
        case symbol(PythonSymbol)
        case number
        /// A literal that is not formatted; its value is read from the source.
        case string(PythonStringPrefix)
        /// `f"` or `t"` up to and with the quote; the parts follow, then ``formatEnd``.
        case formatStart(PythonStringPrefix)
        /// Text between the fields of a formatted string.
        case formatText
        case formatEnd
        case newline
        case indent
        case dedent
        case end
    }
    let kind: Kind
    /// Byte range in the source text.
    let start: Int
    let end: Int
    let line: Int
    let column: Int

    var place: SourcePlace { SourcePlace(line: self.line, column: self.column) }
}

/// A name that is a keyword in some places only (language reference, section 2.3.2).
enum PythonSoftKeyword: Sendable, Equatable { case none, match, `case`, type, underscore }

/// A name that is never an identifier (language reference, section 2.3.1).
enum PythonKeyword: String, Sendable, CaseIterable {
    case `false` = "False"
    case none = "None"
    case `true` = "True"
    case and, `as`, assert, async, await, `break`, `class`, `continue`, def, del, `elif`, `else`, except, finally, `for`
    case from, global, `if`, `import`, `in`, `is`, lambda, nonlocal, not, or, pass, raise, `return`, `try`, `while`
    case with, yield
}

/// An operator or delimiter.
enum PythonSymbol: String, Sendable {
    case leftParenthesis = "("
    case rightParenthesis = ")"
    case leftBracket = "["
    case rightBracket = "]"
    case leftBrace = "{"
    case rightBrace = "}"
    case comma = ","
    case colon = ":"
    case semicolon = ";"
    case dot = "."
    case ellipsis = "..."
    case arrow = "->"
    case walrus = ":="
    case exclamation = "!"
    case at = "@"
    case equal = "="
    case plus = "+"
    case minus = "-"
    case star = "*"
    case power = "**"
    case slash = "/"
    case floor = "//"
    case percent = "%"
    case ampersand = "&"
    case bar = "|"
    case caret = "^"
    case tilde = "~"
    case shiftLeft = "<<"
    case shiftRight = ">>"
    case less = "<"
    case greater = ">"
    case lessEqual = "<="
    case greaterEqual = ">="
    case equalEqual = "=="
    case notEqual = "!="
    case plusEqual = "+="
    case minusEqual = "-="
    case starEqual = "*="
    case slashEqual = "/="
    case floorEqual = "//="
    case percentEqual = "%="
    case atEqual = "@="
    case ampersandEqual = "&="
    case barEqual = "|="
    case caretEqual = "^="
    case shiftRightEqual = ">>="
    case shiftLeftEqual = "<<="
    case powerEqual = "**="

    /// An operator of two operands that stands above comparisons.
    var isArithmetic: Bool {
        switch self {
        case .plus, .minus, .star, .slash, .floor, .percent, .at, .ampersand, .bar, .caret, .shiftLeft, .shiftRight:
            true
        default: false
        }
    }

    /// `+=` and its kind.
    var isAugmented: Bool {
        switch self {
        case .plusEqual, .minusEqual, .starEqual, .slashEqual, .floorEqual, .percentEqual, .atEqual, .ampersandEqual,
            .barEqual, .caretEqual, .shiftRightEqual, .shiftLeftEqual, .powerEqual:
            true
        default: false
        }
    }

    /// The bracket that closes this one.
    var closing: PythonSymbol? {
        switch self {
        case .leftParenthesis: .rightParenthesis
        case .leftBracket: .rightBracket
        case .leftBrace: .rightBrace
        default: nil
        }
    }
}

/// What the letters and quotes in front of a literal say.
struct PythonStringPrefix: OptionSet, Sendable {
    let rawValue: UInt8
    static let raw = Self(rawValue: 1)
    static let bytes = Self(rawValue: 2)
    static let formatted = Self(rawValue: 4)
    /// A template string, `t"…"` (PEP 750).
    static let template = Self(rawValue: 8)
    static let triple = Self(rawValue: 16)
}
