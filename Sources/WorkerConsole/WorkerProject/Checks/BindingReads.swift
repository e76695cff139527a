import WorkerDomain

/// Reads the local resources of a context's bindings, one after the other, each with a limit of time.
struct BindingReads {
    let context: CheckContext
    private static let limit = 50

    /// What a look at one binding said.
    struct Line {
        var words: String
        /// `nil` when there is nothing to fix.
        var fix: String?
        /// It was looked at.
        var isKnown = true
        /// It is about the file, whose place is then listed.
        var isFile = false
    }

    /// - Parameters:
    ///   - check: Whose result it is.
    ///   - nothing: Why it is left out when no binding is of the kind.
    ///   - rule: Of a warning.
    ///   - read: Looks at one resource; `nil` when it is none of the kind.
    /// - Returns: One result: a warning when anything has a fix.
    func result<Check: DeployCheck>(
        of check: Check, nothing: String, rule: String, read: (BoundResource) async -> [Line]?
    ) async -> [CheckResult] {
        guard let resource = self.context.resource else { return [check.result(.skip, "local state is not read here")] }
        var lines: [Line] = []
        for binding in self.context.bindings.prefix(Self.limit) {
            guard let found = await resource(binding), found.host == nil, let more = await read(found) else { continue }
            for var line in more {
                line.words = "\(binding.name): \(line.words)"
                lines.append(line)
                if line.isFile { lines.append(Line(words: "\(binding.name): its file is \(await found.locate())")) }
            }
        }
        guard !lines.isEmpty else { return [check.result(.skip, nothing)] }
        let evidence = lines.prefix(40).map(\.words)
        if let first = lines.first(where: { $0.fix != nil }) {
            return [check.result(.warn, first.words, evidence: evidence, rule: rule, fix: first.fix)]
        }
        let isKnown = lines.contains(where: \.isKnown)
        return [
            check.result(
                isKnown ? .pass : .skip, lines.prefix(8).map(\.words).joined(separator: "; "), evidence: evidence)
        ]
    }
}
