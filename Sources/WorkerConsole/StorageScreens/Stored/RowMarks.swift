import WorkerDomain

/// What tells a row from others: its primary key, or all of it.
struct DatabaseRowKey: Hashable {
    private let values: [SQLValue]

    init(_ row: [SQLValue], _ key: [Int]) {
        self.values = key.isEmpty ? row : key.map { row.indices.contains($0) ? row[$0] : .null }
    }
}

/// Rows of a page that have come or changed a moment ago.
struct RowMarks: Sendable, Equatable {
    private var added: [[SQLValue]: WallTime] = [:]
    private var changed: [[SQLValue]: WallTime] = [:]

    var isEmpty: Bool { self.added.isEmpty && self.changed.isEmpty }
    var addedCount: Int { self.added.count }
    var changedCount: Int { self.changed.count }

    func mark(of row: [SQLValue]) -> ChangeMarks.Mark? {
        if self.isEmpty { return nil }
        return self.added[row] != nil ? .added : self.changed[row] != nil ? .changed : nil
    }

    /// Marks what differs between two readings of one page.
    ///
    /// Rows that only moved in from the page before or behind, because others came or went, are not marked.
    mutating func compare(
        _ before: [[SQLValue]], _ now: [[SQLValue]], key: [Int], hasBefore: Bool, hadMore: Bool, at time: WallTime
    ) {
        let until = WallTime(nanosecondsSinceEpoch: time.nanosecondsSinceEpoch + ChangeMarks.time)
        var known = Dictionary(before.map { (DatabaseRowKey($0, key), $0) }, uniquingKeysWith: { $1 })
        let stayed = now.indices.filter { known[DatabaseRowKey(now[$0], key)] != nil }
        let first = hasBefore ? stayed.first ?? now.count : 0
        let last = hadMore ? stayed.last ?? -1 : now.count - 1
        var added: [[SQLValue]: WallTime] = [:]
        var changed: [[SQLValue]: WallTime] = [:]
        for (index, row) in now.enumerated() {
            if let old = known.removeValue(forKey: DatabaseRowKey(row, key)) {
                if let mark = self.added[old] {
                    added[row] = mark
                } else if old != row {
                    changed[row] = until
                } else if let mark = self.changed[old] {
                    changed[row] = mark
                }
            } else if index >= first, index <= last {
                added[row] = until
            }
        }
        self.added = added
        self.changed = changed
    }

    mutating func expire(at now: WallTime) {
        guard !self.isEmpty else { return }
        self.added = self.added.filter { $0.value > now }
        self.changed = self.changed.filter { $0.value > now }
    }
}
