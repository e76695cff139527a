/// Reads tokens into statements (language reference, sections 6 to 8).
///
/// It accepts a little more than the interpreter does, and refuses nothing that the interpreter accepts up to its bounds:
/// expressions nested 60 deep and chains of 200 calls. Expressions are in `PythonParser+Expressions.swift`.
struct PythonParser {
    static let depthLimit = 60

    let source: [UInt8]
    let tokens: [PythonToken]
    var index = 0
    var depth = 0
    /// One entry a function that is being read.
    var functions: [FunctionState] = []
    private var loops = 0

    struct FunctionState {
        let isAsync: Bool
        let isLambda: Bool
        var hasYield = false
    }

    init(source: [UInt8], tokens: [PythonToken]) {
        self.source = source
        self.tokens = tokens
    }

    static func statements(of source: SourceText) throws(SourceError) -> [PythonStatement] {
        let tokens = try PythonTokenizer.tokens(of: source)
        var parser = PythonParser(source: source.bytes, tokens: tokens)
        var statements: [PythonStatement] = []
        while parser.token.kind != .end { try parser.readStatement(into: &statements) }
        return statements
    }

    var token: PythonToken { self.tokens[min(self.index, self.tokens.count - 1)] }

    func ahead(_ distance: Int) -> PythonToken { self.tokens[min(self.index + distance, self.tokens.count - 1)] }

    func fail(_ message: String = "invalid syntax") -> SourceError {
        SourceError(.syntax, message, at: self.token.place)
    }

    mutating func take(_ symbol: String) -> Bool {
        guard self.token.isSymbol(symbol) else { return false }
        self.index += 1
        return true
    }

    mutating func takeName(_ name: String) -> Bool {
        guard self.token.isName(name) else { return false }
        self.index += 1
        return true
    }

    mutating func expect(_ symbol: String) throws(SourceError) {
        guard self.take(symbol) else { throw self.fail("expected '\(symbol)'") }
    }

    static let keywords: Set<String> = [
        "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del",
        "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal",
        "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
    ]

    mutating func identifier() throws(SourceError) -> String {
        guard case .name(let name) = self.token.kind, !Self.keywords.contains(name) else { throw self.fail() }
        self.index += 1
        return name
    }

    mutating func enter() throws(SourceError) {
        self.depth += 1
        guard self.depth <= Self.depthLimit else {
            throw SourceError(.tooComplex, "nested more than \(Self.depthLimit) deep", at: self.token.place)
        }
    }

    // A block is a line of simple statements, or an indented suite.
    mutating func readBlock() throws(SourceError) -> [PythonStatement] {
        try self.expect(":")
        var statements: [PythonStatement] = []
        guard self.token.kind == .newline else {
            try self.readSimpleLine(into: &statements)
            return statements
        }
        self.index += 1
        guard self.token.kind == .indent else { throw self.fail("expected an indented block") }
        self.index += 1
        try self.enter()
        defer { self.depth -= 1 }
        while self.token.kind != .dedent {
            guard self.token.kind != .end else { throw self.fail() }
            try self.readStatement(into: &statements)
        }
        self.index += 1
        return statements
    }

    mutating func readStatement(into statements: inout [PythonStatement]) throws(SourceError) {
        if self.token.kind == .newline {
            self.index += 1
            return
        }
        if self.token.kind == .indent { throw self.fail("unexpected indent") }
        let place = self.token.place
        if let kind = try self.readCompound() {
            statements.append(PythonStatement(kind: kind, place: place))
        } else {
            try self.readSimpleLine(into: &statements)
        }
    }

    private mutating func readSimpleLine(into statements: inout [PythonStatement]) throws(SourceError) {
        repeat {
            if self.token.kind == .newline { break }
            let place = self.token.place
            statements.append(PythonStatement(kind: try self.readSimple(), place: place))
        } while self.take(";")
        guard self.token.kind == .newline || self.token.kind == .end else { throw self.fail() }
        if self.token.kind == .newline { self.index += 1 }
    }

    private mutating func readSimple() throws(SourceError) -> PythonStatement.Kind {
        guard case .name(let word) = self.token.kind else { return try self.readExpressionStatement() }
        switch word {
        case "pass":
            self.index += 1
            return .pass
        case "break", "continue":
            guard self.loops > 0 else { throw self.fail("'\(word)' outside loop") }
            self.index += 1
            return .jump
        case "return":
            guard let function = self.functions.last, !function.isLambda else {
                throw self.fail("'return' outside function")
            }
            self.index += 1
            return .returns(self.isAtLineEnd ? nil : try self.expressionList())
        case "raise":
            self.index += 1
            guard !self.isAtLineEnd else { return .raise(nil) }
            let value = try self.expression()
            if self.takeName("from") { _ = try self.expression() }
            return .raise(value)
        case "global", "nonlocal":
            guard word == "global" || !self.functions.isEmpty else {
                throw self.fail("nonlocal declaration not allowed at module level")
            }
            self.index += 1
            var names = [try self.identifier()]
            while self.take(",") { names.append(try self.identifier()) }
            return .outer(names)
        case "del":
            self.index += 1
            guard case .tuple(let items) = try self.expressionList().bare else {
                return .delete([self.lastExpression])
            }
            return .delete(items)
        case "assert":
            self.index += 1
            let test = try self.expression()
            if self.take(",") { _ = try self.expression() }
            return .assertion(test)
        case "import":
            self.index += 1
            var modules = [try self.importedModule()]
            while self.take(",") { modules.append(try self.importedModule()) }
            return .imports(modules)
        case "from": return try self.readFromImport()
        case "type":
            // A soft keyword: `type X = …`, `type X[T] = …`.
            if case .name(let name) = self.ahead(1).kind, !Self.keywords.contains(name),
                self.ahead(2).isSymbol("=") || self.ahead(2).isSymbol("[")
            {
                self.index += 2
                try self.skipTypeParameters()
                try self.expect("=")
                _ = try self.expression()
                return .typeAlias(name)
            }
            return try self.readExpressionStatement()
        default: return try self.readExpressionStatement()
        }
    }

    /// Kept by ``expressionList()`` for statements that need a single item.
    var lastExpression: PythonExpression = .constant(.none)

    var isAtLineEnd: Bool { self.token.kind == .newline || self.token.kind == .end || self.token.isSymbol(";") }

    private mutating func dottedName() throws(SourceError) -> String {
        var name = try self.identifier()
        while self.take(".") { name += "." + (try self.identifier()) }
        return name
    }

    private mutating func importedModule() throws(SourceError) -> PythonImport {
        let place = self.token.place
        let name = try self.dottedName()
        return PythonImport(name: name, alias: self.takeName("as") ? try self.identifier() : nil, place: place)
    }

    private mutating func readFromImport() throws(SourceError) -> PythonStatement.Kind {
        self.index += 1
        var level = 0
        while self.token.isSymbol(".") || self.token.isSymbol("...") {
            level += self.token.isSymbol("...") ? 3 : 1
            self.index += 1
        }
        let module = self.token.isName("import") && level > 0 ? "" : try self.dottedName()
        guard self.takeName("import") else { throw self.fail("expected 'import'") }
        if self.take("*") {
            guard self.functions.isEmpty else { throw self.fail("import * only allowed at module level") }
            return .fromImport(module: module, level: level, names: [])
        }
        let isParenthesized = self.take("(")
        var names: [PythonImport] = []
        repeat {
            if isParenthesized && self.token.isSymbol(")") { break }
            let place = self.token.place
            let name = try self.identifier()
            names.append(
                PythonImport(name: name, alias: self.takeName("as") ? try self.identifier() : nil, place: place))
        } while self.take(",")
        if isParenthesized { try self.expect(")") }
        guard !names.isEmpty else { throw self.fail("Expected one or more names after 'import'") }
        return .fromImport(module: module, level: level, names: names)
    }

    private static let augmented: Set<String> = [
        "+=", "-=", "*=", "/=", "//=", "%=", "@=", "&=", "|=", "^=", ">>=", "<<=", "**=",
    ]

    private mutating func readExpressionStatement() throws(SourceError) -> PythonStatement.Kind {
        let first = try self.expressionList()
        if case .symbol(let symbol) = self.token.kind, Self.augmented.contains(symbol) {
            try self.checkTarget(first, isAugmented: true)
            self.index += 1
            return .augmented(first, symbol: symbol, try self.expressionList())
        }
        if self.take(":") {
            try self.checkTarget(first, isAugmented: true)
            let annotation = try self.expression()
            return .annotated(first, annotation: annotation, self.take("=") ? try self.expressionList() : nil)
        }
        guard self.token.isSymbol("=") else { return .expression(first) }
        var items = [first]
        while self.take("=") { items.append(try self.expressionList()) }
        let value = items.removeLast()
        for item in items { try self.checkTarget(item, isAugmented: false) }
        return .assign(items, value)
    }

    private func checkTarget(_ target: PythonExpression, isAugmented: Bool) throws(SourceError) {
        switch target.bare {
        case .name, .attribute, .item: return
        case .tuple(let items), .list(let items):
            if isAugmented { throw self.fail() }
            for item in items { try self.checkTarget(item, isAugmented: false) }
        case .starred(let inner): try self.checkTarget(inner, isAugmented: isAugmented)
        default: throw self.fail("cannot assign to expression here. Maybe you meant '==' instead of '='?")
        }
    }
}

// MARK: - Compound statements

extension PythonParser {
    private mutating func readCompound() throws(SourceError) -> PythonStatement.Kind? {
        if self.token.isSymbol("@") { return try self.readDecorated() }
        guard case .name(let word) = self.token.kind else { return nil }
        switch word {
        case "def", "class": return try self.readDefinition(decorators: [], start: self.token.start)
        case "async":
            switch self.ahead(1).kind {
            case .name("def"): return try self.readDefinition(decorators: [], start: self.token.start)
            case .name("for"), .name("with"):
                guard self.functions.last?.isAsync == true else { throw self.fail("'async' outside async function") }
                self.index += 1
                return self.token.isName("for") ? try self.readFor() : try self.readWith()
            default: throw self.fail()
            }
        case "if": return try self.readIf()
        case "for": return try self.readFor()
        case "while":
            self.index += 1
            let test = try self.namedExpression()
            let body = try self.readLoopBody()
            return .loop(header: test, target: nil, body: body, otherwise: try self.readElse())
        case "with": return try self.readWith()
        case "try": return try self.readTry()
        case "match": return try self.readMatch()
        default: return nil
        }
    }

    private mutating func readLoopBody() throws(SourceError) -> [PythonStatement] {
        self.loops += 1
        defer { self.loops -= 1 }
        return try self.readBlock()
    }

    private mutating func readElse() throws(SourceError) -> [PythonStatement] {
        self.takeName("else") ? try self.readBlock() : []
    }

    private mutating func readIf() throws(SourceError) -> PythonStatement.Kind {
        var branches: [(test: PythonExpression?, body: [PythonStatement])] = []
        self.index += 1
        repeat {
            let test = try self.namedExpression()
            branches.append((test, try self.readBlock()))
        } while self.takeName("elif")
        if self.takeName("else") { branches.append((nil, try self.readBlock())) }
        return .conditional(branches)
    }

    private mutating func readFor() throws(SourceError) -> PythonStatement.Kind {
        self.index += 1
        let target = try self.targetList()
        guard self.takeName("in") else { throw self.fail() }
        let source = try self.expressionList()
        let body = try self.readLoopBody()
        return .loop(header: source, target: target, body: body, otherwise: try self.readElse())
    }

    private mutating func readWith() throws(SourceError) -> PythonStatement.Kind {
        self.index += 1
        // `with (a as b, c as d):` and `with (a):` look alike at first.
        let start = self.index
        if self.take("("), let items = try? self.withItems(isParenthesized: true), self.take(")"),
            self.token.isSymbol(":")
        {
            return .with(items, body: try self.readBlock())
        }
        self.index = start
        let items = try self.withItems(isParenthesized: false)
        return .with(items, body: try self.readBlock())
    }

    private mutating func withItems(
        isParenthesized: Bool
    ) throws(SourceError) -> [(PythonExpression, target: PythonExpression?)] {
        var items: [(PythonExpression, target: PythonExpression?)] = []
        repeat {
            if isParenthesized && self.token.isSymbol(")") { break }
            let value = try self.expression()
            items.append((value, self.takeName("as") ? try self.targetItem() : nil))
        } while self.take(",")
        return items
    }

    private mutating func readTry() throws(SourceError) -> PythonStatement.Kind {
        self.index += 1
        let body = try self.readBlock()
        var handlers: [PythonHandler] = []
        while self.takeName("except") {
            _ = self.take("*")
            var type: PythonExpression?
            var name: String?
            if !self.token.isSymbol(":") {
                type = try self.expressionList()
                if self.takeName("as") { name = try self.identifier() }
            }
            handlers.append(PythonHandler(type: type, name: name, body: try self.readBlock()))
        }
        let otherwise = try self.readElse()
        let finally = self.takeName("finally") ? try self.readBlock() : []
        guard !handlers.isEmpty || !finally.isEmpty else { throw self.fail("expected 'except' or 'finally' block") }
        return .attempt(body: body, handlers: handlers, otherwise: otherwise, finally: finally)
    }

    /// `match` is a soft keyword: it is a statement when a block of `case` follows.
    private mutating func readMatch() throws(SourceError) -> PythonStatement.Kind? {
        let start = self.index
        self.index += 1
        guard let subject = try? self.expressionList(), self.take(":"), self.token.kind == .newline,
            self.ahead(1).kind == .indent, self.ahead(2).isName("case")
        else {
            self.index = start
            return nil
        }
        self.index += 2
        var names: [String] = []
        var bodies: [[PythonStatement]] = []
        try self.enter()
        defer { self.depth -= 1 }
        while self.takeName("case") {
            // Patterns are not followed: every name in one may be bound.
            var nesting = 0
            while !(self.token.isSymbol(":") && nesting == 0) {
                switch self.token.kind {
                case .symbol("("), .symbol("["), .symbol("{"): nesting += 1
                case .symbol(")"), .symbol("]"), .symbol("}"): nesting -= 1
                case .name(let name): if !Self.keywords.contains(name) { names.append(name) }
                case .newline, .end: throw self.fail("expected ':'")
                default: break
                }
                self.index += 1
            }
            bodies.append(try self.readBlock())
        }
        guard self.token.kind == .dedent else { throw self.fail() }
        self.index += 1
        return .match(subject, names: names, bodies: bodies)
    }

    private mutating func readDecorated() throws(SourceError) -> PythonStatement.Kind {
        let start = self.token.start
        var decorators: [PythonExpression] = []
        while self.take("@") {
            decorators.append(try self.namedExpression())
            guard self.token.kind == .newline else { throw self.fail() }
            self.index += 1
        }
        return try self.readDefinition(decorators: decorators, start: start)
    }

    private mutating func readDefinition(
        decorators: [PythonExpression], start: Int
    ) throws(SourceError) -> PythonStatement.Kind {
        let place = self.token.place
        let isAsync = self.takeName("async")
        if self.takeName("def") {
            let name = try self.identifier()
            try self.skipTypeParameters()
            try self.expect("(")
            let parameters = try self.parameters(until: ")", hasAnnotations: true)
            try self.expect(")")
            let returns = self.take("->") ? try self.expression() : nil
            let outerLoops = self.loops
            self.loops = 0
            self.functions.append(FunctionState(isAsync: isAsync, isLambda: false))
            let body = try self.readBlock()
            let state = self.functions.removeLast()
            self.loops = outerLoops
            let end = self.tokens[max(0, self.index - 1)].start
            return .function(
                PythonFunction(
                    name: name, place: place, isAsync: isAsync, parameters: parameters, decorators: decorators,
                    returns: returns, body: body, isGenerator: state.hasYield, range: start..<max(start, end)))
        }
        guard !isAsync, self.takeName("class") else { throw self.fail() }
        let name = try self.identifier()
        try self.skipTypeParameters()
        let arguments = self.take("(") ? try self.arguments() : []
        // A class body is no function: `return` and `await` are wrong in it.
        let outer = (self.functions, self.loops)
        self.functions = []
        self.loops = 0
        let body = try self.readBlock()
        (self.functions, self.loops) = outer
        return .classDefinition(
            PythonClass(name: name, place: place, arguments: arguments, decorators: decorators, body: body))
    }

    private mutating func skipTypeParameters() throws(SourceError) {
        guard self.take("[") else { return }
        var nesting = 1
        while nesting > 0 {
            guard self.token.kind != .end else { throw self.fail() }
            if self.token.isSymbol("[") { nesting += 1 }
            if self.token.isSymbol("]") { nesting -= 1 }
            self.index += 1
        }
    }
}
