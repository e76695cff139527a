import WorkerDomain

/// What has been listed of one prefix of one bucket, page by page, and how it is looked at.
struct BucketsListing: Sendable, Equatable {
    /// The first page on its way, there, or failed.
    enum Phase: Sendable, Equatable {
        case loading
        case loaded
        case failed(StorageError)
    }

    /// Entries that are asked for at once.
    static let pageSize = 500

    /// How far a listing goes.
    struct Extent: Sendable, Equatable {
        /// The last key; `nil` when there is none.
        var last: ByteString?
        /// More is known to exist behind it.
        var isOpen: Bool
        var count: Int

        /// New entries that are taken in at once behind a listing that was complete.
        private static let growth = 2_000

        func isCovered(by items: [BucketsItem]) -> Bool {
            guard let newest = items.last.map({ ByteString($0.key) }) else { return false }
            if items.count >= BucketsListing.maximum { return true }
            let isBehind = self.last.map { newest >= $0 } ?? true
            return isBehind && (self.isOpen || items.count >= self.count + Self.growth)
        }
    }
    /// Entries that are held; more are reached with a longer prefix.
    static let maximum = 100_000

    /// ``Binding/id`` of the bucket or namespace.
    let binding: String
    let prefix: String
    private(set) var phase = Phase.loading
    private(set) var items: [BucketsItem] = []
    private(set) var nextCursor: String?
    var isLoadingMore = false
    /// Why the newest page after the first could not be had.
    private(set) var moreProblem: StorageError?
    private(set) var sort = BucketsSort()
    private(set) var filter = ""
    /// Indices into `items`, in the order they are shown.
    private(set) var visible: [Int] = []
    /// The selected row: `../` is row 0 where there is one.
    private(set) var cursor = 0
    /// The key that the cursor goes to as soon as it is listed.
    private(set) var wanted: String?
    /// What has come, changed and gone since it was listed.
    private(set) var marks = ChangeMarks()
    /// Why the listing could not be read again; it is shown as it was.
    private(set) var staleReason: StorageError?
    /// When the next entry expires.
    private var nextExpiry: WallTime?

    init(binding: String, prefix: String = "", sort: BucketsSort = BucketsSort(), wanted: String? = nil) {
        self.binding = binding
        self.prefix = prefix
        self.sort = sort
        self.wanted = wanted
    }

    /// `../` stands above the entries.
    var hasParent: Bool { !self.prefix.isEmpty }
    var rowCount: Int { self.visible.count + (self.hasParent ? 1 : 0) }
    var hasMore: Bool { self.nextCursor != nil && self.items.count < Self.maximum }
    /// More exists than is held, and this listing will not fetch it.
    var isFull: Bool { self.nextCursor != nil && self.items.count >= Self.maximum }

    /// What a row holds; `nil` for `../`.
    func item(atRow row: Int) -> BucketsItem? {
        let index = row - (self.hasParent ? 1 : 0)
        return self.visible.indices.contains(index) ? self.items[self.visible[index]] : nil
    }

    var selected: BucketsItem? { self.item(atRow: self.cursor) }
    var isParentSelected: Bool { self.hasParent && self.cursor == 0 }

    /// The name below the prefix.
    func name(of item: BucketsItem) -> String {
        let key = item.key
        guard key.utf8.starts(with: self.prefix.utf8) else { return key }
        return String(decoding: key.utf8.dropFirst(self.prefix.utf8.count), as: UTF8.self)
    }

    /// True when what is typed for a prefix begins with the one that is listed: it is meant from the top.
    func isWhole(typed: String) -> Bool { typed.utf8.starts(with: self.prefix.utf8) }

    /// The prefix that is meant by what is typed: below this one, or in full.
    func path(typed: String) -> String { self.isWhole(typed: typed) ? typed : self.prefix + typed }

    /// The prefix one `/` above; empty at the top.
    static func parent(of prefix: String) -> String {
        let bytes = prefix.utf8.dropLast()
        guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { return "" }
        return String(decoding: bytes[...slash], as: UTF8.self)
    }

    // MARK: Changes

    mutating func move(to row: Int) {
        self.cursor = max(0, min(row, self.rowCount - 1))
        self.wanted = nil
    }

    mutating func move(by rows: Int) { self.move(to: self.cursor + rows) }

    mutating func select(key: String) {
        guard let place = self.visible.firstIndex(where: { self.items[$0].key.hasSameBytes(as: key) }) else { return }
        self.cursor = place + (self.hasParent ? 1 : 0)
    }

    /// Puts the cursor on a key as soon as it is listed.
    mutating func want(_ key: String?) { self.wanted = key }

    mutating func setSort(_ sort: BucketsSort) {
        self.sort = sort
        self.arrange()
    }

    mutating func setFilter(_ filter: String) {
        self.filter = filter
        self.arrange()
    }

    mutating func take(_ entries: [BucketsItem], nextCursor: String?) {
        let isFirst = self.phase != .loaded
        self.phase = .loaded
        self.isLoadingMore = false
        self.moreProblem = nil
        let last = self.items.last.map { ByteString($0.key) }
        // A listing that was read again meanwhile may hold the start of this page, or all of it.
        let more = last.map { last in entries.filter { last < ByteString($0.key) } } ?? entries
        let isOld = more.isEmpty && !entries.isEmpty
        self.items += more.prefix(max(0, Self.maximum - self.items.count))
        // A page that brings nothing and points at itself would be asked for without end.
        if !isOld { self.nextCursor = entries.isEmpty && nextCursor == self.nextCursor ? nil : nextCursor }
        if isFirst, self.wanted == nil, self.hasParent, !self.items.isEmpty { self.cursor = 1 }
        let wanted = self.wanted
        self.arrange()
        if let wanted {
            self.select(key: wanted)
            if let key = self.selected?.key, key.hasSameBytes(as: wanted) { self.wanted = nil }
        }
        self.findNextExpiry()
    }

    // MARK: Reading again

    var extent: Extent {
        Extent(
            last: self.items.last.map { ByteString($0.key) }, isOpen: self.nextCursor != nil, count: self.items.count)
    }

    /// Takes in what is listed now; the selection stays on its key, what is new or changed is marked.
    mutating func merge(_ items: [BucketsItem], nextCursor: String?, at now: WallTime) {
        let before = self.extent
        let selected = self.selected
        var known = Dictionary(self.items.map { (ByteString($0.key), $0) }, uniquingKeysWith: { $1 })
        for item in items {
            let key = ByteString(item.key)
            if let old = known.removeValue(forKey: key) {
                if old != item { self.marks.note(.changed, item.key, at: now) }
            } else if !before.isOpen || before.last.map({ key < $0 }) ?? false {
                // What stands behind the old end was there before, and had not been listed.
                self.marks.note(.added, item.key, at: now)
            }
        }
        self.marks.noteRemoved(known.count, at: now)
        self.items = Array(items.prefix(Self.maximum))
        self.nextCursor = nextCursor
        self.staleReason = nil
        self.isLoadingMore = false
        self.arrange(keeping: selected)
        self.findNextExpiry()
    }

    /// The listing could not be read again: what is shown is what was.
    mutating func failAgain(_ error: StorageError) {
        if error.isRetryable { self.staleReason = error } else { self.phase = .failed(error) }
    }

    /// Leaves out the names that have expired, and forgets old marks.
    mutating func tick(at now: WallTime) {
        self.marks.expire(at: now)
        guard let expiry = self.nextExpiry, expiry <= now else { return }
        let selected = self.selected
        let count = self.items.count
        self.items.removeAll { $0.hasExpired(at: now) }
        self.marks.noteRemoved(count - self.items.count, at: now)
        self.arrange(keeping: selected)
        self.findNextExpiry()
    }

    private mutating func findNextExpiry() {
        self.nextExpiry = self.items.lazy.compactMap { item in
            if case .name(let entry) = item { entry.expiresAt } else { nil }
        }.min()
    }

    /// Puts what was read of an entry in place of what was listed of it.
    mutating func update(_ item: BucketsItem) {
        guard let index = self.items.firstIndex(where: { $0.isSame(as: item) }), self.items[index] != item else {
            return
        }
        let selected = self.selected
        self.items[index] = item
        self.arrange(keeping: selected)
    }

    mutating func fail(_ error: StorageError) {
        self.isLoadingMore = false
        if self.phase == .loaded { self.moreProblem = error } else { self.phase = .failed(error) }
    }

    /// Works out what is shown, and keeps the selected key selected.
    private mutating func arrange() { self.arrange(keeping: self.selected) }

    private mutating func arrange(keeping selected: BucketsItem?) {
        let all = Array(self.items.indices)
        var shown = self.filter.isEmpty ? all : self.matching()
        if self.sort != BucketsSort() { self.order(&shown) }
        self.visible = shown
        if let selected, self.selected?.isSame(as: selected) != true { self.select(key: selected.key) }
        self.cursor = max(0, min(self.cursor, self.rowCount - 1))
    }

    /// Entries whose name holds the filter, ASCII letters compared without case.
    private func matching() -> [Int] {
        let part = NamePart(self.filter)
        let skipped = self.prefix.utf8.count
        return self.items.indices.filter { index in
            let key = Array(self.items[index].key.utf8)
            return part.isIn(key.span.bytes, from: skipped)
        }
    }

    /// Folders stay first, in the store's order; equal entries keep the store's order too.
    private func order(_ indices: inout [Int]) {
        let folders = indices.filter { self.items[$0].isPrefix }
        var rest = indices.filter { !self.items[$0].isPrefix }
        let isDescending = self.sort.isDescending
        switch self.sort.column {
        case .name:
            // The store lists in the order of names already.
            if isDescending {
                indices = Array(folders.reversed()) + Array(rest.reversed())
                return
            }
        case .size: rest = self.sorted(rest, by: { self.items[$0].bytes ?? -1 }, isDescending)
        case .time: rest = self.sorted(rest, by: { self.items[$0].time?.nanosecondsSinceEpoch ?? .min }, isDescending)
        case .type:
            let names = Dictionary(uniqueKeysWithValues: rest.map { ($0, self.items[$0].typeName) })
            rest = self.sorted(rest, by: { ByteString(names[$0] ?? "") }, isDescending)
        }
        indices = folders + rest
    }

    private func sorted<Value: Comparable>(
        _ indices: [Int], by value: (Int) -> Value, _ isDescending: Bool
    ) -> [Int] {
        let pairs = indices.map { ($0, value($0)) }
        return pairs.sorted { left, right in
            if left.1 == right.1 { return left.0 < right.0 }
            return isDescending ? left.1 > right.1 : left.1 < right.1
        }.map(\.0)
    }
}
