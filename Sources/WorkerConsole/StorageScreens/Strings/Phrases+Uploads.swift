import WorkerDomain

/// Texts of the links between exchanges and the objects that they have written.
enum UploadPhrases {
    static let writtenBy = Phrase("written by", "写入请求")
    static let exact = Phrase("#%1 %2 %3 (exact: same MD5)", "#%1 %2 %3（确定：MD5 相同）")
    static let likely = Phrase("#%1 %2 %3 (likely: by time and size)", "#%1 %2 %3（可能：时间与大小相符）")
    static let keyExchange = Phrase("exchange", "请求")
    static let helpExchange = Phrase("Show the exchange that has written the object.", "显示写入该对象的请求。")
}
