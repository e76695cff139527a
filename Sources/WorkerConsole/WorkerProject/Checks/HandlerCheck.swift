import WorkerDomain

/// What a request to the handler does.
struct HandlerCheck: DeployCheck {
    static let id = "handler"
    static let title = "Handler"
    static let chineseTitle = "处理函数"
    static let about =
        "The handler accepts its arguments and returns a Response; finds code that deploys and then fails on every request."

    func run(_ context: CheckContext) async -> [CheckResult] {
        guard context.isPython else { return [self.result(.skip, "main is not a Python file")] }
        guard context.isDateKnown else {
            return [self.result(.skip, "it depends on compatibility_date, which is not known")]
        }
        guard let verdict = context.verdict() else { return [self.result(.skip, "no source to analyse")] }
        func found(_ outcome: CheckResult.Outcome, _ summary: String, fix: String? = nil) -> CheckResult {
            self.result(
                outcome, summary, evidence: verdict.evidence, rule: verdict.rule, place: verdict.place, fix: fix)
        }
        switch verdict.kind {
        case .registered: return [found(.pass, verdict.evidence.last ?? "the handler responds")]
        case .failsOnRequest: return [found(.fail, verdict.reason, fix: Self.fix(for: verdict.reason))]
        case .undecided where verdict.registers == true: return [found(.undecided, verdict.reason)]
        default: return [self.result(.skip, "no handler registers: see the entrypoint check")]
        }
    }

    /// What helps against the traps that are known.
    private static func fix(for reason: String) -> String {
        let cures: [(String, String)] = [
            (
                "Method on_fetch does not exist",
                "with these flags the method must be named on_fetch; better: use compatibility date 2025-08-14 or later and remove disable_python_no_global_handlers"
            ),
            ("Method fetch does not exist", "give the class Default a method `async def fetch(self, request)`"),
            ("'new' operator", "write Response.new(…) with the Response of js, or import Response from workers"),
            (
                "not of type 'Sequence'",
                "use Response(body, headers={…}) from workers, or to_js(options, dict_converter=Object.fromEntries)"
            ),
            ("immutable headers", "copy the response first: response = Response.new(response.body, response)"),
            ("did not resolve to 'Response'", "return a Response on every path: return Response(text)"),
            ("__init__()", "write __init__(self, ctx, env) and call super().__init__(ctx, env)"),
            ("Unsupported type in Response", "use Response.json(value) for a dict or list, str(value) for the rest"),
            ("is not defined", "define or import that name"),
        ]
        return cures.first { reason.contains($0.0) }?.1 ?? "fix the line that fails"
    }
}
