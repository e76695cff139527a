import WorkerDomain

/// Words of a report on the deploy checks; what a check itself says is in ``Sentences``.
enum CheckPhrases {
    static let what = Phrase("what", "结果")
    static let place = Phrase("where", "位置")
    static let found = Phrase("found", "检测到")
    static let why = Phrase("why", "依据")
    static let fix = Phrase("fix", "修复")
    static let titled = Phrase("%1 (%2)", "%1（%2）")
    static let exitCode = Phrase("exit code %1", "退出码 %1")

    // Groups.
    static let configuration = Phrase("Configuration", "配置")
    static let source = Phrase("Source", "源代码")
    static let bindings = Phrase("Bindings", "绑定")
    static let traffic = Phrase("Traffic", "流量")
    static let backends = Phrase("Backends", "后端")
    static let checks = Phrase("Checks", "检查")

    /// An outcome with its count.
    static func count(of outcome: CheckResult.Outcome) -> Phrase {
        switch outcome {
        case .pass: Phrase("%1 pass", "%1 项通过")
        case .warn: Phrase("%1 warn", "%1 项警告")
        case .fail: Phrase("%1 fail", "%1 项失败")
        case .skip: Phrase("%1 skip", "%1 项跳过")
        case .undecided: Phrase("%1 undecided", "%1 项无法判断")
        }
    }
}
