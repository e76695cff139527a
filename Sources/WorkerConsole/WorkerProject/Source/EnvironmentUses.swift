/// Names that a source reads from its environment: `self.env.DB`, `env.DB`, `getattr(env, "DB")`, `env["DB"]`.
struct EnvironmentUses {
    struct Use: Sendable, Equatable {
        let name: String
        let place: SourcePlace
        /// What is called on it, where that tells a binding from a text: `prepare`.
        let method: String?
        /// The source can do without it: `getattr` with another value, `hasattr`.
        let isOptional: Bool
    }

    let uses: [Use]
    /// The environment is passed on or read by names that are made at run time, so that more of it may be used.
    let isOpen: Bool

    private static let limit = 2_000
    /// Members of the environment's own, as a JavaScript object has them in Python.
    private static let own: Set<String> = [
        "to_py", "object_keys", "object_values", "object_entries", "as_object_map", "as_py_json", "new", "js_id",
        "typeof", "constructor", "then", "catch", "finally_",
    ]
    /// What bindings have and texts do not.
    private static let methods: [String: String] = [
        "prepare": "d1", "batch": "d1", "exec": "d1", "dump": "d1", "put": "store", "head": "store", "list": "store",
        "delete": "store", "getWithMetadata": "kv", "createMultipartUpload": "r2", "idFromName": "object",
        "idFromString": "object", "newUniqueId": "object", "send": "queue", "sendBatch": "queue", "fetch": "service",
        "run": "ai", "query": "index", "writeDataPoint": "dataset", "get": "store",
    ]

    /// - Parameter source: The source, cut into tokens.
    init(in source: EditableSource) {
        guard Self.isEnvironment(source) else {
            (self.uses, self.isOpen) = ([], false)
            return
        }
        var uses: [Use] = []
        var isOpen = false
        let tokens = source.tokens
        for index in tokens.indices where source.isName(index) && source.text(of: index) == "env" {
            let isMember = index > 0 && source.isSymbol(index - 1, .dot)
            // `self.env` is the environment, `os.env` and `config.env` are not.
            if isMember, !(index > 1 && source.isName(index - 2) && source.text(of: index - 2) == "self") { continue }
            guard uses.count < Self.limit else { break }
            if source.isSymbol(index + 1, .dot), source.isName(index + 2) {
                let name = source.text(of: index + 2)
                guard !Self.own.contains(name), !name.hasPrefix("_") else { continue }
                let method =
                    source.isSymbol(index + 3, .dot) && source.isName(index + 4)
                        && source.isSymbol(index + 5, .leftParenthesis)
                    ? source.text(of: index + 4) : nil
                // `env.X = …` gives it, and does not read it.
                if source.isSymbol(index + 3, .equal) { continue }
                uses.append(
                    Use(
                        name: name, place: tokens[isMember ? index - 2 : index].place,
                        method: method.flatMap { Self.methods[$0] == nil ? nil : $0 }, isOptional: false))
            } else if source.isSymbol(index + 1, .leftBracket), let name = Self.literal(source, index + 2),
                source.isSymbol(index + 3, .rightBracket)
            {
                uses.append(Use(name: name, place: tokens[index].place, method: nil, isOptional: false))
            } else if let use = Self.asked(source, index, isMember: isMember) {
                uses.append(use)
            } else if !Self.isPassed(source, index) {
                isOpen = true
            }
        }
        (self.uses, self.isOpen) = (uses, isOpen)
    }

    /// A module of the project's own may be called `env`.
    private static func isEnvironment(_ source: EditableSource) -> Bool {
        !source.statements.contains { statement in
            switch statement.kind {
            case .imports(let items): items.contains { ($0.alias ?? $0.name) == "env" }
            case .fromImport(let module, _, let items):
                module != "workers" && items.contains { ($0.alias ?? $0.name) == "env" }
            default: false
            }
        }
    }

    /// `getattr(self.env, "X", …)` and `hasattr`.
    private static func asked(_ source: EditableSource, _ index: Int, isMember: Bool) -> Use? {
        let first = isMember ? index - 2 : index
        guard first > 1, source.isSymbol(first - 1, .leftParenthesis), source.isName(first - 2),
            ["getattr", "hasattr"].contains(source.text(of: first - 2)), source.isSymbol(index + 1, .comma),
            let name = Self.literal(source, index + 2)
        else { return nil }
        let isOptional = source.text(of: first - 2) == "hasattr" || source.isSymbol(index + 3, .comma)
        return Use(name: name, place: source.tokens[first].place, method: nil, isOptional: isOptional)
    }

    private static func literal(_ source: EditableSource, _ index: Int) -> String? {
        guard source.tokens.indices.contains(index), case .string = source.tokens[index].kind else { return nil }
        let text = source.text(of: index)
        guard let quote = text.first, quote == "'" || quote == "\"", text.count >= 2, !text.contains("\\") else {
            return nil
        }
        return String(text.dropFirst().dropLast())
    }

    /// A parameter, or an argument: who gets it calls it `env` as well.
    private static func isPassed(_ source: EditableSource, _ index: Int) -> Bool {
        if [.comma, .rightParenthesis, .colon, .equal].contains(where: { source.isSymbol(index + 1, $0) }) {
            return true
        }
        // `from workers import Response, env`.
        return source.tokens[source.lineHead(of: index)].kind == .keyword(.from)
    }
}
