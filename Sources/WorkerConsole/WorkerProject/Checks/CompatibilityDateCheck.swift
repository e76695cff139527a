import PythonSource
import WorkerDomain

/// `compatibility_date` is set and is a date.
struct CompatibilityDateCheck: DeployCheck {
    static let id = "config.compatibility_date"
    static let title = "Compatibility date"
    static let chineseTitle = "兼容日期"
    static let about = "`compatibility_date` is set and is a date; says which rules it selects."

    func run(_ context: CheckContext) async -> [CheckResult] {
        if context.hasError(in: "compatibility_date") {
            return [Self.leftOut(because: "compatibility_date is rejected")]
        }
        guard let date = context.compatibilityDate else {
            if let key = context.misplaced("compatibility_date") { return [self.result(of: key, in: context)] }
            return [
                self.result(
                    .fail, "compatibility_date is not set", rule: "wrangler requires one when deploying",
                    place: context.configurationFile, fix: "set it in \(context.configurationName)",
                    example: "compatibility_date = \"2025-12-23\"")
            ]
        }
        guard EffectiveFlags.isDate(date) else {
            return [
                self.result(
                    .fail, "\"\(date)\" is not a date", place: context.place(ofKey: "compatibility_date"),
                    fix: "write it as year-month-day, in quotes", example: "compatibility_date = \"2025-12-23\"")
            ]
        }
        guard date <= context.today else {
            var result = self.result(
                .fail, "compatibility_date \(date) is in the future: today is \(context.today) in UTC",
                rule: "Cloudflare rejects a date after today (workerd compatibility-date.c++; error 10021)",
                place: context.place(ofKey: "compatibility_date"), fix: "write a date that is not after today, in UTC",
                example: "compatibility_date = \"\(context.today)\"")
            result.code = 10_021
            return [result]
        }
        let flags = context.flags
        return [
            self.result(
                .pass, "\(date), Python 3.\(flags.pythonMinor)",
                evidence: [
                    flags.handlerRule,
                    flags.needsVendoredSDK
                        ? "the workers module must be in python_modules/" : "the runtime includes the workers module",
                ])
        ]
    }
}
