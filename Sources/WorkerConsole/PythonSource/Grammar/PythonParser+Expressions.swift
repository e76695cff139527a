/// Expressions (language reference, section 6), by precedence.
extension PythonParser {
    /// `a, b, *c`, with a trailing comma; one item alone is no tuple, and may be `*a` only where a target may follow.
    mutating func starExpressions(mayBeStarred: Bool) throws(SourceError) -> PythonExpression {
        let place = self.place
        let first = try self.starExpression()
        guard self.isNext(.comma) else {
            if !mayBeStarred, case .starred = first.unplaced {
                throw self.fail("can't use starred expression here", at: place)
            }
            return first
        }
        var items = [first]
        while self.take(.comma) {
            guard self.startsExpression else { break }
            items.append(try self.starExpression())
        }
        return .placed(.tuple(items), place)
    }

    private mutating func starExpression() throws(SourceError) -> PythonExpression {
        if self.take(.star) { return .starred(try self.arithmetic()) }
        return try self.expression()
    }

    var startsExpression: Bool {
        switch self.kind {
        case .keyword(let word):
            switch word {
            case .none, .true, .false, .not, .lambda, .await: true
            default: false
            }
        case .name, .number, .string, .formatStart: true
        case .symbol(let symbol):
            switch symbol {
            case .leftParenthesis, .leftBracket, .leftBrace, .minus, .plus, .tilde, .star, .ellipsis: true
            default: false
            }
        default: false
        }
    }

    /// An item of a display: `*a`, `n := 1`, or an expression.
    mutating func starNamed() throws(SourceError) -> PythonExpression {
        if self.take(.star) { return .starred(try self.arithmetic()) }
        return try self.namedExpression()
    }

    mutating func namedExpression() throws(SourceError) -> PythonExpression {
        if case .name = self.kind, self.ahead(1) == .symbol(.walrus) {
            let place = self.place
            let name = try self.boundName()
            self.advance()
            return .placed(.walrus(name, try self.expression()), place)
        }
        let place = self.place
        let value = try self.expression()
        if self.isNext(.walrus) {
            throw self.fail(
                "cannot use assignment expressions with \(Self.describe(value.bare))", at: place,
                fix: "only a plain name can come before :=")
        }
        return value
    }

    mutating func expression() throws(SourceError) -> PythonExpression {
        try self.enter()
        defer { self.depth -= 1 }
        if self.isNext(.lambda) { return try self.lambda() }
        let value = try self.disjunction()
        guard self.take(.if) else { return value }
        // `a if b else c if d else e` is read in a loop, and built from its end.
        var branches: [(test: PythonExpression, yes: PythonExpression)] = []
        var yes = value
        while true {
            let test = try self.disjunction()
            guard self.take(.else) else { throw self.fail("expected 'else' after 'if' expression") }
            branches.append((test, yes))
            try self.checkChain(branches.count)
            yes = self.isNext(.lambda) ? try self.lambda() : try self.disjunction()
            guard self.take(.if) else { break }
        }
        self.height += branches.count
        try self.checkHeight()
        for branch in branches.reversed() { yes = .conditional(test: branch.test, yes: branch.yes, no: yes) }
        return yes
    }

    mutating func yieldExpression() throws(SourceError) -> PythonExpression {
        let place = self.place
        if !self.yields.isEmpty { self.yields[self.yields.count - 1] = true }
        self.advance()
        if self.take(.from) { return .placed(.yield(try self.expression(), isFrom: true), place) }
        let value = self.startsExpression ? try self.starExpressions(mayBeStarred: false) : nil
        return .placed(.yield(value, isFrom: false), place)
    }

    private mutating func lambda() throws(SourceError) -> PythonExpression {
        let place = self.place
        self.advance()
        let parameters = try self.parameters(until: .colon, hasAnnotations: false)
        try self.expect(.colon)
        self.yields.append(false)
        let body = try self.expression()
        let isGenerator = self.yields.removeLast()
        return .lambda(
            PythonFunction(
                name: "<lambda>", place: place, isAsync: false, typeParameters: [], parameters: parameters,
                decorators: [], returns: nil, body: [PythonStatement(kind: .returns(body), place: place)],
                isGenerator: isGenerator))
    }

    // MARK: - Operators

    /// `or`, `and`, `not` and what stands between them.
    mutating func disjunction() throws(SourceError) -> PythonExpression {
        let first = try self.inversion()
        guard self.isNext(.and) || self.isNext(.or) else { return first }
        var alternatives: [PythonExpression] = []
        var items = [first]
        while true {
            if self.take(.and) {
                items.append(try self.inversion())
                try self.checkChain(items.count)
            } else {
                alternatives.append(items.count == 1 ? items[0] : .boolean(isAnd: true, items))
                try self.checkChain(alternatives.count)
                guard self.take(.or) else { break }
                items = [try self.inversion()]
            }
        }
        return alternatives.count == 1 ? alternatives[0] : .boolean(isAnd: false, alternatives)
    }

    private mutating func inversion() throws(SourceError) -> PythonExpression {
        var count = 0
        while self.take(.not) { count += 1 }
        guard count <= Self.depthLimit else {
            throw SourceError(.tooComplex, "nested more than \(Self.depthLimit) deep", at: self.place)
        }
        var value = try self.comparison()
        self.height += count
        try self.checkHeight()
        for _ in 0..<count { value = .not(value) }
        return value
    }

    private mutating func comparison() throws(SourceError) -> PythonExpression {
        let first = try self.arithmetic()
        guard var symbol = self.takeComparison() else { return first }
        var rest: [(symbol: String, PythonExpression)] = []
        while true {
            rest.append((symbol, try self.arithmetic()))
            try self.checkChain(rest.count)
            guard let next = self.takeComparison() else { break }
            symbol = next
        }
        return .compare(first, rest)
    }

    private mutating func takeComparison() -> String? {
        switch self.kind {
        case .symbol(let symbol):
            switch symbol {
            case .less, .greater, .lessEqual, .greaterEqual, .equalEqual, .notEqual:
                self.advance()
                return symbol.rawValue
            default: return nil
            }
        case .keyword(.in):
            self.advance()
            return "in"
        case .keyword(.not) where self.ahead(1) == .keyword(.in):
            self.advance()
            self.advance()
            return "not in"
        case .keyword(.is):
            self.advance()
            return self.take(.not) ? "is not" : "is"
        default: return nil
        }
    }

    /// Everything that binds closer than comparisons; which operator it was nobody asks.
    mutating func arithmetic() throws(SourceError) -> PythonExpression {
        let first = try self.unary()
        guard case .symbol(let symbol) = self.kind, symbol.isArithmetic else { return first }
        var items = [first]
        while case .symbol(let symbol) = self.kind, symbol.isArithmetic {
            self.advance()
            items.append(try self.unary())
            try self.checkChain(items.count)
        }
        return .arithmetic(items)
    }

    private mutating func unary() throws(SourceError) -> PythonExpression {
        var hasSign = false
        var count = 0
        while self.isNext(.minus) || self.isNext(.plus) || self.isNext(.tilde) {
            self.advance()
            hasSign = true
            count += 1
        }
        guard count <= Self.depthLimit else {
            throw SourceError(.tooComplex, "nested more than \(Self.depthLimit) deep", at: self.place)
        }
        let place = self.place
        let isAwaited = self.take(.await)
        var value = try self.primary()
        if isAwaited { value = .placed(.await(value), place) }
        if self.take(.power) {
            try self.enter()
            defer { self.depth -= 1 }
            let power = PythonExpression.arithmetic([value, try self.unary()])
            self.height += 1
            return power
        }
        return hasSign ? .arithmetic([value]) : value
    }

    private mutating func primary() throws(SourceError) -> PythonExpression {
        let place = self.place
        let outer = self.height
        self.height = 0
        defer { self.height = max(outer, self.height) }
        var value: PythonExpression = .placed(try self.atom(), place)
        self.height += 1
        while case .symbol(let symbol) = self.kind {
            switch symbol {
            case .dot:
                self.advance()
                let place = self.place
                value = .placed(.attribute(value, try self.identifier()), place)
            case .leftParenthesis:
                self.advance()
                value = .placed(.call(value, try self.arguments(isCall: true)), place)
            case .leftBracket:
                self.advance()
                let key = try self.subscriptKey()
                try self.expect(.rightBracket)
                value = .placed(.item(value, key), place)
            default: return value
            }
            self.height += 1
            try self.checkHeight()
        }
        return value
    }

    private mutating func subscriptKey() throws(SourceError) -> PythonExpression {
        var items: [PythonExpression] = []
        var isTuple = false
        repeat {
            if self.isNext(.rightBracket) { break }
            if self.take(.star) {
                items.append(.starred(try self.expression()))
                isTuple = true
                continue
            }
            var parts: [PythonExpression] = []
            var hasStart = false
            if !self.isNext(.colon) {
                hasStart = true
                parts.append(try self.namedExpression())
            }
            guard self.isNext(.colon) else {
                items += parts
                continue
            }
            if hasStart, case .walrus? = parts.first?.unplaced { throw self.fail() }
            for _ in 0..<2 where self.take(.colon) {
                if !self.isNext(.colon), !self.isNext(.comma), !self.isNext(.rightBracket) {
                    parts.append(try self.expression())
                }
            }
            items.append(.slice(parts))
        } while self.takeComma(&isTuple)
        guard let first = items.first else { throw self.fail("invalid syntax: an index is missing") }
        return items.count == 1 && !isTuple ? first : .tuple(items)
    }

    private mutating func takeComma(_ isTuple: inout Bool) -> Bool {
        guard self.take(.comma) else { return false }
        isTuple = true
        return true
    }
}
