/// A doubly linked list of slot numbers in which every step is O(1): the links stand in an array beside the slots.
struct SlotList {
    private struct Link {
        var previous: Int32 = SlotList.none
        var next: Int32 = SlotList.none
    }

    /// Stands for no slot.
    static let none: Int32 = -1

    private(set) var first = SlotList.none
    private(set) var last = SlotList.none
    private var links: [Link] = []

    /// Makes room for one slot more; its number is the count of those before it.
    mutating func addSlot() { self.links.append(Link()) }

    func next(after slot: Int32) -> Int32 { self.links[Int(slot)].next }

    func previous(before slot: Int32) -> Int32 { self.links[Int(slot)].previous }

    mutating func append(_ slot: Int32) { self.insert(slot, after: self.last) }

    /// Inserts a slot that is not in the list behind another one, or in front of all with ``none``.
    mutating func insert(_ slot: Int32, after previous: Int32) {
        let next = previous == Self.none ? self.first : self.links[Int(previous)].next
        self.links[Int(slot)] = Link(previous: previous, next: next)
        if previous == Self.none { self.first = slot } else { self.links[Int(previous)].next = slot }
        if next == Self.none { self.last = slot } else { self.links[Int(next)].previous = slot }
    }

    /// Takes out a slot that is in the list.
    mutating func remove(_ slot: Int32) {
        let link = self.links[Int(slot)]
        if link.previous == Self.none {
            self.first = link.next
        } else {
            self.links[Int(link.previous)].next = link.next
        }
        if link.next == Self.none {
            self.last = link.previous
        } else {
            self.links[Int(link.next)].previous = link.previous
        }
        self.links[Int(slot)] = Link()
    }

    /// Moves a slot that is in the list to its end.
    mutating func moveToEnd(_ slot: Int32) {
        guard slot != self.last else { return }
        self.remove(slot)
        self.append(slot)
    }
}
