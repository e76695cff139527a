/// Remembers which of the newest ids have begun, so that a second beginning never makes a second row.
struct SeenWindow {
    /// Ids further than this behind the highest one count as seen.
    static let width: UInt64 = 1 << 16

    private var bits = [UInt64](repeating: 0, count: Int(SeenWindow.width / 64))
    private var highest: UInt64 = 0
    private var isEmpty = true

    /// Marks an id.
    /// - Returns: True when it had not been seen before.
    mutating func insert(_ id: UInt64) -> Bool {
        if self.isEmpty {
            self.isEmpty = false
            self.highest = id
        } else if id > self.highest {
            self.forget(upTo: id)
        } else if self.highest - id >= Self.width {
            return false
        }
        let word = Int(id % Self.width / 64)
        let bit: UInt64 = 1 << (id % 64)
        guard self.bits[word] & bit == 0 else { return false }
        self.bits[word] |= bit
        return true
    }

    /// Moves the window's end to a higher id; the places that become free are those of ids that have never been seen.
    private mutating func forget(upTo id: UInt64) {
        if id - self.highest >= Self.width {
            for word in self.bits.indices { self.bits[word] = 0 }
        } else {
            var place = self.highest
            while place < id {
                place += 1
                self.bits[Int(place % Self.width / 64)] &= ~(1 << (place % 64))
            }
        }
        self.highest = id
    }
}
