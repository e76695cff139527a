import WorkerDomain

/// The part of a stored value that is in memory: consecutive bytes, never more than ``maximum``.
struct StoredWindow: Sendable, Equatable {
    /// How much is read at once.
    static let step = 64 * 1_024
    /// How much is held at once; values up to this size can be held whole.
    static let maximum = 1_024 * 1_024

    /// Offset of the first byte that is held.
    private(set) var start: Int64 = 0
    private(set) var bytes: [UInt8] = []
    /// Size of the whole value.
    var total: Int64

    var end: Int64 { self.start + Int64(self.bytes.count) }
    var hasMoreBefore: Bool { self.start > 0 }
    var hasMoreBehind: Bool { self.end < self.total }
    var isWhole: Bool { !self.hasMoreBefore && !self.hasMoreBehind }

    init(start: Int64 = 0, bytes: [UInt8] = [], total: Int64) {
        self.start = start
        self.bytes = bytes
        self.total = total
    }

    /// Where to read on.
    enum Direction: Sendable, Equatable {
        case first, behind, before, last
    }

    /// Offset and length of the next read; `nil` when there is nothing left in that direction.
    func request(_ direction: Direction) -> (offset: Int64, length: Int)? {
        switch direction {
        case .first: return (0, Self.step)
        case .behind: return self.hasMoreBehind ? (self.end, Self.step) : nil
        case .before:
            guard self.hasMoreBefore else { return nil }
            let length = min(Int64(Self.step), self.start)
            return (self.start - length, Int(length))
        case .last:
            guard self.hasMoreBehind else { return nil }
            // Whole steps, so that hex rows keep their addresses.
            let offset = max(0, (self.total - 1) / Int64(Self.step) * Int64(Self.step))
            return (offset, Self.step)
        }
    }

    /// Takes in what was read at `offset`; what does not touch the window replaces it, what is too much is dropped at
    /// the far end.
    mutating func take(_ read: [UInt8], at offset: Int64) {
        if read.isEmpty {
            // The value is shorter than it was said to be: it was replaced meanwhile.
            self.total = min(self.total, max(offset, self.end))
        } else if offset == self.end, !self.bytes.isEmpty {
            self.bytes += read
            let surplus = self.bytes.count - Self.maximum
            if surplus > 0 {
                let dropped = (surplus + Self.step - 1) / Self.step * Self.step
                self.bytes.removeFirst(min(dropped, self.bytes.count))
                self.start += Int64(dropped)
            }
        } else if offset + Int64(read.count) == self.start, !self.bytes.isEmpty {
            self.bytes = read + self.bytes
            self.start = offset
            if self.bytes.count > Self.maximum { self.bytes.removeLast(self.bytes.count - Self.maximum) }
        } else {
            self.bytes = read
            self.start = offset
        }
        self.total = max(self.total, self.end)
    }
}
