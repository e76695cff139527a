import ConsoleUI
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

    /// How much is marked, each object once: what lies below a marked prefix is a part of it.
    func size(_ sums: BucketsSums, in binding: String) -> BucketsMarkedSize {
        var size = BucketsMarkedSize()
        var prefixes: [ByteString] = []
        for key in self.items.filter({ $0.value.isPrefix }).keys.sorted()
        where prefixes.last.map({ key.text.utf8.starts(with: $0.text.utf8) }) != true {
            prefixes.append(key)
            size.add(sums.sum(of: key.text, in: binding))
        }
        for (key, item) in self.items where !item.isPrefix {
            guard let bytes = item.bytes else { continue }
            let place = prefixes.partitioningIndex { $0 > key }
            let isBelow = place > 0 && key.text.utf8.starts(with: prefixes[place - 1].text.utf8)
            if !isBelow { size.add(bytes) }
        }
        return size
    }

    /// `3 marked · 3.3 MB`; empty when nothing is.
    func text(_ sums: BucketsSums, in binding: String, _ language: Language) -> String {
        guard !self.isEmpty else { return "" }
        return BucketsMarkPhrases.marked(
            language, ScreenFormat.count(self.count), self.size(sums, in: binding).text(language))
    }

    /// `3 marked`, where there is no room for more.
    func shortText(_ language: Language) -> String {
        self.isEmpty ? "" : BucketsMarkPhrases.markedCount(language, ScreenFormat.count(self.count))
    }
}

extension [ByteString] {
    /// The first place, in a sorted list, from which on the claim holds.
    fileprivate func partitioningIndex(where holds: (ByteString) -> Bool) -> Int {
        var (low, high) = (0, self.count)
        while low < high {
            let middle = (low + high) / 2
            if holds(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

/// Texts of marks.
enum BucketsMarkPhrases {
    static let marked = Phrase("%1 marked · %2", "已标记 %1 · %2")
    static let markedCount = Phrase("%1 marked", "已标记 %1")
    static let notCounted = Phrase("size not counted", "大小未统计")
    static let counting = Phrase("counting", "正在统计")
    static let partlyCounted = Phrase(
        "%1, {2:1 prefix|%2 prefixes} not counted", "%1，另有 %2 个前缀未统计")
    static let keyMark = Phrase("mark", "标记")
    static let helpMark = Phrase("Mark the key or the prefix, or take its mark away.", "标记该键或前缀，或取消标记。")
    static let helpRange = Phrase("Mark everything from the last mark to here.", "标记从上一个标记到此处的所有条目。")
    static let helpAll = Phrase("Mark everything that is listed on this level.", "标记此层级已列出的所有条目。")
    static let helpUnmark = Phrase("Clear the marks.", "清除标记。")
    static let keyRange = Phrase("mark range", "标记范围")
    static let keyAll = Phrase("mark all", "全部标记")
    static let keyUnmark = Phrase("clear marks", "清除标记")
}
