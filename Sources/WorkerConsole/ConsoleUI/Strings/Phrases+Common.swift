package import WorkerDomain

/// Texts that the frame and several screens share.
package enum CommonPhrases {
    static let serving = Phrase("serving", "运行中")
    static let starting = Phrase("starting", "启动中")
    static let draining = Phrase("draining", "正在排空")
    static let failed = Phrase("failed", "失败")
    static let none = Phrase("none", "无")
    static let inFlight = Phrase("%1 in flight", "%1 个进行中")
    static let noBackend = Phrase("no backend", "无后端")
    static let unverified = Phrase("NOT VERIFIED", "未验证")
    static let exposed = Phrase("EXPOSED", "对外开放")
    static let back = Phrase("back", "返回")
    static let move = Phrase("move", "移动")
    static let open = Phrase("open", "打开")
    static let filter = Phrase("filter", "过滤")
    /// A label and its value.
    package static let labelled = Phrase("%1: %2", "%1：%2")
    package static let find = Phrase("find", "查找")
    package static let nextMatch = Phrase("next/previous match", "下一处/上一处")
    package static let notFound = Phrase("“%1” not found", "找不到“%1”")
    static let tab = Phrase("tab", "标签页")
    static let apply = Phrase("apply", "应用")
    package static let cancel = Phrase("cancel", "取消")
}
