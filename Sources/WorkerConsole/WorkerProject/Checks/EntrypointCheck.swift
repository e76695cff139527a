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
        guard let source = context.source, let bytes = source.files.bytes(source.main) else {
            return [self.result(.skip, "no source to analyse")]
        }
        let verdict = context.verdict(of: source.main, files: source.files)
        func found(
            _ outcome: CheckResult.Outcome, _ summary: String, fix: String? = nil, example: String? = nil
        ) -> CheckResult {
            self.result(
                outcome, summary, evidence: verdict.evidence, rule: verdict.rule, place: verdict.place, fix: fix,
                example: example)
        }
        switch verdict.kind {
        case .registered: return [found(.pass, "a fetch handler registers")]
        case .failsOnRequest:
            return [found(.warn, "a handler registers, but requests to it fail: see the handler check")]
        case .undecided where verdict.registers == true: return [found(.pass, "a fetch handler registers")]
        case .undecided: return [found(.undecided, verdict.reason)]
        case .refused:
            return [
                found(
                    .fail, "wrangler rejects: " + verdict.reason, fix: "add the flag in \(context.configurationName)",
                    example: "compatibility_flags = [\"python_workers\"]")
            ]
        case .failsAtStart:
            let isSDK = verdict.reason.contains("No module named 'workers'")
            return [
                found(
                    .fail, "deploying gives error 10021. " + verdict.reason,
                    fix: isSDK
                        ? "deploy with `uv run pywrangler deploy`, which puts the SDK into python_modules/, or keep the "
                            + "runtime's own with the flag disable_python_external_sdk"
                        : "fix the line that fails",
                    example: isSDK
                        ? "compatibility_flags = [\"python_workers\", \"disable_python_external_sdk\"]" : nil)
            ]
        case .noHandler:
            let rewrite = EntrypointRewrite(main: source.main, source: bytes, flags: context.flags)
            let code = rewrite.example()
            var fix = rewrite.advice
            // What the offered code does is judged like any other source.
            if let whole = rewrite.wholeSource() {
                let after = context.verdict(
                    of: source.main,
                    files: OverlaidFiles(base: source.files, path: source.main, bytes: Array(whole.utf8)))
                if after.kind == .failsOnRequest { fix += ". Then look at this too: " + after.reason }
            }
            var result = found(
                .fail, "deploying gives error 10068, \"the uploaded script has no registered event handlers\"",
                fix: fix,
                example: code)
            result.original = rewrite.original(of: code)
            return [result]
        }
    }
}

/// The project's files with one of them replaced.
struct OverlaidFiles: EntrypointFiles {
    let base: any EntrypointFiles
    let path: String
    let bytes: [UInt8]

    func bytes(_ path: String) -> [UInt8]? { path == self.path ? self.bytes : self.base.bytes(path) }
    func isFolder(_ path: String) -> Bool { self.base.isFolder(path) }
}
