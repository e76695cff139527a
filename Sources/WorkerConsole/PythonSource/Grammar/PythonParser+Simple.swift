/// Simple statements (language reference, section 7).
extension PythonParser {
    var isAtStatementEnd: Bool { self.kind == .newline || self.kind == .end || self.isNext(.semicolon) }

    mutating func readSimple() throws(SourceError) -> PythonStatement.Kind {
        if case .name(.type) = self.kind, case .name = self.ahead(1) { return try self.readTypeAlias() }
        guard case .keyword(let word) = self.kind else { return try self.readExpressionStatement() }
        switch word {
        case .pass:
            self.advance()
            return .pass
        case .break, .continue:
            self.advance()
            return .jump(isBreak: word == .break)
        case .return:
            self.advance()
            return .returns(self.isAtStatementEnd ? nil : try self.starExpressions(mayBeStarred: false))
        case .raise:
            self.advance()
            guard !self.isAtStatementEnd else { return .raise(nil, cause: nil) }
            let value = try self.expression()
            return .raise(value, cause: self.take(.from) ? try self.expression() : nil)
        case .global, .nonlocal:
            self.advance()
            var names = [try self.identifier()]
            while self.take(.comma) { names.append(try self.identifier()) }
            return .outer(names, isGlobal: word == .global)
        case .del: return try self.readDelete()
        case .assert:
            self.advance()
            let test = try self.expression()
            return .assertion(test, message: self.take(.comma) ? try self.expression() : nil)
        case .import:
            self.advance()
            var modules = [try self.importedModule()]
            while self.take(.comma) { modules.append(try self.importedModule()) }
            return .imports(modules)
        case .from: return try self.readFromImport()
        default: return try self.readExpressionStatement()
        }
    }

    private mutating func readTypeAlias() throws(SourceError) -> PythonStatement.Kind {
        self.advance()
        let name = try self.boundName()
        let parameters = try self.typeParameters()
        try self.expect(.equal)
        return .typeAlias(name, parameters, try self.expression())
    }

    private mutating func readDelete() throws(SourceError) -> PythonStatement.Kind {
        self.advance()
        let place = self.place
        let list = try self.starExpressions(mayBeStarred: true)
        guard self.isAtStatementEnd else { throw self.fail() }
        let items: [PythonExpression] = if case .tuple(let items) = list.unplaced { items } else { [list] }
        for item in items { try self.checkDeleted(item, at: place) }
        return .delete(items)
    }

    // MARK: - Imports

    private mutating func dottedName() throws(SourceError) -> String {
        var name = try self.identifier()
        while self.take(.dot) { name += "." + (try self.identifier()) }
        return name
    }

    private mutating func alias() throws(SourceError) -> String? {
        guard self.take(.as) else { return nil }
        return try self.boundName()
    }

    private mutating func importedModule() throws(SourceError) -> PythonImport {
        let place = self.place
        let name = try self.dottedName()
        return PythonImport(name: name, alias: try self.alias(), place: place)
    }

    private mutating func readFromImport() throws(SourceError) -> PythonStatement.Kind {
        self.advance()
        var level = 0
        while self.isNext(.dot) || self.isNext(.ellipsis) {
            level += self.isNext(.ellipsis) ? 3 : 1
            self.advance()
        }
        let module = self.isNext(.import) && level > 0 ? "" : try self.dottedName()
        guard self.take(.import) else { throw self.fail("expected 'import'") }
        if self.take(.star) { return .fromImport(module: module, level: level, names: []) }
        let isParenthesized = self.take(.leftParenthesis)
        var names: [PythonImport] = []
        repeat {
            if self.isNext(.rightParenthesis), isParenthesized, !names.isEmpty { break }
            if self.kind == .newline, !names.isEmpty, !isParenthesized {
                throw self.fail("trailing comma not allowed without surrounding parentheses", fix: "remove the comma")
            }
            let place = self.place
            let name = try self.identifier()
            let alias = try self.alias()
            if alias == nil, name == "__debug__" {
                throw SourceError(.syntax, "cannot assign to __debug__", at: place)
            }
            names.append(PythonImport(name: name, alias: alias, place: place))
        } while self.take(.comma)
        if isParenthesized { try self.expect(.rightParenthesis) }
        return .fromImport(module: module, level: level, names: names)
    }

    // MARK: - Assignments

    private mutating func readExpressionStatement() throws(SourceError) -> PythonStatement.Kind {
        let place = self.place
        if self.isNext(.yield) {
            let value = try self.yieldExpression()
            guard !self.isNext(.equal) else {
                throw self.fail("assignment to yield expression not possible", at: place)
            }
            return .expression(value)
        }
        let first = try self.starExpressions(mayBeStarred: true)
        if case .symbol(let symbol) = self.kind, symbol.isAugmented {
            try self.checkSingleTarget(first, at: place, words: "is an illegal expression for augmented assignment")
            self.advance()
            return .augmented(first, symbol: symbol.rawValue, try self.assignedValue())
        }
        if self.isNext(.colon) { return try self.readAnnotated(first, at: place) }
        guard self.isNext(.equal) else {
            try self.refuseStarred(first, at: place)
            return .expression(first)
        }
        var targets = [first]
        var value = first
        while self.take(.equal) {
            let valuePlace = self.place
            if self.isNext(.yield) {
                value = try self.yieldExpression()
                guard !self.isNext(.equal) else {
                    throw self.fail("assignment to yield expression not possible", at: valuePlace)
                }
                break
            }
            value = try self.starExpressions(mayBeStarred: self.isStarredTarget)
            guard self.isNext(.equal) else { break }
            targets.append(value)
            try self.checkChain(targets.count)
        }
        try self.refuseStarred(value, at: place)
        for target in targets { try self.checkTarget(target, at: place) }
        return .assign(targets, value)
    }

    /// `*a, b = …` begins with a star.
    private var isStarredTarget: Bool { self.isNext(.star) }

    /// What stands behind `=`.
    private mutating func assignedValue() throws(SourceError) -> PythonExpression {
        if self.isNext(.yield) { return try self.yieldExpression() }
        return try self.starExpressions(mayBeStarred: false)
    }

    private mutating func readAnnotated(
        _ target: PythonExpression, at place: SourcePlace
    ) throws(SourceError) -> PythonStatement.Kind {
        switch target.bare {
        case .tuple where !self.isGroup(target), .list:
            let word = if case .list = target.bare { "list" } else { "tuple" }
            throw self.fail("only single target (not \(word)) can be annotated", at: place)
        default: try self.checkSingleTarget(target, at: place, words: "cannot be annotated")
        }
        self.advance()
        let annotation = try self.expression()
        let value = self.take(.equal) ? try self.assignedValue() : nil
        return .annotated(target, annotation: annotation, value)
    }

    private func isGroup(_ expression: PythonExpression) -> Bool {
        if case .group = expression.unplaced { return true }
        return false
    }

    private func refuseStarred(_ value: PythonExpression, at place: SourcePlace) throws(SourceError) {
        if case .starred = value.unplaced { throw self.fail("can't use starred expression here", at: place) }
    }
}
