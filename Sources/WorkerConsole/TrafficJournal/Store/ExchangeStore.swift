import WorkerDomain

/// The kept exchanges in numbered slots, with the lists that make every step O(1).
///
/// A slot stands in `order` (ascending ids) and in `changes` (the latest change last), and in `ended` once its exchange
/// has ended (the latest end last): whoever ended longest ago goes first.
struct ExchangeStore {
    private struct Slot {
        var exchange: Exchange?
        /// Journal version of the latest change.
        var version: UInt64 = 0
        /// What the exchange counts for, in bytes.
        var bytes = 0
        /// Monotonic nanoseconds when it began.
        var beganAt: UInt64 = 0
    }

    private var slots: [Slot] = []
    private var free: [Int32] = []
    private var table = SlotTable()
    private var order = SlotList()
    private var changes = SlotList()
    private var ended = SlotList()
    private(set) var endedCount = 0
    private(set) var bytes = 0

    var count: Int { self.table.count }
    var inFlightCount: Int { self.table.count - self.endedCount }

    /// The lowest id that is kept; `nil` when nothing is.
    var lowestID: ExchangeID? {
        self.order.first == SlotList.none ? nil : self.slots[Int(self.order.first)].exchange?.id
    }

    /// The slot of a kept exchange, or ``SlotList/none``.
    func slot(of id: ExchangeID) -> Int32 { self.table.slot(of: id.rawValue) }

    /// The exchange in a slot that is in use.
    func exchange(in slot: Int32) -> Exchange? { self.slots[Int(slot)].exchange }

    func beganAt(_ slot: Int32) -> UInt64 { self.slots[Int(slot)].beganAt }

    /// Adds an exchange that is not kept yet.
    mutating func insert(_ exchange: Exchange, at instant: UInt64, version: UInt64) {
        let slot = self.takeSlot()
        // Ids come nearly in order: event loops race for a few places only.
        var previous = self.order.last
        while previous != SlotList.none, let other = self.slots[Int(previous)].exchange, other.id > exchange.id {
            previous = self.order.previous(before: previous)
        }
        self.order.insert(slot, after: previous)
        self.changes.append(slot)
        self.table.insert(exchange.id.rawValue, slot: slot)
        let bytes = exchange.keptBytes
        self.slots[Int(slot)] = Slot(exchange: exchange, version: version, bytes: bytes, beganAt: instant)
        self.bytes += bytes
    }

    /// Changes the exchange in a slot that is in use, and counts its bytes anew.
    /// - Returns: What `change` returns: false when it left the exchange as it was.
    mutating func update(
        _ slot: Int32, version: UInt64, _ change: (inout Exchange) -> Bool
    ) -> Bool {
        let index = Int(slot)
        guard var exchange = self.slots[index].exchange.take() else { return false }
        let wasInFlight = exchange.isInFlight
        let hasChanged = change(&exchange)
        if hasChanged {
            let bytes = exchange.keptBytes
            self.bytes += bytes - self.slots[index].bytes
            self.slots[index].bytes = bytes
            self.slots[index].version = version
            self.changes.moveToEnd(slot)
            if wasInFlight, !exchange.isInFlight {
                self.ended.append(slot)
                self.endedCount += 1
            }
        }
        self.slots[index].exchange = exchange
        return hasChanged
    }

    /// Lets the exchange go that ended longest ago, or the oldest one when all are in flight.
    /// - Returns: Its id; `nil` when nothing is kept.
    mutating func evict() -> ExchangeID? {
        let slot = self.ended.first != SlotList.none ? self.ended.first : self.order.first
        guard slot != SlotList.none, let exchange = self.slots[Int(slot)].exchange else { return nil }
        if !exchange.isInFlight {
            self.ended.remove(slot)
            self.endedCount -= 1
        }
        self.order.remove(slot)
        self.changes.remove(slot)
        self.table.remove(exchange.id.rawValue)
        self.bytes -= self.slots[Int(slot)].bytes
        self.slots[Int(slot)] = Slot()
        self.free.append(slot)
        return exchange.id
    }

    /// Appends exchanges that changed after a version, in the order of their latest change, `limit` of them at most.
    ///
    /// `place` is where the call before ended, `nil` for the first one. True comes back when none is left.
    func appendChanges(since version: UInt64, place: inout Place?, limit: Int, to list: inout [Exchange]) -> Bool {
        var slot: Int32
        if let place, self.slots[Int(place.slot)].version == place.version {
            slot = self.changes.next(after: place.slot)
        } else {
            let start = place?.version ?? version
            slot = SlotList.none
            var candidate = self.changes.last
            while candidate != SlotList.none, self.slots[Int(candidate)].version > start {
                slot = candidate
                candidate = self.changes.previous(before: candidate)
            }
        }
        var left = limit
        while slot != SlotList.none, left > 0 {
            if let exchange = self.slots[Int(slot)].exchange { list.append(exchange) }
            place = Place(slot: slot, version: self.slots[Int(slot)].version)
            slot = self.changes.next(after: slot)
            left -= 1
        }
        return slot == SlotList.none
    }

    /// A slot as it was at one version.
    struct Place {
        let slot: Int32
        let version: UInt64
    }

    private mutating func takeSlot() -> Int32 {
        if let slot = self.free.popLast() { return slot }
        let slot = Int32(self.slots.count)
        self.slots.append(Slot())
        self.order.addSlot()
        self.changes.addSlot()
        self.ended.addSlot()
        return slot
    }
}

extension Exchange {
    /// What one row costs apart from its bytes: the value, its places in the lists, the headers of its arrays.
    static let fixedBytes = 768

    /// Memory that this exchange holds, in bytes: what its arrays have reserved, not only what they use.
    var keptBytes: Int {
        // Strings of up to 15 bytes stand in the value itself.
        let text = self.target.utf8.count + (self.ending?.reason?.utf8.count ?? 0)
        return Self.fixedBytes + self.requestHead.capacity + self.responseHead.capacity + text
            + self.requestBody.bytes.capacity + self.responseBody.bytes.capacity
    }
}
