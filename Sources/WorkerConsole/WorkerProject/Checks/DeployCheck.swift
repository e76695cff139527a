package import WorkerDomain

/// One thing that decides whether a deploy will work.
package protocol DeployCheck: Sendable {
    /// Stable, for scripts: `config.parse`.
    static var id: String { get }
    /// One or two words.
    static var title: String { get }
    static var chineseTitle: String { get }
    /// What it looks at, in one sentence; the user guide lists it.
    static var about: String { get }
    init()
    func run(_ context: CheckContext) async -> [CheckResult]
}

extension DeployCheck {
    func result(
        _ outcome: CheckResult.Outcome, _ summary: String, evidence: [String] = [], rule: String? = nil,
        place: String? = nil, fix: String? = nil, example: String? = nil
    ) -> CheckResult {
        CheckResult(
            id: Self.id, title: Self.title, outcome: outcome, summary: summary, evidence: evidence, rule: rule,
            place: place, fix: fix, example: example,
            chinese: CheckResult.Chinese(
                title: Self.chineseTitle, summary: CheckSentences.chinese(summary),
                rule: rule.flatMap { CheckSentences.chinese($0) }, fix: fix.flatMap { CheckSentences.chinese($0) }))
    }
}

/// Every check, in the order of the list. Adding one: a new file beside this one, and its line here.
package enum DeployChecks {
    package static let all: [any DeployCheck.Type] = [
        ConfigurationCheck.self,
        NameCheck.self,
        MainCheck.self,
        CompatibilityDateCheck.self,
        PythonFlagCheck.self,
        MainFileCheck.self,
        CompileCheck.self,
        EntrypointCheck.self,
        HandlerCheck.self,
        BindingsCheck.self,
        LocalStateCheck.self,
        BackendsCheck.self,
    ]
}
