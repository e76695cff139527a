import WorkerDomain

/// The configuration file is there and wrangler would accept it.
struct ConfigurationCheck: DeployCheck {
    static let id = "config.parse"
    static let title = "Configuration"
    static let chineseTitle = "配置文件"
    static let about = "The wrangler configuration is there, and wrangler would accept it."
    static let needsConfiguration = false

    func run(_ context: CheckContext) async -> [CheckResult] {
        let errors = context.findings.filter(\.isError)
        let lines = context.findings.prefix(50).map { finding in
            (finding.place.map { "\($0): " } ?? "") + (finding.isError ? "error: " : "warning: ") + finding.message
        }
        if let first = errors.first {
            return [
                self.result(
                    .fail, first.message + (errors.count > 1 ? " (and \(errors.count - 1) more)" : ""),
                    evidence: lines, rule: "wrangler rejects this configuration", place: first.place, fix: first.fix)
            ]
        }
        guard let file = context.configurationFile else {
            return [
                self.result(
                    .fail, "no wrangler.json, wrangler.jsonc or wrangler.toml found", fix: "create a wrangler.toml",
                    example: """
                        name = "my-worker"
                        main = "worker.py"
                        compatibility_date = "2025-12-23"
                        compatibility_flags = ["python_workers"]
                        """)
            ]
        }
        if let first = context.findings.first {
            return [self.result(.warn, first.message, evidence: lines, place: first.place, fix: first.fix)]
        }
        return [self.result(.pass, "\(file) parses")]
    }
}
