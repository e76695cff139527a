import PythonSource
import WorkerDomain

/// The embedded core and the project's Worker respond alike.
///
/// It runs the project's code, and only when it was asked for.
struct ParityCheck: DeployCheck {
    static let id = "parity"
    static let title = "Parity"
    static let chineseTitle = "一致性"
    static let about =
        "The embedded proxy and the Worker respond alike to recorded and made requests, in front of a backend of the "
        + "check's own; runs the project's code, only with `--parity`."
    static let limit: Duration? = .seconds(60)

    private static let rule =
        "the Worker runs under `wrangler dev` where that is installed, else in python3 on stand-ins for the runtime, which "
        + "agree with its recorded behaviour"

    func run(_ context: CheckContext) async -> [CheckResult] {
        guard context.isPython else { return [self.result(.skip, "main is not a Python file")] }
        guard let source = context.source, source.files.bytes(source.main) != nil else {
            return [self.result(.skip, "no source to analyse")]
        }
        guard let ask = context.ask, let startCore = context.startCore, let startBackend = context.startParityBackend
        else { return [self.result(.skip, "the embedded proxy could not be started")] }
        guard let backend = await startBackend() else {
            return [self.result(.skip, "the embedded proxy could not be started")]
        }
        let requests = ParityRequests(recorded: context.exchanges?() ?? []).all
        guard let core = await startCore(backend.backend) else {
            await backend.stop()
            return [self.result(.skip, "the embedded proxy could not be started")]
        }
        var expected: [Result<CheckResponse, CheckRequestFailure>] = []
        for request in requests { expected.append(await ask(core.backend, request)) }
        await core.stop()
        let port = backend.backend.url.port
        let outcome: PythonWorker.Outcome
        let runtime: String
        if let wrangler = WranglerWorker.find(in: context), let free = context.freePort?() {
            runtime = "wrangler dev"
            outcome = await WranglerWorker(
                path: wrangler, folder: context.folder, environment: context.wrangler?.environment,
                searchPath: context.searchPath, ask: ask
            ).answers(to: requests, port: free, variables: self.texts(of: context, port: port))
        } else {
            runtime = "python3"
            outcome = await PythonWorker(searchPath: context.searchPath)
                .answers(to: requests, of: self.job(context, source, port: port))
        }
        await backend.stop()
        switch outcome {
        case .skipped(let why): return [self.result(.skip, why)]
        case .answers(let answers): return [self.judge(requests, expected, answers, runtime, context)]
        }
    }

    // MARK: - What the Worker gets

    private func job(
        _ context: CheckContext, _ source: (main: String, files: ProjectFiles), port: Int
    ) -> PythonWorker.Job {
        let flags = context.flags
        let sources = ImportedSources(main: source.main, files: source.files, minor: flags.pythonMinor).sources()
        let module = source.main.hasSuffix(".py") ? String(source.main.dropLast(3)) : source.main
        let texts = self.texts(of: context, port: port)
        var variables = context.vars.filter { member in !texts.contains { $0.name == member.key } }
            .map { (name: $0.key, value: $0.value) }
        variables += texts.map { (name: $0.name, value: ConfigurationValue(.string($0.value))) }
        return PythonWorker.Job(
            main: module, isLegacy: !flags.hasNoGlobalHandlers, sources: sources, variables: variables,
            bindings: context.bindings.map(\.name), port: port)
    }

    /// Addresses lead to the check's own backend; secrets are not handed out.
    private func texts(of context: CheckContext, port: Int) -> [(name: String, value: String)] {
        let place = "http://127.0.0.1:\(port)"
        var texts: [(name: String, value: String)] = []
        for member in context.vars {
            guard let text = member.value.string, text.hasPrefix("http://") || text.hasPrefix("https://") else {
                continue
            }
            let rest = text.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
            texts.append((member.key, rest.count > 3 ? "\(place)/\(rest[3])" : place))
        }
        let known = Set(context.vars.map(\.key)).union(context.bindings.map(\.name))
        for name in context.localVariables.sorted() where !known.contains(name) {
            let isPlace = ["URL", "BACKEND", "ORIGIN", "UPSTREAM", "HOST", "API_BASE"].contains {
                name.uppercased().contains($0)
            }
            texts.append((name, isPlace ? place : "worker-console-check"))
        }
        return texts
    }

    // MARK: - What they said

    private func judge(
        _ requests: [CheckRequest], _ expected: [Result<CheckResponse, CheckRequestFailure>],
        _ answers: [PythonWorker.Answer], _ runtime: String, _ context: CheckContext
    ) -> CheckResult {
        var found: [(place: String, words: String)] = []
        var notes: [String] = []
        var compared = 0
        let comparison = ResponseComparison(ignoredKeys: context.ignoredKeys)
        for ((request, core), answer) in zip(zip(requests, expected), answers) {
            let place = "\(request.method) \(request.target.prefix(120))"
            guard case .success(let wanted) = core else {
                if case .failure(let failure) = core { notes.append("\(place): \(failure.reason)") }
                continue
            }
            switch answer {
            case .lacking(let what): notes.append("\(place): the code uses what the stand-ins lack: \(what)")
            case .failed(let reason):
                compared += 1
                found.append((place, "the Worker fails: \(reason)"))
            case .response(let response):
                compared += 1
                found += comparison.differences(wanted, response).map {
                    (place, "\($0) (the Worker, unlike the embedded proxy)")
                }
            }
        }
        guard compared > 0 else {
            return self.result(
                .skip, "no request could be compared", evidence: Array(notes.prefix(40)), rule: Self.rule)
        }
        let count = "\(Counted.text(compared, "request")) compared under \(runtime)"
        // The same in many requests is said once.
        var places: [String: Int] = [:]
        for item in found { places[item.words, default: 0] += 1 }
        var seen: Set<String> = []
        let differences = found.filter { seen.insert($0.words).inserted }.map { item in
            let more = (places[item.words] ?? 1) - 1
            return "\(item.place)\(more > 0 ? " (+\(more))" : ""): \(item.words)"
        }
        guard let first = differences.first else {
            return self.result(.pass, "\(count): no difference", evidence: Array(notes.prefix(40)), rule: Self.rule)
        }
        return self.result(
            .warn, first, evidence: Array(([count] + differences + notes).prefix(60)), rule: Self.rule,
            fix: "change the Worker, or the cors and proxy settings of worker-console.toml, so that both respond alike")
    }
}
