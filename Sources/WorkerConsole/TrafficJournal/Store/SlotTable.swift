/// Finds the slot of an exchange by its id: open addressing, half full at most.
///
/// A dictionary does the same; this one costs a tenth of it, and it stands in the path of every event.
struct SlotTable {
    private var ids: [UInt64]
    /// ``SlotList/none`` where there is no entry.
    private var slots: [Int32]
    private var mask: Int
    private var shift: UInt64
    private(set) var count = 0

    init() {
        self.ids = [UInt64](repeating: 0, count: 64)
        self.slots = [Int32](repeating: SlotList.none, count: 64)
        self.mask = 63
        self.shift = 64 - 6
    }

    /// The slot of this id, or ``SlotList/none``.
    func slot(of id: UInt64) -> Int32 {
        var place = self.home(of: id)
        while self.slots[place] != SlotList.none {
            if self.ids[place] == id { return self.slots[place] }
            place = (place + 1) & self.mask
        }
        return SlotList.none
    }

    /// Adds an id that is not in the table.
    mutating func insert(_ id: UInt64, slot: Int32) {
        if (self.count + 1) * 2 > self.slots.count { self.grow() }
        self.place(id, slot: slot)
        self.count += 1
    }

    mutating func remove(_ id: UInt64) {
        var hole = self.home(of: id)
        while self.ids[hole] != id || self.slots[hole] == SlotList.none {
            guard self.slots[hole] != SlotList.none else { return }
            hole = (hole + 1) & self.mask
        }
        self.count -= 1
        // Entries behind the hole move up, unless they already stand between their home and the hole.
        var next = (hole + 1) & self.mask
        while self.slots[next] != SlotList.none {
            let distance = (next - self.home(of: self.ids[next])) & self.mask
            if distance >= (next - hole) & self.mask {
                self.ids[hole] = self.ids[next]
                self.slots[hole] = self.slots[next]
                hole = next
            }
            next = (next + 1) & self.mask
        }
        self.slots[hole] = SlotList.none
    }

    /// Fibonacci hashing: consecutive ids land far apart.
    private func home(of id: UInt64) -> Int { Int(truncatingIfNeeded: (id &* 0x9E37_79B9_7F4A_7C15) &>> self.shift) }

    private mutating func place(_ id: UInt64, slot: Int32) {
        var place = self.home(of: id)
        while self.slots[place] != SlotList.none { place = (place + 1) & self.mask }
        self.ids[place] = id
        self.slots[place] = slot
    }

    private mutating func grow() {
        let before = zip(self.ids, self.slots).filter { $0.1 != SlotList.none }
        let capacity = self.slots.count * 2
        self.ids = [UInt64](repeating: 0, count: capacity)
        self.slots = [Int32](repeating: SlotList.none, count: capacity)
        self.mask = capacity - 1
        self.shift -= 1
        for (id, slot) in before { self.place(id, slot: slot) }
    }
}
