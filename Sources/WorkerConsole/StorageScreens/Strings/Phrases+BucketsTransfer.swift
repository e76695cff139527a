import WorkerDomain

/// Texts of downloads, uploads, deletions, sums and links of the buckets screen.
enum BucketsTransferPhrases {
    static let busy = Phrase("another transfer is running: cancel it or wait", "另一个传输正在进行：请取消或等待")
    static let panePrompt = Phrase("Path of a transfer", "传输路径")
    static let paneRemove = Phrase("Delete", "删除")
    static let paneLink = Phrase("Link menu", "链接菜单")

    static let saveLabel = Phrase("save as", "保存为")
    static let saveManyLabel = Phrase("save %1 into the folder", "将 %1 项保存到目录")
    static let uploadLabel = Phrase("upload the file or folder", "上传文件或目录")
    static let keeping = Phrase("Tab: existing ones are kept", "Tab：保留已有")
    static let replacing = Phrase("Tab: existing ones are replaced", "Tab：替换已有")

    static let keepingShort = Phrase("keep", "保留")
    static let replacingShort = Phrase("replace", "替换")

    static let removeTitle = Phrase("Delete {1:1 object|%1 objects} from %2: dry run", "从 %2 删除 %1 个对象：试运行")
    static let dryRun = Phrase("nothing deleted yet", "尚未删除任何对象")
    static let removeSum = Phrase("dry run: %1 {1:object|objects} · %2", "试运行：%1 个对象 · %2")
    static let andMore = Phrase("and %1 more", "以及另外 %1 个")
    static let hasUndo = Phrase("they can be brought back until the console ends", "控制台退出前可以恢复")
    static let tooLargeForTrash = Phrase("more than 1 GB: this cannot be undone", "超过 1 GB：无法撤销")
    static let noUndo = Phrase("remote: this cannot be undone", "远程存储桶：无法撤销")
    static let typeWords = Phrase("type “%1” and press Enter to delete", "输入“%1”并按 Enter 以删除")

    static let writing = Phrase("WRITE MODE", "写入模式")
    static let readOnly = Phrase("READ-ONLY", "只读")

    static let linkTitle = Phrase("link that anyone can use", "任何人可用的链接")
    static let linkUntil = Phrase("link valid until", "链接有效至")
    static let equal = Phrase("✓ equal to the bytes", "✓ 与内容一致")
    static let different = Phrase("✖ different: the bytes have %1", "✖ 不一致：内容为 %1")
    static let computed = Phrase("computed %1", "计算值 %1")
    static let sumObjects = Phrase("objects below", "其下对象")
    static let sumBytes = Phrase("bytes below", "其下大小")
    static let sumHere = Phrase("%1 {1:object|objects} below, %2", "其下 %1 个对象，%2")
    static let sumHint = Phrase("z counts what lies below", "按 z 统计其下内容")

    static let progress = Phrase("%1 of %2", "%1 / %2")
    static let progressObjects = Phrase("object %1 of %2", "第 %1 个，共 %2 个")
    static let rate = Phrase("%1/s", "%1/秒")
    static let cancelHint = Phrase("%1 cancels", "按 %1 取消")
    static let stopped = Phrase("%1 stopped", "%1：已停止")
    static let stoppedSave = Phrase("stopped; saving it again goes on where it stopped", "已停止；再次保存将从停止处继续")
    static let failedCount = Phrase("%1 failed: %2", "%1 个失败：%2")
    static let verifiedCount = Phrase("%1 verified by checksum", "%1 个已通过校验和验证")
    static let resumedCount = Phrase("%1 resumed", "%1 个续传")
    static let undoHint = Phrase("%1 brings them back", "按 %1 恢复")

    static func doing(_ kind: BucketsTransfer.Kind) -> Phrase {
        switch kind {
        case .save: Phrase("saving", "正在保存")
        case .upload: Phrase("uploading", "正在上传")
        case .remove: Phrase("deleting", "正在删除")
        case .restore: Phrase("bringing back", "正在恢复")
        case .verify: Phrase("verifying", "正在校验")
        }
    }

    static func done(_ kind: BucketsTransfer.Kind) -> Phrase {
        switch kind {
        case .save: Phrase("saved %1 {1:object|objects} · %2", "已保存 %1 个对象 · %2")
        case .upload: Phrase("uploaded %1 {1:object|objects} · %2", "已上传 %1 个对象 · %2")
        case .remove: Phrase("deleted %1 {1:object|objects} · %2", "已删除 %1 个对象 · %2")
        case .restore: Phrase("brought back %1 {1:object|objects} · %2", "已恢复 %1 个对象 · %2")
        case .verify: Phrase("verified %1 {1:object|objects} · %2", "已校验 %1 个对象 · %2")
        }
    }

    static let keyBegin = Phrase("start", "开始")
    static let keySave = Phrase("save", "保存")
    static let keyUpload = Phrase("upload", "上传")
    static let keyDelete = Phrase("delete", "删除")
    static let keyUndo = Phrase("undo delete", "撤销删除")
    static let keyWrite = Phrase("write mode", "写入模式")
    static let keySum = Phrase("sum", "统计")
    static let keyLink = Phrase("copy link", "复制链接")
    static let keyVerify = Phrase("verify", "校验")
    static let keyCancel = Phrase("cancel", "取消")
    static let keyClose = Phrase("close", "关闭")
    static let keyExisting = Phrase("existing", "已有文件")
    static let helpSave = Phrase(
        "Save the object, the marked ones, or all below a prefix as files.", "将对象、已标记的对象或前缀下的所有对象保存为文件。")
    static let helpUpload = Phrase("Upload a file or a folder to this level.", "将文件或目录上传到此层级。")
    static let helpDelete = Phrase(
        "Delete the object, the marked ones, or all below a prefix, after a dry run and typed words.",
        "删除对象、已标记的对象或前缀下的所有对象；先试运行并需输入确认文字。")
    static let helpUndo = Phrase("Bring back what was deleted last.", "恢复最近删除的对象。")
    static let helpWrite = Phrase("Turn the write mode on or off.", "开启或关闭写入模式。")
    static let helpSum = Phrase("Count objects and bytes below the prefix.", "统计前缀下的对象数与字节数。")
    static let helpLink = Phrase(
        "Copy a URL with which anyone can read the object for a while.", "复制一个在限定时间内任何人都能读取该对象的 URL。")
    static let helpVerify = Phrase("Read through the object and compare its checksums.", "读取整个对象并核对校验和。")
    static let helpCancel = Phrase("Cancel the transfer or the sum that is running.", "取消正在进行的传输或统计。")
    static let helpBegin = Phrase("Begin the transfer.", "开始传输。")
    static let helpExisting = Phrase("Keep or replace what is there already.", "保留或替换已有内容。")
    static let helpAgree = Phrase("Delete, once the words are typed.", "输入确认文字后删除。")
    static let helpChooseLink = Phrase("Copy a link that is valid for so long.", "复制有效期为所选时长的链接。")
}
