import WorkerDomain

/// A page of another origin may read what the embedded proxy responds, and what it responds in place of a backend.
struct LiveCORSCheck: DeployCheck {
    static let id = "cors.live"
    static let title = "Live CORS"
    static let chineseTitle = "CORS 探测"
    static let about =
        "The embedded proxy, started for a moment in front of every backend, allows a page's origin: preflights, a GET, an "
        + "unknown path, and its own 502."
    static let needsConfiguration = false
    static let limit: Duration? = .seconds(30)

    /// Proxies that run at once: one that waits for a backend waits a few seconds.
    private static let together = 8

    private static let stranger = "https://worker-console-check.invalid"

    static func isConcerned(by old: CheckContext, _ new: CheckContext) -> Bool {
        BackendsCheck.isConcerned(by: old, new) || old.cors != new.cors || old.health != new.health
    }

    func run(_ context: CheckContext) async -> [CheckResult] {
        if context.isConsoleFileUnread { return [Self.leftOut(because: "worker-console.toml could not be read")] }
        guard let ask = context.ask, let start = context.startCore else {
            return [self.result(.skip, "backends are not probed here")]
        }
        let backends = Array(context.backends.prefix(50))
        guard !backends.isEmpty else { return [self.result(.skip, "no backend is configured")] }
        // Nothing listens on port 1: what the proxy responds there is its own.
        let nobody = Backend(name: "nobody", url: BackendURL(scheme: .http, host: "127.0.0.1", port: 1))
        let origin = Self.origin(of: context.cors)
        let paths = [Self.path(of: context.health), "/worker-console-check"]
        var rest = (backends + [nobody])[...]
        var asked = Asked(origin: origin)
        while !rest.isEmpty, !Task.isCancelled {
            let group = Array(rest.prefix(Self.together))
            rest = rest.dropFirst(group.count)
            let found = await group.asked { backend -> Asked? in
                guard let core = await start(backend) else { return nil }
                let isNobody = backend == nobody
                // One backend needs no name.
                let name = backends.count > 1 ? isNobody ? "no backend" : backend.name : nil
                var asked = Asked(origin: origin, name: name)
                await asked.look(at: core.backend, paths: isNobody ? ["/"] : paths, with: ask)
                if !isNobody { await asked.stranger(Self.stranger, paths[0], of: core.backend, with: ask) }
                await core.stop()
                return asked
            }
            // One that cannot start takes nothing away from the others.
            for found in found { found.map { asked.add($0) } }
            guard found.contains(where: { $0 != nil }) else {
                return [self.result(.skip, "the embedded proxy could not be started")]
            }
            if found.contains(where: { $0 == nil }) {
                asked.silent.append("")
                asked.lines.append("the embedded proxy could not be started")
            }
        }
        let rule =
            "a page reads a response of another origin only with Access-Control-Allow-Origin, on every status; with "
            + "credentials, * stands for nothing else than itself (Fetch standard, CORS protocol)"
        let lines = asked.lines + asked.findings.filter { !$0.finding.isRefused }.map(\.evidence)
        guard let first = asked.findings.first(where: \.finding.isRefused) else {
            guard asked.count > 0, asked.silent.isEmpty else {
                // Nothing is known of one, whatever the others respond.
                let name = asked.silent.first { !$0.isEmpty }.map { "\($0): " } ?? ""
                return [self.result(.skip, "\(name)no response in time", evidence: asked.lines)]
            }
            return [
                self.result(
                    .pass, "asked \(Counted.text(asked.count, "time")): a page may read every response", evidence: lines
                )
            ]
        }
        return [
            self.result(
                .warn, first.named("a browser refuses a response: \(first.finding.words)"),
                evidence: asked.findings.filter(\.finding.isRefused).map(\.evidence) + lines, rule: rule,
                fix: CORSRules.fix(for: first.finding.kind))
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

    /// Something that is wrong with a response, and the backend behind the proxy that gave it.
    private struct Found: Sendable {
        let finding: CORSRules.Finding
        /// `nil` when there is only one.
        let backend: String?

        var evidence: String { self.named(self.finding.evidence) }

        func named(_ words: String) -> String { self.backend.map { "\($0): \(words)" } ?? words }
    }

    /// What was asked, and what is wrong with the responses.
    private struct Asked: Sendable {
        let origin: String
        /// The backend behind the proxy; `nil` when there is only one.
        var name: String?
        var lines: [String] = []
        var findings: [Found] = []
        var count = 0
        /// Names of the backends that left a request without a response; "" for one without a name.
        var silent: [String] = []
        /// The last request had no response, and the next one would wait as long.
        private var isSilent = false

        typealias Ask = @Sendable (Backend, CheckRequest) async -> Result<CheckResponse, CheckRequestFailure>

        init(origin: String, name: String? = nil) {
            self.origin = origin
            self.name = name
        }

        mutating func add(_ other: Asked) {
            self.lines += other.lines
            self.findings += other.findings
            self.count += other.count
            self.silent += other.silent
        }

        /// A preflight and a GET of each path.
        mutating func look(at core: Backend, paths: [String], with ask: Ask) async {
            for path in paths {
                if !self.isSilent { await self.preflight(path, of: core, with: ask) }
                if !self.isSilent { await self.get(path, of: core, with: ask) }
            }
        }

        private mutating func preflight(_ path: String, of core: Backend, with ask: Ask) async {
            let request = CheckRequest(
                "OPTIONS", path,
                fields: [
                    ("Origin", self.origin), ("Access-Control-Request-Method", "POST"),
                    ("Access-Control-Request-Headers", "content-type"),
                ])
            self.judge(request, await ask(core, request))
        }

        private mutating func get(_ path: String, of core: Backend, with ask: Ask) async {
            let request = CheckRequest("GET", path, fields: [("Origin", self.origin)])
            self.judge(request, await ask(core, request))
        }

        /// An origin that nobody allows by name must not get credentials.
        mutating func stranger(_ origin: String, _ path: String, of core: Backend, with ask: Ask) async {
            let request = CheckRequest("GET", path, fields: [("Origin", origin)])
            guard !self.isSilent, case .success(let response) = await ask(core, request) else { return }
            let head = MessageHead(response.head)
            guard let allowed = head.value(of: "Access-Control-Allow-Origin"), allowed.hasSameBytes(as: origin),
                head.value(of: "Access-Control-Allow-Credentials") == "true"
            else { return }
            let conversation = CORSRules.Conversation(
                method: "GET", path: path, requestHead: [], status: response.status, responseHead: response.head)
            let finding = conversation.finding(
                "stranger", "any page may read responses with the user's credentials", isRefused: true)
            self.findings.append(Found(finding: finding, backend: self.name))
        }

        private mutating func judge(_ request: CheckRequest, _ answer: Result<CheckResponse, CheckRequestFailure>) {
            let prefix = self.name.map { "\($0): " } ?? ""
            let line = "\(prefix)\(request.method) \(request.target), Origin: \(self.origin)"
            switch answer {
            case .failure(let failure):
                self.isSilent = true
                self.silent.append(self.name ?? "")
                self.lines.append("\(line): \(failure.reason)")
            case .success(let response):
                self.count += 1
                self.lines.append("\(line): status \(response.status)")
                var head = "\(request.method) \(request.target) HTTP/1.1\r\n"
                for (name, value) in request.fields { head += "\(name): \(value)\r\n" }
                let found = CORSRules.findings(
                    of: CORSRules.Conversation(
                        method: request.method, path: request.target, requestHead: Array((head + "\r\n").utf8),
                        status: response.status, responseHead: response.head))
                self.findings += found.map { Found(finding: $0, backend: self.name) }
            }
        }
    }
}
