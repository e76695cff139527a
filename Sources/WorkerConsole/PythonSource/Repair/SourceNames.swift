/// Names that a source binds at its top level, and imports that it lacks.
struct SourceNames {
    let source: EditableSource

    /// Where modules of the runtime have what a Worker uses by its bare name.
    private static let homes: [String: String] = [
        "WorkerEntrypoint": "workers", "DurableObject": "workers", "WorkflowEntrypoint": "workers",
        "to_js": "pyodide.ffi", "create_proxy": "pyodide.ffi", "to_py": "pyodide.ffi", "JsProxy": "pyodide.ffi",
        "cache": "functools",
    ]

    /// The module that has a name: `Response` of `js` where it is used as `Response.new`, of `workers` otherwise.
    func home(of name: String) -> String? {
        if let home = Self.homes[name] { return home }
        if self.isUsed(name, before: "new") { return "js" }
        if PythonKnowledge.sdkNames.contains(name) { return "workers" }
        return PythonKnowledge.scriptNames.contains(name) ? "js" : nil
    }

    /// A module of the standard library that is used and not imported.
    static func isModule(_ name: String) -> Bool { PythonKnowledge.modules.contains(name) }

    private func isUsed(_ name: String, before member: String) -> Bool {
        self.source.tokens.indices.dropLast(2).contains { index in
            self.source.isName(index) && self.source.text(of: index) == name && self.source.isSymbol(index + 1, .dot)
                && self.source.isName(index + 2) && self.source.text(of: index + 2) == member
        }
    }

    /// The name under which a member of a module is at hand at the top level; `nil` when it is not imported.
    func alias(of name: String, from module: String) -> String? {
        for statement in self.source.statements {
            switch statement.kind {
            case .fromImport(module, 0, let items):
                if let item = items.first(where: { $0.name == name }) { return item.alias ?? name }
            case .imports(let items):
                if let item = items.first(where: { $0.name == module && !$0.name.contains(".") }) {
                    return (item.alias ?? module) + "." + name
                }
            default: break
            }
        }
        return nil
    }

    /// True when the source binds a name at its top level.
    func binds(_ name: String) -> Bool {
        self.source.statements.contains { statement in
            switch statement.kind {
            case .function(let function): function.name == name
            case .classDefinition(let definition): definition.name == name
            case .imports(let items), .fromImport(_, _, let items):
                items.contains { ($0.alias ?? String($0.name.prefix { $0 != "." })) == name }
            case .assign(let targets, _): targets.contains { if case .name(name) = $0.bare { true } else { false } }
            default: false
            }
        }
    }

    /// What makes a name of a module usable, and how it is then written: as `other` where the source binds the name.
    func importing(_ name: String, from module: String, otherwise other: String? = nil) -> (
        word: String, edits: [SourceEdit]
    ) {
        if let alias = self.alias(of: name, from: module) { return (alias, []) }
        let word = self.binds(name) ? other ?? name : name
        let item = word == name ? name : "\(name) as \(word)"
        if let edit = self.extending(module, with: item) { return (word, [edit]) }
        return (word, [self.insertingLine("from \(module) import \(item)")])
    }

    func importingModule(_ name: String) -> [SourceEdit] {
        self.binds(name) ? [] : [self.insertingLine("import \(name)")]
    }

    /// Adds a name to `from module import …`, where that stands on one line.
    private func extending(_ module: String, with item: String) -> SourceEdit? {
        for statement in self.source.statements {
            guard case .fromImport(module, 0, let items) = statement.kind, !items.isEmpty,
                let head = self.source.token(at: statement.place)
            else { continue }
            let tail = self.source.lineTail(of: head)
            let tokens = self.source.tokens[head..<tail]
            guard tail > head, let last = tokens.last, last.line == statement.place.line,
                !tokens.contains(where: { $0.kind == .symbol(.semicolon) })
            else { continue }
            // Inside parentheses it goes before the closing one.
            if last.kind == .symbol(.rightParenthesis) {
                let previous = self.source.tokens[tail - 2]
                let lead = previous.kind == .symbol(.comma) ? " " : ", "
                return .insert(lead + item, at: previous.end)
            }
            return .insert(", " + item, at: last.end)
        }
        return nil
    }

    /// A line among the imports: before the first of them, or behind the comments and the docstring at the top.
    private func insertingLine(_ line: String) -> SourceEdit {
        let body = self.source.statements.drop { statement in
            switch statement.kind {
            case .expression(let value): if case .text = value.bare { true } else { false }
            case .fromImport("__future__", _, _): true
            default: false
            }
        }
        let imports = body.first { statement in
            switch statement.kind {
            case .imports, .fromImport: true
            default: false
            }
        }
        if let imports { return .insert(self.source.lines([line]), at: self.source.start(ofLine: imports.place.line)) }
        guard let first = body.first else { return self.source.append([line]) }
        return .insert(self.source.lines([line, "", ""]), at: self.source.start(ofLine: first.place.line))
    }
}
