import WorkerDomain

/// What `.dev.vars` and `.env` give this machine exists in a deploy too.
struct LocalVariablesCheck: DeployCheck {
    static let id = "vars.local"
    static let title = "Local variables"
    static let chineseTitle = "本地变量"
    static let about =
        "Variables of `.dev.vars` or `.env` are known to the configuration, or need a secret of that name; required secrets "
        + "have a local value."

    func run(_ context: CheckContext) async -> [CheckResult] {
        let local = context.localVariables
        let required = (context.wrangler?.values["secrets"]?["required"]?.elements ?? []).compactMap(\.string)
        let vars = context.vars.map(\.key)
        let known = Set((vars + required).map { ByteString($0) })
        let bindings = Set(context.bindings.map { ByteString($0.name) })
        var notes: [String] = []
        var problems: [String] = []
        for name in local where !known.contains(ByteString(name)) {
            let near = Nearest.name(to: name.lowercased(), among: vars.map { $0.lowercased() })
                .flatMap { near in vars.first { $0.lowercased() == near } }
            if let near, !local.contains(near) {
                problems.append("\(name) exists on this machine only; did you mean \(near)?")
            } else {
                notes.append("\(name) exists on this machine only: set it with `wrangler secret put \(name)`")
            }
        }
        for name in vars where local.contains(where: { $0.hasSameBytes(as: name) }) {
            notes.append("\(name) has another value on this machine than in vars")
        }
        for name in required where !local.contains(where: { $0.hasSameBytes(as: name) }) {
            problems.append("the required secret \(name) has no value on this machine")
        }
        for name in local where bindings.contains(ByteString(name)) {
            problems.append("\(name) is a binding, so the variable of that name is not used")
        }
        guard let first = problems.first else {
            let summary =
                local.isEmpty ? "no variable is set for this machine alone" : notes.first ?? "as in the configuration"
            return [self.result(.pass, summary, evidence: notes)]
        }
        return [
            self.result(
                .warn, first, evidence: problems + notes,
                rule: ".dev.vars and .env are read by wrangler dev alone; a deployed Worker has vars and secrets",
                place: ".dev.vars", fix: "correct the name in .dev.vars, or add it there")
        ]
    }
}
