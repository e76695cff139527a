import WorkerDomain

/// A page of another origin may read what the embedded proxy responds, and what it responds in place of a backend.
struct LiveCORSCheck: DeployCheck {
    static let id = "cors.live"
    static let title = "Live CORS"
    static let chineseTitle = "CORS 探测"
    static let about =
        "The embedded proxy, started for a moment in front of the first backend, allows a page's origin: preflights, a GET, an "
        + "unknown path, and its own 502."
    static let needsConfiguration = false

    private static let stranger = "https://worker-console-check.invalid"

    static func isConcerned(by old: CheckContext, _ new: CheckContext) -> Bool {
        BackendsCheck.isConcerned(by: old, new) || old.cors != new.cors || old.health != new.health
    }

    func run(_ context: CheckContext) async -> [CheckResult] {
        if context.isConsoleFileUnread { return [Self.leftOut(because: "worker-console.toml could not be read")] }
        guard let ask = context.ask, let start = context.startCore else {
            return [self.result(.skip, "backends are not probed here")]
        }
        guard let backend = context.backends.first else { return [self.result(.skip, "no backend is configured")] }
        var asked = Asked(origin: Self.origin(of: context.cors))
        // Nothing listens on port 1: what the proxy responds there is its own.
        let nobody = Backend(name: "nobody", url: BackendURL(scheme: .http, host: "127.0.0.1", port: 1))
        for (target, paths) in [(backend, [Self.path(of: context.health), "/worker-console-check"]), (nobody, ["/"])] {
            guard let core = await start(target) else {
                return [self.result(.skip, "the embedded proxy could not be started")]
            }
            for path in paths {
                await asked.preflight(path, of: core.backend, with: ask)
                await asked.get(path, of: core.backend, with: ask)
            }
            if target != nobody { await asked.stranger(Self.stranger, paths[0], of: core.backend, with: ask) }
            await core.stop()
        }
        let rule =
            "a page reads a response of another origin only with Access-Control-Allow-Origin, on every status; with "
            + "credentials, * stands for nothing else than itself (Fetch standard, CORS protocol)"
        let lines = asked.lines + asked.findings.filter { !$0.isRefused }.map(\.evidence)
        guard let first = asked.findings.first(where: \.isRefused) else {
            guard asked.count > 0 else { return [self.result(.skip, "no response in time", evidence: asked.lines)] }
            return [
                self.result(
                    .pass, "asked \(Counted.text(asked.count, "time")): a page may read every response", evidence: lines
                )
            ]
        }
        return [
            self.result(
                .warn, "a browser refuses a response: \(first.words)",
                evidence: asked.findings.filter(\.isRefused).map(\.evidence) + lines, rule: rule,
                fix: CORSRules.fix(for: first.kind))
        ]
    }

    /// The origin that pages have: the first one that is allowed.
    private static func origin(of cors: CORSConfiguration) -> String {
        switch cors.origins {
        case .any: "https://page.example"
        case .list(let origins): origins.first ?? "https://page.example"
        }
    }

    private static func path(of health: HealthConfiguration) -> String {
        if case .http(_, let path) = health.method { path } else { "/" }
    }

    /// What was asked, and what is wrong with the responses.
    private struct Asked {
        let origin: String
        var lines: [String] = []
        var findings: [CORSRules.Finding] = []
        var count = 0

        typealias Ask = @Sendable (Backend, CheckRequest) async -> Result<CheckResponse, CheckRequestFailure>

        init(origin: String) { self.origin = origin }

        mutating func preflight(_ path: String, of core: Backend, with ask: Ask) async {
            let request = CheckRequest(
                "OPTIONS", path,
                fields: [
                    ("Origin", self.origin), ("Access-Control-Request-Method", "POST"),
                    ("Access-Control-Request-Headers", "content-type"),
                ])
            self.judge(request, await ask(core, request))
        }

        mutating func get(_ path: String, of core: Backend, with ask: Ask) async {
            let request = CheckRequest("GET", path, fields: [("Origin", self.origin)])
            self.judge(request, await ask(core, request))
        }

        /// An origin that nobody allows by name must not get credentials.
        mutating func stranger(_ origin: String, _ path: String, of core: Backend, with ask: Ask) async {
            let request = CheckRequest("GET", path, fields: [("Origin", origin)])
            guard case .success(let response) = await ask(core, request) else { return }
            let head = MessageHead(response.head)
            guard let allowed = head.value(of: "Access-Control-Allow-Origin"), allowed.hasSameBytes(as: origin),
                head.value(of: "Access-Control-Allow-Credentials") == "true"
            else { return }
            let conversation = CORSRules.Conversation(
                method: "GET", path: path, requestHead: [], status: response.status, responseHead: response.head)
            self.findings.append(
                conversation.finding(
                    "stranger", "any page may read responses with the user's credentials", isRefused: true))
        }

        private mutating func judge(_ request: CheckRequest, _ answer: Result<CheckResponse, CheckRequestFailure>) {
            let line = "\(request.method) \(request.target), Origin: \(self.origin)"
            switch answer {
            case .failure(let failure): self.lines.append("\(line): \(failure.reason)")
            case .success(let response):
                self.count += 1
                self.lines.append("\(line): status \(response.status)")
                var head = "\(request.method) \(request.target) HTTP/1.1\r\n"
                for (name, value) in request.fields { head += "\(name): \(value)\r\n" }
                self.findings += CORSRules.findings(
                    of: CORSRules.Conversation(
                        method: request.method, path: request.target, requestHead: Array((head + "\r\n").utf8),
                        status: response.status, responseHead: response.head))
            }
        }
    }
}
