/// Reads tokens into statements, by the grammar of one interpreter (language reference, section 10).
///
/// What that interpreter's grammar refuses is refused with its place. What depends on the names and functions around it
/// is ``PythonSymbols``' part. Bounds: expressions nested 300 deep, trees 600 high, 1,000 operands in a row; beyond them
/// `SourceError.Code.tooComplex` is thrown, because where an interpreter stops there depends on its build.
struct PythonParser {
    static let depthLimit = 300
    static let heightLimit = 600
    static let chainLimit = 1_000

    let source: [UInt8]
    let tokens: [PythonToken]
    /// The minor version of the interpreter: 12, 13 or 14.
    let minor: Int
    var index = 0
    var depth = 0
    /// No expression that was read since the statement began is a higher tree.
    var height = 0
    /// One entry a function that is being read: it has a `yield` of its own.
    var yields: [Bool] = []

    /// Reads a whole source.
    ///
    /// - Parameters:
    ///   - source: The source, decoded.
    ///   - minor: The minor version of the interpreter whose grammar holds.
    /// - Returns: Its statements.
    /// - Throws: ``SourceError`` — `.syntax` for what the interpreter refuses, `.tooComplex` for what is not decided here.
    static func statements(of source: SourceText, minor: Int) throws(SourceError) -> [PythonStatement] {
        try self.parse(source, minor: minor).statements
    }

    /// The same, with how many tokens the source is made of.
    static func parse(
        _ source: SourceText, minor: Int
    ) throws(SourceError) -> (statements: [PythonStatement], tokens: Int) {
        var tokenizer = PythonTokenizer(source.bytes, minor: minor)
        try tokenizer.run()
        var parser = PythonParser(source: source.bytes, tokens: tokenizer.tokens, minor: minor)
        var statements: [PythonStatement] = []
        while parser.kind != .end { try parser.readStatement(into: &statements) }
        try PythonSymbols.check(statements, minor: minor)
        if let doubt = tokenizer.doubt { throw doubt }
        if !tokenizer.characterNames.isEmpty, let name = CharacterNames.unknown(among: tokenizer.characterNames) {
            throw SourceError(.tooComplex, "whether \\N{\(name)} names a character is not known here")
        }
        return (statements, parser.tokens.count)
    }

    private init(source: [UInt8], tokens: [PythonToken], minor: Int) {
        self.source = source
        self.tokens = tokens
        self.minor = minor
    }

    // MARK: - Tokens

    var token: PythonToken { self.tokens[self.index] }
    var kind: PythonToken.Kind { self.tokens[self.index].kind }
    var place: SourcePlace { self.tokens[self.index].place }

    func ahead(_ distance: Int) -> PythonToken.Kind {
        self.tokens[min(self.index + distance, self.tokens.count - 1)].kind
    }

    func text(of token: PythonToken) -> String {
        String(decoding: self.source[token.start..<token.end], as: UTF8.self)
    }

    /// Steps over the token; the last one stays.
    mutating func advance() { if self.index + 1 < self.tokens.count { self.index += 1 } }

    func isNext(_ symbol: PythonSymbol) -> Bool { self.kind == .symbol(symbol) }
    func isNext(_ keyword: PythonKeyword) -> Bool { self.kind == .keyword(keyword) }

    mutating func take(_ symbol: PythonSymbol) -> Bool {
        guard self.isNext(symbol) else { return false }
        self.advance()
        return true
    }

    mutating func take(_ keyword: PythonKeyword) -> Bool {
        guard self.isNext(keyword) else { return false }
        self.advance()
        return true
    }

    mutating func expect(_ symbol: PythonSymbol) throws(SourceError) {
        guard self.take(symbol) else { throw self.fail("expected '\(symbol.rawValue)'") }
    }

    mutating func identifier() throws(SourceError) -> String {
        guard case .name = self.kind else { throw self.fail() }
        let text = self.text(of: self.token)
        self.advance()
        return text.utf8.contains { $0 >= 0x80 } ? PythonIdentifier.normalized(text) ?? text : text
    }

    /// A name that is bound: every identifier but `__debug__`.
    mutating func boundName() throws(SourceError) -> String {
        let place = self.place
        let name = try self.identifier()
        if name == "__debug__" { throw SourceError(.syntax, "cannot assign to __debug__", at: place) }
        return name
    }

    // MARK: - Errors

    /// Refuses what stands at the token.
    func fail(_ message: String = "invalid syntax", at place: SourcePlace? = nil, fix: String? = nil) -> SourceError {
        let kind = self.kind
        guard message == "invalid syntax", place == nil else {
            return SourceError(.syntax, message, at: place ?? self.place, fix: fix)
        }
        let words: String =
            switch kind {
            case .newline, .end: "the line ends too early"
            case .indent: "unexpected indent"
            case .dedent: "the block ends too early"
            case .keyword(let keyword): "invalid syntax: '\(keyword.rawValue)' cannot stand here"
            case .symbol(let symbol): "invalid syntax: '\(symbol.rawValue)' cannot stand here"
            default: message
            }
        return SourceError(.syntax, words, at: self.place, fix: fix)
    }

    /// Refuses what only a later interpreter takes.
    func needs(_ minor: Int, _ what: String, at place: SourcePlace, fix: String) -> SourceError {
        SourceError(.syntax, "\(what) need Python 3.\(minor)", at: place, fix: fix)
    }

    mutating func enter() throws(SourceError) {
        self.depth += 1
        guard self.depth <= Self.depthLimit else {
            throw SourceError(.tooComplex, "nested more than \(Self.depthLimit) deep", at: self.place)
        }
    }

    func checkHeight() throws(SourceError) {
        guard self.height <= Self.heightLimit else {
            throw SourceError(.tooComplex, "an expression of more than \(Self.heightLimit) levels", at: self.place)
        }
    }

    func checkChain(_ count: Int) throws(SourceError) {
        guard count <= Self.chainLimit else {
            throw SourceError(.tooComplex, "a chain of more than \(Self.chainLimit) parts", at: self.place)
        }
    }

    // MARK: - Statements

    mutating func readStatement(into statements: inout [PythonStatement]) throws(SourceError) {
        switch self.kind {
        case .newline:
            self.advance()
            return
        case .indent: throw self.fail("unexpected indent", fix: "indent the line like the one above it")
        default: break
        }
        let place = self.place
        self.height = 0
        if let kind = try self.readCompound() {
            statements.append(PythonStatement(kind: kind, place: place))
        } else {
            try self.readSimpleLine(into: &statements)
        }
    }

    /// A block is a line of simple statements, or an indented suite.
    mutating func readBlock(after what: String) throws(SourceError) -> [PythonStatement] {
        let line = self.tokens[max(0, self.index - 1)].line
        try self.expect(.colon)
        var statements: [PythonStatement] = []
        guard self.kind == .newline else {
            if case .keyword(let word) = self.kind, Self.beginsCompound(word) { throw self.fail() }
            try self.readSimpleLine(into: &statements)
            return statements
        }
        self.advance()
        guard self.kind == .indent else {
            throw self.fail(
                "expected an indented block after \(what) on line \(line)",
                fix: "indent the lines that belong to it, or write `pass`")
        }
        self.advance()
        try self.enter()
        defer { self.depth -= 1 }
        while self.kind != .dedent {
            guard self.kind != .end else { throw self.fail() }
            try self.readStatement(into: &statements)
        }
        self.advance()
        return statements
    }

    private static func beginsCompound(_ word: PythonKeyword) -> Bool {
        switch word {
        case .def, .class, .if, .for, .while, .with, .try, .async: true
        default: false
        }
    }

    private mutating func readSimpleLine(into statements: inout [PythonStatement]) throws(SourceError) {
        repeat {
            if self.kind == .newline, !statements.isEmpty { break }
            let place = self.place
            statements.append(PythonStatement(kind: try self.readSimple(), place: place))
        } while self.take(.semicolon)
        guard self.kind == .newline || self.kind == .end else { throw self.leftOver(statements) }
        if self.kind == .newline { self.advance() }
    }

    /// A statement is at its end and the line is not.
    private func leftOver(_ statements: [PythonStatement]) -> SourceError {
        if self.isNext(.equal) || self.isNext(.walrus) { return self.fail() }
        if case .expression(let value)? = statements.last?.kind, case .name(let name) = value.bare,
            ["print", "exec"].contains(name), !self.isNext(.colon)
        {
            return self.fail("missing parentheses in call to '\(name)'", fix: "write \(name)(…)")
        }
        return self.fail()
    }
}
