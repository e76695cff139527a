import WorkerDomain

/// The path that probes request is one that says something of the backend.
struct HealthPathCheck: DeployCheck {
    static let id = "backends.health"
    static let title = "Health path"
    static let chineseTitle = "健康检查路径"
    static let about =
        "The path that probes request exists on every backend: no redirect, no 404, no page of HTML that comes for "
        + "everything."
    static let needsConfiguration = false

    static func isConcerned(by old: CheckContext, _ new: CheckContext) -> Bool {
        BackendsCheck.isConcerned(by: old, new) || old.health != new.health
    }

    func run(_ context: CheckContext) async -> [CheckResult] {
        if context.isConsoleFileUnread { return [Self.leftOut(because: "worker-console.toml could not be read")] }
        guard !context.backends.isEmpty else { return [self.result(.skip, "no backend is configured")] }
        guard case .http(let method, let path) = context.health.method else {
            return [self.result(.skip, "probes only connect: health.method is \"TCP\"")]
        }
        guard let ask = context.ask else { return [self.result(.skip, "backends are not probed here")] }
        let backends = Array(context.backends.prefix(50))
        let answers = await backends.asked { await ask($0, CheckRequest(method, path)) }
        var lines: [String] = []
        var first: (words: String, fix: String)?
        var isKnown = false
        for (backend, answer) in zip(backends, answers) {
            let place = "\(backend.name) \(method) \(path)"
            guard case .success(let response) = answer else {
                if case .failure(let failure) = answer { lines.append("\(place): \(failure.reason)") }
                continue
            }
            isKnown = true
            let problem = Self.problem(of: response, path: path, passing: context.health.passingStatuses)
            lines.append("\(place): " + (problem?.words ?? "status \(response.status)"))
            if first == nil, let problem { first = ("\(place): \(problem.words)", problem.fix) }
        }
        if let first {
            return [
                self.result(
                    .warn, first.words, evidence: lines,
                    rule:
                        "a probe passes with any status of health.expect, so that a path that does not exist looks healthy",
                    fix: first.fix)
            ]
        }
        return [self.result(isKnown ? .pass : .skip, lines.joined(separator: "; "), evidence: lines)]
    }

    private static func problem(
        of response: CheckResponse, path: String, passing: [ClosedRange<Int>]
    ) -> (words: String, fix: String)? {
        let head = MessageHead(response.head)
        let setting = "set health.path to a path that the backend has"
        switch response.status {
        case 300...399:
            let target = head.value(of: "Location").map { " to \($0.prefix(200))" } ?? ""
            return ("it redirects\(target)", "set health.path to the path behind the redirect")
        case 401, 403: return ("status \(response.status): it asks for credentials", setting + " without credentials")
        case 404, 410: return ("status \(response.status): the path does not exist", setting)
        case 405, 501:
            return ("status \(response.status): the method is not allowed there", "use another health.method")
        default: break
        }
        guard passing.contains(where: { $0.contains(response.status) }) else {
            return (
                "status \(response.status), which health.expect does not list",
                "look at the backend, or at health.expect"
            )
        }
        let type = head.value(of: "Content-Type")?.lowercased() ?? ""
        let start = String(decoding: response.body.prefix(256), as: UTF8.self).lowercased()
            .drop { $0.isWhitespace || $0 == "\u{FEFF}" }
        let isPage = start.hasPrefix("<!doctype html") || start.hasPrefix("<html")
        if isPage || type.hasPrefix("text/html") && path != "/" {
            return ("it is a page of HTML: a web server may give that for every path", setting)
        }
        if path.hasSuffix(".json") || type.contains("json"), !response.body.isEmpty, !response.isCut,
            (try? JSONCParser.parse(response.body)) == nil
        {
            return ("its body is not valid JSON", "look at what the backend sends")
        }
        return nil
    }
}
