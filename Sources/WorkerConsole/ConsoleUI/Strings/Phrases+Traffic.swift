import WorkerDomain

/// Texts of the traffic screen.
enum TrafficPhrases {
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
    static let noneMatch = Phrase("no exchange matches the filter · c clears it", "没有符合过滤条件的请求 · 按 c 清除")
    static let paused = Phrase("PAUSED", "已暂停")
    static let newBelow = Phrase("+%1 new below · G to follow", "下方新增 %1 条 · 按 G 跟随")
    static let follow = Phrase("follow", "跟随")
    static let live = Phrase("live", "实时")
    static let row = Phrase("row %1/%2", "第 %1/%2 行")
    static let marked = Phrase("mark ◆%1", "标记 ◆%1")
    static let ring = Phrase("ring %1", "缓存 %1")
    static let dropped = Phrase("%1 dropped", "丢弃 %1")
    static let redacted = Phrase("redaction on", "脱敏：开")
    static let revealed = Phrase("REVEALED", "已显示敏感值")
    static let hidden = Phrase("redacted: %1", "已脱敏：%1")
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
    static let keyReveal = Phrase("reveal", "显示敏感值")
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
    static let encoded = Phrase("encoded with %1: raw bytes shown", "以 %1 编码：按原始字节显示")
    static let text = Phrase("text", "文本")
    static let bytes = Phrase("bytes", "字节")

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
        case .noBackend: Phrase("no backend available: t adds or selects one", "没有可用后端：按 t 添加或选择")
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
}
