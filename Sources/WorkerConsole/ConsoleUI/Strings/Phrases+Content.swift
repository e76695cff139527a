package import WorkerDomain

/// Texts of everything that shows content.
package enum ContentPhrases {
    static let keyView = Phrase("view", "视图")
    static let helpView = Phrase(
        "Show the next view of the content: laid out, text, hexadecimal, whatever suits it.",
        "切换到内容的下一个视图：排版、文本、十六进制等。")
    static let keyFold = Phrase("fold", "折叠")
    static let helpFold = Phrase("Fold what begins on this line, or unfold it.", "折叠或展开从此行开始的内容。")
    static let keyPart = Phrase("open", "打开")
    static let helpPart = Phrase(
        "Open the part or the archived file of this line; Esc goes back.", "打开此行的部分或归档中的文件；按 Esc 返回。")
    package static let pageContent = Phrase("content", "内容")
    static let keyScroll = Phrase("scroll", "滚动")
    static let helpViewBack = Phrase("Show the previous view.", "切换到上一个视图。")
    package static let helpNextMatch = Phrase("Go to the next match.", "移到下一处匹配。")
    package static let helpPreviousMatch = Phrase("Go to the previous match.", "移到上一处匹配。")
    static let helpLeft = Phrase("Scroll to the left.", "向左滚动。")
    static let helpRight = Phrase("Scroll to the right.", "向右滚动。")
}
