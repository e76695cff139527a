/// Finds the slot of an exchange by its id.
///
/// Ids count up, so that the kept ones mostly lie close together: each has a place of its own by its low bits, and
/// only one that was overtaken by a whole round, because it is still running, moves to a dictionary. Every event of an
/// exchange passes here, and neighbours in time are neighbours in memory.
struct SlotTable {
    private struct Entry {
        var id: UInt64 = 0
        /// ``SlotList/none`` where there is no entry.
        var slot: Int32 = SlotList.none
    }

    private var recent = [Entry](repeating: Entry(), count: 64)
    private var overtaken: [UInt64: Int32] = [:]
    private(set) var count = 0

    /// The slot of this id, or ``SlotList/none``.
    func slot(of id: UInt64) -> Int32 {
        let entry = self.recent[self.place(of: id)]
        if entry.id == id { return entry.slot }
        return self.overtaken.isEmpty ? SlotList.none : self.overtaken[id] ?? SlotList.none
    }

    /// Adds an id that is not in the table.
    mutating func insert(_ id: UInt64, slot: Int32) {
        if (self.count + 1) * 2 > self.recent.count { self.grow() }
        self.put(Entry(id: id, slot: slot))
        self.count += 1
    }

    mutating func remove(_ id: UInt64) {
        let place = self.place(of: id)
        if self.recent[place].id == id, self.recent[place].slot != SlotList.none {
            self.recent[place].slot = SlotList.none
            self.count -= 1
        } else if self.overtaken.removeValue(forKey: id) != nil {
            self.count -= 1
        }
    }

    private func place(of id: UInt64) -> Int { Int(truncatingIfNeeded: id) & (self.recent.count - 1) }

    private mutating func put(_ entry: Entry) {
        let place = self.place(of: entry.id)
        let other = self.recent[place]
        // The one with the lower id is the one that goes on for long.
        if other.slot == SlotList.none || other.id < entry.id {
            self.recent[place] = entry
            if other.slot != SlotList.none { self.overtaken[other.id] = other.slot }
        } else {
            self.overtaken[entry.id] = entry.slot
        }
    }

    private mutating func grow() {
        var entries = self.recent.filter { $0.slot != SlotList.none }
        entries += self.overtaken.map { Entry(id: $0.key, slot: $0.value) }
        self.recent = [Entry](repeating: Entry(), count: self.recent.count * 2)
        self.overtaken = [:]
        for entry in entries { self.put(entry) }
    }
}
