import WorkerDomain

/// A report as the guide's own code gets it: the handler is not registered.
enum ChecksSample {
    static let report = CheckReport(
        results: [
            CheckResult(
                id: "config.parse", title: "config", outcome: .pass, summary: "wrangler.toml parses",
                duration: .milliseconds(2)),
            CheckResult(
                id: "compatibility_date", title: "compatibility date", outcome: .pass, summary: "2025-12-23"),
            CheckResult(
                id: "entrypoint", title: "entrypoint", outcome: .fail,
                summary: "deploying fails with error 10068: no registered event handlers",
                evidence: [
                    "worker.py defines a global async def fetch(request, env) and no class Default(WorkerEntrypoint)",
                    "at this compatibility date a global fetch is not registered",
                ],
                rule:
                    "from 2025-08-14 on, or with python_workers and no disable_python_no_global_handlers, only a class "
                    + "that extends WorkerEntrypoint registers (developers.cloudflare.com, Python Workers)",
                place: "worker.py:12:1", fix: "put the handler into class Default(WorkerEntrypoint)",
                example: """
                    from workers import WorkerEntrypoint, Response

                    class Default(WorkerEntrypoint):
                        async def fetch(self, request):
                            return Response("ok")
                    """),
            CheckResult(
                id: "bindings", title: "bindings", outcome: .warn, summary: "UPLOADS_BUCKET has no bucket_name",
                fix: "add bucket_name"),
            CheckResult(id: "compile", title: "compile", outcome: .skip, summary: "python3 was not found"),
            CheckResult(
                id: "backends", title: "backends", outcome: .undecided, summary: "green answers now and then"),
        ], startedAt: BackendsSample.time(120), duration: .milliseconds(2_400))
}
