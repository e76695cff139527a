import WorkerDomain

/// Pages of other origins may read the responses that were recorded.
struct CORSCheck: DeployCheck {
    static let id = "cors"
    static let title = "CORS"
    static let chineseTitle = "CORS 跨源"
    static let about =
        "Recorded responses to requests with an `Origin` allow it: preflights and the responses after them, errors included."
    static let needsConfiguration = false

    /// Exchanges that are looked at, the newest first.
    private static let limit = 1_000

    func run(_ context: CheckContext) async -> [CheckResult] {
        guard let recorded = context.exchanges else { return [self.result(.skip, "no traffic is recorded here")] }
        let exchanges = recorded().suffix(Self.limit).filter { $0.status != nil }
        let findings = exchanges.reversed().flatMap { CORSRules.findings(of: $0) }
        let count = exchanges.count { MessageHead.value(of: "Origin", in: $0.requestHead) != nil }
        guard count > 0 else { return [self.result(.skip, "no request with an Origin was recorded")] }
        guard let first = findings.first(where: \.isRefused) ?? findings.first else {
            return [
                self.result(.pass, Counted.text(count, "response allows its origin", "responses allow their origins"))
            ]
        }
        var kinds: [String: Int] = [:]
        for finding in findings { kinds[finding.kind, default: 0] += 1 }
        // One of each kind, then more of them.
        var seen: Set<String> = []
        let shown =
            findings.filter { seen.insert($0.kind).inserted } + findings.filter { kinds[$0.kind, default: 0] > 1 }
        var lines: [String] = []
        for finding in shown where !lines.contains(finding.evidence) && lines.count < 20 {
            lines.append(finding.evidence)
        }
        let refused = findings.contains(where: \.isRefused)
        var result = self.result(
            refused ? .warn : .pass,
            refused ? "a browser refuses a response: \(first.words)" : first.words, evidence: lines,
            rule:
                "a page reads a response of another origin only with Access-Control-Allow-Origin, on every status; with "
                + "credentials, * stands for nothing else than itself (Fetch standard, CORS protocol)",
            fix: refused ? CORSRules.fix(for: first.kind) : nil)
        result.exchange = first.exchange
        return [result]
    }
}
