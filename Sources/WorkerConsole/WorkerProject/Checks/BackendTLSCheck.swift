import WorkerDomain

/// Certificates of https backends are valid, and stay so for a while.
struct BackendTLSCheck: DeployCheck {
    static let id = "backends.tls"
    static let title = "TLS"
    static let chineseTitle = "TLS 证书"
    static let about = "The certificate of every https backend is valid, and for more than 14 days."
    static let needsConfiguration = false

    /// Days that are left when it warns.
    private static let days = 14

    static func isConcerned(by old: CheckContext, _ new: CheckContext) -> Bool {
        BackendsCheck.isConcerned(by: old, new)
    }

    func run(_ context: CheckContext) async -> [CheckResult] {
        if context.isConsoleFileUnread { return [Self.leftOut(because: "worker-console.toml could not be read")] }
        let backends = context.backends.filter { $0.url.scheme == .https }.prefix(50)
        guard !backends.isEmpty else { return [self.result(.skip, "no backend uses TLS")] }
        guard let ask = context.ask else { return [self.result(.skip, "backends are not probed here")] }
        let answers = await Array(backends).asked { await ask($0, CheckRequest("HEAD", "/")) }
        var lines: [String] = []
        var problem: (words: String, fix: String)?
        for (backend, answer) in zip(backends, answers) {
            let words: String
            var fix: String?
            switch answer {
            case .success(let response):
                let days = (response.certificateSeconds ?? 0) / 86_400
                words = "\(backend.name): its certificate is valid for \(Counted.text(days, "day"))"
                if backend.isInsecure {
                    fix = "verify the certificate: give its authority as ca, and remove insecure"
                } else if days < Self.days {
                    fix = "renew the certificate"
                }
            case .failure(let failure) where failure.code.hasPrefix("L6"):
                words = "\(backend.name): the TLS handshake fails: \(failure.reason)"
                fix = "install a certificate that is valid for \(backend.url.host), or give its authority as ca"
            // That it responds is the matter of another check.
            case .failure(let failure): words = "\(backend.name): not known: \(failure.reason)"
            }
            let shown = backend.isInsecure ? words + "; it is not verified" : words
            lines.append(shown)
            if problem == nil, let fix { problem = (shown, fix) }
        }
        if let problem {
            return [
                self.result(
                    .warn, problem.words, evidence: lines,
                    rule: "Cloudflare responds with 525 or 526 when TLS to the origin fails", fix: problem.fix)
            ]
        }
        let isKnown = answers.contains { if case .success = $0 { true } else { false } }
        return [self.result(isKnown ? .pass : .skip, lines.joined(separator: "; "), evidence: lines)]
    }
}

extension [Backend] {
    /// All of them at once, in their order.
    func asked<Value: Sendable>(_ body: @escaping @Sendable (Backend) async -> Value) async -> [Value] {
        await withTaskGroup(of: (Int, Value).self) { group in
            for (index, backend) in self.enumerated() { group.addTask { (index, await body(backend)) } }
            var all: [(Int, Value)] = []
            for await item in group { all.append(item) }
            return all.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }
}
