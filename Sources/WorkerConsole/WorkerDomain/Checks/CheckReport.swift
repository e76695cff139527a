/// The outcome of all checks of one run.
package struct CheckReport: Sendable, Equatable {
    package var results: [CheckResult]
    package var startedAt: WallTime
    package var duration: Duration

    package init(results: [CheckResult], startedAt: WallTime, duration: Duration) {
        self.results = results
        self.startedAt = startedAt
        self.duration = duration
    }

    package func count(of outcome: CheckResult.Outcome) -> Int { self.results.count { $0.outcome == outcome } }

    /// True when a deploy is expected to be refused or to break.
    package var isBlocked: Bool { self.results.contains { $0.outcome == .fail } }
}

/// What one check found.
package struct CheckResult: Sendable, Equatable, Identifiable {
    package enum Outcome: String, Sendable, Equatable, CaseIterable {
        case pass, warn, fail
        /// It could not be run; ``CheckResult/summary`` says why.
        case skip
        /// The source does not let it be decided.
        case undecided
    }
    /// The texts that a person reads in Chinese; what is not fixed beforehand stays `nil`.
    package struct Chinese: Sendable, Equatable {
        package let title: String
        package let summary: String?
        /// Empty where the English lines hold.
        package let evidence: [String]
        package let rule: String?
        package let fix: String?

        package init(
            title: String, summary: String? = nil, evidence: [String] = [], rule: String? = nil, fix: String? = nil
        ) {
            self.title = title
            self.summary = summary
            self.evidence = evidence
            self.rule = rule
            self.fix = fix
        }
    }

    /// Stable, for scripts: `entrypoint`, `config.parse`.
    package let id: String
    /// One or two words for the list.
    package let title: String
    package let outcome: Outcome
    /// One line: what was seen.
    package let summary: String
    /// What was seen, in full, a line each.
    package let evidence: [String]
    /// The rule that decides, and its source.
    package let rule: String?
    /// `worker.py:12:1`; `nil` when there is no place.
    package let place: String?
    /// What to do, in words.
    package let fix: String?
    /// The code or configuration that works, ready to copy.
    package let example: String?
    package let duration: Duration
    /// `nil` when the check brings English only.
    package let chinese: Chinese?
    /// The source around ``place``; `nil` when there is none.
    package var excerpt: SourceExcerpt?
    /// What ``example`` stands instead of; `nil` when the example is not a whole text.
    package var original: String?
    /// Lines of the example before that text, which say what it is.
    package var headLines = 0
    /// The file that ``place`` names, and the line in it; `nil` when it names none that is there.
    package var location: CheckLocation?
    /// The recorded exchange that shows it; `nil` for none.
    package var exchange: ExchangeID?
    /// Changes after which the check passes; `nil` when nothing is known that helps.
    package var repair: CheckRepair?
    /// Cloudflare's own number of the error that a deploy gives: 10068, 10021; `nil` for none.
    package var code: Int?

    package init(
        id: String, title: String, outcome: Outcome, summary: String, evidence: [String] = [], rule: String? = nil,
        place: String? = nil, fix: String? = nil, example: String? = nil, duration: Duration = .zero,
        chinese: Chinese? = nil
    ) {
        self.id = id
        self.title = title
        self.outcome = outcome
        self.summary = summary
        self.evidence = evidence
        self.rule = rule
        self.place = place
        self.fix = fix
        self.example = example
        self.duration = duration
        self.chinese = chinese
    }
}

/// A line of a file.
package struct CheckLocation: Sendable, Equatable {
    /// Absolute.
    package let path: String
    /// Counted from 1.
    package let line: Int

    package init(path: String, line: Int) {
        self.path = path
        self.line = line
    }
}

extension CheckResult {
    /// What a person reads of it in one language.
    package func texts(in language: Language) -> CheckTexts {
        let chinese = language == .simplifiedChinese ? self.chinese : nil
        let evidence = chinese?.evidence ?? []
        return CheckTexts(
            title: chinese?.title ?? self.title, summary: chinese?.summary ?? self.summary,
            evidence: evidence.isEmpty ? self.evidence : evidence, rule: chinese?.rule ?? self.rule,
            fix: chinese?.fix ?? self.fix)
    }
}

/// The texts of a check's result in one language.
package struct CheckTexts: Sendable, Equatable {
    package let title: String
    package let summary: String
    package let evidence: [String]
    package let rule: String?
    package let fix: String?
}

/// Runs the checks of the open project.
package protocol CheckRunner: Sendable {
    /// Runs every check.
    func run() async -> CheckReport
    /// Runs the checks whose files have changed since they last ran, and repeats what the others found.
    func runChanged() async -> CheckReport
    /// Writes a repair to disk, if the files are still what it was made for.
    func apply(_ repair: CheckRepair) async -> CheckRepairOutcome
}

extension CheckRunner {
    package func apply(_: CheckRepair) async -> CheckRepairOutcome { .refused("repairs are not applied here") }

    package func runChanged() async -> CheckReport { await self.run() }
}
