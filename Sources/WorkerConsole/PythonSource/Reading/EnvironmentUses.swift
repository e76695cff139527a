/// Names that sources read from their environment: `self.env.DB`, `env["DB"]`, `getattr(env, "DB")`, and the same through
/// another name for it: `e = self.env`, `e, c = env, ctx`, a parameter that is given it, a method that returns it.
package struct EnvironmentUses {
    package struct Use: Sendable, Equatable {
        package let file: String
        package let name: String
        package let place: SourcePlace
        /// What is called on it, where that tells a binding from a text: `prepare`.
        package let method: String?
        /// The source can do without it: `getattr` with another value, `hasattr`.
        package let isOptional: Bool
    }

    package let uses: [Use]
    /// The environment is given away, or read by names that are made at run time, so that more of it may be used.
    package let isOpen: Bool

    /// Uses that are kept at most.
    static let limit = 2_000
    private static let passLimit = 8

    /// - Parameter sources: The sources of a project that may import each other.
    init(in sources: [(file: String, statements: [PythonStatement])]) {
        let walk = EnvironmentWalk(sources)
        // What a function is given and gives back is known only when everything was walked through.
        for knowsCallers in [false, true] {
            walk.knowsCallers = knowsCallers
            for _ in 0..<Self.passLimit {
                let before = walk.known
                walk.pass()
                if walk.known == before || walk.isExhausted { break }
            }
        }
        let isSettled = walk.known
        walk.isRecording = true
        walk.pass()
        let order = Dictionary(
            sources.enumerated().map { ($0.element.file, $0.offset) }, uniquingKeysWith: { first, _ in first })
        self.uses = walk.uses.sorted { left, right in
            (order[left.file] ?? 0, left.place.line, left.place.column)
                < (order[right.file] ?? 0, right.place.line, right.place.column)
        }
        self.isOpen = walk.isOpen || walk.isExhausted || walk.known != isSettled
    }

    /// Members of the environment's own, as a JavaScript object has them in Python.
    static let own: Set<String> = [
        "to_py", "object_keys", "object_values", "object_entries", "as_object_map", "as_py_json", "new", "js_id",
        "typeof", "constructor", "then", "catch", "finally_",
    ]
    /// Methods that bindings have and texts do not.
    static let methods: Set<String> = [
        "prepare", "batch", "exec", "dump", "put", "head", "list", "delete", "getWithMetadata", "createMultipartUpload",
        "idFromName", "idFromString", "newUniqueId", "send", "sendBatch", "fetch", "run", "query", "writeDataPoint",
        "get",
    ]
}
