import WorkerDomain

/// Texts of the project's files while the program runs.
enum ProjectPhrases {
    static let changed = Phrase("%1 changed on disk", "%1 在磁盘上已更改")
    static let others = Phrase("%1 and {2:one more file|%2 more files}", "%1 和另外 %2 个文件")
    static let newBindings = Phrase("bindings read again", "已重新读取绑定")
    static let applied = Phrase("now in use: %1", "现已生效：%1")
    static let needRestart = Phrase("needs a restart: %1", "需要重启：%1")
    static let heldBack = Phrase("not applied until its table is corrected: %1", "所在的表改正后才生效：%1")
    static let kept = Phrase("the previous values stay in use", "继续使用之前的值")
    static let gone = Phrase("%1 no longer exists", "%1 已不存在")
    static let emptied = Phrase("%1 is empty", "%1 是空的")
    static let fault = Phrase("%1: %2", "%1：%2")
    static let waiting = Phrase(
        "worker-console.toml: {2:%1 needs|%1 need} a restart", "worker-console.toml：%1 需要重启才能生效")
    static let inotifyLimit = Phrase(
        "changes on disk are checked every 2 s: the system's inotify limit is reached (fs.inotify.max_user_watches)",
        "每 2 秒检查一次磁盘更改：已达到系统的 inotify 上限（fs.inotify.max_user_watches）")
    static let sharedFolder = Phrase(
        "changes on disk are checked every 2 s: the project's file system does not report them",
        "每 2 秒检查一次磁盘更改：项目所在的文件系统不发出更改通知")
}
