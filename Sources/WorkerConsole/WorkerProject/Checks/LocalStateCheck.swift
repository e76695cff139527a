import WorkerDomain

/// What `wrangler dev` has stored for the bindings.
struct LocalStateCheck: DeployCheck {
    static let id = "bindings.local"
    static let title = "Local state"
    static let chineseTitle = "本地状态"
    static let about = "The local state of every binding can be read; having nothing stored yet is fine."

    func run(_ context: CheckContext) async -> [CheckResult] {
        guard !context.bindings.isEmpty else { return [self.result(.skip, "no binding is configured")] }
        guard let read = context.bindingHealth else { return [self.result(.skip, "local state is not read here")] }
        var lines: [String] = []
        var failures: [String] = []
        var isLocked = false
        for binding in context.bindings.prefix(100) {
            let health = await read(binding)
            let count = health.items.map { items in
                ", " + (binding.kind == .d1 ? Counted.text(items, "table") : Counted.text(items, "entry", "entries"))
            }
            switch health.state {
            case .healthy: lines.append("\(binding.name): readable\(count ?? "")")
            case .empty: lines.append("\(binding.name): nothing stored yet")
            case .remote: lines.append("\(binding.name): remote, not read here")
            case .unknown: lines.append("\(binding.name): not known")
            case .locked:
                isLocked = true
                lines.append("\(binding.name): another program has locked the file")
            case .failed(let reason):
                failures.append("\(binding.name): \(reason)")
                lines.append("\(binding.name): \(reason)")
            }
        }
        if let first = failures.first {
            return [
                self.result(
                    .fail, first, evidence: lines,
                    fix: "look at the file of the binding: the other checks of bindings say where it is")
            ]
        }
        if isLocked {
            return [
                self.result(
                    .warn, "another program has locked a database", evidence: lines, fix: "try again in a moment")
            ]
        }
        return [self.result(.pass, lines.joined(separator: "; "), evidence: lines)]
    }
}
