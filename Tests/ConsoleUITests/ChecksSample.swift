import WorkerDomain

/// A report as the guide's own code gets it: the handler is not registered.
enum ChecksSample {
    static let report = CheckReport(
        results: [
            CheckResult(
                id: "config.parse", title: "Configuration", outcome: .pass, summary: "wrangler.toml parses",
                duration: .milliseconds(2)),
            CheckResult(
                id: "config.compatibility_date", title: "Compatibility date", outcome: .pass, summary: "2025-12-23"),
            CheckResult(
                id: "entrypoint", title: "Entrypoint", outcome: .fail,
                summary: "deploying fails with error 10068: no registered event handlers",
                evidence: [
                    "worker.py defines a global async def fetch(request, env) and no class Default(WorkerEntrypoint)",
                    "at this compatibility date a global fetch is not registered",
                ],
                rule:
                    "at this compatibility date only a class that extends WorkerEntrypoint registers "
                    + "(developers.cloudflare.com, Python Workers)",
                place: "worker.py:12:1", fix: "put the handler into class Default(WorkerEntrypoint)",
                example: """
                    from workers import WorkerEntrypoint, Response

                    class Default(WorkerEntrypoint):
                        async def fetch(self, request):
                            return Response("ok")
                    """),
            CheckResult(
                id: "bindings.complete", title: "Bindings", outcome: .warn,
                summary: "UPLOADS_BUCKET has no bucket_name",
                fix: "add bucket_name"),
            CheckResult(id: "main.compiles", title: "Compiles", outcome: .skip, summary: "python3 was not found"),
            CheckResult(
                id: "backends.reachable", title: "Backends", outcome: .undecided, summary: "green answers now and then"),
        ], startedAt: BackendsSample.time(120), duration: .milliseconds(2_400))
}
