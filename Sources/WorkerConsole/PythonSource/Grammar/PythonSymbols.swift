/// Finds what the interpreter refuses though its grammar takes it: what depends on the names, functions and loops around.
///
/// The rules are those of CPython's symbol table and compiler (language reference, sections 4.2, 7.12, 7.13).
struct PythonSymbols {
    let minor: Int
    var block = PythonBlock(.module, parent: nil)
    /// Where the statement stands that is being looked at.
    var place = SourcePlace(line: 1, column: 1)
    private var nonlocals: [(name: String, block: PythonBlock, place: SourcePlace)] = []
    let imports: PythonFutureImports

    /// - Throws: ``SourceError`` — `.syntax` for what is refused, `.tooComplex` for what is not decided here.
    static func check(_ statements: [PythonStatement], minor: Int) throws(SourceError) {
        var symbols = PythonSymbols(minor: minor, imports: try PythonFutureImports(statements))
        try symbols.visit(statements)
        try symbols.resolve()
    }

    private init(minor: Int, imports: PythonFutureImports) {
        self.minor = minor
        self.imports = imports
    }

    func fail(_ message: String, at place: SourcePlace? = nil, fix: String? = nil) -> SourceError {
        SourceError(.syntax, message, at: place ?? self.place, fix: fix)
    }

    /// True when annotations are read as a block of their own, where less may stand.
    var separatesAnnotations: Bool { self.minor >= 14 || self.imports.postponesAnnotations }

    /// Looks at something in a block of its own.
    mutating func inBlock(
        _ kind: PythonBlock.Kind, _ body: (inout PythonSymbols) throws(SourceError) -> Void
    ) throws(SourceError) {
        let outer = self.block
        self.block = PythonBlock(kind, parent: outer)
        try body(&self)
        self.block = outer
    }

    /// Looks at statements inside a loop, a handler or the like.
    mutating func visit(
        _ statements: [PythonStatement], in frames: [PythonBlock.Frame]
    ) throws(SourceError) {
        self.block.frames += frames
        // CPython stops at 20 or 21 levels, later versions at more.
        if self.block.frames.count > 20 {
            throw SourceError(.tooComplex, "more than 20 statically nested blocks", at: self.place)
        }
        try self.visit(statements)
        self.block.frames.removeLast(frames.count)
    }

    mutating func visit(_ statements: [PythonStatement]) throws(SourceError) {
        for statement in statements {
            self.place = statement.place
            try self.visit(statement)
        }
    }

    // MARK: - Names

    mutating func bind(_ name: String, _ marks: PythonBlock.Marks = .bound) throws(SourceError) {
        self.block.mark(name, marks)
    }

    mutating func declare(_ names: [String], isGlobal: Bool) throws(SourceError) {
        let word = isGlobal ? "global" : "nonlocal"
        if !isGlobal, self.block.isModule { throw self.fail("nonlocal declaration not allowed at module level") }
        for name in names {
            let reason: String? =
                if self.block.has(name, .parameter) {
                    "name '\(name)' is parameter and \(word)"
                } else if self.block.has(name, .annotated) {
                    "annotated name '\(name)' can't be \(word)"
                } else if self.block.has(name, .bound) {
                    "name '\(name)' is assigned to before \(word) declaration"
                } else if self.block.has(name, .used) {
                    "name '\(name)' is used prior to \(word) declaration"
                } else if self.block.has(name, isGlobal ? .nonlocal : .global) {
                    "name '\(name)' is nonlocal and global"
                } else {
                    nil
                }
            if let reason { throw self.fail(reason, fix: "put the declaration at the top of the function") }
            self.block.mark(name, isGlobal ? .global : .nonlocal)
            if !isGlobal { self.nonlocals.append((name, self.block, self.place)) }
        }
    }

    /// Every nonlocal name is bound in a function around.
    private func resolve() throws(SourceError) {
        for item in self.nonlocals {
            var next = item.block.parent
            search: while true {
                guard let block = next, !block.isModule else {
                    throw self.fail("no binding for nonlocal '\(item.name)' found", at: item.place)
                }
                switch block.kind {
                case .class:
                    if item.name == "__class__" { break search }
                case .annotation where block.has(item.name, .typeParameter):
                    throw self.fail(
                        "nonlocal binding not allowed for type parameter '\(item.name)'", at: item.place)
                case .function:
                    if block.has(item.name, .global) {
                        throw self.fail("no binding for nonlocal '\(item.name)' found", at: item.place)
                    }
                    if block.has(item.name, [.bound, .parameter, .imported, .nonlocal]) { break search }
                default: break
                }
                next = block.parent
            }
        }
    }

    // MARK: - Functions and classes

    mutating func visit(_ function: PythonFunction) throws(SourceError) {
        try self.bind(function.name)
        try self.visit(function.decorators)
        try self.visit(function.parameters.compactMap(\.standard))
        try self.inTypeParameters(function.typeParameters) { symbols throws(SourceError) in
            let annotations = function.parameters.compactMap(\.annotation) + [function.returns].compactMap { $0 }
            for annotation in annotations { try symbols.visit(annotation: annotation) }
            try symbols.visitBody(of: function, isLambda: false)
        }
    }

    mutating func visitBody(of function: PythonFunction, isLambda: Bool) throws(SourceError) {
        let place = self.place
        try self.inBlock(.function(isAsync: function.isAsync, isLambda: isLambda)) { symbols throws(SourceError) in
            for parameter in function.parameters { symbols.block.mark(parameter.name, .parameter) }
            try symbols.visit(function.body)
            if !isLambda, function.isAsync, symbols.block.hasYield, let returned = symbols.block.returnedAt {
                throw symbols.fail("'return' with value in async generator", at: returned)
            }
        }
        self.place = place
    }

    mutating func visit(_ definition: PythonClass) throws(SourceError) {
        try self.bind(definition.name)
        try self.visit(definition.decorators)
        try self.inTypeParameters(definition.typeParameters) { symbols throws(SourceError) in
            for argument in definition.arguments { try symbols.visit(argument.value) }
            try symbols.inBlock(.class) { symbols throws(SourceError) in try symbols.visit(definition.body) }
        }
    }

    mutating func inTypeParameters(
        _ parameters: [PythonTypeParameter], _ body: (inout PythonSymbols) throws(SourceError) -> Void
    ) throws(SourceError) {
        guard !parameters.isEmpty else { return try body(&self) }
        try self.inBlock(.annotation("the definition of a generic")) { symbols throws(SourceError) in
            for parameter in parameters {
                symbols.block.mark(parameter.name, .typeParameter)
                for value in [parameter.bound, parameter.standard].compactMap({ $0 }) {
                    try symbols.inBlock(.annotation("a TypeVar bound")) { symbols throws(SourceError) in
                        try symbols.visit(value)
                    }
                }
            }
            try body(&symbols)
        }
    }

    mutating func visit(annotation: PythonExpression) throws(SourceError) {
        guard self.separatesAnnotations else { return try self.visit(annotation) }
        try self.inBlock(.annotation("an annotation")) { symbols throws(SourceError) in try symbols.visit(annotation) }
    }
}
