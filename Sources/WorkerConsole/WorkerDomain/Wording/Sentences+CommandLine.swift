extension Sentences {
    /// Command lines, and the help that every program has.
    static let commandLine: [Phrase] = [
        // What is wrong with a command line.
        Phrase("argument %1 is not valid UTF-8: %2", "第 %1 个参数不是有效的 UTF-8：%2"),
        Phrase("unexpected argument %1", "多余的参数 %1"),
        Phrase("unknown command %1", "未知的命令 %1"),
        Phrase("did you mean %1?", "是否想用 %1？"),
        Phrase("unknown option %1", "未知的选项 %1"),
        Phrase("%1 has no option %2", "%1 没有选项 %2"),
        Phrase("%1 has it", "%1 有此选项"),
        Phrase("%1 have it", "%1 有此选项"),
        Phrase("%1 takes no value", "%1 不带值"),
        Phrase("%1 needs a value: %2", "%1 需要一个值：%2"),
        Phrase("invalid value %1 for %2: %3", "%2 的值 %1 无效：%3"),
        Phrase("no completion script for %1", "没有 %1 的补全脚本"),
        Phrase("choose %1", "请选择 %1"),
        Phrase("it is empty", "不能为空"),
        Phrase("must be a whole number from %1 to %2", "必须是 %1 到 %2 的整数"),
        Phrase("must be %1", "必须是 %1"),
        Phrase("usage: %1", "用法：%1"),
        Phrase("%1 shows more", "运行 %1 查看更多"),
        Phrase("two backends have the name %1", "有两个后端都名为 %1"),
        Phrase(
            "must be URL or NAME=URL, such as green=http://127.0.0.1:9001",
            "必须是 URL 或 NAME=URL，例如 green=http://127.0.0.1:9001"),
        Phrase("must be ADDRESS:PORT, :PORT or PORT", "必须是 ADDRESS:PORT、:PORT 或 PORT"),
        // Help.
        Phrase("Show this help.", "显示本帮助。"),
        Phrase("Show the version.", "显示版本。"),
        Phrase("Print the completion script of %1.", "输出 %1 的补全脚本。"),
    ]
}
