import WorkerDomain

/// Entries that have come or changed a moment ago, by their keys.
struct ChangeMarks: Sendable, Equatable {
    enum Mark: Sendable, Equatable { case added, changed }

    /// How long an entry stays marked.
    static let time: Int64 = 8_000_000_000

    private var marks: [ByteString: (mark: Mark, until: WallTime)] = [:]
    /// Entries that were there and are not any more, and until when that is said.
    private var removals: [(count: Int, until: WallTime)] = []

    static func == (left: ChangeMarks, right: ChangeMarks) -> Bool {
        left.removals.map(\.count) == right.removals.map(\.count)
            && left.marks.mapValues(\.mark) == right.marks.mapValues(\.mark)
    }

    var isEmpty: Bool { self.marks.isEmpty && self.removals.isEmpty }
    var added: Int { self.marks.values.count { $0.mark == .added } }
    var changed: Int { self.marks.values.count { $0.mark == .changed } }
    var removed: Int { self.removals.reduce(0) { $0 + $1.count } }

    func mark(of key: String) -> Mark? { self.marks.isEmpty ? nil : self.marks[ByteString(key)]?.mark }

    mutating func note(_ mark: Mark, _ key: String, at now: WallTime) {
        self.marks[ByteString(key)] = (mark, Self.end(now))
    }

    mutating func noteRemoved(_ count: Int, at now: WallTime) {
        if count > 0 { self.removals.append((count, Self.end(now))) }
    }

    /// Forgets what has been marked for long enough.
    mutating func expire(at now: WallTime) {
        guard !self.isEmpty else { return }
        self.marks = self.marks.filter { $0.value.until > now }
        self.removals.removeAll { $0.until <= now }
    }

    private static func end(_ now: WallTime) -> WallTime {
        WallTime(nanosecondsSinceEpoch: now.nanosecondsSinceEpoch + Self.time)
    }
}
