package import WorkerDomain

/// Texts of the traffic screen.
package enum TrafficPhrases {
    static let filterLabel = Phrase("filter", "过滤")
    static let shownOf = Phrase("%1 of %2", "%1 / %2")
    static let all = Phrase("%1 {1:exchange|exchanges}", "%1 个请求")
    static let brokenAt = Phrase("at %1: %2", "第 %1 个字符：%2")
    static let requests = Phrase("Requests", "请求列表")
    static let time = Phrase("TIME", "时间")
    static let method = Phrase("METHOD", "方法")
    static let path = Phrase("PATH", "路径")
    static let status = Phrase("ST", "状态")
    static let size = Phrase("SIZE", "大小")
    static let duration = Phrase("DUR", "耗时")
    static let target = Phrase("BKND", "后端")
    static let flags = Phrase("FLG", "标记")
    static let empty = Phrase("no request yet: send one to http://%1", "还没有请求：请访问 http://%1")
    static let noneMatch = Phrase("no exchange matches the filter · %1 clears it", "没有符合过滤条件的请求 · 按 %1 清除")
    static let paused = Phrase("PAUSED", "已暂停")
    static let newBelow = Phrase("+%1 new below · %2 to follow", "下方新增 %1 条 · 按 %2 跟随")
    static let follow = Phrase("follow", "跟随")
    static let live = Phrase("live", "实时")
    static let row = Phrase("row %1/%2", "第 %1/%2 行")
    static let marked = Phrase("mark ◆%1", "标记 ◆%1")
    static let ring = Phrase("ring %1", "缓存 %1")
    static let dropped = Phrase("%1 dropped", "丢弃 %1")
    static let redacted = Phrase("redaction on", "脱敏：开")
    package static let revealed = Phrase("REVEALED", "已显示敏感值")
    package static let hidden = Phrase("redacted: %1", "已脱敏：%1")
    static let gone = Phrase("this exchange is no longer kept", "该请求已不在缓存中")

    static let keyPause = Phrase("pause", "暂停")
    static let keyFollow = Phrase("follow", "跟随")
    static let nothingSelected = Phrase("no request is selected", "没有选中的请求")
    static let noNext = Phrase("no request after this one", "之后没有请求")
    static let noPrevious = Phrase("no request before this one", "之前没有请求")
    static let noNextError = Phrase("no error after this one", "之后没有错误")
    static let noPreviousError = Phrase("no error before this one", "之前没有错误")
    static let keyError = Phrase("next/previous error", "下一个/上一个错误")
    static let keyNext = Phrase("next/previous", "下一条/上一条")
    static let keyMark = Phrase("mark", "标记")
    static let keyClear = Phrase("clear filter", "清除过滤")
    static let keyUnmark = Phrase("clear marks", "清除标记")
    static let keyCurl = Phrase("copy as curl", "复制为 curl")
    package static let keyReveal = Phrase("reveal", "显示敏感值")
    static let keyExchange = Phrase("exchange", "上/下一个请求")
    static let keyScroll = Phrase("scroll", "滚动")

    static let fieldRefused = Phrase("asked for %1, allowed: %2", "请求了 %1，允许：%2")
    static let noField = Phrase("none", "无")
    static let pastProxy = Phrase(
        "bypasses the proxy and points at the backend itself: %1 · proxy.location = \"rewrite\" keeps it here",
        "绕过代理，直接指向后端：%1 · 设置 proxy.location = \"rewrite\" 可改写")
    static let note = Phrase("note", "注意")

    static let request = Phrase("Request", "请求")
    static let response = Phrase("Response", "响应")
    static let timing = Phrase("Timing", "耗时")
    static let body = Phrase("Body", "正文")
    static let noBody = Phrase("no body", "没有正文")
    static let noBodyYet = Phrase("no body received yet", "正文尚未到达")
    static let notYet = Phrase("no response yet", "尚未响应")
    static let noAnswer = Phrase("no response was sent", "未发送响应")
    static let keptPart = Phrase("first %1 of %2 kept", "仅保留 %2 中的前 %1")
    static let notKept = Phrase("%1 transferred, none of it kept", "传输了 %1，未保留内容")

    static let requestHead = Phrase("request head", "请求头")
    static let queue = Phrase("queue", "排队")
    static let connect = Phrase("connect", "连接")
    static let wait = Phrase("response", "等待响应")
    static let data = Phrase("data", "传输")
    static let total = Phrase("total", "总计")
    static let from = Phrase("from", "来源")
    static let started = Phrase("started", "开始")
    static let to = Phrase("to", "去向")
    static let end = Phrase("end", "结束")
    static let retries = Phrase("retries", "重试")
    static let connection = Phrase("connection", "连接")
    static let reused = Phrase("reused", "复用")
    static let fresh = Phrase("new", "新建")
    static let local = Phrase("local response", "本地响应")
    static let preflight = Phrase("preflight, local response", "预检请求，本地响应")
    static let undecided = Phrase("not routed yet", "尚未路由")
    static let inFlight = Phrase("in flight", "进行中")
    static let during = Phrase("while %1", "阶段：%1")

    static func cause(_ cause: ExchangeEnding.Cause) -> Phrase {
        switch cause {
        case .completed: Phrase("completed", "已完成")
        case .clientAborted: Phrase("the client gave up", "客户端断开了连接")
        case .clientTimeout: Phrase("the client timed out", "客户端超时")
        case .requestRefused: Phrase("the request was rejected", "请求被拒绝")
        case .backendUnreachable: Phrase("no connection to the backend", "无法连接后端")
        case .backendAborted: Phrase("the backend closed the connection", "后端断开了连接")
        case .backendTimeout: Phrase("the backend did not respond in time", "后端响应超时")
        case .backendMalformed: Phrase("the backend's response is not valid HTTP", "后端响应不是有效的 HTTP")
        case .noBackend: Phrase("no backend available: add or select one", "没有可用后端：请添加或选择")
        case .shutdown: Phrase("the console was shutting down", "控制台正在停止")
        case .internalError: Phrase("internal proxy error (a bug)", "代理内部错误（程序缺陷）")
        }
    }

    /// How an exchange ended while its response was waited for: the ends that are seen most often, in one sentence.
    static func ending(_ cause: ExchangeEnding.Cause, during phase: ExchangeEnding.Phase) -> Phrase? {
        guard phase == .responseHead else { return nil }
        return switch cause {
        case .clientAborted:
            Phrase("the client gave up while waiting for the response", "客户端在等待响应时断开了连接")
        case .backendAborted:
            Phrase("the backend closed the connection before responding", "后端在响应之前断开了连接")
        case .backendTimeout: Phrase("no response in time from the backend", "后端响应超时")
        default: nil
        }
    }

    static func phase(_ phase: ExchangeEnding.Phase) -> Phrase {
        switch phase {
        case .requestHead: Phrase("reading the request head", "读取请求头")
        case .queue: Phrase("waiting for a connection", "等待连接")
        case .connect: Phrase("connecting", "建立连接")
        case .requestBody: Phrase("sending the request", "发送请求")
        case .responseHead: Phrase("waiting for the response", "等待响应")
        case .responseBody: Phrase("sending the response", "返回响应")
        case .tunnel: Phrase("tunnelling", "隧道")
        case .done: Phrase("finishing", "结束")
        }
    }

    // Panes and what their keys do.
    static let paneFilter = Phrase("Filter", "过滤")
    static let paneFind = Phrase("Find in an exchange", "在请求中查找")
    static let paneList = Phrase("List", "列表")
    static let paneDetail = Phrase("An exchange", "一个请求")
    package static let keyHide = Phrase("hide", "隐藏敏感值")
    static let keySide = Phrase("request/response", "请求/响应")
    static let keyEndFind = Phrase("end the search", "结束查找")
    static let helpOpen = Phrase("Open the exchange: request, response and timing.", "打开该请求：请求、响应与耗时。")
    static let helpFilter = Phrase(
        "Filter the exchanges: path:/api st:5xx dur>200ms.", "过滤请求：path:/api st:5xx dur>200ms。")
    static let helpLeaveFilter = Phrase(
        "Leave the field; a filter that cannot be read is dropped.", "离开输入框；无法解析的过滤条件会被丢弃。")
    static let helpClear = Phrase("Show every exchange again.", "重新显示所有请求。")
    static let helpPause = Phrase("Stop at this row, or follow the newest exchange again.", "停在当前行，或重新跟随最新请求。")
    static let helpFollow = Phrase("Follow the newest exchange.", "跟随最新请求。")
    static let helpMark = Phrase("Mark the exchange, or take its mark away.", "标记该请求，或取消标记。")
    static let helpUnmark = Phrase("Take every mark away.", "清除所有标记。")
    static let helpNext = Phrase("Go to the next exchange.", "转到下一个请求。")
    static let helpPrevious = Phrase("Go to the previous exchange.", "转到上一个请求。")
    static let helpNextError = Phrase("Go to the next exchange that failed.", "转到下一个失败的请求。")
    static let helpPreviousError = Phrase("Go to the previous exchange that failed.", "转到上一个失败的请求。")
    static let helpCopy = Phrase(
        "Copy the request as a curl command; secrets go with it only while they are shown.",
        "将请求复制为 curl 命令；仅在显示敏感值时才包含敏感值。")
    static let helpReveal = Phrase("Show secrets, or hide them again.", "显示敏感值，或重新隐藏。")
    static let helpPreviousTab = Phrase("Go to the previous tab.", "切换到上一个标签页。")
    static let helpFind = Phrase("Find text in what is shown of the exchange.", "在所显示的内容中查找文字。")
    static let helpNextMatch = Phrase("Go to the next match.", "转到下一处匹配。")
    static let helpPreviousMatch = Phrase("Go to the previous match.", "转到上一处匹配。")
    static let helpEndFind = Phrase("End the search.", "结束查找。")
    static let noLongerKept = Phrase("that exchange is no longer kept", "该请求已不在缓存中")

    // Columns where there is room for words.
    static let columnBackend = Phrase("BACKEND", "后端")
    static let columnFlags = Phrase("FLAGS", "标记")

    // Phases in words.
    static let phaseHead = Phrase("head", "请求头")
    static let phaseWait = Phrase("wait", "等待")
    static let phaseBody = Phrase("body", "正文")

    // What marks mean.
    static let legendOK = Phrase("2xx: success", "2xx：成功")
    static let legendRedirect = Phrase("3xx: redirect or not modified", "3xx：重定向或未修改")
    static let legendWarning = Phrase("4xx: the request was at fault", "4xx：请求有误")
    static let legendFailure = Phrase("5xx, or the exchange broke off", "5xx，或请求中断")
    static let legendInFlight = Phrase("in flight", "进行中")
    static let legendGone = Phrase("the client closed the connection first", "客户端先断开了连接")
    static let legendPreflight = Phrase("CORS preflight, handled by the proxy", "CORS 预检，由代理处理")
    static let legendFlag = Phrase("flag: CORS preflight", "标记：CORS 预检")
    static let legendKey = Phrase("flag: 401 or 403, access denied", "标记：401 或 403，拒绝访问")
    static let legendRetry = Phrase("flag: sent to a backend more than once", "标记：曾重试")
    static let legendTimer = Phrase("flag: a timeout ended it", "标记：因超时结束")
    static let legendCut = Phrase("flag: cut off by the client", "标记：被客户端中断")
    static let legendNote = Phrase(
        "flag: a header was refused by CORS, or a redirect leads past the proxy",
        "标记：CORS 拒绝了某个头部，或重定向绕过了代理")
    static let legendMarked = Phrase("marked with Space", "用空格标记")
    static let legendHead = Phrase("head: reading the request head", "请求头：读取请求头")
    static let legendQueue = Phrase("queue: waiting for a connection", "排队：等待连接")
    static let legendConnect = Phrase("connect: connecting to the backend", "连接：连接后端")
    static let legendWait = Phrase("wait: until the response head arrived", "等待：直到收到响应头")
    static let legendBody = Phrase("body: until the last byte of the response", "正文：直到响应的最后一个字节")
    static let legendTotal = Phrase("total: all of it", "总计：全部时间")
    static let noObject = Phrase(
        "no object has these bytes ({1:1 key|%1 keys} looked at)", "没有内容相同的对象（已查看 %1 个键）")
    static let keyObject = Phrase("object", "对象")
    static let helpObject = Phrase("Show the object that the request has written.", "显示该请求写入的对象。")
}
