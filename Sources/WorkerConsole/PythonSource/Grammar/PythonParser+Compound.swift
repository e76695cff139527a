/// Compound statements (language reference, section 8).
extension PythonParser {
    mutating func readCompound() throws(SourceError) -> PythonStatement.Kind? {
        switch self.kind {
        case .symbol(.at): return try self.readDecorated()
        case .name(.match): return try self.readMatch()
        case .keyword(let word):
            switch word {
            case .def, .class: return try self.readDefinition(decorators: [])
            case .async: return try self.readAsync()
            case .if: return try self.readIf()
            case .for: return try self.readFor(isAsync: false)
            case .while: return try self.readWhile()
            case .with: return try self.readWith(isAsync: false)
            case .try: return try self.readTry()
            default: return nil
            }
        default: return nil
        }
    }

    private mutating func readAsync() throws(SourceError) -> PythonStatement.Kind {
        switch self.ahead(1) {
        case .keyword(.def): return try self.readDefinition(decorators: [])
        case .keyword(.for):
            self.advance()
            return try self.readFor(isAsync: true)
        case .keyword(.with):
            self.advance()
            return try self.readWith(isAsync: true)
        default:
            self.advance()
            throw self.fail()
        }
    }

    private mutating func readElse(after what: String) throws(SourceError) -> [PythonStatement] {
        self.take(.else) ? try self.readBlock(after: "'else' statement") : []
    }

    private mutating func readIf() throws(SourceError) -> PythonStatement.Kind {
        var branches: [(test: PythonExpression?, body: [PythonStatement])] = []
        var word = "'if' statement"
        self.advance()
        repeat {
            let test = try self.condition()
            branches.append((test, try self.readBlock(after: word)))
            word = "'elif' statement"
            try self.checkChain(branches.count)
        } while self.take(.elif)
        if self.take(.else) { branches.append((nil, try self.readBlock(after: "'else' statement"))) }
        return .conditional(branches)
    }

    /// The test of `if` and `while`.
    private mutating func condition() throws(SourceError) -> PythonExpression {
        let test = try self.namedExpression()
        if self.isNext(.equal) {
            throw self.fail(
                "invalid syntax. Maybe you meant '==' or ':=' instead of '='?", at: self.place, fix: "write ==")
        }
        return test
    }

    private mutating func readWhile() throws(SourceError) -> PythonStatement.Kind {
        self.advance()
        let test = try self.condition()
        let body = try self.readBlock(after: "'while' statement")
        return .loop(
            header: test, target: nil, isAsync: false, body: body,
            otherwise: try self.readElse(after: "'while' statement"))
    }

    private mutating func readFor(isAsync: Bool) throws(SourceError) -> PythonStatement.Kind {
        self.advance()
        let target = try self.targetList()
        guard self.take(.in) else { throw self.fail() }
        let source = try self.starExpressions(mayBeStarred: false)
        let body = try self.readBlock(after: "'for' statement")
        return .loop(
            header: source, target: target, isAsync: isAsync, body: body,
            otherwise: try self.readElse(after: "'for' statement"))
    }

    private mutating func readWith(isAsync: Bool) throws(SourceError) -> PythonStatement.Kind {
        self.advance()
        // `with (a as b, c as d):` and `with (a):` look alike at first.
        let start = (self.index, self.depth, self.height, self.yields)
        if self.take(.leftParenthesis), let items = try? self.withItems(isParenthesized: true),
            self.take(.rightParenthesis), self.isNext(.colon)
        {
            return .with(items, isAsync: isAsync, body: try self.readBlock(after: "'with' statement"))
        }
        (self.index, self.depth, self.height, self.yields) = start
        let items = try self.withItems(isParenthesized: false)
        return .with(items, isAsync: isAsync, body: try self.readBlock(after: "'with' statement"))
    }

    private mutating func withItems(
        isParenthesized: Bool
    ) throws(SourceError) -> [(PythonExpression, target: PythonExpression?)] {
        var items: [(PythonExpression, target: PythonExpression?)] = []
        repeat {
            if isParenthesized, self.isNext(.rightParenthesis), !items.isEmpty { break }
            let value = try self.expression()
            items.append((value, self.take(.as) ? try self.withTarget() : nil))
        } while self.take(.comma)
        return items
    }

    // MARK: - try

    private mutating func readTry() throws(SourceError) -> PythonStatement.Kind {
        let line = self.token.line
        self.advance()
        let body = try self.readBlock(after: "'try' statement")
        var handlers: [PythonHandler] = []
        while self.isNext(.except) {
            let place = self.place
            if let last = handlers.last, last.type == nil {
                throw self.fail("default 'except:' must be last", at: last.place)
            }
            let handler = try self.readHandler()
            if let first = handlers.first, first.isGroup != handler.isGroup {
                throw self.fail("cannot have both 'except' and 'except*' on the same 'try'", at: place)
            }
            handlers.append(handler)
        }
        let otherwise = handlers.isEmpty ? [] : try self.readElse(after: "'try' statement")
        let hasFinally = self.take(.finally)
        let finally = hasFinally ? try self.readBlock(after: "'finally' statement") : []
        guard !handlers.isEmpty || hasFinally else {
            throw self.fail(
                "expected 'except' or 'finally' block", at: self.place,
                fix: "add an except or a finally to the try on line \(line)")
        }
        return .attempt(body: body, handlers: handlers, otherwise: otherwise, finally: finally)
    }

    private mutating func readHandler() throws(SourceError) -> PythonHandler {
        let place = self.place
        self.advance()
        let isGroup = self.take(.star)
        var type: PythonExpression?
        var name: String?
        if !self.isNext(.colon) {
            let first = try self.expression()
            type = first
            if self.isNext(.comma) { type = try self.exceptionTypes(first, at: place) }
            if self.take(.as) {
                name = try self.boundName()
                if !self.isNext(.colon) { throw self.fail() }
            }
        } else if isGroup {
            throw self.fail("expected one or more exception types", at: self.place)
        }
        let body = try self.readBlock(after: "'except\(isGroup ? "*" : "")' statement")
        return PythonHandler(place: place, isGroup: isGroup, type: type, name: name, body: body)
    }

    /// `except A, B:`, which Python takes without parentheses from 3.14 on (PEP 758).
    private mutating func exceptionTypes(
        _ first: PythonExpression, at place: SourcePlace
    ) throws(SourceError) -> PythonExpression {
        let fix = "put the types in parentheses: except (A, B):"
        guard self.minor >= 14 else {
            throw self.fail(
                "multiple exception types must be parenthesized (only Python 3.14 and later take them without)",
                at: place, fix: fix)
        }
        var items = [first]
        while self.take(.comma) {
            if self.isNext(.colon) { break }
            items.append(try self.expression())
        }
        guard !self.isNext(.as) else {
            throw self.fail("multiple exception types must be parenthesized when using 'as'", at: place, fix: fix)
        }
        return .tuple(items)
    }

    // MARK: - Definitions

    private mutating func readDecorated() throws(SourceError) -> PythonStatement.Kind {
        var decorators: [PythonExpression] = []
        while self.take(.at) {
            decorators.append(try self.namedExpression())
            guard self.kind == .newline else { throw self.fail() }
            self.advance()
        }
        return try self.readDefinition(decorators: decorators)
    }

    private mutating func readDefinition(decorators: [PythonExpression]) throws(SourceError) -> PythonStatement.Kind {
        let place = self.place
        let isAsync = self.take(.async)
        if self.take(.def) { return try self.readFunction(decorators, isAsync: isAsync, at: place) }
        guard !isAsync, self.take(.class) else { throw self.fail() }
        let name = try self.boundName()
        let parameters = try self.typeParameters()
        let arguments = self.take(.leftParenthesis) ? try self.arguments(isCall: false) : []
        // A `yield` in a class body is not the function's around it.
        let outer = self.yields
        self.yields = []
        let body = try self.readBlock(after: "class definition")
        self.yields = outer
        return .classDefinition(
            PythonClass(
                name: name, place: place, typeParameters: parameters, arguments: arguments, decorators: decorators,
                body: body))
    }

    private mutating func readFunction(
        _ decorators: [PythonExpression], isAsync: Bool, at place: SourcePlace
    ) throws(SourceError) -> PythonStatement.Kind {
        let name = try self.boundName()
        let typeParameters = try self.typeParameters()
        try self.expect(.leftParenthesis)
        let parameters = try self.parameters(until: .rightParenthesis, hasAnnotations: true)
        try self.expect(.rightParenthesis)
        let returns = self.take(.arrow) ? try self.expression() : nil
        self.yields.append(false)
        let body = try self.readBlock(after: "function definition")
        let isGenerator = self.yields.removeLast()
        return .function(
            PythonFunction(
                name: name, place: place, isAsync: isAsync, typeParameters: typeParameters, parameters: parameters,
                decorators: decorators, returns: returns, body: body, isGenerator: isGenerator))
    }
}
