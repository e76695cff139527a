import PythonSource
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
            let result = self.result(
                .fail, "the `python_workers` compatibility flag is required to use Python",
                evidence: ["compatibility_flags: \(flags.isEmpty ? "none" : flags.joined(separator: ", "))"],
                rule: "wrangler rejects a main that ends in .py without it", place: context.configurationFile,
                fix: "add it in \(context.configurationName)",
                example: "compatibility_flags = [\"python_workers\"]")
            let repair = RepairPlan(context, goal: nil).repair
            return [repair == nil ? result : result.repaired(by: repair)]
        }
        let effective = context.flags
        let refusals = effective.refusals.filter { $0.hasPrefix("Compatibility flag") }
        if let first = refusals.first {
            var result = self.result(
                .fail, "Cloudflare rejects the flags: \(first)", evidence: refusals,
                rule: "an upload with such flags is rejected at validation (error 10021)",
                place: context.place(ofKey: "compatibility_flags"), fix: "keep one of them")
            result.code = 10_021
            return [result]
        }
        let implied =
            effective.implied.isEmpty ? [] : ["implied by date and flags: \(effective.implied.joined(separator: ", "))"]
        if let first = effective.warnings.first {
            return [
                self.result(
                    .warn, first, evidence: effective.warnings + implied,
                    rule: "Cloudflare rejects a flag that it does not know (error 10021)",
                    place: context.place(ofKey: "compatibility_flags"),
                    fix: "check the spelling of the flag, or remove it")
            ]
        }
        return [self.result(.pass, flags.joined(separator: ", "), evidence: implied)]
    }
}
