/// Atoms: names, literals, displays, comprehensions (language reference, section 6.2).
extension PythonParser {
    mutating func atom() throws(SourceError) -> PythonExpression {
        let token = self.token
        switch token.kind {
        case .keyword(.none):
            self.advance()
            return .constant(.none)
        case .keyword(.true):
            self.advance()
            return .constant(.yes)
        case .keyword(.false):
            self.advance()
            return .constant(.no)
        case .name: return .name(try self.identifier())
        case .number:
            self.advance()
            return .number(Int(self.text(of: token)))
        case .string, .formatStart: return try self.strings()
        case .symbol(.ellipsis):
            self.advance()
            return .constant(.ellipsis)
        case .symbol(.leftParenthesis):
            self.advance()
            return try self.parenthesized()
        case .symbol(.leftBracket):
            self.advance()
            return try self.listDisplay()
        case .symbol(.leftBrace):
            self.advance()
            return try self.braceDisplay()
        default: throw self.fail()
        }
    }

    // MARK: - Literals

    /// Adjacent literals are one.
    private mutating func strings() throws(SourceError) -> PythonExpression {
        let place = self.place
        var text: String? = ""
        var fields: [PythonExpression] = []
        var hasBytes = false
        var hasText = false
        var hasFormat = false
        var hasTemplate = false
        reading: while true {
            let token = self.token
            switch token.kind {
            case .string(let prefix):
                self.advance()
                if prefix.contains(.bytes) {
                    hasBytes = true
                    break
                }
                hasText = true
                if let known = text, known.utf8.count < 65_536, let value = self.value(of: token, prefix) {
                    text = known + value
                } else {
                    text = nil
                }
            case .formatStart(let prefix):
                if prefix.contains(.template) { hasTemplate = true } else { hasFormat = true }
                text = nil
                try self.readFormat(prefix, into: &fields)
            default: break reading
            }
        }
        if hasBytes && (hasText || hasFormat || hasTemplate) {
            throw self.fail("cannot mix bytes and nonbytes literals", at: place)
        }
        if hasTemplate && (hasText || hasFormat) {
            throw self.fail("cannot mix t-string literals with string or f-string literals", at: place)
        }
        if hasTemplate { return .call(.name("Template"), fields.map { PythonArgument(keyword: nil, value: $0) }) }
        if hasBytes { return .bytes }
        return hasFormat ? .formatted(fields) : .text(text)
    }

    private func value(of token: PythonToken, _ prefix: PythonStringPrefix) -> String? {
        let quotes = prefix.contains(.triple) ? 3 : 1
        var start = token.start
        while self.source[start] != UInt8(ascii: "'"), self.source[start] != UInt8(ascii: "\"") { start += 1 }
        return PythonStringValue.value(of: self.source[(start + quotes)..<(token.end - quotes)], prefix: prefix)
    }

    /// A formatted string, from its opening to its closing quote.
    private mutating func readFormat(
        _ prefix: PythonStringPrefix, into fields: inout [PythonExpression]
    ) throws(SourceError) {
        try self.enter()
        defer { self.depth -= 1 }
        let kind = prefix.contains(.template) ? "t-string" : "f-string"
        self.advance()
        while self.kind != .formatEnd {
            if self.kind == .formatText {
                let token = self.token
                self.advance()
                let text = PythonStringValue.value(of: self.source[token.start..<token.end], prefix: prefix)
                if fields.count < 4_096, let text { fields.append(.placed(.text(text), token.place)) }
            } else {
                try self.readField(of: kind, into: &fields)
            }
        }
        self.advance()
    }

    /// `{expression = !r:format}`.
    private mutating func readField(
        of kind: String, into fields: inout [PythonExpression]
    ) throws(SourceError) {
        let place = self.place
        guard self.take(.leftBrace) else { throw self.fail() }
        if self.isNext(.rightBrace) {
            throw self.fail("\(kind): valid expression required before '}'", at: self.place)
        }
        try self.enter()
        defer { self.depth -= 1 }
        let value =
            self.isNext(.yield) ? try self.yieldExpression() : try self.starExpressions(mayBeStarred: false)
        if fields.count < 4_096 { fields.append(value) }
        _ = self.take(.equal)
        if self.isNext(.exclamation) {
            let end = self.token.end
            self.advance()
            guard case .name = self.kind, self.token.start == end else {
                throw self.fail("\(kind): missing conversion character", at: self.place)
            }
            let name = try self.identifier()
            guard ["s", "r", "a"].contains(name) else {
                throw self.fail(
                    "\(kind): invalid conversion character '\(name)': expected 's', 'r', or 'a'", at: place)
            }
        }
        if self.take(.colon) {
            while self.kind == .formatText || self.isNext(.leftBrace) {
                if self.kind == .formatText { self.advance() } else { try self.readField(of: kind, into: &fields) }
            }
        }
        guard self.take(.rightBrace) else {
            throw self.fail("\(kind): expecting '}'", at: self.kind == .formatEnd ? place : self.place)
        }
    }

    // MARK: - Displays

    private mutating func parenthesized() throws(SourceError) -> PythonExpression {
        if self.take(.rightParenthesis) { return .group(.tuple([])) }
        let place = self.place
        if self.isNext(.yield) {
            let value = try self.yieldExpression()
            try self.closeGroup()
            return .group(value)
        }
        let first = try self.starNamed()
        if self.startsClause {
            if case .starred = first {
                throw self.fail("iterable unpacking cannot be used in comprehension", at: place)
            }
            let clauses = try self.clauses()
            try self.closeGroup()
            return .comprehension([first], clauses, .generator)
        }
        guard self.isNext(.comma) else {
            if case .starred = first { throw self.fail("cannot use starred expression here", at: place) }
            try self.closeGroup()
            return .group(first)
        }
        var items = [first]
        while self.take(.comma) {
            if self.isNext(.rightParenthesis) { break }
            items.append(try self.starNamed())
        }
        try self.closeGroup()
        return .group(.tuple(items))
    }

    private mutating func closeGroup() throws(SourceError) {
        guard self.take(.rightParenthesis) else {
            throw self.fail("invalid syntax. Perhaps you forgot a comma?", at: self.place)
        }
    }

    private mutating func listDisplay() throws(SourceError) -> PythonExpression {
        var items: [PythonExpression] = []
        while !self.take(.rightBracket) {
            let place = self.place
            items.append(try self.starNamed())
            if self.startsClause {
                if case .starred? = items.first {
                    throw self.fail("iterable unpacking cannot be used in comprehension", at: place)
                }
                guard items.count == 1 else {
                    throw self.fail("did you forget parentheses around the comprehension target?", at: place)
                }
                let clauses = try self.clauses()
                try self.expect(.rightBracket)
                return .comprehension(items, clauses, .list)
            }
            guard self.take(.comma) || self.isNext(.rightBracket) else {
                throw self.fail("invalid syntax. Perhaps you forgot a comma?", at: self.place)
            }
        }
        return .list(items)
    }

    private mutating func braceDisplay() throws(SourceError) -> PythonExpression {
        if self.take(.rightBrace) { return .dictionary([]) }
        let isMapping = self.isNext(.power)
        if isMapping { return try self.dictionaryDisplay(first: nil) }
        let place = self.place
        let first = try self.starNamed()
        if self.isNext(.colon) {
            switch first.unplaced {
            case .starred, .walrus: throw self.fail()
            default: return try self.dictionaryDisplay(first: first)
            }
        }
        if self.startsClause {
            if case .starred = first {
                throw self.fail("iterable unpacking cannot be used in comprehension", at: place)
            }
            let clauses = try self.clauses()
            try self.expect(.rightBrace)
            return .comprehension([first], clauses, .set)
        }
        var items = [first]
        while !self.take(.rightBrace) {
            guard self.take(.comma) else {
                throw self.fail("invalid syntax. Perhaps you forgot a comma?", at: self.place)
            }
            if self.isNext(.rightBrace) { continue }
            items.append(try self.starNamed())
        }
        return .set(items)
    }

    /// A dict whose first key was read already; `first` is `nil` when `**` stands next.
    private mutating func dictionaryDisplay(first: PythonExpression?) throws(SourceError) -> PythonExpression {
        var pairs: [(key: PythonExpression?, value: PythonExpression)] = []
        var key = first
        while true {
            if key == nil, self.take(.power) {
                pairs.append((nil, try self.arithmetic()))
                if self.startsClause {
                    throw self.fail("dict unpacking cannot be used in dict comprehension", at: self.place)
                }
            } else {
                let name = if let key { key } else { try self.expression() }
                guard self.take(.colon) else { throw self.fail("':' expected after dictionary key", at: self.place) }
                if self.isNext(.star) {
                    throw self.fail("cannot use a starred expression in a dictionary value", at: self.place)
                }
                pairs.append((name, try self.expression()))
                if self.startsClause, pairs.count == 1 {
                    let clauses = try self.clauses()
                    try self.expect(.rightBrace)
                    return .comprehension([name, pairs[0].value], clauses, .dictionary)
                }
            }
            key = nil
            if self.take(.comma) {
                if self.take(.rightBrace) { break }
            } else {
                guard self.take(.rightBrace) else {
                    throw self.fail("invalid syntax. Perhaps you forgot a comma?", at: self.place)
                }
                break
            }
        }
        return .dictionary(pairs)
    }

    // MARK: - Comprehensions

    var startsClause: Bool {
        self.isNext(.for) || self.isNext(.async) && self.ahead(1) == .keyword(.for)
    }

    mutating func clauses() throws(SourceError) -> [PythonClause] {
        var clauses: [PythonClause] = []
        while self.startsClause {
            let isAsync = self.take(.async)
            self.advance()
            let target = try self.targetList()
            guard self.take(.in) else { throw self.fail("'in' expected after for-loop variables", at: self.place) }
            let source = try self.disjunction()
            var conditions: [PythonExpression] = []
            while self.take(.if) { conditions.append(try self.disjunction()) }
            clauses.append(PythonClause(isAsync: isAsync, target: target, source: source, conditions: conditions))
            try self.checkChain(clauses.count)
        }
        return clauses
    }
}
