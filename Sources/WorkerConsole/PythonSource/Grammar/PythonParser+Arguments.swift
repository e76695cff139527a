/// Arguments, parameters and type parameters.
extension PythonParser {
    /// Arguments up to and with the closing parenthesis; in a call a generator expression may be the only one.
    mutating func arguments(isCall: Bool) throws(SourceError) -> [PythonArgument] {
        var arguments: [PythonArgument] = []
        var keywords: Set<String> = []
        var hasMapping = false
        while !self.take(.rightParenthesis) {
            let place = self.place
            if self.take(.power) {
                arguments.append(PythonArgument(keyword: "**", value: try self.expression()))
                hasMapping = true
            } else if self.take(.star) {
                if hasMapping {
                    throw self.fail("iterable argument unpacking follows keyword argument unpacking", at: place)
                }
                arguments.append(PythonArgument(keyword: nil, value: .starred(try self.expression())))
            } else if case .name = self.kind, self.ahead(1) == .symbol(.equal) {
                let name = try self.boundName()
                self.advance()
                guard keywords.insert(name).inserted else {
                    throw self.fail("keyword argument repeated: \(name)", at: place)
                }
                arguments.append(PythonArgument(keyword: name, value: try self.expression()))
            } else {
                let value = try self.positional(isAlone: arguments.isEmpty && isCall, at: place)
                if hasMapping || !keywords.isEmpty {
                    throw self.fail(
                        "positional argument follows keyword argument" + (hasMapping ? " unpacking" : ""), at: place,
                        fix: "put the positional arguments first")
                }
                arguments.append(PythonArgument(keyword: nil, value: value))
            }
            guard self.take(.comma) || self.isNext(.rightParenthesis) else {
                throw self.fail("invalid syntax. Perhaps you forgot a comma?", at: self.place)
            }
        }
        return arguments
    }

    private mutating func positional(
        isAlone: Bool, at place: SourcePlace
    ) throws(SourceError) -> PythonExpression {
        let value = try self.namedExpression()
        if self.isNext(.equal) {
            throw self.fail(
                "expression cannot contain assignment, perhaps you meant \"==\"?", at: place,
                fix: "a keyword argument is a plain name before =")
        }
        guard self.startsClause else { return value }
        let clauses = try self.clauses()
        guard isAlone, self.isNext(.rightParenthesis) else {
            throw self.fail("Generator expression must be parenthesized", at: place, fix: "put it in parentheses")
        }
        return .comprehension([value], clauses, .generator)
    }

    // MARK: - Parameters

    mutating func parameters(
        until end: PythonSymbol, hasAnnotations: Bool
    ) throws(SourceError) -> [PythonParameter] {
        var parameters: [PythonParameter] = []
        var names: Set<String> = []
        var kind = PythonParameter.Kind.positional
        var hasDefault = false
        var hasSlash = false
        var needsName = false
        while !self.isNext(end) {
            let place = self.place
            if parameters.last?.kind == .keywords {
                throw self.fail("arguments cannot follow var-keyword argument", at: place)
            }
            if self.take(.slash) {
                if kind == .keywordOnly { throw self.fail("/ must be ahead of *", at: place) }
                if hasSlash { throw self.fail("/ may appear only once", at: place) }
                if parameters.isEmpty { throw self.fail("at least one argument must precede /", at: place) }
                hasSlash = true
            } else if self.take(.power) {
                if needsName { throw self.fail("named arguments must follow bare *", at: place) }
                parameters.append(try self.parameter(.keywords, hasAnnotations: hasAnnotations))
            } else if self.take(.star) {
                if kind == .keywordOnly { throw self.fail("* argument may appear only once", at: place) }
                kind = .keywordOnly
                if self.isNext(.comma) || self.isNext(end) {
                    needsName = true
                } else {
                    parameters.append(try self.parameter(.variadic, hasAnnotations: hasAnnotations))
                }
            } else {
                let parameter = try self.parameter(kind, hasAnnotations: hasAnnotations)
                if kind == .positional {
                    if parameter.standard == nil && hasDefault {
                        throw self.fail("parameter without a default follows parameter with a default", at: place)
                    }
                    hasDefault = parameter.standard != nil
                }
                needsName = false
                parameters.append(parameter)
            }
            if let last = parameters.last, names.count < parameters.count, !names.insert(last.name).inserted {
                throw self.fail("duplicate argument '\(last.name)' in function definition", at: place)
            }
            guard self.take(.comma) || self.isNext(end) else { throw self.fail() }
        }
        if needsName { throw self.fail("named arguments must follow bare *", at: self.place) }
        return parameters
    }

    private mutating func parameter(
        _ kind: PythonParameter.Kind, hasAnnotations: Bool
    ) throws(SourceError) -> PythonParameter {
        if self.isNext(.leftParenthesis) {
            throw self.fail(
                "\(hasAnnotations ? "Function" : "Lambda expression") parameters cannot be parenthesized",
                at: self.place)
        }
        let name = try self.boundName()
        var annotation: PythonExpression?
        if hasAnnotations, self.take(.colon) {
            if kind == .variadic, self.take(.star) {
                annotation = .starred(try self.arithmetic())
            } else {
                annotation = try self.expression()
            }
        }
        let place = self.place
        guard self.take(.equal) else {
            return PythonParameter(name: name, kind: kind, annotation: annotation, standard: nil)
        }
        switch kind {
        case .variadic: throw self.fail("var-positional argument cannot have default value", at: place)
        case .keywords: throw self.fail("var-keyword argument cannot have default value", at: place)
        case .positional, .keywordOnly: break
        }
        return PythonParameter(name: name, kind: kind, annotation: annotation, standard: try self.expression())
    }

    // MARK: - Type parameters

    /// `[T: int = str, *Ts, **P]`, where there is one (PEP 695, PEP 696).
    mutating func typeParameters() throws(SourceError) -> [PythonTypeParameter] {
        guard self.take(.leftBracket) else { return [] }
        var parameters: [PythonTypeParameter] = []
        var names: Set<String> = []
        var hasDefault = false
        repeat {
            if self.isNext(.rightBracket), !parameters.isEmpty { break }
            let place = self.place
            let isVariadic = self.take(.star)
            let isSpecification = !isVariadic && self.take(.power)
            let name = try self.boundName()
            guard names.insert(name).inserted else {
                throw self.fail("duplicate type parameter '\(name)'", at: place)
            }
            var bound: PythonExpression?
            if self.isNext(.colon) {
                if isVariadic || isSpecification {
                    throw self.fail(
                        "cannot use bound with \(isVariadic ? "TypeVarTuple" : "ParamSpec")", at: self.place)
                }
                self.advance()
                bound = try self.expression()
            }
            let standard = try self.typeParameterDefault(isVariadic: isVariadic)
            if standard == nil && hasDefault {
                throw self.fail(
                    "non-default type parameter '\(name)' follows default type parameter", at: place)
            }
            hasDefault = standard != nil
            parameters.append(PythonTypeParameter(name: name, place: place, bound: bound, standard: standard))
        } while self.take(.comma)
        if parameters.isEmpty { throw self.fail("Type parameter list cannot be empty", at: self.place) }
        try self.expect(.rightBracket)
        return parameters
    }

    private mutating func typeParameterDefault(isVariadic: Bool) throws(SourceError) -> PythonExpression? {
        let place = self.place
        guard self.take(.equal) else { return nil }
        guard self.minor >= 13 else {
            throw self.needs(13, "defaults of type parameters", at: place, fix: "remove the default")
        }
        if isVariadic, self.take(.star) { return .starred(try self.arithmetic()) }
        return try self.expression()
    }
}
