/// Rewrites code that fails while the Worker starts.
struct StartRewrites {
    let source: EditableSource
    /// The runtime's words: `NameError: name 'Response' is not defined`.
    let words: String
    let place: SourcePlace?

    func candidates() -> [Rewrite] {
        if self.words.contains("expected ':'") { return self.closingHead() }
        if self.words.contains("NameError: name '") {
            let name = self.words.split(separator: "'").dropFirst().first.map(String.init) ?? ""
            let names = SourceNames(source: self.source)
            return TrapRewrites.importing(name, into: names) + TrapRewrites.importing(name, isScript: true, into: names)
        }
        if self.words.contains("outside of request context") { return self.postponing() }
        return []
    }

    /// The colon that a `class`, `def` or `if` lacks.
    private func closingHead() -> [Rewrite] {
        guard let place = self.place else { return [] }
        let before = self.source.tokens.last {
            $0.line <= place.line && $0.end > $0.start && $0.kind != .newline
                && (($0.line, $0.column) < (place.line, place.column))
        }
        guard let before else { return [] }
        return [Rewrite("add the missing colon", [.insert(":", at: before.end)])]
    }

    /// A value that needs entropy becomes a function that makes it with the first request.
    private func postponing() -> [Rewrite] {
        guard let place = self.place else { return [] }
        let statement = self.source.statements.last { ($0.place.line, $0.place.column) <= (place.line, place.column) }
        guard let statement, case .assign(let targets, _) = statement.kind, targets.count == 1,
            case .name(let name)? = targets.first?.bare, let head = self.source.token(at: statement.place),
            self.source.lineHead(of: head) == head, self.source.isSymbol(head + 1, .equal)
        else { return [] }
        let tail = self.source.lineTail(of: head)
        guard tail > head + 2, !self.source.tokens[head..<tail].contains(where: { $0.kind == .symbol(.semicolon) })
        else {
            return []
        }
        let value = self.source.text(self.source.tokens[head + 2].start..<self.source.tokens[tail - 1].end)
        guard !value.contains(where: \.isNewline) else { return [] }
        var edits: [SourceEdit] = []
        for index in self.source.tokens.indices where index < head || index >= tail {
            guard self.source.isName(index), self.source.text(of: index) == name,
                !(index > 0 && self.source.isSymbol(index - 1, .dot))
            else { continue }
            // The name of an argument, or another value for the name.
            if self.source.isSymbol(index + 1, .equal) { return [] }
            edits.append(.insert("()", at: self.source.tokens[index].end))
        }
        let (cache, imports) = SourceNames(source: self.source).importing("cache", from: "functools")
        let lines = ["@\(cache)", "def \(name)():", self.source.indent + "return \(value)"]
        let start = self.source.start(ofLine: statement.place.line)
        return [
            Rewrite(
                "make \(name) with the first request",
                imports + edits
                    + [SourceEdit(start..<self.source.end(ofLogicalLineOf: head), self.source.lines(lines))])
        ]
    }
}
