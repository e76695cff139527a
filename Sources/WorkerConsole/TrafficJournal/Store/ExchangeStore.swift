import WorkerDomain

/// The kept exchanges in numbered slots, with the lists that make every step O(1).
///
/// A slot stands in `order` (ascending ids) and in `changes` (the latest change last), and in `ended` once its exchange
/// has ended (the latest end last): whoever ended longest ago goes first.
struct ExchangeStore {
    fileprivate struct Slot {
        var exchange: Exchange
        // Both stand beside the exchange because asking it can copy the whole of it.
        var id = ExchangeID(rawValue: 0)
        var isInFlight = false
        /// Journal version of the latest change.
        var version: UInt64 = 0
        /// What the exchange counts for, in bytes.
        var bytes = 0
        /// Monotonic nanoseconds when it began.
        var beganAt: UInt64 = 0
    }

    private var slots: [Slot] = []
    private var free: [Int32] = []
    // Memory of exchanges that were let go, for those that come.
    private var spareHeads = SpareBytes()
    private var spareResponses = SpareBytes()
    private var spareBodies = SpareBytes()
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
        self.order.first == SlotList.none ? nil : self.slots[Int(self.order.first)].id
    }

    /// The slot of a kept exchange, or ``SlotList/none``.
    func slot(of id: ExchangeID) -> Int32 { self.table.slot(of: id.rawValue) }

    func beganAt(_ slot: Int32) -> UInt64 { self.slots[Int(slot)].beganAt }

    func isInFlight(_ slot: Int32) -> Bool { self.slots[Int(slot)].isInFlight }

    /// Adds an exchange that is not kept yet.
    mutating func insert(
        _ id: ExchangeID, _ beginning: ExchangeBeginning, head: RawSpan, at instant: UInt64, version: UInt64
    ) {
        let slot = self.takeSlot()
        // Ids come nearly in order: event loops race for a few places only.
        var previous = self.order.last
        while previous != SlotList.none, self.slots[Int(previous)].id > id {
            previous = self.order.previous(before: previous)
        }
        self.order.insert(slot, after: previous)
        self.changes.append(slot)
        self.table.insert(id.rawValue, slot: slot)
        let head = self.spareHeads.copy(head)
        let bytes = Exchange.fixedBytes + head.capacity
        self.slots[Int(slot)].begin(id, beginning, head: head, bytes: bytes, at: instant, version: version)
        self.bytes += bytes
    }

    /// Changes what an exchange says without its bytes.
    mutating func update(_ slot: Int32, version: UInt64, _ change: (inout Exchange) -> Void) {
        change(&self.slots[Int(slot)].exchange)
        self.touch(slot, version: version, growth: 0)
    }

    /// Notes a response head.
    /// - Returns: False when there was a response already: only an interim one may be followed by another (RFC 9110
    ///   section 15.2).
    @discardableResult
    mutating func respond(_ slot: Int32, _ response: ExchangeResponse, head: RawSpan, version: UInt64) -> Bool {
        let place = Int(slot)
        if let status = self.slots[place].exchange.status, !(100..<200).contains(status) || status == 101 {
            return false
        }
        let head = self.spareResponses.copy(head)
        let growth = head.capacity - self.slots[place].exchange.responseHead.capacity
        self.slots[place].exchange.status = response.status
        self.slots[place].exchange.timers.responseNanoseconds = response.nanoseconds
        self.slots[place].exchange.responseHead = head
        self.touch(slot, version: version, growth: growth)
        return true
    }

    /// Ends an exchange that is in flight.
    /// - Returns: The status of its response; 0 without one.
    mutating func end(
        _ slot: Int32, _ summary: ExchangeSummary, requestBody: [UInt8], responseBody: [UInt8], version: UInt64
    ) -> Int {
        let place = Int(slot)
        var growth = summary.ending.reason?.utf8.count ?? 0
        if !requestBody.isEmpty {
            let bytes = self.spareBodies.own(requestBody)
            growth += bytes.capacity
            self.slots[place].exchange.requestBody.bytes = bytes
        }
        if !responseBody.isEmpty {
            let bytes = self.spareBodies.own(responseBody)
            growth += bytes.capacity
            self.slots[place].exchange.responseBody.bytes = bytes
        }
        self.slots[place].exchange.end(with: summary)
        self.slots[place].isInFlight = false
        self.touch(slot, version: version, growth: growth)
        self.ended.append(slot)
        self.endedCount += 1
        return self.slots[place].exchange.status ?? 0
    }

    private mutating func touch(_ slot: Int32, version: UInt64, growth: Int) {
        self.slots[Int(slot)].version = version
        self.slots[Int(slot)].bytes += growth
        self.bytes += growth
        self.changes.moveToEnd(slot)
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
        self.table.remove(id.rawValue)
        self.bytes -= self.slots[Int(slot)].bytes
        self.recycle(Int(slot))
        // A reader whose last copy this was looks for its place by the version.
        self.slots[Int(slot)].version = 0
        self.free.append(slot)
        return id
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
        return self.append(along: self.changes, from: slot, place: &place, limit: limit, to: &list)
    }

    /// Appends exchanges that have ended, in the order of their ends, `limit` of them at most.
    ///
    /// `place` is the last one of the call before, `nil` for the first call. Those that are let go are always the first that
    /// have ended: where the place is gone, all that are left come after it.
    /// - Returns: True when none is left.
    func appendEnded(after place: inout Place?, limit: Int, to list: inout [Exchange]) -> Bool {
        var slot = self.ended.first
        if let place, self.slots[Int(place.slot)].version == place.version {
            slot = self.ended.next(after: place.slot)
        }
        return self.append(along: self.ended, from: slot, place: &place, limit: limit, to: &list)
    }

    /// Appends the exchanges of one of the lists from a slot on, and notes the last of them as the place.
    /// - Returns: True when none is left.
    private func append(
        along order: borrowing SlotList, from start: Int32, place: inout Place?, limit: Int, to list: inout [Exchange]
    ) -> Bool {
        var slot = start
        var left = limit
        while slot != SlotList.none, left > 0 {
            list.append(self.slots[Int(slot)].exchange)
            place = Place(slot: slot, version: self.slots[Int(slot)].version)
            slot = order.next(after: slot)
            left -= 1
        }
        return slot == SlotList.none
    }

    /// A slot as it was at one version.
    struct Place {
        let slot: Int32
        let version: UInt64
    }

    /// Takes its memory from an exchange that was let go; a reader that still has the exchange keeps what it has.
    private mutating func recycle(_ place: Int) {
        self.spareHeads.put(take(&self.slots[place].exchange.requestHead))
        if self.slots[place].exchange.status != nil {
            self.spareResponses.put(take(&self.slots[place].exchange.responseHead))
        }
        if self.slots[place].exchange.requestBody.totalBytes > 0 {
            self.spareBodies.put(take(&self.slots[place].exchange.requestBody.bytes))
        }
        if self.slots[place].exchange.responseBody.totalBytes > 0 {
            self.spareBodies.put(take(&self.slots[place].exchange.responseBody.bytes))
        }
    }

    private mutating func takeSlot() -> Int32 {
        if let slot = self.free.popLast() { return slot }
        let slot = Int32(self.slots.count)
        self.slots.append(Slot(exchange: .none))
        self.order.addSlot()
        self.changes.addSlot()
        self.ended.addSlot()
        return slot
    }
}

extension ExchangeStore.Slot {
    /// Puts another exchange here.
    fileprivate mutating func begin(
        _ id: ExchangeID, _ beginning: ExchangeBeginning, head: [UInt8], bytes: Int, at instant: UInt64, version: UInt64
    ) {
        self.id = id
        self.isInFlight = true
        self.version = version
        self.bytes = bytes
        self.beganAt = instant
        self.exchange = Exchange(
            id: id, startedAt: beginning.startedAt, downstream: beginning.downstream, requestHead: head)
        self.exchange.route = beginning.route
        if let connection = beginning.connection { self.exchange.note(connection) }
    }
}

extension Exchange {
    /// What one row costs apart from its bytes: the value, its places in the lists, the headers of its arrays.
    fileprivate static let fixedBytes = 768

    /// Stands in a slot that has not been used.
    fileprivate static let none = Exchange(
        id: ExchangeID(rawValue: 0), startedAt: WallTime(nanosecondsSinceEpoch: 0), downstream: "", requestHead: [])

    mutating func note(_ connection: ExchangeConnection) {
        self.timers.queueNanoseconds = connection.queueNanoseconds
        self.timers.connectNanoseconds = connection.connectNanoseconds
        self.reusedConnection = connection.reused
    }

    /// Takes over what is known at the end; a timer that the summary leaves out keeps what an event had said.
    fileprivate mutating func end(with summary: ExchangeSummary) {
        let earlier = self.timers
        self.timers = summary.timers
        self.timers.complete(with: earlier)
        self.requestBody.totalBytes = summary.requestBytes
        self.responseBody.totalBytes = summary.responseBytes
        self.ending = summary.ending
    }
}
