/// What the checks say in Chinese, by the English sentence; `%1`, `%2` and so on stand for what varies.
///
/// What is not listed stays English: messages of wrangler, of the runtime, and values.
enum CheckSentences {
    static let table: [(english: String, chinese: String)] = [
        // Summaries.
        ("%1 parses", "%1 可以解析"),
        (
            "there is no wrangler.json, wrangler.jsonc or wrangler.toml",
            "没有 wrangler.json、wrangler.jsonc 或 wrangler.toml"
        ),
        ("%1: see the configuration check", "%1：见“配置文件”检查"),
        ("name is not set", "没有设置 name"),
        (
            "%1 is not set: it stands below [vars], so it is a variable of the Worker",
            "没有设置 %1：它写在 [vars] 之后，因此成了 Worker 的变量"
        ),
        ("%1 is not set: it stands below [%2], so it belongs to that table", "没有设置 %1：它写在 [%2] 之后，因此属于那个表"),
        (
            "%1 is not set: it stands in \"vars\", so it is a variable of the Worker",
            "没有设置 %1：它写在“vars”中，因此成了 Worker 的变量"
        ),
        ("%1 is not set: it stands in \"%2\", so it belongs to that object", "没有设置 %1：它写在“%2”中，因此属于那个对象"),
        ("\"%1\" is no name for a Worker", "“%1”不能作为 Worker 的名称"),
        ("main is not set", "没有设置 main"),
        ("%1 is no Python file: the source checks are left out", "%1 不是 Python 文件：跳过源代码检查"),
        ("compatibility_date is not set", "没有设置 compatibility_date"),
        ("\"%1\" is no date", "“%1”不是日期"),
        (
            "the `python_workers` compatibility flag is required to use Python",
            "使用 Python 需要兼容性标志 `python_workers`"
        ),
        ("%1 and disable_%2 contradict each other", "%1 与 disable_%2 互相矛盾"),
        ("%1, %2 bytes", "%1，%2 字节"),
        ("%1, %2 byte", "%1，%2 字节"),
        ("main is no Python file", "main 不是 Python 文件"),
        ("there is no source to compile", "没有可编译的源代码"),
        ("compatibility_date, which decides it, is not known", "不知道决定它的 compatibility_date"),
        ("there is no source to look at", "没有可查看的源代码"),
        ("%1 is Python 3.%2", "%1 是 Python 3.%2"),
        (
            "%1 is Python 3.%2 as it is read here, and python3 refuses it: %3",
            "本程序认为 %1 是 Python 3.%2，而 python3 拒绝它：%3"
        ),
        ("line %1 is no Python 3.%2: %3", "第 %1 行不是 Python 3.%2：%3"),
        ("line %1 is no Python of any version here: %2", "第 %1 行不符合任何一个可用的 Python 版本：%2"),
        (
            "line %1 is no Python 3.%2 as it is read here, and python3 takes it: %3",
            "本程序认为第 %1 行不是 Python 3.%2，而 python3 接受它：%3"
        ),
        ("whether Python 3.%1 takes %2 is not decided here: %3", "此处无法判断 Python 3.%1 是否接受 %2：%3"),
        (
            "compatibility_date decides whether %1 compiles: Python 3.%2 stops at %3",
            "%1 能否编译取决于 compatibility_date：Python 3.%2 停在 %3"
        ),
        ("no package is declared where nothing reads it", "没有写在无人读取之处的包"),
        ("%1 is not read", "%1 不会被读取"),
        ("%1 is not read, so its packages are not deployed", "%1 不会被读取，其中的包不会被部署"),
        ("a fetch handler registers", "fetch 处理函数已注册"),
        ("a handler registers, and requests to it fail: see the handler check", "处理函数已注册，但请求会失败：见“处理函数”检查"),
        (
            "deploying gives error 10068, \"the uploaded script has no registered event handlers\"",
            "部署会得到错误 10068：上传的脚本没有注册任何事件处理函数"
        ),
        ("deploying gives error 10021. %1", "部署会得到错误 10021。%1"),
        ("wrangler refuses: %1", "wrangler 会拒绝：%1"),
        ("no handler registers: see the entrypoint check", "没有处理函数注册：见“入口注册”检查"),
        ("the handler answers", "处理函数会给出响应"),
        ("It deploys, and requests fail: %1", "可以部署，但请求会失败：%1"),
        ("It cannot be decided from the source: %1", "无法从源代码判断：%1"),
        ("no D1, R2 or KV binding is configured", "没有配置 D1、R2 或 KV 绑定"),
        ("no binding is configured", "没有配置绑定"),
        ("local state is not read here", "此处不读取本地状态"),
        ("another program holds a database", "另一个程序占用了数据库"),
        ("no address that Cloudflare cannot reach", "没有 Cloudflare 访问不到的地址"),
        ("Cloudflare cannot reach %1: %2", "Cloudflare 访问不到 %1：%2"),
        ("the machine itself (loopback)", "本机（回环地址）"),
        ("no address of anybody (unspecified)", "未指定的地址"),
        ("a private network (RFC 1918)", "专用网络（RFC 1918）"),
        ("the local link", "本地链路"),
        ("the shared network behind a provider (100.64.0.0/10)", "运营商的共享网络（100.64.0.0/10）"),
        ("a private network (IPv6 unique local)", "专用网络（IPv6 唯一本地地址）"),
        ("a name of the local network alone", "只在本地网络有效的名称"),
        ("the host of a container, a name that Docker makes", "容器的宿主机，Docker 给出的名称"),
        ("no backend is configured", "没有配置后端"),
        ("backends are not asked here", "此处不探测后端"),
        ("%1 does not answer: %2", "%1 没有响应：%2"),
        // Rules.
        ("compatibility_date %1 selects Python 3.%2", "compatibility_date %1 选用 Python 3.%2"),
        ("the flag %1 selects Python 3.%2", "标志 %1 选用 Python 3.%2"),
        ("wrangler refuses this configuration", "wrangler 会拒绝这个配置"),
        ("wrangler asks for one when deploying", "wrangler 在部署时要求设置它"),
        ("main is relative to the configuration file", "main 相对于配置文件所在的目录"),
        ("name matches %1 (%2)", "name 须符合 %1（%2）"),
        ("wrangler refuses a main that ends in .py without it", "main 以 .py 结尾而没有它时，wrangler 会拒绝"),
        (
            "wrangler refuses a main that ends in .py without python_workers (%1)",
            "main 以 .py 结尾而没有 python_workers 时，wrangler 会拒绝（%1）"
        ),
        ("a source that does not compile is refused at validation (error 10021)", "无法编译的源代码会在验证时被拒绝（错误 10021）"),
        ("an upload whose script fails at start is refused at validation (error 10021)", "启动时失败的脚本会在验证时被拒绝（错误 10021）"),
        (
            "only a class named Default that inherits from WorkerEntrypoint registers, because %1",
            "只有继承 WorkerEntrypoint、名为 Default 的类会注册，依据：%1"
        ),
        (
            "the upload is accepted, because something registers; nothing says so until a request comes (%1)",
            "因为有处理函数注册，上传会被接受；请求到来之前不会有任何提示（%1）"
        ),
        ("the source is read, not run", "只读取源代码，不运行"),
        ("the analysis reads regular files inside the project", "只分析项目内的普通文件"),
        ("ids and bucket names may be left out since automatic provisioning", "有了自动创建资源之后，id 和桶名可以省略"),
        ("in TOML every line behind a [table] belongs to that table", "在 TOML 中，[表] 之后的每一行都属于那个表"),
        (
            "wrangler ignores it, and pywrangler stops at a requirements.txt (workers-py)",
            "wrangler 会忽略它，而 pywrangler 遇到 requirements.txt 会停止（workers-py）"
        ),
        (
            "a deployed Worker runs in Cloudflare's network, which reaches public addresses alone",
            "部署后的 Worker 运行在 Cloudflare 的网络中，那里只能访问公网地址"
        ),
        // Fixes.
        (
            "move its packages to dependencies in pyproject.toml, remove %1, and deploy with `uv run pywrangler deploy`",
            "把其中的包移到 pyproject.toml 的 dependencies，删除 %1，再用 `uv run pywrangler deploy` 部署"
        ),
        (
            "name its packages in a pyproject.toml, remove %1, and deploy with `uv run pywrangler deploy`",
            "在 pyproject.toml 中写出这些包，删除 %1，再用 `uv run pywrangler deploy` 部署"
        ),
        ("move it above the first line with a [table]", "把它移到第一个 [表] 之前"),
        ("move it to the top level of the file", "把它移到文件的最外层"),
        ("write a wrangler.toml", "写一个 wrangler.toml"),
        ("set name in %1", "在 %1 中设置 name"),
        ("set main in %1", "在 %1 中设置 main"),
        ("set it in %1", "在 %1 中设置"),
        ("add it in %1", "在 %1 中添加"),
        ("add the flag in %1", "在 %1 中添加这个标志"),
        ("change it in %1", "在 %1 中修改"),
        ("use small letters, digits, - and _ only", "只使用小写字母、数字、- 和 _"),
        ("write it as year-month-day, in quotes", "按“年-月-日”书写，并加引号"),
        ("keep one of them", "保留其中一个"),
        ("write the path of the Worker's source, relative to %1", "写出 Worker 源代码相对于 %1 的路径"),
        ("look at the line that python3 names", "查看 python3 指出的那一行"),
        ("correct the line", "改正这一行"),
        ("put the types in parentheses: except (A, B):", "给类型加上括号：except (A, B):"),
        ("indent the lines that belong to it, or write `pass`", "缩进属于它的行，或写 `pass`"),
        ("indent the line as the one above it", "与上一行使用相同的缩进"),
        (
            "indent the line as much as one of the lines above that it belongs to",
            "与它所属的上方某一行使用相同的缩进"
        ),
        ("indent with spaces alone, or with tabs alone", "只用空格或只用制表符缩进"),
        ("close it with '%1'", "用“%1”关闭"),
        ("close it with %1 on the same line", "在同一行用 %1 关闭"),
        ("close it with three quotes", "用三个引号关闭"),
        ("close it on the same line", "在同一行关闭"),
        ("write %1(…)", "写成 %1(…)"),
        ("write == to compare", "比较请写 =="),
        ("make the function around it `async def`", "把外层函数写成 `async def`"),
        ("write `async def` for the function", "把函数写成 `async def`"),
        ("move it into an `async def`", "移到 `async def` 里面"),
        ("move it into a function, or indent it", "移到函数里面，或缩进它"),
        ("put the declaration at the top of the function", "把声明放在函数开头"),
        ("move it above everything else", "移到文件最前面"),
        ("remove the default", "去掉默认值"),
        ("change the line that fails", "修改出错的那一行"),
        (
            "deploy with `uv run pywrangler deploy`, which puts the SDK into python_modules/, or keep the runtime's own with the flag disable_python_external_sdk",
            "用 `uv run pywrangler deploy` 部署，它会把 SDK 放进 python_modules/；或用标志 disable_python_external_sdk 保留运行时自带的 SDK"
        ),
        ("let the class Default inherit from WorkerEntrypoint", "让 Default 类继承 WorkerEntrypoint"),
        ("keep %1 as it is and add a class Default that calls it to %2", "保留 %1 不变，并在 %2 中添加调用它的 Default 类"),
        (
            "add a class named Default that inherits from %1, or give %2 that name",
            "添加继承 %1、名为 Default 的类，或把 %2 改成这个名称"
        ),
        ("add a class Default to %1", "在 %1 中添加 Default 类"),
        (
            "name the handler on_fetch in %1, or move to compatibility date 2025-08-14 or later and a class Default",
            "在 %1 中把处理函数命名为 on_fetch，或改用 2025-08-14 及以后的兼容日期和 Default 类"
        ),
        (
            "give the class Default a method `async def fetch(self, request)`",
            "为 Default 类添加方法 `async def fetch(self, request)`"
        ),
        (
            "write Response.new(…) with the Response of js, or import Response from workers",
            "使用 js 的 Response 时写 Response.new(…)，或从 workers 导入 Response"
        ),
        (
            "copy the answer first: answer = Response.new(answer.body, answer)",
            "先复制响应：answer = Response.new(answer.body, answer)"
        ),
        ("return a Response on every path: return Response(text)", "在每条路径上都返回 Response：return Response(text)"),
        (
            "write __init__(self, ctx, env) and call super().__init__(ctx, env)",
            "写成 __init__(self, ctx, env)，并调用 super().__init__(ctx, env)"
        ),
        (
            "use Response.json(value) for a dict or list, str(value) for the rest",
            "字典或列表用 Response.json(value)，其他用 str(value)"
        ),
        ("define or import that name", "定义或导入这个名称"),
        (
            "name the resource if it exists already, or the Worker gets a new, empty one",
            "资源已存在时请写出它的名称，否则 Worker 会得到一个新的空资源"
        ),
        ("try again in a moment", "稍后再试"),
        (
            "write the public address there, or read it from a variable: self.env.BACKEND_URL",
            "在那里写公网地址，或从变量读取：self.env.BACKEND_URL"
        ),
        (
            "write the public address in vars, and the local one in .dev.vars",
            "在 vars 中写公网地址，把本地地址写到 .dev.vars"
        ),
        ("start the backend, or change its address", "启动后端，或修改它的地址"),
    ]

    /// The Chinese of a sentence; `nil` when it is not fixed beforehand.
    static func chinese(_ english: String) -> String? {
        if let text = self.whole(english) { return text }
        // Rules are joined with their sources, cures with what comes after them.
        for (joint, other) in [("; ", "；"), (". Then look at this too: ", "。然后再看：")] {
            guard let place = english.firstRange(of: joint),
                let first = self.whole(String(english[..<place.lowerBound]))
            else { continue }
            let rest = String(english[place.upperBound...])
            return first + other + (self.whole(rest) ?? rest)
        }
        return nil
    }

    private static func whole(_ english: String) -> String? {
        for entry in self.table {
            guard let values = self.values(of: english[...], in: self.pieces(of: entry.english)[...]) else { continue }
            var text = entry.chinese
            for (index, value) in values.enumerated() {
                // What stands for a placeholder may be words of the table too.
                let shown = value.count < english.count ? self.whole(value) ?? value : value
                text = text.replacing("%\(index + 1)", with: shown)
            }
            return text
        }
        return nil
    }

    /// What stands between the placeholders.
    static func pieces(of pattern: String) -> [String] {
        pattern.replacing(/%[1-9]/, with: "\u{0}").split(separator: "\u{0}", omittingEmptySubsequences: false)
            .map(String.init)
    }

    /// What the placeholders between `pieces` stand for in `text`; `nil` when it is another sentence.
    private static func values(of text: Substring, in pieces: ArraySlice<String>) -> [String]? {
        guard let first = pieces.first, text.hasPrefix(first) else { return nil }
        let rest = text.dropFirst(first.count)
        guard let next = pieces.dropFirst().first else { return rest.isEmpty ? [] : nil }
        if pieces.count == 2 {
            guard rest.hasSuffix(next), rest.count > next.count else { return nil }
            return [String(rest.dropLast(next.count))]
        }
        guard !next.isEmpty, let place = rest.firstRange(of: next), place.lowerBound > rest.startIndex,
            let others = self.values(of: rest[place.lowerBound...], in: pieces.dropFirst())
        else { return nil }
        return [String(rest[..<place.lowerBound])] + others
    }
}
