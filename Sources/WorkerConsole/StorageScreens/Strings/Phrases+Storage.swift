import ConsoleUI
import WorkerDomain

/// Texts that only these screens share.
extension StoragePhrases {
    static let loading = Phrase("loading…", "正在读取…")
    static let nothingYet = Phrase("nothing stored yet", "尚未存储任何内容")
    static let nothingHere = Phrase("nothing is stored under this binding's names", "此绑定的名称下没有存储任何内容")
    static let oldData = Phrase("stored as %1: wrangler dev would start empty", "以 %1 存储：wrangler dev 启动时将为空")
    static let local = Phrase("LOCAL", "本地")
    static let remote = Phrase("REMOTE", "远程")
    static let markNew = Phrase("new", "新增")
    static let markChanged = Phrase("changed", "已更改")
    static let countNew = Phrase("%1 new", "新增 %1")
    static let countChanged = Phrase("%1 changed", "更改 %1")
    static let countGone = Phrase("%1 gone", "移除 %1")
    static let notWatched = Phrase("changes are not watched here: reload to see them", "此处无法监视更改：刷新后才会显示")
    static let stale = Phrase("showing earlier data: %1", "显示的是先前的数据：%1")
    static let noControls = Phrase("no control characters", "无控制字符")
    static let controls = Phrase("▲ %1 control characters", "▲ %1 个控制字符")
    static let binary = Phrase("binary", "二进制")
    static let tabMetadata = Phrase("Metadata", "元数据")
}
