import WorkerDomain

/// The flag without which no Python Worker is accepted.
struct PythonFlagCheck: DeployCheck {
    static let id = "config.python_workers"
    static let title = "python_workers"
    static let chineseTitle = "python_workers 标志"
    static let about = "`python_workers` is among the compatibility flags, and no two flags conflict with each other."

    func run(_ context: CheckContext) async -> [CheckResult] {
        let flags = context.compatibilityFlags
        guard context.isPython else { return [self.result(.skip, "main is not a Python file")] }
        guard flags.contains("python_workers") else {
            if let key = context.misplaced("compatibility_flags") { return [self.result(of: key, in: context)] }
            return [
                self.result(
                    .fail, "the `python_workers` compatibility flag is required to use Python",
                    evidence: ["compatibility_flags: \(flags.isEmpty ? "none" : flags.joined(separator: ", "))"],
                    rule: "wrangler rejects a main that ends in .py without it", place: context.configurationFile,
                    fix: "add it in \(context.configurationName)",
                    example: "compatibility_flags = [\"python_workers\"]")
            ]
        }
        for flag in ["python_no_global_handlers"] where flags.contains(flag) && flags.contains("disable_" + flag) {
            return [self.result(.fail, "\(flag) and disable_\(flag) conflict with each other", fix: "keep one of them")]
        }
        return [self.result(.pass, flags.joined(separator: ", "))]
    }
}
