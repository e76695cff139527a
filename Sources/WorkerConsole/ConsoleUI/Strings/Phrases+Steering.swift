import WorkerDomain

/// Texts of drains, canaries and faults.
enum SteeringPhrases {
    static let columnShare = Phrase("%", "%")
    static let policy = Phrase("policy", "策略")
    static let policyLine = Phrase("policy %1", "策略 %1")
    static let shareLine = Phrase("%1 % of new requests", "新请求的 %1%")
    static let weight = Phrase("weight %1", "权重 %1")
    static let heldBack = Phrase("held back: no new requests", "已暂停：不接收新请求")
    static let checkLine = Phrase(
        "%1 every %2 · down after %3 {3:failure|failures} · up after %4 {4:success|successes}",
        "%1 每 %2 一次 · 连续失败 %3 次判定宕机，成功 %4 次恢复")
    static let left = Phrase("%1 left, %2", "剩 %1 个，%2")
    static let overdue = Phrase("%1 left, overdue: d", "剩 %1 个，已超时：d")
    static let fault = Phrase("fault", "故障注入")
    static let events = Phrase("Events", "事件")

    // MARK: Banner

    static let faultBadge = Phrase("FAULT", "故障注入")
    static let banner = Phrase("FAULT %1: %2, ends in %3", "故障注入 %1：%2，%3 后结束")
    static let canaryBanner = Phrase("canary %1: %2; rolls back in %3", "金丝雀 %1：%2；%3 后回滚")
    static let latency = Phrase("+%1 latency", "延迟 +%1")
    static let status = Phrase("responds with %1", "返回 %1")
    static let reset = Phrase("resets", "重置连接")
    static let slowBody = Phrase("slow body, %1/s", "慢响应体 %1/秒")

    // MARK: Canary

    static let canaryTitle = Phrase("Canary: %1 % to %2", "金丝雀：%1% 到 %2")
    static let canaryRole = Phrase("canary: %1 % of the clients", "金丝雀：%1% 的客户端")
    static let pinned = Phrase("pinned by address; local clients by connection", "按地址固定，本机客户端按连接")
    static let columnRequests = Phrase("REQS", "请求")
    static let columnErrors = Phrase("5XX", "5XX")
    static let rule = Phrase("rolled back if 5xx > %1 or p95 > %2× for %3", "5xx 超过 %1 或 p95 超过 %2 倍并持续 %3 则回滚")
    static let ruleErrors = Phrase("rolled back if 5xx > %1 for %2", "5xx 超过 %1 并持续 %2 则回滚")
    static let breachErrors = Phrase("5xx %1 > %2", "5xx %1 > %2")
    static let breachSlow = Phrase("p95 %1 > %2", "p95 %1 > %2")
    static let backIn = Phrase("%1: rolled back in %2", "%1：%2 后回滚")

    // MARK: Dialogs

    static let drainTitle = Phrase("Drain %1", "排空 %1")
    static let faultTitle = Phrase("Inject a fault into %1 (2 min)", "向 %1 注入故障（2 分钟）")
    static let faultNote = Phrase("ends by itself; every screen shows it meanwhile", "到时自动结束；期间每个页面都会提示")
    static let drainRunning = Phrase("%1 in flight, no new requests", "%1 个请求进行中，不再接收新请求")
    static let drainNone = Phrase("nothing in flight", "没有进行中的请求")
    static let drainServing = Phrase(
        "%1 in flight; new requests arrive until it is held back", "%1 个请求进行中；暂停之前仍会有新请求")
    static let drainDeadline = Phrase("should finish within %1; nothing is closed automatically", "预计 %1 内完成；不会自动中断")
    static let drainOverdue = Phrase("should have finished by now: keep waiting, or close them", "应已完成：继续等待，或中断")
    static let drainActive = Phrase(
        "%1 gets all requests: switch away with t, then it drains", "%1 接收全部请求：先按 t 切换，随后自动排空")
    static let waitLonger = Phrase("wait 30 more seconds", "再等 30 秒")
    static let waitMinutes = Phrase("wait 5 more minutes", "再等 5 分钟")
    static let cutNow = Phrase("close %1 in flight now", "立即中断 %1 个进行中的请求")
    static let holdBack = Phrase("hold back: no new requests, running ones finish", "暂停：不接收新请求，进行中的请求会完成")
    static let resume = Phrase("resume: accept new requests again", "恢复：重新接收新请求")
    static let canaryDialog = Phrase("Canary on %1", "以 %1 作金丝雀")
    static let canaryNote = Phrase("the rest stays on %1; each client stays on its side", "其余留在 %1；每个客户端固定在一侧")
    static let canaryActive = Phrase("%1 is active: choose another one for a canary", "%1 已是当前后端：请选择另一个")
    static let canaryShare = Phrase("%1 % of the clients", "%1% 的客户端")
    static let canaryFinish = Phrase("finish: everything to %1", "完成：全部切换到 %1")
    static let canaryBack = Phrase("roll back: everything to %1", "回滚：全部回到 %1")
    static let faultLatency = Phrase("latency: every request waits %1", "延迟：每个请求等待 %1")
    static let faultStatus = Phrase("status: every request gets %1", "状态：每个请求得到 %1")
    static let faultReset = Phrase("reset: every connection is dropped", "重置：断开每个连接")
    static let faultSlow = Phrase("slow body: %1 a second", "慢响应体：每秒 %1")
    static let faultEnd = Phrase("end it now", "立即结束")
    static let done = Phrase("done: %1", "已完成：%1")
    static let choose = Phrase("choose", "选择")

    static let keyDrain = Phrase("drain", "排空")
    static let keyCanary = Phrase("canary", "金丝雀")
    static let keyFault = Phrase("fault", "故障注入")

    // MARK: Events

    static let switched = Phrase("switched %1 → %2", "切换 %1 → %2")
    static let wentUp = Phrase("%1 is up (%2)", "%1 恢复正常（%2）")
    static let wentDown = Phrase("%1 is down (%2)", "%1 宕机（%2）")
    static let keptAsLast = Phrase(
        "%1 is down but still gets requests: there is no other backend", "%1 已宕机但仍接收请求：没有其他后端")
    static let probedEarly = Phrase("%1: requests failed, probed immediately", "%1：请求失败，已立即探测")
    static let drainEnded = Phrase("%1 drained in %2 s", "%1 已在 %2 秒内排空")
    static let drainLate = Phrase("%1 still has %2 in flight: d waits or closes them", "%1 仍有 %2 个请求：按 d 等待或中断")
    static let wasCut = Phrase("%1: %2 closed", "%1：已中断 %2 个")
    static let canaryStarted = Phrase("canary %1 started with %2 %", "金丝雀 %1 开始，%2%")
    static let canaryWarned = Phrase(
        "canary %1: %2, rolled back in %3 s unless it recovers", "金丝雀 %1：%2，若不恢复将在 %3 秒后回滚")
    static let canaryRecovered = Phrase("canary %1 is within its limits again", "金丝雀 %1 已恢复到限值以内")
    static let canaryTakenBack = Phrase("canary %1 rolled back: %2", "金丝雀 %1 已回滚：%2")
    static let byHand = Phrase("by hand", "手动")
    static let canaryPromoted = Phrase("canary %1 finished", "金丝雀 %1 已完成")
    static let faultStarted = Phrase("fault injected into %1: %2", "%1 故障注入：%2")
    static let faultEnded = Phrase("fault injection into %1 ended", "%1 故障注入结束")
    static let auditFailed = Phrase("%1: could not write the audit file: %2", "%1：无法写入审计文件：%2")

    // MARK: Help

    static let helpDrain = Phrase(
        "Send it no new requests, wait for those that run, or cut them.", "不再发送新请求，等待或中断进行中的请求。")
    static let helpCanary = Phrase(
        "Send a part of the clients to it; it is rolled back when it fails.", "把部分客户端分给它；出错时自动回滚。")
    static let helpFault = Phrase("Inject a fault into it for two minutes, or end one.", "对其注入故障两分钟，或结束故障。")
    static let helpChoose = Phrase("Do what is chosen.", "执行所选项。")

    static let checkRule = Phrase(
        "%1 every %2 · down after {3:1 failure|%3 failures} · up after {4:1 success|%4 successes}",
        "%1 每 %2 一次 · 连续失败 %3 次判定宕机，成功 %4 次恢复")
    static let checkRuleShort = Phrase("%1 every %2 · fall %3 · rise %4", "%1 每 %2 一次 · 失败 %3 · 成功 %4")
    static let drainActiveNow = Phrase(
        "%1 gets every request: %2 switches away, then it drains", "%1 接收全部请求：先按 %2 切换，随后自动排空")
}
