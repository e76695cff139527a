import WorkerDomain

/// Texts of everything that shows content.
enum ContentPhrases {
    static let keyView = Phrase("view", "视图")
    static let helpView = Phrase(
        "Show the next view of the content: laid out, text, hexadecimal, whatever suits it.",
        "切换到内容的下一个视图：排版、文本、十六进制等。")
    static let keyFold = Phrase("fold", "折叠")
    static let helpFold = Phrase("Fold what begins on this line, or unfold it.", "折叠或展开从此行开始的内容。")
    static let keyPart = Phrase("open", "打开")
    static let helpPart = Phrase(
        "Open the part or the archived file of this line; Esc goes back.", "打开此行的部分或归档中的文件；按 Esc 返回。")
    static let pageContent = Phrase("content", "内容")
}
