/// Makes the code that registers out of the user's own.
struct EntrypointRewrite {
    let main: String
    let flags: EffectiveFlags
    private let text: String
    private let statements: [PythonStatement]

    /// Sources up to this many lines are shown whole.
    private static let wholeLimit = 60

    init(main: String, source: [UInt8], flags: EffectiveFlags) {
        self.main = main
        self.flags = flags
        if let decoded = try? SourceText(decoding: source) {
            self.text = String(decoding: decoded.bytes, as: UTF8.self)
            self.statements = (try? PythonParser.statements(of: decoded, minor: flags.pythonMinor)) ?? []
        } else {
            self.text = ""
            self.statements = []
        }
    }

    private var functions: [PythonFunction] {
        self.statements.compactMap { if case .function(let function) = $0.kind { function } else { nil } }
    }

    /// The function that was meant to be the handler.
    private var candidate: PythonFunction? {
        let functions = self.functions
        for name in ["fetch", "on_fetch", "handle_request", "fetch_handler", "handler", "main"] {
            if let found = functions.first(where: { $0.name == name }) { return found }
        }
        return functions.first { ["request", "req"].contains($0.parameters.first?.name ?? "") }
    }

    /// The class that was meant to be the entrypoint.
    private var classCandidate: PythonClass? {
        self.statements.compactMap { statement -> PythonClass? in
            guard case .classDefinition(let definition) = statement.kind else { return nil }
            let hasFetch = definition.body.contains { statement in
                if case .function(let method) = statement.kind { method.name == "fetch" } else { false }
            }
            return hasFetch ? definition : nil
        }.first
    }

    var advice: String {
        let file = self.main
        guard self.flags.hasNoGlobalHandlers else {
            return
                "in \(file), name the handler on_fetch, or use compatibility date 2025-08-14 or later and a class Default"
        }
        if let definition = self.classCandidate {
            return definition.name == "Default"
                ? "let the class Default inherit from WorkerEntrypoint"
                : "add a class named Default that inherits from \(definition.name), or give \(definition.name) that name"
        }
        if let candidate = self.candidate {
            return "in \(file), keep \(candidate.name) and add a class Default that calls it"
        }
        return "add a class Default to \(file)"
    }

    private static let importLine = "from workers import WorkerEntrypoint"

    /// What is added at the end.
    private func addition() -> String {
        let call: String
        if let candidate = self.candidate {
            let count = candidate.parameters.count { $0.kind == .positional }
            let request = self.flags.hasNoGlobalHandlers ? "request.js_object" : "request"
            let env = self.flags.hasNoGlobalHandlers ? ["self.env", "self.ctx"] : ["env", "ctx"]
            let arguments = ([request] + env).prefix(max(0, min(3, count))).joined(separator: ", ")
            call = "return \(candidate.isAsync ? "await " : "")\(candidate.name)(\(arguments))"
        } else {
            call = self.flags.hasNoGlobalHandlers ? "return Response(\"ok\")" : "return Response.new(\"ok\")"
        }
        guard self.flags.hasNoGlobalHandlers else {
            return "async def on_fetch(request, env, ctx):\n    \(call)\n"
        }
        return "class Default(WorkerEntrypoint):\n    async def fetch(self, request):\n        \(call)\n"
    }

    private var neededImport: String {
        if !self.flags.hasNoGlobalHandlers { return self.candidate == nil ? "from js import Response" : "" }
        return self.candidate == nil && self.classCandidate == nil
            ? "from workers import Response, WorkerEntrypoint" : Self.importLine
    }

    /// The whole source as it should be; `nil` when there is nothing to build on.
    func wholeSource() -> String? {
        guard !self.statements.isEmpty else { return nil }
        let hasImport = self.text.contains("import WorkerEntrypoint") || self.text.contains(", WorkerEntrypoint")
        var lines = self.text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        while lines.last?.allSatisfy(\.isWhitespace) == true { lines.removeLast() }
        if self.flags.hasNoGlobalHandlers, let definition = self.classCandidate {
            let index = definition.place.line - 1
            guard lines.indices.contains(index) else { return nil }
            // Another name is kept, because the rest of the source may use it.
            if definition.arguments.isEmpty || definition.name == "Default" {
                lines[index] = "class \(definition.name)(WorkerEntrypoint):"
            }
            if definition.name != "Default" { lines += ["", "", "class Default(\(definition.name)):", "    pass"] }
        } else {
            lines += ["", "", self.addition()]
        }
        let needed = self.neededImport
        if !needed.isEmpty && !(hasImport && needed == Self.importLine) {
            // Behind the comments and the docstring at the top, where the first statement is.
            let first = self.statements.first { statement in
                if case .expression = statement.kind { return false }
                if case .fromImport("__future__", _, _) = statement.kind { return false }
                return true
            }
            var index = max(0, (first?.place.line ?? 1) - 1)
            while index > 0, lines[index - 1].hasPrefix("@") { index -= 1 }
            let isImport =
                lines.indices.contains(index) && (lines[index].hasPrefix("from ") || lines[index].hasPrefix("import "))
            lines.insert(contentsOf: isImport ? [needed] : [needed, "", ""], at: min(index, lines.count))
        }
        var whole = lines.joined(separator: "\n")
        if !whole.hasSuffix("\n") { whole += "\n" }
        return whole
    }

    private var wholeHeading: String { "# \(self.main), whole\n" }

    /// The source that an example is made of, under the same heading; `nil` when the example is not the whole source.
    func original(of example: String) -> String? {
        example.hasPrefix(self.wholeHeading) ? self.wholeHeading + self.text : nil
    }

    /// The code to copy: the whole file when it is short, else what to add.
    func example() -> String {
        if let whole = self.wholeSource(), whole.utf8.count < 8192,
            whole.split(separator: "\n", omittingEmptySubsequences: false).count <= Self.wholeLimit
        {
            return self.wholeHeading + whole
        }
        if self.flags.hasNoGlobalHandlers, self.classCandidate != nil {
            return "\(Self.importLine)\n\n\nclass Default(WorkerEntrypoint):\n    ...  # your methods as they are\n"
        }
        let needed = self.neededImport
        return (needed.isEmpty ? "" : "# at the top of \(self.main)\n\(needed)\n\n")
            + "# at the end of \(self.main); the rest stays as it is\n" + self.addition()
    }
}
