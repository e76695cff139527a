/// Expressions (language reference, section 6), by precedence.
extension PythonParser {
    /// `a, b, *c`, with a trailing comma; one item alone is not a tuple.
    mutating func expressionList() throws(SourceError) -> PythonExpression {
        let first = try self.starOrNamed()
        guard self.token.isSymbol(",") else {
            self.lastExpression = first
            return first
        }
        var items = [first]
        while self.take(",") {
            guard self.startsExpression else { break }
            items.append(try self.starOrNamed())
        }
        return .tuple(items)
    }

    var startsExpression: Bool {
        switch self.token.kind {
        case .name(let name):
            !Self.keywords.contains(name)
                || ["None", "True", "False", "not", "lambda", "await", "yield"].contains(name)
        case .number, .string: true
        case .symbol(let symbol): ["(", "[", "{", "-", "+", "~", "*", "...", "**"].contains(symbol)
        default: false
        }
    }

    mutating func starOrNamed() throws(SourceError) -> PythonExpression {
        if self.take("*") { return .starred(try self.binary(level: 0)) }
        return try self.namedExpression()
    }

    mutating func namedExpression() throws(SourceError) -> PythonExpression {
        if case .name(let name) = self.token.kind, self.ahead(1).isSymbol(":="), !Self.keywords.contains(name) {
            self.index += 2
            return .walrus(name, try self.expression())
        }
        return try self.expression()
    }

    mutating func expression() throws(SourceError) -> PythonExpression {
        try self.enter()
        defer { self.depth -= 1 }
        if self.token.isName("lambda") { return try self.lambda() }
        if self.token.isName("yield") { return try self.yieldExpression() }
        let value = try self.disjunction()
        guard self.takeName("if") else { return value }
        let test = try self.disjunction()
        guard self.takeName("else") else { throw self.fail("expected 'else' after 'if' expression") }
        return .conditional(test: test, yes: value, no: try self.expression())
    }

    private mutating func yieldExpression() throws(SourceError) -> PythonExpression {
        guard !self.functions.isEmpty else { throw self.fail("'yield' outside function") }
        self.functions[self.functions.count - 1].hasYield = true
        self.index += 1
        if self.takeName("from") { return .yield(try self.expression()) }
        return .yield(self.startsExpression ? try self.expressionList() : nil)
    }

    private mutating func lambda() throws(SourceError) -> PythonExpression {
        let place = self.token.place
        let start = self.token.start
        self.index += 1
        let parameters = try self.parameters(until: ":", hasAnnotations: false)
        try self.expect(":")
        self.functions.append(FunctionState(isAsync: false, isLambda: true))
        let body = try self.expression()
        let state = self.functions.removeLast()
        return .lambda(
            PythonFunction(
                name: "<lambda>", place: place, isAsync: false, parameters: parameters, decorators: [], returns: nil,
                body: [PythonStatement(kind: .returns(body), place: place)], isGenerator: state.hasYield,
                range: start..<self.token.start))
    }

    private mutating func disjunction() throws(SourceError) -> PythonExpression {
        var items = [try self.conjunction()]
        while self.takeName("or") { items.append(try self.conjunction()) }
        return items.count == 1 ? items[0] : .boolean(isAnd: false, items)
    }

    private mutating func conjunction() throws(SourceError) -> PythonExpression {
        var items = [try self.inversion()]
        while self.takeName("and") { items.append(try self.inversion()) }
        return items.count == 1 ? items[0] : .boolean(isAnd: true, items)
    }

    private mutating func inversion() throws(SourceError) -> PythonExpression {
        guard self.takeName("not") else { return try self.comparison() }
        try self.enter()
        defer { self.depth -= 1 }
        return .not(try self.inversion())
    }

    private mutating func comparison() throws(SourceError) -> PythonExpression {
        let first = try self.binary(level: 0)
        var rest: [(symbol: String, PythonExpression)] = []
        while let symbol = self.takeComparison() { rest.append((symbol, try self.binary(level: 0))) }
        return rest.isEmpty ? first : .compare(first, rest)
    }

    private mutating func takeComparison() -> String? {
        switch self.token.kind {
        case .symbol(let symbol) where ["<", ">", "<=", ">=", "==", "!="].contains(symbol):
            self.index += 1
            return symbol
        case .name("in"):
            self.index += 1
            return "in"
        case .name("not") where self.ahead(1).isName("in"):
            self.index += 2
            return "not in"
        case .name("is"):
            self.index += 1
            return self.takeName("not") ? "is not" : "is"
        default: return nil
        }
    }

    private static let levels: [Set<String>] = [
        ["|"], ["^"], ["&"], ["<<", ">>"], ["+", "-"], ["*", "/", "//", "%", "@"],
    ]

    mutating func binary(level: Int) throws(SourceError) -> PythonExpression {
        guard level < Self.levels.count else { return try self.unary() }
        // All levels end in the same list: the analysis does not ask which operator it was.
        var items = [try self.unary()]
        while case .symbol(let symbol) = self.token.kind, Self.levels.contains(where: { $0.contains(symbol) }) {
            self.index += 1
            items.append(try self.unary())
        }
        return items.count == 1 ? items[0] : .arithmetic(items)
    }

    private mutating func unary() throws(SourceError) -> PythonExpression {
        if self.token.isSymbol("-") || self.token.isSymbol("+") || self.token.isSymbol("~") {
            try self.enter()
            defer { self.depth -= 1 }
            self.index += 1
            return .arithmetic([try self.unary()])
        }
        let base = try self.awaited()
        guard self.take("**") else { return base }
        try self.enter()
        defer { self.depth -= 1 }
        return .arithmetic([base, try self.unary()])
    }

    private mutating func awaited() throws(SourceError) -> PythonExpression {
        guard self.token.isName("await") else { return try self.primary() }
        guard let function = self.functions.last else { throw self.fail("'await' outside function") }
        guard function.isAsync else { throw self.fail("'await' outside async function") }
        self.index += 1
        return .await(try self.primary())
    }

    private mutating func primary() throws(SourceError) -> PythonExpression {
        try self.enter()
        defer { self.depth -= 1 }
        let place = self.token.place
        var value: PythonExpression = .placed(try self.atom(), place)
        for _ in 0..<200 {
            if self.take(".") {
                let place = self.token.place
                value = .placed(.attribute(value, try self.identifier()), place)
            } else if self.token.isSymbol("(") {
                self.index += 1
                value = .placed(.call(value, try self.arguments()), value.place ?? place)
            } else if self.take("[") {
                let key = try self.subscriptKey()
                try self.expect("]")
                value = .placed(.item(value, key), place)
            } else {
                return value
            }
        }
        throw SourceError(.tooComplex, "a chain of more than 200 calls", at: place)
    }

    private mutating func subscriptKey() throws(SourceError) -> PythonExpression {
        var items: [PythonExpression] = []
        repeat {
            if self.token.isSymbol("]") { break }
            var parts: [PythonExpression] = []
            var isSlice = false
            if !self.token.isSymbol(":") { parts.append(try self.starOrNamed()) }
            while self.take(":") {
                isSlice = true
                if self.startsExpression { parts.append(try self.expression()) }
            }
            if isSlice { items.append(.slice(parts)) } else { items.append(contentsOf: parts) }
        } while self.take(",")
        guard let first = items.first else { throw self.fail() }
        return items.count == 1 ? first : .tuple(items)
    }

    /// Arguments up to and with the closing parenthesis.
    mutating func arguments() throws(SourceError) -> [PythonArgument] {
        var arguments: [PythonArgument] = []
        while !self.take(")") {
            if self.take("**") {
                arguments.append(PythonArgument(keyword: "**", value: try self.expression()))
            } else if case .name(let name) = self.token.kind, self.ahead(1).isSymbol("="), !Self.keywords.contains(name)
            {
                self.index += 2
                arguments.append(PythonArgument(keyword: name, value: try self.expression()))
            } else {
                var value = try self.starOrNamed()
                if self.token.isName("for") || self.token.isName("async") {
                    value = .comprehension([value], try self.clauses(), isGenerator: true)
                }
                arguments.append(PythonArgument(keyword: nil, value: value))
            }
            guard self.take(",") || self.token.isSymbol(")") else {
                throw self.fail("invalid syntax. Perhaps you forgot a comma?")
            }
        }
        return arguments
    }

    mutating func parameters(until end: String, hasAnnotations: Bool) throws(SourceError) -> [PythonParameter] {
        var parameters: [PythonParameter] = []
        var kind = PythonParameter.Kind.positional
        var hasDefault = false
        while !self.token.isSymbol(end) {
            if self.take("/") {
                // Positional-only is positional for a caller that passes by position.
            } else if self.take("**") {
                parameters.append(try self.parameter(.keywords, hasAnnotations: hasAnnotations))
            } else if self.take("*") {
                if !self.token.isSymbol(",") {
                    parameters.append(try self.parameter(.variadic, hasAnnotations: hasAnnotations))
                }
                kind = .keywordOnly
            } else {
                let parameter = try self.parameter(kind, hasAnnotations: hasAnnotations)
                if kind == .positional {
                    if parameter.standard == nil && hasDefault {
                        throw self.fail("parameter without a default follows parameter with a default")
                    }
                    hasDefault = parameter.standard != nil
                }
                parameters.append(parameter)
            }
            guard self.take(",") || self.token.isSymbol(end) else { throw self.fail() }
        }
        let names = parameters.map(\.name)
        guard Set(names).count == names.count else { throw self.fail("duplicate argument in function definition") }
        return parameters
    }

    private mutating func parameter(
        _ kind: PythonParameter.Kind, hasAnnotations: Bool
    ) throws(SourceError) -> PythonParameter {
        let name = try self.identifier()
        var annotation: PythonExpression?
        if hasAnnotations && self.take(":") { annotation = try self.starOrNamed() }
        return PythonParameter(
            name: name, kind: kind, annotation: annotation, standard: self.take("=") ? try self.expression() : nil)
    }

    private mutating func clauses() throws(SourceError) -> [PythonClause] {
        var clauses: [PythonClause] = []
        while self.token.isName("for") || self.token.isName("async") && self.ahead(1).isName("for") {
            _ = self.takeName("async")
            self.index += 1
            let target = try self.targetList()
            guard self.takeName("in") else { throw self.fail() }
            let source = try self.disjunction()
            var conditions: [PythonExpression] = []
            while self.takeName("if") {
                if case .name(let name) = self.token.kind, self.ahead(1).isSymbol(":=") {
                    self.index += 2
                    conditions.append(.walrus(name, try self.disjunction()))
                } else {
                    conditions.append(self.token.isName("lambda") ? try self.expression() : try self.disjunction())
                }
            }
            clauses.append(PythonClause(target: target, source: source, conditions: conditions))
        }
        return clauses
    }

    /// Targets of `for`, without taking the `in`.
    mutating func targetList() throws(SourceError) -> PythonExpression {
        var items = [try self.targetItem()]
        var isTuple = false
        while self.take(",") {
            isTuple = true
            if self.token.isName("in") { break }
            items.append(try self.targetItem())
        }
        return isTuple ? .tuple(items) : items[0]
    }

    mutating func targetItem() throws(SourceError) -> PythonExpression {
        if self.take("*") { return .starred(try self.binary(level: 0)) }
        return try self.binary(level: 0)
    }

    // MARK: - Atoms

    private mutating func atom() throws(SourceError) -> PythonExpression {
        let token = self.token
        self.index += 1
        switch token.kind {
        case .name("None"): return .constant(.none)
        case .name("True"): return .constant(.yes)
        case .name("False"): return .constant(.no)
        case .name(let name) where !Self.keywords.contains(name): return .name(name)
        case .number: return .number(Int(String(decoding: self.source[token.start..<token.end], as: UTF8.self)))
        case .string: return try self.strings(first: token)
        case .symbol("..."): return .constant(.ellipsis)
        case .symbol("("): return try self.parenthesized()
        case .symbol("["): return try self.listDisplay()
        case .symbol("{"): return try self.braceDisplay()
        default:
            self.index -= 1
            throw self.fail()
        }
    }

    /// Adjacent literals are one.
    private mutating func strings(first: PythonToken) throws(SourceError) -> PythonExpression {
        var text: String? = ""
        var isBytes = false
        var fields: [PythonExpression] = []
        var isFormatted = false
        var token = first
        while case .string(let string) = token.kind {
            switch string.kind {
            case .bytes: isBytes = true
            case .text:
                if let value = string.value, let known = text, known.utf8.count < 65_536 {
                    text = known + value
                } else {
                    text = nil
                }
            case .formatted:
                isFormatted = true
                text = nil
                for field in string.fields { fields.append(try self.field(field, of: token)) }
            }
            token = self.token
            guard case .string = token.kind else { break }
            self.index += 1
        }
        if isBytes { return .bytes }
        return isFormatted ? .formatted(fields) : .text(text)
    }

    private mutating func field(_ field: Range<Int>, of token: PythonToken) throws(SourceError) -> PythonExpression {
        let tokens = try PythonTokenizer.tokens(of: self.source, field: field, place: token.place)
        var parser = PythonParser(source: self.source, tokens: tokens)
        parser.depth = self.depth
        parser.functions = self.functions
        try parser.enter()
        let value = try parser.expressionList()
        _ = parser.take("=")
        guard parser.token.kind == .end else { throw parser.fail("f-string: invalid syntax") }
        self.functions = parser.functions
        return value
    }

    private mutating func parenthesized() throws(SourceError) -> PythonExpression {
        if self.take(")") { return .tuple([]) }
        let first = try self.starOrNamed()
        if self.token.isName("for") || self.token.isName("async") {
            let clauses = try self.clauses()
            try self.expect(")")
            return .comprehension([first], clauses, isGenerator: true)
        }
        guard self.token.isSymbol(",") else {
            guard self.take(")") else { throw self.fail("invalid syntax. Perhaps you forgot a comma?") }
            return first
        }
        var items = [first]
        while self.take(",") {
            if self.token.isSymbol(")") { break }
            items.append(try self.starOrNamed())
        }
        try self.expect(")")
        return .tuple(items)
    }

    private mutating func listDisplay() throws(SourceError) -> PythonExpression {
        var items: [PythonExpression] = []
        while !self.take("]") {
            items.append(try self.starOrNamed())
            if self.token.isName("for") || self.token.isName("async") {
                let clauses = try self.clauses()
                try self.expect("]")
                return .comprehension(items, clauses, isGenerator: false)
            }
            guard self.take(",") || self.token.isSymbol("]") else {
                throw self.fail("invalid syntax. Perhaps you forgot a comma?")
            }
        }
        return .list(items)
    }

    private mutating func braceDisplay() throws(SourceError) -> PythonExpression {
        var pairs: [(key: PythonExpression?, value: PythonExpression)] = []
        var items: [PythonExpression] = []
        while !self.take("}") {
            if self.take("**") {
                pairs.append((nil, try self.binary(level: 0)))
            } else {
                let key = try self.starOrNamed()
                if self.take(":") {
                    pairs.append((key, try self.expression()))
                } else {
                    items.append(key)
                }
            }
            if self.token.isName("for") || self.token.isName("async") {
                let clauses = try self.clauses()
                try self.expect("}")
                let elements = items + pairs.flatMap { [$0.key, $0.value].compactMap { $0 } }
                return .comprehension(elements, clauses, isGenerator: false)
            }
            guard self.take(",") || self.token.isSymbol("}") else {
                throw self.fail("invalid syntax. Perhaps you forgot a comma?")
            }
        }
        guard items.isEmpty || pairs.isEmpty else { throw self.fail() }
        return items.isEmpty ? .dictionary(pairs) : .set(items)
    }
}
