import PythonSource
import WorkerDomain

/// A handler registers under the date and flags that are configured.
struct EntrypointCheck: DeployCheck {
    static let id = "entrypoint"
    static let title = "Entrypoint"
    static let chineseTitle = "入口注册"
    static let about =
        "The source registers a handler under the configured date and flags; if not, deploying gives error 10068."

    func run(_ context: CheckContext) async -> [CheckResult] {
        guard context.isPython else { return [self.result(.skip, "main is not a Python file")] }
        guard context.isDateKnown else {
            return [self.result(.skip, "it depends on compatibility_date, which is not known")]
        }
        guard let source = context.source, source.files.bytes(source.main) != nil else {
            return [self.result(.skip, "no source to analyse")]
        }
        let verdict = context.verdict(of: source.main, files: source.files)
        func found(
            _ outcome: CheckResult.Outcome, _ summary: String, fix: String? = nil, code: Int? = nil
        ) -> CheckResult {
            var result = self.result(
                outcome, summary, evidence: verdict.evidence, rule: verdict.rule, place: verdict.place, fix: fix)
            result.code = code
            return result
        }
        switch verdict.kind {
        case .registered: return [found(.pass, "a fetch handler registers")]
        case .failsOnRequest:
            return [found(.warn, "a handler registers, but requests to it fail: see the handler check")]
        case .undecided where verdict.registers == true: return [found(.pass, "a fetch handler registers")]
        case .undecided: return [found(.undecided, verdict.reason)]
        case .refused, .failsAtStart, .noHandler: break
        }
        let plan = RepairPlan(context, goal: .registers)
        let summary =
            switch verdict.kind {
            case .refused: "wrangler rejects: " + verdict.reason
            case .failsAtStart: "deploying gives error 10021. " + verdict.reason
            default: "deploying gives error 10068, \"the uploaded script has no registered event handlers\""
            }
        let code: Int? =
            switch verdict.kind {
            case .failsAtStart: 10_021
            case .noHandler: 10_068
            default: nil
            }
        let result = found(.fail, summary, fix: Self.fix(for: verdict, plan, in: context), code: code)
        return [result.repaired(by: plan.repair)]
    }

    /// What helps, in words.
    private static func fix(for verdict: EntrypointVerdict, _ plan: RepairPlan, in context: CheckContext) -> String {
        switch verdict.cause {
        case .pythonFlag: return "add the flag in \(context.configurationName)"
        case .settings:
            return context.flags.isDateValid
                ? "remove what Cloudflare rejects from compatibility_flags, or choose another compatibility_date"
                : "write it as year-month-day, in quotes"
        case .missingSDK:
            return "deploy with `uv run pywrangler deploy`, which puts the SDK into python_modules/, or keep the "
                + "runtime's own with the flag disable_python_external_sdk"
        case .none: break
        }
        guard !plan.steps.isEmpty else {
            return verdict.kind == .noHandler
                ? "add a class Default to \(context.main ?? "")" : "fix the line that fails"
        }
        let fix = plan.steps.joined(separator: "; ")
        // What the offered code does is judged like any other source.
        guard let after = plan.source?.verdict, after.kind == .failsOnRequest else { return fix }
        return fix + ". Then look at this too: " + after.reason
    }
}
