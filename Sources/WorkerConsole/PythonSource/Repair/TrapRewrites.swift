/// Rewrites code that deploys and fails at a request.
struct TrapRewrites {
    let source: EditableSource
    let flags: EffectiveFlags
    let trap: HandlerTrap

    var names: SourceNames { SourceNames(source: self.source) }

    /// Where the trap is in this source.
    private var place: SourcePlace? { SourcePlace(ending: self.trap.place) }
    private var index: Int? { self.place.flatMap { self.source.token(at: $0) } }

    /// What may help, the smallest first; each is to be judged like any other source.
    func candidates() -> [Rewrite] {
        switch self.trap.kind {
        case .immutableHeaders: self.copyingResponse()
        case .nestedOptions: self.convertingOptions()
        case .constructor: self.constructing()
        case .result: self.trap.isEnd ? self.returningAtEnd() : self.returningResponse()
        case .body: self.returningJSON()
        case .initializer: self.initializing()
        case .name: self.importing(self.missingName) + self.importing(self.missingName, isScript: true)
        case .method: MethodRewrites(source: self.source, flags: self.flags, trap: self.trap).candidates()
        case .exception: self.awaiting()
        }
    }

    // MARK: - Responses

    /// `answer = Response.new(answer.body, answer)` below the line that fetched it.
    private func copyingResponse() -> [Rewrite] {
        guard let index = self.index, self.source.isName(index), self.source.isSymbol(index + 1, .dot),
            self.source.text(of: index + 2) == "headers"
        else { return [] }
        let name = self.source.text(of: index)
        // The nearest assignment above.
        var assignment: Int?
        for candidate in 0..<index where self.source.isName(candidate) && self.source.text(of: candidate) == name {
            if self.source.isSymbol(candidate + 1, .equal), self.source.lineHead(of: candidate) == candidate {
                assignment = candidate
            }
        }
        guard let assignment else { return [] }
        let (word, edits) = self.names.importing("Response", from: "js", otherwise: "JsResponse")
        let indentation = self.source.indentation(ofLine: self.source.tokens[assignment].line)
        let line = self.source.lines(
            ["\(name) = \(word).new(\(name).body, \(name))"], indentation: indentation)
        return [
            Rewrite(
                "copy the response before its headers are changed",
                edits + [
                    .insert(self.newlineBefore(assignment) + line, at: self.source.end(ofLogicalLineOf: assignment))
                ])
        ]
    }

    /// A line end where the last line of the source has none.
    private func newlineBefore(_ index: Int) -> String {
        let end = self.source.end(ofLogicalLineOf: index)
        guard end == self.source.bytes.count, end > 0, ![10, 13].contains(self.source.bytes[end - 1]) else { return "" }
        return self.source.newline
    }

    /// `to_js({…}, dict_converter=Object.fromEntries)` around the options.
    private func convertingOptions() -> [Rewrite] {
        guard let (open, _) = self.call(), let options = self.argument(1, open: open) else { return [] }
        let (convert, first) = self.names.importing("to_js", from: "pyodide.ffi")
        let (object, second) = self.names.importing("Object", from: "js", otherwise: "JsObject")
        return [
            Rewrite(
                "convert the options with to_js",
                first + second + [
                    .insert("\(convert)(", at: options.lowerBound),
                    .insert(", dict_converter=\(object).fromEntries)", at: options.upperBound),
                ])
        ]
    }

    /// `.new`, or the Response of `workers`.
    private func constructing() -> [Rewrite] {
        guard let (open, _) = self.call() else { return [] }
        return [Rewrite("construct it with .new", [.insert(".new", at: self.source.tokens[open - 1].end)])]
    }

    /// `Response.json(…)` for what `Response(…)` does not take.
    private func returningJSON() -> [Rewrite] {
        guard let (open, _) = self.call() else { return [] }
        var all = [Rewrite("send the value as JSON", [.insert(".json", at: self.source.tokens[open - 1].end)])]
        if let body = self.argument(0, open: open) {
            all.append(
                Rewrite(
                    "send the value as text", [.insert("str(", at: body.lowerBound), .insert(")", at: body.upperBound)])
            )
        }
        return all
    }

    private func response() -> (word: String, edits: [SourceEdit]) {
        self.names.importing("Response", from: "workers", otherwise: "WorkerResponse")
    }

    /// Wraps what is returned.
    private func returningResponse() -> [Rewrite] {
        guard let index = self.index, self.source.tokens[index].kind == .keyword(.return) else { return [] }
        let tail = self.tail(of: index)
        let (word, edits) = self.response()
        guard tail > index + 1 else {
            return [
                Rewrite(
                    "return an empty Response",
                    edits + [.insert(" \(word)(None, status=204)", at: self.source.tokens[index].end)])
            ]
        }
        let range = self.source.tokens[index + 1].start..<self.source.tokens[tail - 1].end
        func wrapped(_ head: String, _ end: String, _ words: String) -> Rewrite {
            Rewrite(words, edits + [.insert(head, at: range.lowerBound), .insert(end, at: range.upperBound)])
        }
        switch self.trap.type {
        case "str", "bytes": return [wrapped("\(word)(", ")", "return a Response with the text")]
        case "None":
            let isConstant = self.source.text(range) == "None"
            if isConstant {
                return [Rewrite("return an empty Response", edits + [SourceEdit(range, "\(word)(None, status=204)")])]
            }
            return self.called(from: index + 1, to: tail).flatMap { self.returning(atEndOf: $0) }
        case "coroutine that was not awaited":
            return [Rewrite("await what is returned", [.insert("await ", at: range.lowerBound)])]
        case "dict", "list or tuple", "bool", "number":
            return [
                wrapped("\(word).json(", ")", "return a Response with the value as JSON"),
                wrapped("\(word)(str(", "))", "return a Response with the value as text"),
            ]
        default: return []
        }
    }

    /// A return where the function ends without one.
    private func returningAtEnd() -> [Rewrite] {
        guard let index = self.index, let function = self.function(around: index) else { return [] }
        // The handler is a call that nobody returns: `Response("ok")` as the last line.
        var all: [Rewrite] = []
        let last = function.body.last
        if let last, case .expression(let value) = last.kind, last.place == self.place {
            if case .call(let callee, _) = value.bare, Self.isResponse(callee) {
                all.append(Rewrite("return the Response", [.insert("return ", at: self.source.tokens[index].start)]))
            }
            if case .await(let inner) = value.bare, case .call = inner.bare {
                all.append(Rewrite("return the Response", [.insert("return ", at: self.source.tokens[index].start)]))
            }
        }
        return all + self.returning(atEndOf: function)
    }

    /// A return of a Response as the last line of a function.
    private func returning(atEndOf function: PythonFunction) -> [Rewrite] {
        var all: [Rewrite] = []
        let (word, edits) = self.response()
        let text = "return \(word)(\(self.source.quote)Not Found\(self.source.quote), status=404)"
        if let body = function.body.first, let head = self.source.token(at: body.place),
            self.source.lineHead(of: head) == head, let end = self.end(of: function)
        {
            let indentation = self.source.indentation(ofLine: body.place.line)
            var range = end..<end
            var line = self.source.lines([text], indentation: indentation)
            // `pass` alone is what it stands for.
            if function.body.count == 1 {
                switch body.kind {
                case .pass: range = self.source.start(ofLine: body.place.line)..<self.source.end(ofLogicalLineOf: head)
                case .expression(let value):
                    if case .constant(.ellipsis) = value.bare {
                        range = self.source.start(ofLine: body.place.line)..<self.source.end(ofLogicalLineOf: head)
                    }
                default: break
                }
            }
            if range.isEmpty, end == self.source.bytes.count, end > 0, ![10, 13].contains(self.source.bytes[end - 1]) {
                line = self.source.newline + line
            }
            all.append(Rewrite("return a Response at the end of \(function.name)", edits + [SourceEdit(range, line)]))
        }
        return all
    }

    /// The functions that an expression may call.
    private func called(from index: Int, to end: Int) -> [PythonFunction] {
        guard let open = (index..<end).first(where: { self.source.isSymbol($0, .leftParenthesis) }), open > index,
            self.source.isName(open - 1)
        else { return [] }
        let name = self.source.text(of: open - 1)
        return self.functions(in: self.source.statements).filter { $0.name == name }
    }

    private static func isResponse(_ callee: PythonExpression) -> Bool {
        switch callee.bare {
        case .name(let name): name.hasSuffix("Response")
        case .attribute(let owner, _): Self.isResponse(owner)
        default: false
        }
    }

    // MARK: - Names and parameters

    private var missingName: String {
        let parts = self.trap.words.split(separator: "'")
        return parts.count > 1 ? String(parts[1]) : ""
    }

    /// Imports a name that the runtime or the standard library has.
    private func importing(_ name: String, isScript: Bool = false) -> [Rewrite] {
        Self.importing(name, isScript: isScript, into: self.names)
    }

    static func importing(_ name: String, isScript: Bool = false, into names: SourceNames) -> [Rewrite] {
        guard !name.isEmpty else { return [] }
        if isScript {
            guard PythonKnowledge.scriptNames.contains(name) else { return [] }
            return [Rewrite("import \(name) from js", names.importing(name, from: "js").edits)]
        }
        if let home = names.home(of: name) {
            return [Rewrite("import \(name) from \(home)", names.importing(name, from: home).edits)]
        }
        return SourceNames.isModule(name) ? [Rewrite("import \(name)", names.importingModule(name))] : []
    }

    /// `__init__(self, ctx, env)` that calls the one above.
    private func initializing() -> [Rewrite] {
        for (type, method) in self.methods() where method.name == "__init__" {
            guard let keyword = self.source.token(at: method.place), let open = self.open(from: keyword),
                let close = self.source.closing(of: open), let first = method.body.first,
                let head = self.source.token(at: first.place), let place = self.trap.place
            else { continue }
            let isHere = place.hasSuffix(":\(method.place)") || place.hasSuffix(":\(type.place)")
            guard isHere || self.methods().count(where: { $0.1.name == "__init__" }) == 1 else { continue }
            let own = method.parameters.first?.name ?? "self"
            // Other parameters get their value from nobody; with one of their own they may stay.
            let others = method.parameters.dropFirst().filter { !["ctx", "env"].contains($0.name) }
            guard others.allSatisfy({ $0.standard != nil || $0.kind != .positional }) else { continue }
            let range = self.source.tokens[open].end..<self.source.tokens[close].start
            let rest = others.isEmpty ? "" : ", " + self.text(of: others, in: open..<close)
            var edits = [SourceEdit(range, "\(own), ctx, env\(rest)")]
            let calls = self.source.text(
                self.source.tokens[close].end..<(self.end(of: method) ?? self.source.bytes.count))
            if !calls.contains("super().__init__(") {
                let line = "super().__init__(ctx, env)"
                if self.source.lineHead(of: head) == head {
                    edits.append(
                        .insert(
                            self.source.lines([line], indentation: self.source.indentation(ofLine: first.place.line)),
                            at: self.source.start(ofLine: first.place.line)))
                } else {
                    edits.append(.insert(line + "; ", at: self.source.tokens[head].start))
                }
            }
            return [Rewrite("let __init__ take ctx and env", edits)]
        }
        return []
    }

    /// The source of parameters, from the first of them to the end of the list.
    private func text(of parameters: [PythonParameter], in range: Range<Int>) -> String {
        guard let first = parameters.first,
            let index = range.first(where: { self.source.isName($0) && self.source.text(of: $0) == first.name })
        else { return "" }
        var start = self.source.tokens[index].start
        if self.source.isSymbol(index - 1, .star) || self.source.isSymbol(index - 1, .power) {
            start = self.source.tokens[index - 1].start
        }
        return self.source.text(start..<self.source.tokens[range.upperBound].start)
    }

    /// Awaits a coroutine that is used as if it were its value.
    private func awaiting() -> [Rewrite] {
        guard self.trap.words.contains("coroutine"), let index = self.index else { return [] }
        return [Rewrite("await it", [.insert("await ", at: self.source.tokens[index].start)])]
    }

    // MARK: - Finding places

    /// The brackets of the call that the trap names.
    func call() -> (open: Int, close: Int)? {
        guard let index = self.index, let open = self.open(from: index), open > index,
            let close = self.source.closing(of: open)
        else { return nil }
        return (open, close)
    }

    /// The first `(` behind a chain of names.
    private func open(from index: Int) -> Int? {
        for next in index..<min(index + 12, self.source.tokens.count) where self.source.isSymbol(next, .leftParenthesis)
        {
            return next
        }
        return nil
    }

    /// The bytes of an argument by position.
    func argument(_ wanted: Int, open: Int) -> Range<Int>? {
        guard let close = self.source.closing(of: open) else { return nil }
        var starts = open + 1
        var count = 0
        var depth = 0
        for index in (open + 1)...close {
            guard case .symbol(let symbol) = self.source.tokens[index].kind else { continue }
            switch symbol {
            case .leftParenthesis, .leftBracket, .leftBrace: depth += 1
            case .rightParenthesis where index == close, .comma where depth == 0:
                if count == wanted, index > starts {
                    return self.source.tokens[starts].start..<self.source.tokens[index - 1].end
                }
                count += 1
                starts = index + 1
            case .rightParenthesis, .rightBracket, .rightBrace: depth -= 1
            default: break
            }
        }
        return nil
    }

    /// The token that ends a simple statement: a line end or a semicolon.
    private func tail(of index: Int) -> Int {
        let end = self.source.lineTail(of: index)
        return (index..<end).first { self.source.isSymbol($0, .semicolon) } ?? end
    }

    private func functions(in statements: [PythonStatement], depth: Int = 0) -> [PythonFunction] {
        guard depth < 20 else { return [] }
        return statements.flatMap { statement -> [PythonFunction] in
            switch statement.kind {
            case .function(let function): [function] + self.functions(in: function.body, depth: depth + 1)
            case .classDefinition(let definition): self.functions(in: definition.body, depth: depth + 1)
            case .conditional(let branches): branches.flatMap { self.functions(in: $0.body, depth: depth + 1) }
            case .attempt(let body, _, _, _): self.functions(in: body, depth: depth + 1)
            default: []
            }
        }
    }

    private func methods() -> [(PythonClass, PythonFunction)] {
        self.source.statements.flatMap { statement -> [(PythonClass, PythonFunction)] in
            guard case .classDefinition(let definition) = statement.kind else { return [] }
            return self.functions(in: definition.body).map { (definition, $0) }
        }
    }

    /// The innermost function that a token stands in.
    private func function(around index: Int) -> PythonFunction? {
        let offset = self.source.tokens[index].start
        return self.functions(in: self.source.statements).last { function in
            guard let head = self.source.token(at: function.place), let end = self.end(of: function) else {
                return false
            }
            return self.source.tokens[head].start <= offset && offset < max(end, self.source.tokens[head].end)
        }
    }

    /// The offset behind the last line of a function.
    private func end(of function: PythonFunction) -> Int? {
        guard let head = self.source.token(at: function.place) else { return nil }
        var depth = 0
        for index in head..<self.source.tokens.count {
            switch self.source.tokens[index].kind {
            case .indent: depth += 1
            case .newline where depth == 0:
                if self.source.tokens.indices.contains(index + 1), self.source.tokens[index + 1].kind == .indent {
                    continue
                }
                return self.source.end(ofLogicalLineOf: index)
            case .dedent:
                depth -= 1
                guard depth == 0 else { continue }
                // Behind the last line that holds something of it.
                var last = index - 1
                while last > head, self.source.tokens[last].kind != .newline { last -= 1 }
                return self.source.end(ofLogicalLineOf: last)
            default: break
            }
        }
        return self.source.bytes.count
    }
}

extension SourcePlace {
    /// The place at the end of `worker.py:12:1`.
    init?(ending text: String?) {
        let parts = (text ?? "").split(separator: ":").suffix(2).compactMap { Int($0) }
        guard parts.count == 2 else { return nil }
        self.init(line: parts[0], column: parts[1])
    }
}
