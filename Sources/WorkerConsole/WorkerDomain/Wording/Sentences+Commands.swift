extension Sentences {
    /// Help of the commands.
    static let commands: [Phrase] = [
        Phrase("choose one of --json, --sarif and --junit", "--json、--sarif 和 --junit 只能选一个"),
        Phrase("--yes needs --fix", "--yes 需要与 --fix 一起使用"),
        Phrase("nothing is known that fixes this project's checks", "没有已知的方法能修复此项目的检查"),
        Phrase("nothing was changed; --yes applies the fix without asking", "没有更改任何内容；--yes 会直接应用修复"),
        Phrase("%1 was changed; %2 is the file as it was", "%1 已更改；%2 是原来的文件"),
        Phrase("nothing was changed: %1", "没有更改任何内容：%1"),
        Phrase("repairs are not applied here", "此处不应用修复"),
        Phrase("the project cannot be read", "无法读取项目"),
        Phrase("cannot make the folder %1: %2", "无法创建目录 %1：%2"),
        Phrase("cannot read the folder %1: %2", "无法读取目录 %1：%2"),
        Phrase("%1 exists already; nothing was written", "%1 已存在；没有写入任何内容"),
        Phrase("cannot write %1: %2; nothing was written", "无法写入 %1：%2；没有写入任何内容"),
        Phrase("run worker-console check before you deploy", "部署之前请运行 worker-console check"),
        Phrase(
            "--compatibility-date %1 is in the future: today is %2 in UTC", "--compatibility-date %1 晚于今天（UTC %2）"),
        Phrase("must be the id of a check, or the part before its dot", "必须是检查的 id，或 id 中点号之前的部分"),
        Phrase("must be a date like 2025-12-23, from 2024-03-01 on", "必须是 2024-03-01 及以后的日期，例如 2025-12-23"),
        Phrase("must be an http or https URL", "必须是 http 或 https 的 URL"),
        Phrase("must consist of lowercase letters, digits, - and _", "只能由小写字母、数字、- 和 _ 组成"),
        Phrase("Print SARIF 2.1.0, for code review tools.", "输出 SARIF 2.1.0，供代码审查工具使用。"),
        Phrase("Print JUnit XML, for build servers.", "输出 JUnit XML，供构建服务器使用。"),
        Phrase(
            "The mildest outcome that gives exit code 1: fail, warn or undecided (default: fail).",
            "使退出码为 1 的最轻结果：fail、warn 或 undecided（默认 fail）。"),
        Phrase(
            "Run only this check, or those whose ids begin with it, like config.", "只运行此检查，或 id 以它开头的检查，例如 config。"),
        Phrase(
            "Show what would fix it as a diff, and change the files after a confirmation.", "以差异形式显示修复，并在确认后更改文件。"),
        Phrase("With --fix, change the files without asking.", "与 --fix 一起使用：直接更改文件，不再询问。"),
        Phrase(
            "Exit codes: 0 no check fails, 1 a check fails (see --fail-on), 2 the checks could not run. A file that --fix changes keeps a copy beside it: worker.py.bak.",
            "退出码：0 没有检查失败，1 有检查失败（见 --fail-on），2 检查无法运行。--fix 更改的文件旁边会留下一份副本：worker.py.bak。"),
        Phrase(
            "Write wrangler.toml, worker.py and worker-console.toml for a Worker that registers and forwards.",
            "为能注册并转发请求的 Worker 写入 wrangler.toml、worker.py 和 worker-console.toml。"),
        Phrase(
            "Nothing that exists is overwritten. Exit codes: 0 done, 2 a file exists or cannot be written.",
            "不会覆盖已有的文件。退出码：0 完成，2 文件已存在或无法写入。"),
        Phrase(
            "The project's folder (default: this one), made if it does not exist.", "项目目录（默认当前目录），不存在时会创建。"),
        Phrase("The Worker's name (default: made of the folder's).", "Worker 的名称（默认取自目录名）。"),
        Phrase("The compatibility date (default: today in UTC).", "兼容日期（默认是 UTC 的今天）。"),
        Phrase("Where requests go (default: https://example.com).", "请求转发到哪里（默认 https://example.com）。"),
        // What the commands do.
        Phrase(
            "A terminal console for one Cloudflare Python Worker in front of a backend.",
            "面向单个 Cloudflare Python Worker 及其后端的终端控制台。"),
        Phrase("Open the console on a project.", "打开项目的控制台。"),
        Phrase(
            "Serve without a screen; print one JSON line per exchange on standard output.",
            "不打开界面而提供服务；每个请求在标准输出打印一行 JSON。"),
        Phrase("Open the console on an embedded sample.", "用内置示例打开控制台。"),
        Phrase("Check whether a deploy will work, and if not, why and how to fix it.", "检查部署能否成功；不能时说明原因和修复办法。"),
        Phrase(
            "Print what was read: file, environment, values under wrangler's own names, settings, and problems with their locations.",
            "打印读取到的内容：文件、环境、以 wrangler 自己的名称列出的值、设置，以及问题及其位置。"),
        Phrase("Print the files read and written for a project.", "打印为项目读取和写入的文件。"),
        // What is more to say.
        Phrase(
            "Data goes to standard output, messages to standard error. Exit codes: 0 done, 1 something was found (a failing check, a configuration that wrangler would reject), 2 the command could not run, 64 invalid command line.",
            "数据写入标准输出，消息写入标准错误。退出码：0 完成，1 发现问题（检查失败，或 wrangler 会拒绝的配置），2 命令无法运行，64 命令行无效。"),
        Phrase(
            "Exit codes: 0 no check fails, 1 a check fails, 2 the checks could not run.",
            "退出码：0 没有检查失败，1 有检查失败，2 检查无法运行。"),
        Phrase(
            "Exit code 1 if wrangler would reject the configuration. Findings go to standard error.",
            "wrangler 会拒绝此配置时退出码为 1。发现的问题写入标准错误。"),
        Phrase(
            "A project like your own in a temporary folder, with local state as wrangler dev stores it, two sample backends in this process, and light traffic through the proxy. The folder is removed on exit.",
            "在临时目录中建立一个与实际项目相同的示例，含有 wrangler dev 那样的本地状态、本进程内的两个示例后端，以及经过代理的少量流量。退出时删除该目录。"),
        Phrase(
            "SIGTERM, SIGINT and SIGHUP let running exchanges finish, for at most proxy.drain_timeout_ms (10 seconds). A second one ends them at once. Under nohup SIGHUP stays ignored.",
            "收到 SIGTERM、SIGINT 和 SIGHUP 后，进行中的请求会继续完成，最多等待 proxy.drain_timeout_ms（10 秒）。再次收到信号则立即结束。在 nohup 下忽略 SIGHUP。"
        ),
        // Arguments and options.
        Phrase("The project's folder (default: this one).", "项目目录（默认：当前目录）。"),
        Phrase("The wrangler environment to read.", "要读取的 wrangler 环境。"),
        Phrase("Where to listen (default 127.0.0.1:8787).", "监听地址（默认 127.0.0.1:8787）。"),
        Phrase(
            "A backend to forward to; repeatable. The first is active, and the project's own are ignored.",
            "转发到的后端，可重复。第一个为当前后端，并忽略项目自己的后端。"),
        Phrase("A backend to probe instead of the project's own.", "要探测的后端，代替项目自己的后端。"),
        Phrase("Let the console change nothing that is stored.", "不允许控制台更改任何已存储的内容。"),
        Phrase("Event loops that serve traffic (default: one per core).", "处理流量的事件循环数（默认：每个核心一个）。"),
        Phrase("Print JSON.", "输出 JSON。"),
        Phrase("Show hidden values: .dev.vars, .env and secrets.", "显示隐藏的值：.dev.vars、.env 和机密。"),
        Phrase("Do not print exchanges.", "不打印请求。"),
        Phrase(
            "Language of texts: en or zh-CN (default: by LC_ALL, LC_MESSAGES, LANG).",
            "文字的语言：en 或 zh-CN（默认由 LC_ALL、LC_MESSAGES、LANG 决定）。"),
        Phrase("unicode, neutral, console or ascii (default: automatic).", "unicode、neutral、console 或 ascii（默认：自动）。"),
        Phrase("dark, light or mono (default: by the terminal).", "dark、light 或 mono（默认由终端决定）。"),
        Phrase("The screen to start on: 1 to %1, or its name.", "启动时显示的页面：1 到 %1，或其名称。"),
        // Headings.
        Phrase("Usage: %1", "用法：%1"),
        Phrase("Commands", "命令"),
        Phrase("Options", "选项"),
        Phrase("Arguments", "参数"),
        Phrase(" (default)", "（默认）"),
    ]
}
