import PythonSource
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
        guard verdict.registers == true else {
            return [self.result(.skip, "no handler registers: see the entrypoint check")]
        }
        let traps = context.traps()
        let lines = traps.map { trap in (trap.place.map { "\($0): " } ?? "") + trap.words }
        guard verdict.kind == .failsOnRequest || !traps.isEmpty else {
            return [
                self.result(
                    verdict.kind == .registered ? .pass : .undecided,
                    verdict.kind == .registered ? verdict.evidence.last ?? "the handler responds" : verdict.reason,
                    evidence: verdict.evidence, rule: verdict.rule, place: verdict.place)
            ]
        }
        let plan = RepairPlan(context, goal: .responds)
        let isAlways = verdict.kind == .failsOnRequest
        let first = traps.first
        let words = isAlways ? verdict.reason : first?.words ?? ""
        let fix = plan.steps.isEmpty ? Self.fix(for: words) : plan.steps.joined(separator: "; ")
        let result = self.result(
            isAlways ? .fail : .warn,
            isAlways ? words : "a handler registers, but some requests to it fail: \(words)",
            evidence: verdict.evidence + lines.filter { !verdict.evidence.contains($0) },
            rule: isAlways
                ? verdict.rule
                : "the upload is accepted because a handler registers; the failure only shows when a request arrives "
                    + "(seen by running it in workerd)",
            place: isAlways ? verdict.place : first?.place, fix: fix)
        return [result.repaired(by: plan.repair)]
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
