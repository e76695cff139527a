import Testing

@testable import PythonSource

/// Eight forms of a handler under twelve dates and flags, with the verdict that each has.
@Suite("Forms of a handler by date and flags")
struct EntrypointGridTests {
    private static let head = "from workers import WorkerEntrypoint, Response\n"

    private static let forms: [(name: String, source: String)] = [
        ("fetch", "async def fetch(request, env):\n    return 1\n"),
        (
            "on_fetch",
            "from js import Response\nasync def on_fetch(request, env, ctx):\n    return Response.new('ok')\n"
        ),
        (
            "Default.fetch",
            head
                + "class Default(WorkerEntrypoint):\n    async def fetch(self, request):\n        return Response('ok')\n"
        ),
        (
            "Default.on_fetch",
            head
                + "class Default(WorkerEntrypoint):\n    async def on_fetch(self, request):\n        return Response('ok')\n"
        ),
        ("Default", head + "class Default(WorkerEntrypoint):\n    pass\n"),
        ("dict", "async def handle(request, env):\n    pass\nexport = {'fetch': handle}\n"),
        (
            "both",
            head + "from js import Response as R\nasync def on_fetch(request):\n    return R.new('ok')\n"
                + "class Default(WorkerEntrypoint):\n    async def fetch(self, request):\n        return Response('ok')\n"
        ),
        ("nothing", "x = 1\n"),
    ]

    private static let old = [
        "10068", "ok", "fails-on-request", "ok", "fails-on-request", "10068", "fails-on-request", "10068",
    ]
    private static let new = ["10068", "10068", "ok", "fails-on-request", "fails-on-request", "10068", "ok", "10068"]
    private static let all10021 = [String](repeating: "10021", count: 8)
    private static let refused = [String](repeating: "refused", count: 8)

    /// Date, flags, and the verdict of each form.
    private static let settings: [(date: String?, flags: [String], verdicts: [String])] = [
        ("2024-02-29", ["python_workers"], old),
        ("2025-08-13", ["python_workers"], old),
        ("2025-08-14", ["python_workers"], new),
        ("2025-12-23", ["python_workers"], new),
        ("2026-04-20", ["python_workers"], new),
        ("2026-04-21", ["python_workers"], all10021),
        ("2026-10-01", ["python_workers", "disable_python_external_sdk"], new),
        ("2025-12-23", ["python_workers", "enable_python_external_sdk"], all10021),
        ("2025-12-23", ["python_workers", "disable_python_no_global_handlers"], old),
        ("2025-08-13", ["python_no_global_handlers", "python_workers"], new),
        ("2025-12-23", [], refused),
        ("2025-12-23", ["python_workers_20250116", "python_no_global_handlers"], refused),
        // Not accepted, whatever the source is.
        ("2025-12-23", ["python_workers", "python_no_global_handlers", "disable_python_no_global_handlers"], all10021),
        ("2025-12-23", ["python_workers", "python_workers"], all10021),
        ("2025-12-23", ["python_workers", "no_python_workers_20250116", "python_workers_20250116"], all10021),
        ("2027-01-01", ["python_workers"], all10021),
        ("2025-13-01", ["python_workers"], refused),
        ("2025-8-14", ["python_workers"], refused),
        ("23.12.2025", ["python_workers"], refused),
        ("1999-12-23", ["python_workers"], refused),
        ("2025-12-23T00:00", ["python_workers"], refused),
        ("", ["python_workers"], refused),
    ]

    @Test("each form has its verdict", arguments: 0..<Self.settings.count)
    func grid(row: Int) {
        let (date, flags, verdicts) = Self.settings[row]
        for (form, expected) in zip(Self.forms, verdicts) {
            let verdict = EntrypointAnalysis.verdict(
                main: "worker.py", files: FixedFiles(["worker.py": Array(form.source.utf8)]),
                flags: EffectiveFlags(date: date, flags: flags, today: "2026-11-29"),
                environment: EntrypointEnvironment(isComplete: true))
            #expect(verdict.kind.rawValue == expected, "\(form.name) \(date ?? "-") \(flags): \(verdict)")
        }
    }

    @Test(
        "what Cloudflare refuses in date and flags is said in the runtime's words",
        arguments: [
            (
                "2025-12-23", ["python_workers", "python_no_global_handlers", "disable_python_no_global_handlers"],
                [
                    "Compatibility flags are mutually contradictory: python_no_global_handlers vs disable_python_no_global_handlers"
                ]
            ),
            (
                "2025-12-23", ["python_workers", "nodejs_compat", "no_nodejs_compat"],
                ["Compatibility flags are mutually contradictory: nodejs_compat vs no_nodejs_compat"]
            ),
            ("2025-12-23", ["a", "python_workers", "a"], ["Compatibility flag specified multiple times: a"]),
            ("2025-12-23", ["python_workers"], []), ("2026-11-29", ["python_workers"], []),
            ("2026-11-30", ["python_workers"], ["Can't set compatibility date in the future: 2026-11-30"]),
            ("2025-02-31", ["python_workers"], []),
            ("2025-02-32", ["python_workers"], ["Invalid compatibility date: 2025-02-32"]),
            ("２０２５-12-23", ["python_workers"], ["Invalid compatibility date: ２０２５-12-23"]),
        ])
    func refusals(date: String, flags: [String], expected: [String]) {
        #expect(EffectiveFlags(date: date, flags: flags, today: "2026-11-29").refusals == expected)
    }

    @Test(
        "flags that the table does not know, and experimental ones, are warned of",
        arguments: [
            ("python_worker", "python_worker was not a compatibility flag on 2026-08-22; did you mean python_workers?"),
            (
                "python_no_global_handler",
                "python_no_global_handler was not a compatibility flag on 2026-08-22; did you mean python_no_global_handlers?"
            ),
            ("zzz_what_is_this", "zzz_what_is_this was not a compatibility flag on 2026-08-22"),
            (
                "python_workers_development",
                "python_workers_development was experimental on 2026-08-22; Cloudflare rejects experimental flags"
            ),
        ])
    func warnings(flag: String, words: String) {
        let flags = EffectiveFlags(date: "2025-12-23", flags: ["python_workers", flag])
        #expect(flags.warnings == [words] && flags.refusals.isEmpty)
    }

    @Test(
        "flags bring others along from their dates on",
        arguments: [
            ("2025-09-19", ["python_workers"], []), ("2025-09-20", ["python_workers"], ["python_workflows"]),
            ("2025-09-29", ["python_workers"], ["python_workflows", "python_workers_20250116"]),
            (
                "2025-12-23", ["python_workers"],
                ["python_workflows", "python_workers_20250116", "python_dedicated_snapshot", "python_check_rng_state"]
            ),
            (
                "2026-09-08", ["python_workers", "disable_python_workflows", "no_python_workers_20250116"],
                ["python_check_rng_state", "python_workers_314"]
            ),
            ("2025-10-16", ["python_workers_20250116"], ["python_dedicated_snapshot"]),
        ])
    func implied(date: String, flags: [String], expected: [String]) {
        #expect(EffectiveFlags(date: date, flags: flags).implied == expected)
    }

    @Test("the table has every flag once, and each opposite")
    func table() {
        let flags = CompatibilityFlags.all
        #expect(flags.count > 180)
        let names = flags.flatMap { [$0.name, $0.opposite].compactMap { $0 } }
        #expect(Set(names).count == names.count)
        #expect(CompatibilityFlags.byName["disable_python_external_sdk"]?.since == "2026-04-21")
        let unknown = CompatibilityFlags.implications.map(\.implied).filter {
            CompatibilityFlags.byName[$0]?.opposite == nil
        }
        #expect(unknown.isEmpty)
    }

    @Test("ten thousand flags are read in a moment")
    func many() {
        let flags = (0..<10_000).map { "python_workers_\($0)" }
        let start = ContinuousClock.now
        #expect(EffectiveFlags(date: "2025-12-23", flags: flags + flags).warnings.count == 8)
        #expect(ContinuousClock.now - start < .seconds(2))
    }
}
