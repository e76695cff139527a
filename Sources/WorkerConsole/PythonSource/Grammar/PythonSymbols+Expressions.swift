/// Expressions: names that are used and bound, `await`, `yield` and comprehensions.
extension PythonSymbols {
    mutating func visit(_ expressions: [PythonExpression]) throws(SourceError) {
        for expression in expressions { try self.visit(expression) }
    }

    mutating func visit(_ expression: PythonExpression) throws(SourceError) {
        switch expression {
        case .placed(let inner, let place):
            if case .name(let name) = inner { return self.block.mark(name, .used) }
            if case .await = inner { try self.checkAwait(at: place) }
            if case .yield(_, let isFrom) = inner { try self.checkYield(isFrom: isFrom, at: place) }
            try self.visit(inner)
        case .name(let name): self.block.mark(name, .used)
        case .attribute(let inner, _), .not(let inner), .starred(let inner), .group(let inner), .await(let inner):
            try self.visit(inner)
        case .yield(let inner, _): if let inner { try self.visit(inner) }
        case .call(let callee, let arguments):
            try self.visit(callee)
            for argument in arguments { try self.visit(argument.value) }
        case .item(let owner, let key):
            try self.visit(owner)
            try self.visit(key)
        case .text, .bytes, .number, .constant: break
        case .formatted(let items), .tuple(let items), .list(let items), .set(let items), .boolean(_, let items),
            .arithmetic(let items), .slice(let items):
            try self.visit(items)
        case .dictionary(let pairs):
            for pair in pairs {
                if let key = pair.key { try self.visit(key) }
                try self.visit(pair.value)
            }
        case .lambda(let function):
            try self.visit(function.parameters.compactMap(\.standard))
            try self.visitBody(of: function, isLambda: true)
        case .comprehension(let elements, let clauses, let kind): try self.visit(elements, clauses, kind)
        case .conditional(let test, let yes, let no):
            try self.visit(test)
            try self.visit(yes)
            try self.visit(no)
        case .compare(let first, let rest):
            try self.visit(first)
            for item in rest { try self.visit(item.1) }
        case .walrus(let name, let value):
            try self.visitWalrus(name)
            try self.visit(value)
        }
    }

    /// What is assigned to or deleted.
    mutating func bind(target: PythonExpression) throws(SourceError) {
        switch target.bare {
        case .name(let name): try self.bindTarget(name)
        case .tuple(let items), .list(let items):
            for item in items { try self.bind(target: item) }
        case .starred(let inner): try self.bind(target: inner)
        case let other: try self.visit(other)
        }
    }

    private mutating func bindTarget(_ name: String) throws(SourceError) {
        if case .comprehension = self.block.kind {
            if self.block.has(name, .exported) {
                throw self.fail(
                    "comprehension inner loop cannot rebind assignment expression target '\(name)'")
            }
            self.block.mark(name, [.bound, .iterated])
        } else {
            try self.bind(name)
        }
    }

    // MARK: - Assignment expressions

    private mutating func visitWalrus(_ name: String) throws(SourceError) {
        if case .annotation(let what) = self.block.kind {
            throw self.fail("named expression cannot be used within \(what)")
        }
        if self.block.iterables > 0 {
            throw self.fail("assignment expression cannot be used in a comprehension iterable expression")
        }
        guard case .comprehension = self.block.kind else { return try self.bind(name) }
        var passed: [PythonBlock] = []
        var next: PythonBlock? = self.block
        while let block = next {
            switch block.kind {
            case .comprehension:
                if block.has(name, .iterated) {
                    throw self.fail(
                        "assignment expression cannot rebind comprehension iteration variable '\(name)'")
                }
                passed.append(block)
            case .class:
                throw self.fail("assignment expression within a comprehension cannot be used in a class body")
            case .annotation(let what):
                throw self.fail("assignment expression within a comprehension cannot be used within \(what)")
            case .function, .module:
                for inner in passed { inner.mark(name, .exported) }
                return block.mark(name, .bound)
            }
            next = block.parent
        }
    }

    // MARK: - Waiting

    private mutating func checkYield(isFrom: Bool, at place: SourcePlace) throws(SourceError) {
        switch self.block.kind {
        case .function(let isAsync, _):
            if isFrom && isAsync { throw self.fail("'yield from' inside async function", at: place) }
            self.block.hasYield = true
        case .comprehension(let kind): throw self.fail("'yield' inside \(kind.rawValue)", at: place)
        case .annotation(let what): throw self.fail("yield expression cannot be used within \(what)", at: place)
        case .module, .class: throw self.fail("'yield' outside function", at: place)
        }
    }

    private func checkAwait(at place: SourcePlace) throws(SourceError) {
        switch self.block.kind {
        case .function(let isAsync, let isLambda):
            guard isAsync else {
                throw self.fail(
                    "'await' outside async function", at: place,
                    fix: isLambda ? "a lambda cannot wait: write an `async def`" : "write `async def` for the function")
            }
        case .comprehension: try self.checkAsyncComprehension(at: place)
        case .annotation(let what): throw self.fail("await expression cannot be used within \(what)", at: place)
        case .module, .class:
            throw self.fail("'await' outside function", at: place, fix: "move it into an `async def`")
        }
    }

    /// A comprehension that waits needs an async function around it; a generator expression waits later.
    private func checkAsyncComprehension(at place: SourcePlace) throws(SourceError) {
        var next: PythonBlock? = self.block
        while let block = next {
            switch block.kind {
            case .comprehension(.generator): return
            case .comprehension: next = block.parent
            case .function(true, _): return
            default:
                throw self.fail("asynchronous comprehension outside of an asynchronous function", at: place)
            }
        }
    }

    // MARK: - Comprehensions

    private mutating func visit(
        _ elements: [PythonExpression], _ clauses: [PythonClause], _ kind: PythonComprehension
    ) throws(SourceError) {
        guard let first = clauses.first else { return }
        if self.minor < 13, case .annotation = self.block.kind {
            throw SourceError(.tooComplex, "a comprehension in an annotation scope", at: self.place)
        }
        self.block.iterables += 1
        try self.visit(first.source)
        self.block.iterables -= 1
        try self.inBlock(.comprehension(kind)) { symbols throws(SourceError) in
            for (index, clause) in clauses.enumerated() {
                if clause.isAsync { try symbols.checkAsyncComprehension(at: symbols.place) }
                try symbols.bind(target: clause.target)
                if index > 0 {
                    symbols.block.iterables += 1
                    try symbols.visit(clause.source)
                    symbols.block.iterables -= 1
                }
                try symbols.visit(clause.conditions)
            }
            try symbols.visit(elements)
        }
    }
}
