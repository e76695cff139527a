/// Statements: where each may stand, and what it binds.
extension PythonSymbols {
    mutating func visit(_ statement: PythonStatement) throws(SourceError) {
        switch statement.kind {
        case .expression(let value): try self.visit(value)
        case .assign(let targets, let value):
            try self.visit(value)
            for target in targets { try self.bind(target: target) }
        case .annotated(let target, let annotation, let value):
            try self.visitAnnotated(target, annotation, value)
        case .augmented(let target, _, let value):
            try self.bind(target: target)
            try self.visit(value)
        case .function(let function): try self.visit(function)
        case .classDefinition(let definition): try self.visit(definition)
        case .imports(let items):
            for item in items {
                let top = item.name.split(separator: ".").first.map(String.init) ?? item.name
                try self.bind(item.alias ?? top, .imported)
            }
        case .fromImport(let module, let level, let names):
            try self.visitImport(of: names, from: module, level: level)
        case .conditional(let branches):
            for branch in branches {
                if let test = branch.test { try self.visit(test) }
                try self.visit(branch.body)
            }
        case .loop(let header, let target, let isAsync, let body, let otherwise):
            if isAsync { try self.checkAsync("'async for' outside async function") }
            if let target { try self.bind(target: target) }
            try self.visit(header)
            try self.visit(body, in: [.loop])
            try self.visit(otherwise)
        case .with(let items, let isAsync, let body):
            if isAsync { try self.checkAsync("'async with' outside async function") }
            for item in items {
                try self.visit(item.0)
                if let target = item.target { try self.bind(target: target) }
            }
            try self.visit(body, in: items.map { _ in .other })
        case .attempt(let body, let handlers, let otherwise, let finally):
            try self.visitAttempt(body, handlers, otherwise, finally)
        case .match(let subject, let cases):
            try self.visit(subject)
            for item in cases {
                try self.visit(item.values)
                for name in item.names { try self.bind(name) }
                if let test = item.guardTest { try self.visit(test) }
                try self.visit(item.body)
            }
        case .raise(let value, let cause):
            if let value { try self.visit(value) }
            if let cause { try self.visit(cause) }
        case .returns(let value): try self.visitReturn(value, at: statement.place)
        case .delete(let targets):
            for target in targets { try self.bind(target: target) }
        case .outer(let names, let isGlobal): try self.declare(names, isGlobal: isGlobal)
        case .assertion(let test, let message):
            try self.visit(test)
            if let message { try self.visit(message) }
        case .typeAlias(let name, let parameters, let value):
            try self.bind(name)
            try self.inTypeParameters(parameters) { symbols throws(SourceError) in
                try symbols.inBlock(.annotation("a type alias")) { symbols throws(SourceError) in
                    try symbols.visit(value)
                }
            }
        case .pass: break
        case .jump(let isBreak): try self.checkJump(isBreak: isBreak)
        }
    }

    private mutating func visitAnnotated(
        _ target: PythonExpression, _ annotation: PythonExpression, _ value: PythonExpression?
    ) throws(SourceError) {
        if case .name(let name) = target.unplaced {
            if self.block.has(name, [.global, .nonlocal]), !self.block.isModule {
                let word = self.block.has(name, .global) ? "global" : "nonlocal"
                throw self.fail("annotated name '\(name)' can't be \(word)")
            }
            try self.bind(name, [.bound, .annotated])
        } else {
            try self.bind(target: target)
        }
        try self.visit(annotation: annotation)
        if let value { try self.visit(value) }
    }

    private mutating func visitImport(
        of names: [PythonImport], from module: String, level: Int
    ) throws(SourceError) {
        if level == 0, module == "__future__", !self.imports.allows(self.place) {
            throw self.fail(
                "from __future__ imports must occur at the beginning of the file", fix: "move it above everything else")
        }
        if names.isEmpty, !self.block.isModule { throw self.fail("import * only allowed at module level") }
        for item in names { try self.bind(item.alias ?? item.name, .imported) }
    }

    private mutating func visitAttempt(
        _ body: [PythonStatement], _ handlers: [PythonHandler], _ otherwise: [PythonStatement],
        _ finally: [PythonStatement]
    ) throws(SourceError) {
        let outer: [PythonBlock.Frame] = finally.isEmpty ? [] : [.other]
        try self.visit(body, in: handlers.isEmpty ? outer : outer + [.other])
        // The order in which names are seen changed in 3.13.
        if self.minor < 13 { try self.visit(otherwise, in: outer) }
        for handler in handlers {
            self.place = handler.place
            if let type = handler.type { try self.visit(type) }
            if let name = handler.name { try self.bind(name) }
            let frame: PythonBlock.Frame = handler.isGroup ? .group : .other
            try self.visit(handler.body, in: outer + [frame] + (handler.name == nil ? [] : [.other]))
        }
        if self.minor >= 13 { try self.visit(otherwise, in: outer) }
        try self.visit(finally, in: outer)
    }

    private mutating func visitReturn(_ value: PythonExpression?, at place: SourcePlace) throws(SourceError) {
        guard case .function(_, let isLambda) = self.block.kind else {
            throw self.fail("'return' outside function", fix: "move it into a function, or indent it")
        }
        if let value { try self.visit(value) }
        guard !isLambda else { return }
        if self.block.frames.contains(.group) {
            throw self.fail("'break', 'continue' and 'return' cannot appear in an 'except*' block", at: place)
        }
        if value != nil { self.block.returnedAt = place }
    }

    private func checkJump(isBreak: Bool) throws(SourceError) {
        for frame in self.block.frames.reversed() {
            switch frame {
            case .loop: return
            case .group: throw self.fail("'break', 'continue' and 'return' cannot appear in an 'except*' block")
            case .other: break
            }
        }
        throw self.fail(isBreak ? "'break' outside loop" : "'continue' not properly in loop")
    }

    /// `async for` and `async with` stand in an async function.
    private func checkAsync(_ message: String) throws(SourceError) {
        if case .function(true, _) = self.block.kind { return }
        throw self.fail(message, fix: "make the function around it `async def`")
    }
}
