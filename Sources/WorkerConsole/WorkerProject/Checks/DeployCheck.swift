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
    /// It looks at what the wrangler file says, so that it is left out when nothing is known of that.
    static var needsConfiguration: Bool { get }
    /// How long it may take, where that is not what every check has.
    static var limit: Duration? { get }
    /// After a change of the configuration: whether what it looks at differs.
    static func isConcerned(by old: CheckContext, _ new: CheckContext) -> Bool
    init()
    func run(_ context: CheckContext) async -> [CheckResult]
}

extension DeployCheck {
    package static var needsConfiguration: Bool { true }

    package static var limit: Duration? { nil }

    package static func isConcerned(by _: CheckContext, _: CheckContext) -> Bool { true }

    /// What a check says when the configuration check has said why.
    static func leftOut(because reason: String) -> CheckResult {
        self.init().result(.skip, reason + ": see the configuration check")
    }

    /// Says where a key stands that was meant for the top level.
    func result(of key: MisplacedKey, in context: CheckContext) -> CheckResult {
        self.result(
            .fail, key.summary,
            rule: key.isTOML ? "in TOML, every line after a [table] header belongs to that table" : nil,
            place: context.place(of: key), fix: key.fix)
    }

    func result(
        _ outcome: CheckResult.Outcome, _ summary: String, evidence: [String] = [], rule: String? = nil,
        place: String? = nil, fix: String? = nil, example: String? = nil
    ) -> CheckResult {
        CheckResult(
            id: Self.id, title: Self.title, outcome: outcome, summary: summary, evidence: evidence, rule: rule,
            place: place, fix: fix, example: example,
            chinese: CheckResult.Chinese(
                title: Self.chineseTitle, summary: Sentences.chinese(summary),
                evidence: evidence.map { Language.simplifiedChinese.text($0) },
                rule: rule.flatMap { Sentences.chinese($0) }, fix: fix.flatMap { Sentences.chinese($0) }))
    }
}

/// Every check, in the order of the list. Adding one: a new file beside this one, and its line here.
package enum DeployChecks {
    package static let all: [any DeployCheck.Type] = [
        ConfigurationCheck.self,
        ConfigurationFileCheck.self,
        NameCheck.self,
        MainCheck.self,
        CompatibilityDateCheck.self,
        PythonFlagCheck.self,
        LocalVariablesCheck.self,
        WranglerVersionCheck.self,
        MainFileCheck.self,
        CompileCheck.self,
        PackagesCheck.self,
        EntrypointCheck.self,
        HandlerCheck.self,
        AddressesCheck.self,
        PlainSecretsCheck.self,
        BindingsCheck.self,
        UsedNamesCheck.self,
        LocalStateCheck.self,
        StateNamesCheck.self,
        DatabaseCheck.self,
        MigrationsCheck.self,
        ObjectsCheck.self,
        BackendsCheck.self,
        BackendTLSCheck.self,
        HealthPathCheck.self,
        SameResponsesCheck.self,
        CORSCheck.self,
        LiveCORSCheck.self,
    ]

    /// Those that run the project's code: only where somebody has asked for them.
    package static let onlyWhenAsked: [any DeployCheck.Type] = [ParityCheck.self]
}
