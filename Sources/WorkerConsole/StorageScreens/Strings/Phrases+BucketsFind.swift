import WorkerDomain

/// Texts of the search through a bucket.
enum BucketsFindPhrases {
    static let pane = Phrase("Search results", "搜索结果")
    static let title = Phrase("“%1” in %2", "在 %2 中查找“%1”")
    static let nothing = Phrase("no key contains “%1”", "没有包含“%1”的键")
    static let running = Phrase("%1 found, %2 {2:key|keys} looked at…", "找到 %1 个，已查看 %2 个键…")
    static let runningOf = Phrase("%1 found, %2 of %3 {3:key|keys} looked at…", "找到 %1 个，已查看 %2 个键，共 %3 个…")
    static let complete = Phrase("%1 found, all %2 {2:key|keys} looked at", "找到 %1 个，已查看全部 %2 个键")
    static let full = Phrase(
        "%1 found, %2 {2:key|keys} looked at; more exist: type more of the name", "找到 %1 个，已查看 %2 个键；还有更多，请输入更完整的名称")
    static let stopped = Phrase("%1 found, stopped after %2 {2:key|keys}", "找到 %1 个，查看 %2 个键后停止")
    static let failed = Phrase("%1 found, failed after %2 {2:key|keys}: %3", "找到 %1 个，查看 %2 个键后失败：%3")
    static let level = Phrase("this level", "本级")
    static let below = Phrase("below this", "其下各级")
    static let bucket = Phrase("whole bucket", "整个存储桶")
    static let belowLabel = Phrase("any key below this contains (Tab: %1)", "其下任何键包含（Tab：%1）")
    static let bucketLabel = Phrase("any key of the bucket contains (Tab: %1)", "存储桶中任何键包含（Tab：%1）")
    static let keyOpen = Phrase("go to it", "转到该处")
    static let keyStop = Phrase("stop", "停止")
    static let keyAgain = Phrase("search again", "重新查找")
    static let keyResult = Phrase("next result", "下一个结果")
    static let helpOpen = Phrase("List the level of the key, with the key selected.", "列出该键所在的层级并选中它。")
    static let helpStop = Phrase("Stop searching and keep what was found.", "停止查找，保留已找到的键。")
    static let helpAgain = Phrase("Search again from the first key.", "从第一个键开始重新查找。")
    static let helpNext = Phrase("Go to the next result of the search.", "转到下一个搜索结果。")
    static let helpPrevious = Phrase("Go to the previous result of the search.", "转到上一个搜索结果。")
}
