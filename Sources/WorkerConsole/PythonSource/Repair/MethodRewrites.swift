/// Gives the class `Default` the method that the runtime calls.
struct MethodRewrites {
    let source: EditableSource
    let flags: EffectiveFlags
    let trap: HandlerTrap

    private var wanted: String { self.flags.hasNoGlobalHandlers ? "fetch" : "on_fetch" }
    private var other: String { self.flags.hasNoGlobalHandlers ? "on_fetch" : "fetch" }

    func candidates() -> [Rewrite] {
        guard let place = SourcePlace(ending: self.trap.place), let definition = self.definition(at: place) else {
            return RegistrationRewrites(main: "", source: self.source, flags: self.flags).candidates()
        }
        var all: [Rewrite] = []
        if let method = self.method(self.other, in: definition), let edit = self.renaming(method) {
            all.append(Rewrite("name the method \(self.wanted)", [edit]))
        }
        // An inherited method keeps its name.
        if let inherited = self.inherited(by: definition),
            let edits = self.adding(["\(self.wanted) = \(inherited)"], to: definition)
        {
            all.append(Rewrite("give the method the name \(self.wanted) as well", edits))
        }
        let (word, imports) = SourceNames(source: self.source)
            .importing("Response", from: "workers", otherwise: "WorkerResponse")
        let quote = self.source.quote
        let method = [
            "async def \(self.wanted)(self, request):",
            self.source.indent + "return \(word)(\(quote)Not Found\(quote), status=404)",
        ]
        if let edits = self.replacing(self.wanted, with: method, in: definition) ?? self.adding(method, to: definition)
        {
            all.append(Rewrite("add a method \(self.wanted)", imports + edits))
        }
        // The class of that name is elsewhere.
        return all + RegistrationRewrites(main: "", source: self.source, flags: self.flags).candidates()
    }

    /// `fetch` where the class has it, `Base.fetch` where a class above has it.
    private func inherited(by definition: PythonClass, depth: Int = 0) -> String? {
        if self.method(self.other, in: definition) != nil {
            return depth == 0 ? self.other : "\(definition.name).\(self.other)"
        }
        guard depth < 8 else { return nil }
        for argument in definition.arguments where argument.keyword == nil {
            guard case .name(let name) = argument.value.bare else { continue }
            for statement in self.source.statements {
                guard case .classDefinition(let base) = statement.kind, base.name == name,
                    base.place != definition.place
                else { continue }
                if let found = self.inherited(by: base, depth: depth + 1) { return found }
            }
        }
        return nil
    }

    private func definition(at place: SourcePlace) -> PythonClass? {
        func find(_ statements: [PythonStatement], _ depth: Int) -> PythonClass? {
            guard depth < 8 else { return nil }
            for statement in statements {
                switch statement.kind {
                case .classDefinition(let definition):
                    if definition.place == place { return definition }
                case .conditional(let branches):
                    for branch in branches { if let found = find(branch.body, depth + 1) { return found } }
                case .attempt(let body, _, _, _): if let found = find(body, depth + 1) { return found }
                default: break
                }
            }
            return nil
        }
        return find(self.source.statements, 0)
    }

    private func method(_ name: String, in definition: PythonClass) -> PythonFunction? {
        definition.body.compactMap { if case .function(let method) = $0.kind { method } else { nil } }
            .last { $0.name == name }
    }

    private func renaming(_ method: PythonFunction) -> SourceEdit? {
        guard var index = self.source.token(at: method.place) else { return nil }
        while index < self.source.tokens.count, !self.source.isName(index) { index += 1 }
        guard self.source.isName(index), self.source.text(of: index) == method.name else { return nil }
        let token = self.source.tokens[index]
        return SourceEdit(token.start..<token.end, self.wanted)
    }

    /// Puts lines in place of `fetch = …`.
    private func replacing(_ name: String, with lines: [String], in definition: PythonClass) -> [SourceEdit]? {
        for statement in definition.body {
            guard case .assign(let targets, _) = statement.kind, targets.count == 1,
                case .name(name)? = targets.first?.bare,
                let head = self.source.token(at: statement.place), self.source.lineHead(of: head) == head
            else { continue }
            let start = self.source.start(ofLine: statement.place.line)
            let indentation = self.source.indentation(ofLine: statement.place.line)
            return [
                SourceEdit(
                    start..<self.source.end(ofLogicalLineOf: head), self.source.lines(lines, indentation: indentation))
            ]
        }
        return nil
    }

    /// Puts lines at the end of a class.
    private func adding(_ lines: [String], to definition: PythonClass) -> [SourceEdit]? {
        guard let first = definition.body.first, let head = self.source.token(at: first.place),
            self.source.lineHead(of: head) == head
        else { return nil }
        let indentation = self.source.indentation(ofLine: first.place.line)
        // `pass` alone gives its place away.
        if definition.body.count == 1, case .pass = first.kind {
            let start = self.source.start(ofLine: first.place.line)
            return [
                SourceEdit(
                    start..<self.source.end(ofLogicalLineOf: head), self.source.lines(lines, indentation: indentation))
            ]
        }
        var depth = 1
        var last = head
        for index in head..<self.source.tokens.count {
            switch self.source.tokens[index].kind {
            case .indent: depth += 1
            case .dedent: depth -= 1
            case .newline: last = index
            default: break
            }
            if depth == 0 { break }
        }
        let end = self.source.end(ofLogicalLineOf: last)
        let isEnded = end > 0 && [10, 13].contains(self.source.bytes[end - 1])
        let gap = lines.count > 1 ? [""] : []
        return [
            .insert(
                (isEnded ? "" : self.source.newline) + self.source.lines(gap + lines, indentation: indentation), at: end
            )
        ]
    }
}
