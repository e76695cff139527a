import WorkerDomain
import WorkerProject

/// Renders docs/reference/checks.md from the registry of checks.
enum ChecksPage {
    /// What the registry does not hold: what a check can say beside "pass", and where its rule comes from.
    private struct Detail {
        let outcomes: [CheckResult.Outcome]
        let source: String

        init(_ outcomes: [CheckResult.Outcome], _ source: String) {
            self.outcomes = outcomes
            self.source = source
        }
    }

    private static let details: [String: Detail] = [
        "config.parse": Detail(
            [.fail, .warn], "what wrangler refuses and warns of (wrangler configuration; seen by running wrangler)"),
        "config.file": Detail(
            [.warn, .skip], "the order in which wrangler looks for its file (workers-sdk, `findWranglerConfig`)"),
        "vars.local": Detail(
            [.warn], "`wrangler dev` alone reads `.dev.vars` and `.env` (workers-sdk, `dev-vars.ts`)"),
        "wrangler.version": Detail(
            [.warn, .skip], "workers-py: pywrangler needs wrangler 4.109.0; the rules here are those of wrangler 4"),
        "secrets.plain": Detail(
            [.warn], "https://developers.cloudflare.com/workers/configuration/secrets/"),
        "bindings.used": Detail(
            [.warn, .skip], "a name that `env` does not have raises `AttributeError` (seen by running it in workerd)"),
        "cors": Detail([.warn, .skip], "the CORS protocol of the Fetch standard"),
        "parity": Detail(
            [.warn, .skip],
            "the Worker under `wrangler dev`, or in python3 on stand-ins that agree with the recorded behaviour of workerd"
        ),
        "bindings.names": Detail(
            [.warn, .skip], "`wrangler dev` names the files of a binding by its id or name (miniflare)"),
        "bindings.d1": Detail([.warn, .skip], "`PRAGMA quick_check` of SQLite; nothing is written"),
        "bindings.migrations": Detail(
            [.warn, .skip], "wrangler: files of `migrations_dir`, and the rows of `migrations_table`"),
        "bindings.r2": Detail([.warn, .skip], "a row of the bucket whose file is missing or shorter makes `get` fail"),
        "backends.tls": Detail([.warn, .skip], "Cloudflare responds with 525 or 526 when TLS to the origin fails"),
        "backends.health": Detail(
            [.warn, .skip], "a probe passes with every status of `health.expect`, 200 to 499 unless set"),
        "backends.same": Detail(
            [.warn, .skip],
            "each recorded GET and HEAD request, without what identifies the user, is sent to every backend"),
        "cors.live": Detail([.warn, .skip], "the CORS protocol of the Fetch standard"),
        "config.name": Detail([.fail], "wrangler's validation: `[a-z0-9_][a-z0-9-_]*`"),
        "config.main": Detail([.fail, .warn], "wrangler configuration, `main`"),
        "config.compatibility_date": Detail(
            [.fail],
            "wrangler requires one when deploying; Cloudflare rejects one after today (error 10021); what each date selects: workerd, `compatibility-date.capnp`"
        ),
        "config.python_workers": Detail(
            [.fail, .warn, .skip],
            "wrangler refuses a `main` that ends in `.py` without the flag; flags that conflict, are repeated or unknown: "
                + "workerd, `compatibility-date.c++` (error 10021)"),
        "main.exists": Detail([.fail, .skip], "`main` is relative to the configuration file"),
        "main.compiles": Detail(
            [.fail, .warn, .undecided, .skip],
            "the language reference of Python 3.12, 3.13 and 3.14, held against their compilers; Cloudflare refuses such "
                + "a source with error 10021"),
        "packages": Detail(
            [.warn, .skip], "workers-py: dependencies are declared in `pyproject.toml`; a `requirements.txt` stops it"),
        "entrypoint": Detail(
            [.fail, .warn, .undecided, .skip],
            "workerd's `python_no_global_handlers` and `enable_python_external_sdk`; errors 10068 and 10021; "
                + "seen by running sources under many dates and flags"),
        "handler": Detail([.fail, .warn, .undecided, .skip], "what workerd answers when such a handler is called"),
        "bindings.complete": Detail(
            [.fail, .warn], "R2 bucket names; ids and bucket names may be left out (automatic provisioning)"),
        "bindings.local": Detail([.fail, .warn, .skip], "the layout of `.wrangler/state/v3`"),
        "addresses": Detail(
            [.warn, .skip], "the special-purpose addresses of IANA (RFC 6890); Cloudflare's network reaches public ones"
        ),
        "backends.reachable": Detail([.warn, .skip], "a probe, as the health checks of the running proxy send it"),
    ]

    /// Checks whose results can carry a repair.
    private static let repaired: Set<String> = ["config.python_workers", "entrypoint", "handler"]

    static func text() -> String {
        var lines = [
            ReferencePage.notice, "", "# Checks", "",
            "What `worker-console check` and the Checks screen look at, in their order.",
            "How to fix what they find: [checks before a deploy](../user-guide/checks.md).", "",
        ]
        lines += ReferencePage.heading([
            "id", "title", "标题", "what it verifies", "can say, beside pass", "source of the rule",
        ])
        for check in DeployChecks.all + DeployChecks.onlyWhenAsked {
            let detail = self.details[check.id]
            lines.append(
                ReferencePage.row([
                    "`\(check.id)`", check.title, check.chineseTitle, check.about,
                    detail.map { $0.outcomes.map(\.rawValue).joined(separator: ", ") } ?? "MISSING",
                    detail?.source ?? "MISSING",
                ]))
        }
        lines += ["", "A check that does not end within 15 seconds (`cors.live` 30, `parity` 60) says warn.", ""]
        for check in DeployChecks.all + DeployChecks.onlyWhenAsked {
            let detail = self.details[check.id]
            lines += [
                "## `\(check.id)`", "", check.about, "",
                "- Beside pass it can say: \(detail.map { $0.outcomes.map(\.rawValue).joined(separator: ", ") } ?? "MISSING")",
                "- Source of the rule: \(detail?.source ?? "MISSING")",
                "- `check --fix` repairs it: \(self.repaired.contains(check.id) ? "where a change is known that helps" : "no")",
                DeployChecks.onlyWhenAsked.contains { $0.id == check.id }
                    ? "- To run it: `worker-console check --parity`"
                    : "- To run it alone: `worker-console check --only \(check.id)`", "",
            ]
        }
        lines += ["## Outcomes", ""]
        lines += ReferencePage.heading(["outcome", "severity", "meaning"])
        lines += CheckResult.Outcome.allCases.map {
            ReferencePage.row([$0.rawValue, $0.severity, self.meaning(of: $0)])
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func meaning(of outcome: CheckResult.Outcome) -> String {
        switch outcome {
        case .pass: "as it should be"
        case .warn: "deploys, and may not be what was meant"
        case .fail: "the deploy is refused, or every request to it fails; `check` exits with 1"
        case .skip: "could not be run here, or does not apply; the summary says why"
        case .undecided: "the source does not let it be decided; does not fail a build"
        }
    }
}
