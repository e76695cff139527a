import WorkerDomain

/// Texts of the checks screen.
enum ChecksPhrases {
    static let title = Phrase("Checks", "检查")
    static let gate = Phrase("%1", "部署检查：%1")
    static let blocked = Phrase("✖ this deploy will fail", "✖ 不能部署")
    static let ready = Phrase("✓ ready to deploy", "✓ 可以部署")
    static let running = Phrase("running…", "正在检查…")
    static let changedOnDisk = Phrase("%1 changed on disk, running…", "%1 在磁盘上已更改，正在检查…")
    static let noChecks = Phrase("no check applies to this project", "此项目没有适用的检查")
    static let position = Phrase("check %1/%2", "检查 %1/%2")
    static let seen = Phrase("found", "检测到")
    static let rule = Phrase("rule", "规则")
    static let place = Phrase("where", "位置")
    static let fix = Phrase("fix", "修复")
    static let example = Phrase("corrected code — y copies it", "修正后的代码 — 按 y 复制")
    static let ranAt = Phrase("%1 in %2", "%1，用时 %2")
    static let exitCode = Phrase("exit code would be %1", "退出码将为 %1")
    /// An outcome behind its count: `2 warn`.
    static func word(for outcome: CheckResult.Outcome) -> Phrase {
        switch outcome {
        case .pass: Phrase("pass", "通过")
        case .warn: Phrase("warn", "警告")
        case .fail: Phrase("fail", "失败")
        case .skip: Phrase("skipped", "跳过")
        case .undecided: Phrase("undecided", "无法判断")
        }
    }

    static let noOtherProblem = Phrase("no other check fails or warns", "没有其他失败或警告的检查")
    static let keyExplain = Phrase("explain", "说明")
    static let keyFix = Phrase("show fix", "查看修复")
    static let keyApply = Phrase("apply fix", "应用修复")
    static let keyConfirm = Phrase("change", "更改")
    static let keyEdit = Phrase("edit", "编辑")
    static let keyExchange = Phrase("exchange", "交换")
    static let helpExchange = Phrase("Open the exchange that shows it.", "打开显示该问题的那次请求。")
    static let keyRun = Phrase("run again", "重新运行")
    static let keyCopy = Phrase("copy code", "复制代码")
    static let keyProblem = Phrase("next problem", "下一个问题")
    static let keyPane = Phrase("pane", "切换窗格")
    static let keyBack = Phrase("back", "返回")
    static let keyMove = Phrase("move", "移动")

    static let helpExplain = Phrase("Read what the check has found, and why it matters.", "查看该检查的结果及其原因。")
    static let helpFix = Phrase("Show how to fix it.", "显示如何修复。")
    static let helpApply = Phrase(
        "Show what would be changed on disk, and change it after a confirmation; a copy of each file is kept.",
        "显示磁盘上将要更改的内容，确认后更改；每个文件都会保留副本。")
    static let helpConfirm = Phrase("Change the files as shown.", "按所示更改文件。")
    static let helpDecline = Phrase("Go back, and change nothing.", "返回，不做任何更改。")
    static let helpEdit = Phrase(
        "Open the place in your editor (VISUAL, EDITOR).", "在你的编辑器（VISUAL、EDITOR）中打开该位置。")
    static let change = Phrase("Change %1?", "更改 %1？")
    static let applied = Phrase("%1 changed · as before: %2", "%1 已更改 · 原文件：%2")
    static let notApplied = Phrase("nothing was changed: %1", "没有更改任何内容：%1")
    static let confirmKeys = Phrase(
        "%1 changes the files and keeps a copy of each, Esc goes back", "按 %1 更改文件（每个都保留副本），按 Esc 返回")
    static let helpCopy = Phrase("Copy the corrected code, or the finding where there is none.", "复制修正后的代码；没有时复制结果。")
    static let helpRun = Phrase("Run every check again.", "重新运行所有检查。")
    static let helpNextProblem = Phrase("Go to the next check that fails or warns.", "移到下一项失败或警告的检查。")
    static let helpPreviousProblem = Phrase("Go to the previous check that fails or warns.", "移到上一项失败或警告的检查。")

    static let deployFails = Phrase("✖ this deploy will fail", "部署检查：✖ 不能部署")
    static let deployWorks = Phrase("✓ ready to deploy", "部署检查：✓ 可以部署")
    static let notRunYet = Phrase("not run yet: %1 runs them", "还没有运行：按 %1 运行")
    static let corrected = Phrase("corrected code · %1 copies it", "修正后的代码 · 按 %1 复制")
}
