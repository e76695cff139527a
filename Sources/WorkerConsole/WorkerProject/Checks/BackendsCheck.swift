import WorkerDomain

/// Every configured backend responds.
struct BackendsCheck: DeployCheck {
    static let id = "backends.reachable"
    static let title = "Backends"
    static let chineseTitle = "后端"
    static let about = "Every configured backend responds to a probe."
    static let needsConfiguration = false

    /// A change of anything else must not make every backend be asked again.
    static func isConcerned(by old: CheckContext, _ new: CheckContext) -> Bool {
        old.backends != new.backends || old.isConsoleFileUnread != new.isConsoleFileUnread
    }

    func run(_ context: CheckContext) async -> [CheckResult] {
        if context.isConsoleFileUnread { return [Self.leftOut(because: "worker-console.toml could not be read")] }
        guard !context.backends.isEmpty else { return [self.result(.skip, "no backend is configured")] }
        guard let probe = context.probe else { return [self.result(.skip, "backends are not probed here")] }
        let results = await withTaskGroup(of: (Int, HealthProbeResult).self) { group in
            for (index, backend) in context.backends.prefix(50).enumerated() {
                group.addTask { (index, await probe(backend)) }
            }
            var all: [(Int, HealthProbeResult)] = []
            for await item in group { all.append(item) }
            return all.sorted { $0.0 < $1.0 }
        }
        let lines = results.map { index, result in
            "\(context.backends[index].name) \(context.backends[index].url): \(result.code) \(result.detail)"
        }
        let failed = results.filter { !$0.1.passed }
        guard let first = failed.first else {
            return [self.result(.pass, lines.joined(separator: "; "), evidence: lines)]
        }
        // What responds on this machine decides nothing about a deploy.
        return [
            self.result(
                .warn, "\(context.backends[first.0].name) does not respond: \(first.1.detail)", evidence: lines,
                fix: "start the backend, or change its address")
        ]
    }
}
