import TerminalCanvas
package import WorkerDomain

/// What was found in place of a binding's data, and what to set, in sentences.
package enum StoreFindingText {
    static func title(of finding: StoreFinding, _ language: Language) -> String {
        switch finding {
        case .remote: StoragePhrases.title(of: .remote)(language)
        case .oldName(let stored, let current): FindingPhrases.oldName(language, stored, current)
        case .otherName(let name): FindingPhrases.otherName(language, name)
        case .otherFile(let path): FindingPhrases.otherFile(language, path)
        case .otherLayout(let path): FindingPhrases.otherLayout(language, path)
        case .elsewhere(let path): FindingPhrases.elsewhere(language, path)
        }
    }

    static func advice(for finding: StoreFinding, _ binding: Binding, _ language: Language) -> String {
        switch finding {
        case .remote: StoragePhrases.advice(for: .remote)(language)
        case .oldName(let stored, _):
            FindingPhrases.oldNameAdvice(language, Self.field(binding.kind), stored)
        case .otherName(let name): FindingPhrases.otherNameAdvice(language, Self.field(binding.kind), name)
        case .otherFile: FindingPhrases.otherFileAdvice(language, Self.field(binding.kind))
        case .otherLayout: FindingPhrases.otherLayoutAdvice(language)
        case .elsewhere(let path): FindingPhrases.elsewhereAdvice(language, binding.name, path)
        }
    }

    /// Each finding with its advice, for a pane that has nothing else to show.
    package static func lines(of findings: [StoreFinding], _ binding: Binding, _ language: Language) -> [Span] {
        findings.flatMap { finding in
            [
                Span(self.title(of: finding, language), .warning),
                Span(self.advice(for: finding, binding, language)),
            ]
        }
    }

    /// The key of the wrangler file that names what is stored on this machine.
    private static func field(_ kind: Binding.Kind) -> String {
        switch kind {
        case .d1: "preview_database_id"
        case .r2: "preview_bucket_name"
        case .kv: "preview_id"
        }
    }
}

enum FindingPhrases {
    static let oldName = Phrase(
        "stored as %1; wrangler dev now uses %2 and would start empty", "这些数据以 %1 存储；wrangler dev 现在使用 %2，将从空开始")
    static let oldNameAdvice = Phrase(
        "to keep using it: %1 = \"%2\" in the wrangler file", "如需继续使用：在 wrangler 配置中设置 %1 = \"%2\"")
    static let otherName = Phrase("there is data of another resource: %1", "存在另一个资源的数据：%1")
    static let otherNameAdvice = Phrase(
        "to use it: %1 = \"%2\" in the wrangler file", "如需使用：在 wrangler 配置中设置 %1 = \"%2\"")
    static let otherFile = Phrase("there is a database for another id: %1", "存在另一个 id 的数据库：%1")
    static let otherFileAdvice = Phrase(
        "to use it: set %1 in the wrangler file to the id or name it was created with",
        "如需使用：把 wrangler 配置中的 %1 设为创建它时的 id 或名称")
    static let otherLayout = Phrase("there is state in an unsupported layout: %1", "存在此处不支持的状态布局：%1")
    static let otherLayoutAdvice = Phrase(
        "state/v3 of wrangler 3 and 4 is read; run wrangler dev of such a version to create it",
        "此处读取 wrangler 3 和 4 的 state/v3；用该版本运行 wrangler dev 即可生成")
    static let elsewhere = Phrase("there is state in another folder: %1", "状态位于另一个文件夹：%1")
    static let elsewhereAdvice = Phrase(
        "to read it: path = \"%2\" below [bindings.%1] in worker-console.toml",
        "如需读取：在 worker-console.toml 的 [bindings.%1] 下设置 path = \"%2\"")
}
