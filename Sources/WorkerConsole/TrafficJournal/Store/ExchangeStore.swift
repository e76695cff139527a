import WorkerDomain

/// The kept exchanges in numbered slots, with the lists that make every step O(1).
///
/// A slot stands in `order` (ascending ids) and in `changes` (the latest change last), and in `ended` once its exchange
/// has ended (the latest end last): whoever ended longest ago goes first.
struct ExchangeStore {
    private struct Slot {
        /// Zero in a free slot. It stands beside the exchange because reading one field of that copies the whole of it.
        var id: UInt64 = 0
        var exchange: Exchange?
        /// Journal version of the latest change.
        var version: UInt64 = 0
        /// What the exchange counts for, in bytes.
        var bytes = 0
        /// Monotonic nanoseconds when it began.
        var beganAt: UInt64 = 0

        /// Changes the exchange where it stands: it is large, and a copy of it costs more than most changes.
        /// - Returns: By how much its bytes grew, and whether it ended; `nil` when it was left as it was.
        mutating func update(version: UInt64, _ change: (inout Exchange) -> Bool) -> (bytes: Int, hasEnded: Bool)? {
            guard let outcome = self.exchange?.apply(change) else { return nil }
            let growth = outcome.bytes - self.bytes
            self.bytes = outcome.bytes
            self.version = version
            return (growth, outcome.hasEnded)
        }
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
        self.order.first == SlotList.none ? nil : ExchangeID(rawValue: self.slots[Int(self.order.first)].id)
    }

    /// The slot of a kept exchange, or ``SlotList/none``.
    func slot(of id: ExchangeID) -> Int32 { self.table.slot(of: id.rawValue) }

    func beganAt(_ slot: Int32) -> UInt64 { self.slots[Int(slot)].beganAt }

    /// Adds an exchange that is not kept yet.
    mutating func insert(_ exchange: Exchange, at instant: UInt64, version: UInt64) {
        let slot = self.takeSlot()
        // Ids come nearly in order: event loops race for a few places only.
        var previous = self.order.last
        while previous != SlotList.none, self.slots[Int(previous)].id > exchange.id.rawValue {
            previous = self.order.previous(before: previous)
        }
        self.order.insert(slot, after: previous)
        self.changes.append(slot)
        self.table.insert(exchange.id.rawValue, slot: slot)
        let bytes = exchange.keptBytes
        self.slots[Int(slot)] = Slot(
            id: exchange.id.rawValue, exchange: exchange, version: version, bytes: bytes, beganAt: instant)
        self.bytes += bytes
    }

    /// Changes the exchange in a slot that is in use, and counts its bytes anew.
    /// - Returns: What `change` returns: false when it left the exchange as it was.
    mutating func update(
        _ slot: Int32, version: UInt64, _ change: (inout Exchange) -> Bool
    ) -> Bool {
        guard let update = self.slots[Int(slot)].update(version: version, change) else { return false }
        self.bytes += update.bytes
        self.changes.moveToEnd(slot)
        if update.hasEnded {
            self.ended.append(slot)
            self.endedCount += 1
        }
        return true
    }

    /// Lets the exchange go that ended longest ago, or the oldest one when all are in flight.
    /// - Returns: Its id; `nil` when nothing is kept.
    mutating func evict() -> ExchangeID? {
        let slot = self.ended.first != SlotList.none ? self.ended.first : self.order.first
        guard slot != SlotList.none else { return nil }
        let id = self.slots[Int(slot)].id
        if self.ended.first == slot {
            self.ended.remove(slot)
            self.endedCount -= 1
        }
        self.order.remove(slot)
        self.changes.remove(slot)
        self.table.remove(id)
        self.bytes -= self.slots[Int(slot)].bytes
        self.slots[Int(slot)] = Slot()
        self.free.append(slot)
        return ExchangeID(rawValue: id)
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
    /// - Returns: The bytes that it holds now, and whether the change ended it; `nil` when it was left as it was.
    fileprivate mutating func apply(_ change: (inout Exchange) -> Bool) -> (bytes: Int, hasEnded: Bool)? {
        let wasInFlight = self.isInFlight
        guard change(&self) else { return nil }
        return (self.keptBytes, wasInFlight && !self.isInFlight)
    }

    /// What one row costs apart from its bytes: the value, its places in the lists, the headers of its arrays.
    static let fixedBytes = 768

    /// Memory that this exchange holds, in bytes: what its arrays have reserved, not only what they use.
    var keptBytes: Int {
        Self.fixedBytes + self.requestHead.capacity + self.responseHead.capacity
            + (self.ending?.reason?.utf8.count ?? 0)
            + self.requestBody.bytes.capacity + self.responseBody.bytes.capacity
    }
}
