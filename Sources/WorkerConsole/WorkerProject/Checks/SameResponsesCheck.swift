import TextSafety
import WorkerDomain

/// Recorded requests get the same responses from every backend.
struct SameResponsesCheck: DeployCheck {
    static let id = "backends.same"
    static let title = "Same responses"
    static let chineseTitle = "响应一致"
    static let about =
        "Every backend gives the same responses to the recorded GET and HEAD requests: status, header fields, and JSON by "
        + "key, without those in `checks.ignore_keys`."
    static let needsConfiguration = false

    /// Requests that are repeated, the newest first.
    private static let limit = 10

    static func isConcerned(by old: CheckContext, _ new: CheckContext) -> Bool {
        BackendsCheck.isConcerned(by: old, new) || old.ignoredKeys != new.ignoredKeys
    }

    func run(_ context: CheckContext) async -> [CheckResult] {
        if context.isConsoleFileUnread { return [Self.leftOut(because: "worker-console.toml could not be read")] }
        guard context.backends.count > 1 else { return [self.result(.skip, "fewer than two backends are configured")] }
        guard let recorded = context.exchanges, let ask = context.ask else {
            return [self.result(.skip, "no traffic is recorded here")]
        }
        let requests = Self.requests(among: recorded(), limit: Self.limit)
        guard !requests.isEmpty else { return [self.result(.skip, "no GET or HEAD request was recorded")] }
        let backends = Array(context.backends.prefix(8))
        var lines: [String] = []
        var differences: [String] = []
        var compared = 0
        for request in requests {
            let answers = await backends.asked { await ask($0, request) }
            var base: (backend: Backend, response: CheckResponse)?
            for (backend, answer) in zip(backends, answers) {
                let place = "\(request.method) \(request.target.prefix(120)) \(backend.name)"
                switch answer {
                case .failure(let failure): lines.append("\(place): \(failure.reason)")
                case .success(let response):
                    guard let base else {
                        base = (backend, response)
                        continue
                    }
                    compared += 1
                    let found = ResponseComparison(ignoredKeys: context.ignoredKeys)
                        .differences(base.response, response)
                    differences += found.map { "\(place): \($0), unlike \(base.backend.name)" }
                }
            }
        }
        guard let first = differences.first else {
            let words = "\(Counted.text(compared, "response")) compared: no difference"
            return [self.result(compared > 0 ? .pass : .skip, words, evidence: lines)]
        }
        return [
            self.result(
                .warn, first, evidence: Array((differences + lines).prefix(40)),
                rule: "after a switch of the backend, clients get the responses of the other one",
                fix: "make the backends alike, or list JSON members that may differ in checks.ignore_keys")
        ]
    }

    /// Safe requests that were recorded, each target once: without what identifies the user. A target that grants access
    /// is not sent to a backend that never got it.
    static func requests(among exchanges: [Exchange], limit: Int) -> [CheckRequest] {
        var seen: Set<ByteString> = []
        var requests: [CheckRequest] = []
        for exchange in exchanges.reversed() where requests.count < limit && ["GET", "HEAD"].contains(exchange.method) {
            let head = MessageHead(exchange.requestHead)
            let target = exchange.target
            guard target.hasPrefix("/"), target.utf8.count < 4_096, head.value(of: "Upgrade") == nil,
                Redaction.standard.target(target).hasSameBytes(as: target),
                seen.insert(ByteString(exchange.method + " " + target)).inserted
            else { continue }
            let kept = ["accept", "accept-language", "origin"]
            requests.append(
                CheckRequest(
                    exchange.method, target,
                    fields: head.fields.filter {
                        kept.contains($0.name.lowercased()) && $0.name.lowercased() != "accept"
                    }
                    .map { ($0.name, $0.value) }))
        }
        return requests
    }
}
