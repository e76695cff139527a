import TrafficJournal
import WorkerDomain

/// The exchanges that pass the filter, by ascending id; kept up to date by what changes.
struct TrafficRows: Sendable {
    private(set) var filter = TrafficFilter()
    /// Ids that pass, from `head` on; what is before it has been let go. Unused while everything passes.
    private var ids: [ExchangeID] = []
    private var head = 0

    mutating func use(_ filter: TrafficFilter, in world: World) {
        self.filter = filter
        self.rebuild(in: world)
    }

    mutating func apply(_ delta: JournalDelta, in world: World) {
        guard !self.filter.isEmpty else { return }
        if delta.isComplete { return self.rebuild(in: world) }
        for exchange in delta.changed {
            let place = self.place(of: exchange.id)
            let isThere = place < self.ids.count && self.ids[place] == exchange.id
            switch (self.filter.matches(exchange, now: world.now), isThere) {
            case (true, false): self.ids.insert(exchange.id, at: place)
            case (false, true): self.ids.remove(at: place)
            case (true, true), (false, false): break
            }
        }
        for id in delta.removed {
            let place = self.place(of: id)
            guard place < self.ids.count, self.ids[place] == id else { continue }
            if place == self.head { self.head += 1 } else { self.ids.remove(at: place) }
        }
        self.head = self.place(of: delta.oldest)
        if self.head > 4096, self.head * 2 > self.ids.count {
            self.ids.removeFirst(self.head)
            self.head = 0
        }
    }

    func count(in world: World) -> Int { self.filter.isEmpty ? world.traffic.count : self.ids.count - self.head }

    func id(at row: Int, in world: World) -> ExchangeID? {
        if self.filter.isEmpty { return row >= 0 && row < world.traffic.count ? world.traffic[row].id : nil }
        let index = self.head + row
        return row >= 0 && index < self.ids.count ? self.ids[index] : nil
    }

    func exchange(at row: Int, in world: World) -> Exchange? {
        if self.filter.isEmpty { return world.traffic.indices.contains(row) ? world.traffic[row] : nil }
        guard let id = self.id(at: row, in: world), let index = world.traffic.index(of: id) else { return nil }
        return world.traffic[index]
    }

    /// The first row with this id or a higher one.
    func row(atOrAfter id: ExchangeID, in world: World) -> Int {
        self.filter.isEmpty ? world.traffic.firstIndex(atOrAfter: id) : self.place(of: id) - self.head
    }

    mutating func rebuild(in world: World) {
        self.head = 0
        self.ids = []
        guard !self.filter.isEmpty else { return }
        for exchange in world.traffic where self.filter.matches(exchange, now: world.now) {
            self.ids.append(exchange.id)
        }
    }

    private func place(of id: ExchangeID) -> Int {
        var low = self.head
        var high = self.ids.count
        while low < high {
            let middle = (low + high) / 2
            if self.ids[middle] < id { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
