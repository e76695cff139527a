import WorkerDomain

/// The keys and prefixes of one bucket that a person has marked, on any level.
struct BucketsMarks: Sendable, Equatable {
    private var items: [ByteString: BucketsItem] = [:]
    /// Where a range begins.
    private var anchor: ByteString?

    var isEmpty: Bool { self.items.isEmpty }
    var count: Int { self.items.count }
    /// What is marked, in key order.
    var all: [BucketsItem] { self.items.keys.sorted().compactMap { self.items[$0] } }
    /// Bytes of the marked objects.
    var bytes: Int64 {
        self.items.values.reduce(0) { sum, item in
            let (total, isOver) = sum.addingReportingOverflow(item.bytes ?? 0)
            return isOver ? .max : total
        }
    }
    /// What lies below a marked prefix is not counted in ``bytes``.
    var hasPrefixes: Bool { self.items.values.contains { $0.isPrefix } }

    func holds(_ item: BucketsItem) -> Bool { !self.items.isEmpty && self.items[ByteString(item.key)] != nil }

    mutating func toggle(_ item: BucketsItem) {
        let key = ByteString(item.key)
        self.anchor = key
        if self.items.removeValue(forKey: key) == nil { self.items[key] = item }
    }

    mutating func mark(_ items: some Sequence<BucketsItem>) {
        for item in items { self.items[ByteString(item.key)] = item }
    }

    /// Marks all from the one that was marked last to `item`, in the order that is shown.
    mutating func extend(to item: BucketsItem, in shown: [BucketsItem]) {
        let end = shown.firstIndex { $0.isSame(as: item) }
        let start = self.anchor.flatMap { anchor in shown.firstIndex { ByteString($0.key) == anchor } }
        guard let end else { return }
        let first = start ?? end
        self.mark(shown[min(first, end)...max(first, end)])
        self.anchor = ByteString(item.key)
    }

    mutating func clear() { self = BucketsMarks() }

    /// Forgets what is no longer there.
    mutating func remove(_ keys: some Sequence<String>) {
        for key in keys { self.items[ByteString(key)] = nil }
    }

    /// `3 marked · 3.3 MB`; empty when nothing is.
    func text(_ language: Language) -> String {
        guard !self.isEmpty else { return "" }
        let size = ScreenFormat.bytes(self.bytes) + (self.hasPrefixes ? "+" : "")
        return BucketsMarkPhrases.marked(language, ScreenFormat.count(self.count), size)
    }
}

/// Texts of marks.
enum BucketsMarkPhrases {
    static let marked = Phrase("%1 marked · %2", "已标记 %1 · %2")
    static let keyMark = Phrase("mark", "标记")
    static let helpMark = Phrase("Mark the key or the prefix, or take its mark away.", "标记该键或前缀，或取消标记。")
    static let helpRange = Phrase("Mark everything from the last mark to here.", "标记从上一个标记到此处的所有条目。")
    static let helpAll = Phrase("Mark everything that is listed on this level.", "标记此层级已列出的所有条目。")
    static let helpUnmark = Phrase("Clear the marks.", "清除标记。")
    static let keyRange = Phrase("mark range", "标记范围")
    static let keyAll = Phrase("mark all", "全部标记")
    static let keyUnmark = Phrase("clear marks", "清除标记")
}
