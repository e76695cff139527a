extension Sentences {
    /// Checks of the files in use, of names, secrets and the tools that deploy.
    static let projectChecks: [Phrase] = [
        Phrase("%1 is read from env and not declared", "从 env 读取了 %1，但没有声明它"),
        Phrase("%1 is not declared", "没有声明 %1"),
        Phrase("%1 is not declared; did you mean %2?", "没有声明 %1；是否想用 %2？"),
        Phrase("%1 is declared and not read", "声明了 %1，但没有读取"),
        Phrase("the source reads no name from env", "源代码没有从 env 读取任何名称"),
        Phrase("declared: %1", "已声明：%1"),
        Phrase(
            "reading a name that env does not have raises AttributeError, so such a request gets 500 (seen by running it in workerd); secrets that were set with `wrangler secret put` are not seen here",
            "读取 env 中没有的名称会引发 AttributeError，这样的请求会得到 500（在 workerd 中运行得知）；用 `wrangler secret put` 设置的密钥在此处看不到"),
        Phrase(
            "declare %1 in %2, or set it with `wrangler secret put %3`", "在 %2 中声明 %1，或用 `wrangler secret put %3` 设置"),
        Phrase("declare %1 as a binding in %2", "在 %2 中把 %1 声明为绑定"),
        Phrase("no traffic is recorded here", "此处不记录流量"),
        Phrase("no request with an Origin was recorded", "没有记录到带 Origin 的请求"),
        Phrase("%1 response allows its origin", "%1 个响应允许其来源"),
        Phrase("%1 responses allow their origins", "%1 个响应允许各自的来源"),
        Phrase("a browser refuses a response: %1", "浏览器会拒绝某个响应：%1"),
        Phrase("the response has no Access-Control-Allow-Origin", "响应没有 Access-Control-Allow-Origin"),
        Phrase(
            "the response has several values of Access-Control-Allow-Origin", "响应有多个 Access-Control-Allow-Origin 值"),
        Phrase(
            "Access-Control-Allow-Credentials is not valid together with the origin *",
            "来源为 * 时不能使用 Access-Control-Allow-Credentials"),
        Phrase(
            "Access-Control-Allow-Origin is another origin than the page's", "Access-Control-Allow-Origin 与页面的来源不同"),
        Phrase(
            "the origin is repeated without Vary: Origin, so a cache may give it to another page",
            "重复了来源却没有 Vary: Origin，缓存可能把它给另一个页面"),
        Phrase("a preflight needs a status from 200 to 299", "预检的状态码必须在 200 到 299 之间"),
        Phrase("the method %1 was asked for and is not allowed", "请求了方法 %1，但没有允许"),
        Phrase("the header %1 was asked for and is not allowed", "请求了标头 %1，但没有允许"),
        Phrase(
            "without Access-Control-Max-Age a preflight is kept for 5 seconds", "没有 Access-Control-Max-Age 时，预检只保留 5 秒"),
        Phrase("Access-Control-Max-Age is not a number of seconds", "Access-Control-Max-Age 不是秒数"),
        Phrase("every request is preflighted: Access-Control-Max-Age is %1", "每个请求都会预检：Access-Control-Max-Age 为 %1"),
        Phrase(
            "a page reads a response of another origin only with Access-Control-Allow-Origin, on every status; with credentials, * stands for nothing else than itself (Fetch standard, CORS protocol)",
            "页面只能读取带有 Access-Control-Allow-Origin 的跨源响应，任何状态码都一样；带凭据时 * 只代表它本身（Fetch 标准，CORS 协议）"),
        Phrase(
            "set one Access-Control-Allow-Origin on every response, errors included",
            "在每个响应（包括错误响应）上设置一个 Access-Control-Allow-Origin"),
        Phrase("repeat the page's origin instead of *, and add Vary: Origin", "用页面的来源代替 *，并添加 Vary: Origin"),
        Phrase("add the method to Access-Control-Allow-Methods", "把该方法加入 Access-Control-Allow-Methods"),
        Phrase("add the header to Access-Control-Allow-Headers", "把该标头加入 Access-Control-Allow-Headers"),
        Phrase("respond to preflights with 204", "以 204 响应预检"),
        Phrase("allow the page's origin, and add Vary: Origin", "允许页面的来源，并添加 Vary: Origin"),
        Phrase("no secret in plain text", "没有明文密钥"),
        Phrase("a secret is written in plain text: %1", "密钥以明文写出：%1"),
        Phrase("a value that gives access", "可用于访问的值"),
        Phrase(
            "vars and the source are deployed as they are, and everybody who may read the project can read them (%1)",
            "vars 和源代码会原样部署，能读取项目的人都能读到它们（%1）"),
        Phrase(
            "remove it from vars, set it with `wrangler secret put`, and keep the local value in .dev.vars",
            "从 vars 中删除它，用 `wrangler secret put` 设置，并把本地值放在 .dev.vars 中"),
        Phrase(
            "read it from env, set it with `wrangler secret put`, and keep the local value in .dev.vars",
            "从 env 读取它，用 `wrangler secret put` 设置，并把本地值放在 .dev.vars 中"),
        Phrase("no configuration file", "没有配置文件"),
        Phrase("wrangler reads %1 and not %2", "wrangler 读取的是 %1，而不是 %2"),
        Phrase("not read: %1", "不会读取：%1"),
        Phrase(
            "wrangler.json is looked for in every folder up to the top, then wrangler.jsonc, then wrangler.toml (workers-sdk findWranglerConfig)",
            "wrangler 先逐级向上查找 wrangler.json，再查找 wrangler.jsonc，最后查找 wrangler.toml（workers-sdk findWranglerConfig）"),
        Phrase(
            "keep one of the files, or name the one that is meant with `wrangler --config`",
            "只保留其中一个文件，或用 `wrangler --config` 指定"),
        Phrase("%1 exists on this machine only; did you mean %2?", "%1 只存在于本机；是否想用 %2？"),
        Phrase(
            "%1 exists on this machine only: set it with `wrangler secret put %2`",
            "%1 只存在于本机：用 `wrangler secret put %2` 设置"),
        Phrase("%1 has another value on this machine than in vars", "%1 在本机的值与 vars 中不同"),
        Phrase("the required secret %1 has no value on this machine", "所需的密钥 %1 在本机没有值"),
        Phrase("%1 is a binding, so the variable of that name is not used", "%1 是绑定，因此同名变量不会被使用"),
        Phrase("no variable is set for this machine alone", "没有只在本机设置的变量"),
        Phrase("as in the configuration", "与配置一致"),
        Phrase(
            ".dev.vars and .env are read by wrangler dev alone; a deployed Worker has vars and secrets",
            "只有 wrangler dev 会读取 .dev.vars 和 .env；部署后的 Worker 使用 vars 和密钥"),
        Phrase("correct the name in .dev.vars, or add it there", "在 .dev.vars 中更正该名称，或添加它"),
        Phrase("wrangler is not installed in node_modules", "node_modules 中没有安装 wrangler"),
        Phrase("the version of wrangler cannot be read from node_modules", "无法从 node_modules 读取 wrangler 的版本"),
        Phrase("wrangler %1 is older than 4", "wrangler %1 早于 4"),
        Phrase("wrangler %1 is older than 4.109.0, which pywrangler needs", "wrangler %1 早于 pywrangler 所需的 4.109.0"),
        Phrase(
            "wrangler 4 is what these checks agree with; older ones read some keys differently",
            "这些检查与 wrangler 4 一致；更早的版本对部分键的读取方式不同"),
        Phrase(
            "a project with pyproject.toml is deployed with pywrangler, which refuses an older wrangler (workers-py)",
            "带有 pyproject.toml 的项目由 pywrangler 部署，它不接受更早的 wrangler（workers-py）"),
        Phrase("npm install --save-dev wrangler@4", "运行 npm install --save-dev wrangler@4"),
        Phrase("npm install --save-dev wrangler@latest", "运行 npm install --save-dev wrangler@latest"),
        Phrase(
            "%1 (%2): database_id is not an id of D1, which looks like %3",
            "%1（%2）：database_id 不是 D1 的 id，正确的 id 形如 %3"),
        Phrase("database_id is not an id of D1, which looks like %1", "database_id 不是 D1 的 id，正确的 id 形如 %1"),
        Phrase(
            "%1 (%2): id is not an id of a KV namespace, which is 32 hexadecimal digits",
            "%1（%2）：id 不是 KV 命名空间的 id，它应为 32 个十六进制数字"),
    ]
}
