/// Makes a handler register that a source has in another form, or adds one.
struct RegistrationRewrites {
    let main: String
    let source: EditableSource
    let flags: EffectiveFlags
    /// Modules beside main that have a class `Default`.
    var modules: [String] = []

    private var names: SourceNames { SourceNames(source: self.source) }

    /// What may help, the smallest first; each is to be judged like any other source.
    func candidates() -> [Rewrite] {
        guard !self.source.statements.isEmpty || self.source.bytes.isEmpty else { return [] }
        var all = self.listing() + self.classes() + self.hidden() + self.elsewhere()
        if let function = self.handler { all.append(self.calling(function)) }
        all.append(self.fresh())
        return all
    }

    // MARK: - What there is

    private var definitions: [PythonClass] {
        self.source.statements.compactMap { if case .classDefinition(let found) = $0.kind { found } else { nil } }
    }

    /// Functions at the top level that may be the handler, the likeliest first.
    private var handlers: [PythonFunction] {
        let functions = self.source.statements.compactMap { statement in
            if case .function(let function) = statement.kind { function } else { nil }
        }
        let named = (self.exported + ["fetch", "on_fetch", "handle_request", "fetch_handler", "handler", "main"])
            .compactMap { name in functions.last { $0.name == name } }
        let others = functions.filter { ["request", "req"].contains($0.parameters.first?.name ?? "") }
        return named + others
    }

    private var handler: PythonFunction? { self.handlers.first }

    /// The function that `export = {"fetch": …}` names.
    private var exported: [String] {
        self.source.statements.compactMap { statement in
            guard case .assign(let targets, let value) = statement.kind, case .dictionary(let pairs) = value.bare,
                targets.contains(where: { target in
                    if case .name(let name) = target.bare {
                        ["export", "exports", "handler", "handlers", "default"].contains(name)
                    } else {
                        false
                    }
                })
            else { return nil }
            return pairs.compactMap { pair -> String? in
                guard case .text("fetch")? = pair.key?.bare, case .name(let name) = pair.value.bare else { return nil }
                return name
            }.first
        }
    }

    private static func hasHandler(_ definition: PythonClass) -> Bool {
        definition.body.contains { statement in
            if case .function(let method) = statement.kind {
                ["fetch", "on_fetch"].contains(method.name)
            } else {
                false
            }
        }
    }

    // MARK: - Classes

    /// `__all__` leaves the class out.
    private func listing() -> [Rewrite] {
        guard self.definitions.contains(where: { $0.name == "Default" }) else { return [] }
        for statement in self.source.statements {
            guard case .assign(let targets, let value) = statement.kind,
                targets.contains(where: { if case .name("__all__") = $0.bare { true } else { false } }),
                let place = value.place, let index = self.source.token(at: place),
                self.source.isSymbol(index, .leftBracket) || self.source.isSymbol(index, .leftParenthesis)
            else { continue }
            let isEmpty =
                self.source.isSymbol(index + 1, .rightBracket) || self.source.isSymbol(index + 1, .rightParenthesis)
            let isTuple = self.source.isSymbol(index, .leftParenthesis)
            let text =
                "\(self.source.quote)Default\(self.source.quote)" + (isEmpty && !isTuple ? "" : isEmpty ? "," : ", ")
            return [Rewrite("list Default in __all__", [.insert(text, at: self.source.tokens[index].end)])]
        }
        return []
    }

    private func classes() -> [Rewrite] {
        var all: [Rewrite] = []
        for definition in self.definitions where definition.name == "Default" && Self.hasHandler(definition) {
            if let edits = self.inheriting(definition) {
                all.append(Rewrite("let the class Default inherit from WorkerEntrypoint", edits))
            }
        }
        for definition in self.definitions where definition.name != "Default" {
            // Another name is kept, because the rest of the source may use it.
            let words = "add a class named Default that inherits from \(definition.name)"
            let subclass = self.subclassing(definition.name)
            all.append(Rewrite(words, subclass))
            if Self.hasHandler(definition), let edits = self.inheriting(definition) {
                all.append(Rewrite(words, edits + subclass))
            }
        }
        return all
    }

    /// Puts WorkerEntrypoint among the bases of a class.
    private func inheriting(_ definition: PythonClass) -> [SourceEdit]? {
        guard let keyword = self.source.token(at: definition.place), self.source.isName(keyword + 1) else { return nil }
        let (word, edits) = self.names.importing("WorkerEntrypoint", from: "workers")
        var index = keyword + 2
        if self.source.isSymbol(index, .leftBracket), let end = self.source.closing(of: index) { index = end + 1 }
        guard self.source.isSymbol(index, .leftParenthesis) else {
            return edits + [.insert("(\(word))", at: self.source.tokens[index - 1].end)]
        }
        let bases = definition.arguments.filter { $0.keyword == nil }
        // `object` says nothing, and may not stand before another base.
        if bases.count == 1, case .name("object") = bases[0].value.bare {
            let token = self.source.tokens[index + 1]
            return edits + [SourceEdit(token.start..<token.end, word)]
        }
        guard let last = bases.last else {
            let lead = definition.arguments.isEmpty ? word : word + ", "
            return edits + [.insert(lead, at: self.source.tokens[index].end)]
        }
        guard bases.count == definition.arguments.count, let end = self.source.closing(of: index), last.keyword == nil
        else { return nil }
        let previous = self.source.tokens[end - 1]
        let lead = previous.kind == .symbol(.comma) ? " " : ", "
        return edits + [.insert(lead + word, at: previous.end)]
    }

    /// A class Default below another one, in place of `Default = Other` where that stands.
    private func subclassing(_ name: String) -> [SourceEdit] {
        let lines = ["class Default(\(name)):", self.source.indent + "pass"]
        for statement in self.source.statements {
            var isAlias = false
            switch statement.kind {
            case .assign(let targets, let value):
                guard targets.count == 1, let target = targets.first?.bare else { continue }
                switch (target, value.bare) {
                case (.name("Default"), .name(name)): isAlias = true
                case (.attribute(let owner, "__name__"), .text("Default")):
                    if case .name(name) = owner.bare { isAlias = true }
                default: break
                }
            default: break
            }
            guard isAlias, let head = self.source.token(at: statement.place),
                self.source.lineHead(of: head) == head,
                !self.source.tokens[head..<self.source.lineTail(of: head)].contains(where: {
                    $0.kind == .symbol(.semicolon)
                })
            else { continue }
            let start = self.source.start(ofLine: statement.place.line)
            return [SourceEdit(start..<self.source.end(ofLogicalLineOf: head), self.source.lines(lines))]
        }
        return [self.source.append(lines)]
    }

    // MARK: - Classes that are out of sight

    /// A class Default in a function, in another class, or below `if __name__ == "__main__"`.
    private func hidden() -> [Rewrite] {
        var all: [Rewrite] = []
        for statement in self.source.statements {
            switch statement.kind {
            case .classDefinition(let outer) where Self.defines("Default", in: outer.body):
                all.append(
                    Rewrite(
                        "bring the class Default of \(outer.name) to the top level",
                        [self.source.append(["Default = \(outer.name).Default"])]))
            case .function(let function)
            where Self.defines("Default", in: function.body) && !function.isAsync
                && function.parameters.allSatisfy({ $0.standard != nil }):
                all.append(
                    Rewrite(
                        "bring the class Default of \(function.name) to the top level",
                        [self.source.append(["Default = \(function.name)()"])]))
            case .conditional(let branches):
                if branches.count == 1, let body = branches.first?.body, Self.defines("Default", in: body),
                    let edits = self.dedenting(statement, body: body)
                {
                    all.append(Rewrite("define the class Default without the condition", edits))
                }
            default: break
            }
        }
        return all
    }

    private static func defines(_ name: String, in body: [PythonStatement]) -> Bool {
        body.contains { if case .classDefinition(let found) = $0.kind { found.name == name } else { false } }
    }

    /// Takes the lines of a block one level out, and removes the line above them.
    private func dedenting(_ statement: PythonStatement, body: [PythonStatement]) -> [SourceEdit]? {
        guard let first = body.first, first.place.line > statement.place.line,
            let head = self.source.token(at: statement.place)
        else { return nil }
        let indentation = self.source.indentation(ofLine: first.place.line)
        let outer = self.source.indentation(ofLine: statement.place.line)
        guard indentation.hasPrefix(outer), indentation.count > outer.count else { return nil }
        var depth = 0
        var edits: [SourceEdit] = []
        let start = self.source.start(ofLine: statement.place.line)
        edits.append(SourceEdit(start..<self.source.end(ofLogicalLineOf: head), ""))
        var lastLine = 0
        for index in head..<self.source.tokens.count {
            let token = self.source.tokens[index]
            switch token.kind {
            case .indent: depth += 1
            case .dedent:
                depth -= 1
                if depth == 0 { return edits }
            case .end: return edits
            default:
                // Text that goes over several lines would change with its blanks.
                let ends = self.source.bytes[token.start..<token.end].contains(10)
                if ends, depth > 0, token.kind != .newline { return nil }
                guard depth > 0, token.line != lastLine, token.end > token.start else { continue }
                lastLine = token.line
                let line = self.source.start(ofLine: token.line)
                guard self.source.indentation(ofLine: token.line).hasPrefix(indentation) else { continue }
                edits.append(SourceEdit(line..<(line + indentation.utf8.count - outer.utf8.count), ""))
            }
        }
        return edits
    }

    /// A class Default in a module that main imports.
    private func elsewhere() -> [Rewrite] {
        self.modules.prefix(4).map { module in
            Rewrite("import the class Default of \(module)", [self.source.append(["from \(module) import Default"])])
        }
    }

    // MARK: - Functions

    /// A handler that calls a function of the source.
    private func calling(_ function: PythonFunction) -> Rewrite {
        let count = function.parameters.count { $0.kind == .positional }
        let isVariadic = function.parameters.contains { $0.kind == .variadic }
        let given =
            self.flags.hasNoGlobalHandlers ? ["request.js_object", "self.env", "self.ctx"] : ["request", "env", "ctx"]
        let arguments = given.prefix(isVariadic ? 3 : min(3, count)).joined(separator: ", ")
        let call = "return \(function.isAsync ? "await " : "")\(function.name)(\(arguments))"
        let words =
            "keep \(function.name) and add a \(self.flags.hasNoGlobalHandlers ? "class Default" : "function on_fetch") that calls it"
        return Rewrite(words, self.handler(call))
    }

    /// A handler where there is nothing to call.
    private func fresh() -> Rewrite {
        let quote = self.source.quote
        let (word, edits) = self.names.importing("Response", from: "workers", otherwise: "WorkerResponse")
        let call = "return \(word)(\(quote)ok\(quote))"
        let words = self.flags.hasNoGlobalHandlers ? "add a class Default" : "add a function on_fetch"
        return Rewrite(words, self.merged(edits, self.handler(call)))
    }

    /// Two imports of one module become one line.
    private func merged(_ left: [SourceEdit], _ right: [SourceEdit]) -> [SourceEdit] {
        guard let first = left.first, let second = right.first, left.count == 1, first.range == second.range else {
            return left + right
        }
        let prefix = "from workers import "
        guard first.text.hasPrefix(prefix), second.text.hasPrefix(prefix) else {
            return [SourceEdit(first.range, first.text + second.text)] + right.dropFirst()
        }
        let rest = second.text.dropFirst(prefix.count)
        let end = first.text.firstIndex { $0.isNewline } ?? first.text.endIndex
        return [SourceEdit(first.range, first.text[..<end] + ", " + rest)] + right.dropFirst()
    }

    private func handler(_ call: String) -> [SourceEdit] {
        let indent = self.source.indent
        guard self.flags.hasNoGlobalHandlers else {
            return [self.source.append(["async def on_fetch(request, env, ctx):", indent + call])]
        }
        let (word, edits) = self.names.importing("WorkerEntrypoint", from: "workers")
        return edits + [
            self.source.append([
                "class Default(\(word)):", indent + "async def fetch(self, request):", indent + indent + call,
            ])
        ]
    }
}
