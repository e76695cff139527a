import PythonSource
import WorkerDomain

/// The interpreter that date and flags select takes the source; nothing of it is run.
struct CompileCheck: DeployCheck {
    static let id = "main.compiles"
    static let title = "Compiles"
    static let chineseTitle = "语法编译"
    static let about =
        "The source is valid Python for the version that date and flags select; python3 on this "
        + "machine gives a second opinion."

    func run(_ context: CheckContext) async -> [CheckResult] {
        guard context.isPython else { return [self.result(.skip, "main is not a Python file")] }
        guard let source = context.source, let bytes = source.files.bytes(source.main) else {
            return [self.result(.skip, "no source to compile")]
        }
        let answer = await PythonWitness(searchPath: context.searchPath).ask(bytes, name: source.main)
        // Without a date nothing says which version it will be.
        let minors = context.isDateKnown ? [context.flags.pythonMinor] : PythonGrammar.minors
        let verdicts = minors.map { PythonGrammar.verdict(of: bytes, minor: $0, memo: context.memo) }
        let judged = Judged(main: source.main, bytes: bytes, flags: context.flags, answer: answer)
        if minors.count > 1, verdicts.contains(.takes),
            let other = zip(minors, verdicts).first(where: { $0.1 != .takes })
        {
            return [self.dependsOnDate(judged, minor: other.0, verdict: other.1)]
        }
        guard let minor = minors.first, let verdict = verdicts.first else { return [] }
        return [self.result(of: judged, minor: minor, isSelected: context.isDateKnown, verdict)]
    }

    private struct Judged {
        let main: String
        let bytes: [UInt8]
        let flags: EffectiveFlags
        let answer: PythonWitness.Answer

        /// What python3 says, with its version; it decides nothing.
        func witness(minor: Int) -> [String] {
            switch self.answer {
            case .absent: return []
            case .silent(let why, let path): return ["\(why) (\(path)); only the built-in grammar was used"]
            case .heard(let statement, let version, let path):
                let words =
                    switch statement {
                    case .takes: "accepts it"
                    case .refuses(let message, let line): "rejects it: \(line > 0 ? "line \(line): " : "")\(message)"
                    }
                let other = version == minor ? "" : "; it is a different version, so it decides nothing"
                return ["second opinion: \(path), Python 3.\(version), \(words)\(other)"]
            }
        }

        /// What a python3 of the same version says.
        func statement(minor: Int) -> PythonWitness.Statement? {
            if case .heard(let statement, minor, _) = self.answer { statement } else { nil }
        }

        /// The text of a line of the source, without the blanks around it.
        func line(_ number: Int) -> String? {
            let lines = self.bytes.split(maxSplits: number, omittingEmptySubsequences: false) { $0 == 10 }
            guard number > 0, number <= lines.count else { return nil }
            let text = String(decoding: lines[number - 1].prefix(200), as: UTF8.self)
            let trimmed = text.drop { $0 == " " || $0 == "\t" }
            return trimmed.isEmpty ? nil : String(trimmed)
        }
    }

    private static let validation = "source code that does not compile is rejected at validation (error 10021)"

    private func result(
        of judged: Judged, minor: Int, isSelected: Bool, _ verdict: PythonGrammar.Verdict
    ) -> CheckResult {
        let rule = (isSelected ? judged.flags.pythonRule + "; " : "") + Self.validation
        let witness = judged.witness(minor: minor)
        let statement = isSelected ? judged.statement(minor: minor) : nil
        switch verdict {
        case .takes:
            if case .refuses(let message, let line)? = statement {
                return self.result(
                    .warn,
                    "\(judged.main) is Python 3.\(minor) according to the built-in grammar, but python3 rejects it: \(message)",
                    evidence: witness, rule: rule, place: line > 0 ? "\(judged.main):\(line)" : judged.main,
                    fix: "check the line that python3 reports")
            }
            let version = isSelected ? "Python 3.\(minor)" : "Python 3.12, 3.13 and 3.14"
            let selected = isSelected ? [judged.flags.pythonRule] : []
            return self.result(.pass, "\(judged.main) is \(version)", evidence: selected + witness)
        case .refuses(let error):
            let place = "\(judged.main):\(error.place)"
            let evidence = [judged.line(error.place.line)].compactMap { $0 } + witness
            if statement == .takes {
                return self.result(
                    .undecided,
                    "line \(error.place.line) is not valid Python 3.\(minor) according to the built-in grammar, but python3 accepts it: "
                        + error.message, evidence: evidence, rule: rule, place: place)
            }
            let summary =
                isSelected
                ? "line \(error.place.line) is not valid Python 3.\(minor): \(error.message)"
                : "line \(error.place.line) is not valid in any supported Python version: \(error.message)"
            return self.result(
                .fail, summary, evidence: evidence, rule: rule, place: place, fix: error.fix ?? "fix the line")
        case .unsure(let error):
            return self.result(
                .undecided, "cannot decide whether Python 3.\(minor) accepts \(judged.main): \(error.message)",
                evidence: witness, rule: rule, place: "\(judged.main):\(error.place)")
        }
    }

    private func dependsOnDate(_ judged: Judged, minor: Int, verdict: PythonGrammar.Verdict) -> CheckResult {
        let error: SourceError? =
            switch verdict {
            case .takes: nil
            case .refuses(let error), .unsure(let error): error
            }
        return self.result(
            .undecided,
            "compatibility_date decides whether \(judged.main) compiles: Python 3.\(minor) stops at \(error?.message ?? "")",
            evidence: error.flatMap { judged.line($0.place.line) }.map { [$0] } ?? [], rule: Self.validation,
            place: error.map { "\(judged.main):\($0.place)" }, fix: error?.fix)
    }
}
