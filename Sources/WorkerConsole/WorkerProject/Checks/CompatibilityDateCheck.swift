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
        guard let match = date.wholeMatch(of: /([0-9]{4})-([0-9]{2})-([0-9]{2})/),
            let month = Int(match.2), let day = Int(match.3), (1...12).contains(month), (1...31).contains(day)
        else {
            return [
                self.result(
                    .fail, "\"\(date)\" is not a date", place: context.configurationFile,
                    fix: "write it as year-month-day, in quotes", example: "compatibility_date = \"2025-12-23\"")
            ]
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
