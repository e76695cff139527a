/// One token of Python source.
struct PythonToken: Sendable, Equatable {
    enum Kind: Sendable, Equatable {
        case name(String)
        case number
        case string(PythonString)
        /// An operator or delimiter: `(`, `:=`, `->`.
        case symbol(String)
        case newline
        case indent
        case dedent
        case end
    }
    let kind: Kind
    let place: SourcePlace
    /// Byte range in the source text.
    let start: Int
    let end: Int

    func isSymbol(_ text: String) -> Bool { self.kind == .symbol(text) }
    func isName(_ text: String) -> Bool { self.kind == .name(text) }
}

/// One string literal.
struct PythonString: Sendable, Equatable {
    enum Kind: Sendable, Equatable { case text, bytes, formatted }
    let kind: Kind
    /// The value of a plain text; `nil` for bytes, formatted strings, and texts longer than 4,096 bytes.
    let value: String?
    /// The replacement fields of a formatted string: byte ranges of their expressions.
    let fields: [Range<Int>]
}
