/// The match statement and its patterns (language reference, section 8.6).
extension PythonParser {
    /// What a pattern was found to be.
    struct Pattern {
        var names: [String] = []
        var values: [PythonExpression] = []
        /// It takes everything: a name or `_`.
        var takesAll: String?

        mutating func add(_ other: Pattern) {
            self.names += other.names
            self.values += other.values
        }
    }

    /// `match` is a soft keyword: it is a statement when a colon and a line end follow its subject.
    mutating func readMatch() throws(SourceError) -> PythonStatement.Kind? {
        let start = (self.index, self.depth, self.height, self.yields)
        self.advance()
        guard self.startsExpression, let subject = try? self.subject(), self.take(.colon), self.kind == .newline else {
            (self.index, self.depth, self.height, self.yields) = start
            return nil
        }
        self.advance()
        guard self.kind == .indent, self.ahead(1) == .name(.case) else {
            throw self.fail("expected an indented block of 'case' after 'match'", at: self.place)
        }
        self.advance()
        try self.enter()
        defer { self.depth -= 1 }
        var cases: [PythonCase] = []
        while self.kind == .name(.case) {
            let place = self.place
            let (item, takesAll) = try self.readCase()
            cases.append(item)
            if let takesAll, self.kind == .name(.case) {
                let what = takesAll == "_" ? "wildcard" : "name capture '\(takesAll)'"
                throw self.fail("\(what) makes remaining patterns unreachable", at: place)
            }
        }
        guard self.kind == .dedent else { throw self.fail() }
        self.advance()
        return .match(subject, cases)
    }

    private mutating func subject() throws(SourceError) -> PythonExpression {
        let first = try self.starNamed()
        guard self.isNext(.comma) else {
            if case .starred = first { throw self.fail() }
            return first
        }
        var items = [first]
        while self.take(.comma) {
            if self.isNext(.colon) { break }
            items.append(try self.starNamed())
        }
        return .tuple(items)
    }

    private mutating func readCase() throws(SourceError) -> (PythonCase, takesAll: String?) {
        let place = self.place
        self.advance()
        let pattern = try self.patterns()
        guard Set(pattern.names).count == pattern.names.count else {
            throw self.fail("multiple assignments to one name in pattern", at: place)
        }
        let test = self.take(.if) ? try self.namedExpression() : nil
        let body = try self.readBlock(after: "'case' statement")
        let item = PythonCase(
            names: pattern.names, values: pattern.values, guardTest: test,
            takesAll: test == nil && pattern.takesAll != nil, body: body)
        return (item, test == nil ? pattern.takesAll : nil)
    }

    /// A pattern, or several with commas, which are a sequence.
    private mutating func patterns() throws(SourceError) -> Pattern {
        let first = self.place
        var stars = self.isNext(.star) ? 1 : 0
        var result = try self.starPattern()
        guard self.isNext(.comma) else {
            if stars > 0 { throw self.fail("cannot use starred pattern here", at: first) }
            return result
        }
        result.takesAll = nil
        while self.take(.comma) {
            if self.isNext(.colon) || self.isNext(.if) || self.isNext(.rightParenthesis) { break }
            stars += self.isNext(.star) ? 1 : 0
            result.add(try self.starPattern())
        }
        if stars > 1 { throw self.fail("multiple starred expressions in sequence pattern", at: first) }
        return result
    }

    private mutating func starPattern() throws(SourceError) -> Pattern {
        guard self.take(.star) else { return try self.pattern() }
        guard case .name(let soft) = self.kind else { throw self.fail() }
        let name = try self.boundName()
        return soft == .underscore ? Pattern() : Pattern(names: [name])
    }

    /// `A | B as name`.
    private mutating func pattern() throws(SourceError) -> Pattern {
        try self.enter()
        defer { self.depth -= 1 }
        let place = self.place
        var result = try self.closedPattern()
        while self.take(.bar) {
            if let name = result.takesAll {
                let what = name == "_" ? "wildcard" : "name capture '\(name)'"
                throw self.fail("\(what) makes remaining patterns unreachable", at: place)
            }
            let next = try self.closedPattern()
            guard Set(next.names) == Set(result.names) else {
                throw self.fail("alternative patterns bind different names", at: place)
            }
            result.values += next.values
            result.takesAll = next.takesAll
        }
        guard self.take(.as) else { return result }
        guard case .name(let soft) = self.kind else { throw self.fail("invalid pattern target", at: self.place) }
        if soft == .underscore { throw self.fail("cannot use '_' as a target", at: self.place) }
        result.names.append(try self.boundName())
        switch self.kind {
        case .symbol(.dot), .symbol(.leftParenthesis), .symbol(.equal):
            throw self.fail("invalid pattern target", at: self.place)
        default: return result
        }
    }

    private mutating func closedPattern() throws(SourceError) -> Pattern {
        switch self.kind {
        case .number, .symbol(.minus): return try self.numberPattern()
        case .string, .formatStart:
            let place = self.place
            guard case .formatted = try self.atom() else { return Pattern() }
            throw self.fail("patterns may only match literals and attribute lookups", at: place)
        case .keyword(.none), .keyword(.true), .keyword(.false):
            self.advance()
            return Pattern()
        case .name: return try self.namePattern()
        case .symbol(.leftParenthesis):
            self.advance()
            if self.take(.rightParenthesis) { return Pattern() }
            let inner = try self.patterns()
            try self.expect(.rightParenthesis)
            return inner
        case .symbol(.leftBracket): return try self.listPattern()
        case .symbol(.leftBrace): return try self.mappingPattern()
        default: throw self.fail()
        }
    }

    private mutating func numberPattern() throws(SourceError) -> Pattern {
        let place = self.place
        _ = self.take(.minus)
        let isImaginary = try self.takeNumber()
        if self.isNext(.plus) || self.isNext(.minus) {
            self.advance()
            if isImaginary { throw self.fail("real number required in complex literal", at: place) }
            guard try self.takeNumber() else {
                throw self.fail("imaginary number required in complex literal", at: place)
            }
        }
        return Pattern()
    }

    /// - Returns: True for an imaginary number.
    private mutating func takeNumber() throws(SourceError) -> Bool {
        let token = self.token
        guard token.kind == .number else { throw self.fail() }
        self.advance()
        return self.source[token.end - 1] | 0x20 == UInt8(ascii: "j")
    }

    private mutating func namePattern() throws(SourceError) -> Pattern {
        let place = self.place
        let isWildcard = self.kind == .name(.underscore)
        let next = self.ahead(1)
        guard next == .symbol(.dot) || next == .symbol(.leftParenthesis) else {
            if next == .symbol(.equal) { throw self.fail() }
            let name = try self.boundName()
            return Pattern(names: isWildcard ? [] : [name], takesAll: name)
        }
        var value = PythonExpression.placed(.name(try self.identifier()), place)
        var count = 0
        while self.take(.dot) {
            value = .attribute(value, try self.identifier())
            count += 1
            try self.checkChain(count)
        }
        self.height = max(self.height, count)
        try self.checkHeight()
        var pattern = Pattern(values: [value])
        if self.take(.leftParenthesis) { try self.readClassArguments(into: &pattern) }
        return pattern
    }

    private mutating func readClassArguments(into pattern: inout Pattern) throws(SourceError) {
        var keywords: Set<String> = []
        while !self.take(.rightParenthesis) {
            let place = self.place
            if case .name = self.kind, self.ahead(1) == .symbol(.equal) {
                let name = try self.identifier()
                self.advance()
                guard keywords.insert(name).inserted else {
                    throw self.fail("attribute name repeated in class pattern: \(name)", at: place)
                }
            } else if !keywords.isEmpty {
                throw self.fail("positional patterns follow keyword patterns", at: place)
            }
            pattern.add(try self.pattern())
            guard self.take(.comma) || self.isNext(.rightParenthesis) else { throw self.fail() }
        }
    }

    private mutating func listPattern() throws(SourceError) -> Pattern {
        let place = self.place
        self.advance()
        var result = Pattern()
        var stars = 0
        while !self.take(.rightBracket) {
            stars += self.isNext(.star) ? 1 : 0
            result.add(try self.starPattern())
            guard self.take(.comma) || self.isNext(.rightBracket) else { throw self.fail() }
        }
        if stars > 1 { throw self.fail("multiple starred expressions in sequence pattern", at: place) }
        return result
    }

    private mutating func mappingPattern() throws(SourceError) -> Pattern {
        self.advance()
        var result = Pattern()
        var keys: Set<String> = []
        while !self.take(.rightBrace) {
            if self.take(.power) {
                if self.kind == .name(.underscore) { throw self.fail() }
                result.names.append(try self.boundName())
                _ = self.take(.comma)
                try self.expect(.rightBrace)
                break
            }
            let start = self.token
            let key = try self.closedPattern()
            if key.names.isEmpty == false || key.takesAll != nil || !Self.mayBeKey(start.kind) {
                throw self.fail("mapping pattern keys may only match literals and attribute lookups", at: start.place)
            }
            if key.values.isEmpty {
                let end = self.tokens[self.index - 1].end
                let text = String(decoding: self.source[start.start..<end], as: UTF8.self)
                guard keys.insert(Self.keyText(text)).inserted else {
                    throw self.fail("mapping pattern checks duplicate key (\(text))", at: start.place)
                }
            } else if self.tokens[self.index - 1].kind == .symbol(.rightParenthesis) {
                throw self.fail("mapping pattern keys may only match literals and attribute lookups", at: start.place)
            }
            result.values += key.values
            try self.expect(.colon)
            result.add(try self.pattern())
            guard self.take(.comma) || self.isNext(.rightBrace) else { throw self.fail() }
        }
        return result
    }

    /// Numbers, `True` and `False` that are equal are one key.
    private static func keyText(_ text: String) -> String {
        switch text {
        case "True": return "1.0"
        case "False": return "0.0"
        default: break
        }
        var digits = text.filter { $0 != "_" }
        guard let first = digits.first, first.isNumber || first == "-" || first == "." else { return text }
        if digits.hasSuffix("j") || digits.hasSuffix("J") {
            digits.removeLast()
            guard Double(digits) == 0 else { return text }
        }
        guard let value = Double(digits) else { return text }
        return value == 0 ? "0.0" : "\(value)"
    }

    private static func mayBeKey(_ kind: PythonToken.Kind) -> Bool {
        switch kind {
        case .symbol(let symbol): symbol == .minus
        default: true
        }
    }
}
