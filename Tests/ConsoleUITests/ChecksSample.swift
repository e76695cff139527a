import WorkerDomain

/// A report as the guide's own code gets it: the handler is not registered.
enum ChecksSample {
    static let report = CheckReport(
        results: [
            CheckResult(
                id: "config.parse", title: "Configuration", outcome: .pass, summary: "wrangler.toml parses",
                duration: .milliseconds(2),
                chinese: CheckResult.Chinese(title: "配置文件", summary: "wrangler.toml 可以解析")),
            CheckResult(
                id: "config.compatibility_date", title: "Compatibility date", outcome: .pass, summary: "2025-12-23",
                chinese: CheckResult.Chinese(title: "兼容日期")),
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
                    """,
                chinese: CheckResult.Chinese(
                    title: "入口注册", summary: "部署会得到错误 10068：没有注册任何事件处理函数",
                    rule: "在这个兼容日期，只有继承 WorkerEntrypoint 的类会注册（developers.cloudflare.com，Python Workers）",
                    fix: "把处理函数放进 class Default(WorkerEntrypoint)")),
            CheckResult(
                id: "bindings.complete", title: "Bindings", outcome: .warn,
                summary: "UPLOADS_BUCKET has no bucket_name",
                fix: "add bucket_name", chinese: CheckResult.Chinese(title: "绑定", fix: "添加 bucket_name")),
            CheckResult(
                id: "main.compiles", title: "Compiles", outcome: .skip, summary: "python3 was not found",
                chinese: CheckResult.Chinese(title: "语法编译")),
            CheckResult(
                id: "backends.reachable", title: "Backends", outcome: .undecided, summary: "green answers now and then",
                chinese: CheckResult.Chinese(title: "后端")),
        ], startedAt: BackendsSample.time(120), duration: .milliseconds(2_400))
}
