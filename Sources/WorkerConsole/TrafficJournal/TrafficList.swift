import Executors
package import WorkerDomain

/// A reader's own list of the kept exchanges, brought up to date by deltas; ascending ids, from 0 to `count - 1`.
package struct TrafficList: Sendable, RandomAccessCollection {
    /// An exchange where it lies: moving and finding one counts no references of its fields.
    private final class Row: Sendable {
        let exchange: Exchange

        init(_ exchange: Exchange) { self.exchange = exchange }
    }

    // Rows leave at the front and, behind an old one that is still in flight, near it: a ring closes such gaps from
    // the shorter side.
    private var rows = Ring<Row>()

    package init() {}

    package var startIndex: Int { 0 }
    package var endIndex: Int { self.rows.count }

    /// Lends the exchange, so that looking at one field of thousands costs no copies.
    package subscript(index: Int) -> Exchange { _read { yield self.rows[index].exchange } }

    /// Takes over a delta. Costs what the delta holds, not what the list holds.
    package mutating func apply(_ delta: JournalDelta) {
        if delta.isComplete {
            self.rows = Ring(delta.changed.map { Row($0) })
            return
        }
        for exchange in delta.changed {
            self.merge(exchange)
            giveWay()
        }
        self.remove(delta.removed)
        let stale = self.firstIndex(atOrAfter: delta.oldest)
        if stale > 0 { self.rows.removeFirst(stale) }
    }

    /// Where the exchange of this id stands; `nil` when it is not in the list.
    package func index(of id: ExchangeID) -> Int? {
        let index = self.firstIndex(atOrAfter: id)
        return index < self.rows.count && self.rows[index].exchange.id == id ? index : nil
    }

    /// The first place whose id is this one or a higher one; `count` when there is none.
    package func firstIndex(atOrAfter id: ExchangeID) -> Int {
        var low = 0
        var high = self.rows.count
        while low < high {
            let middle = (low + high) / 2
            if self.rows[middle].exchange.id < id { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private mutating func merge(_ exchange: Exchange) {
        guard let last = self.rows.last, last.exchange.id >= exchange.id else {
            self.rows.append(Row(exchange))
            return
        }
        let index = self.firstIndex(atOrAfter: exchange.id)
        if self.rows[index].exchange.id == exchange.id {
            self.rows[index] = Row(exchange)
        } else {
            // Event loops race for ids: a row may come late by a few places.
            self.rows.insert(Row(exchange), at: index)
        }
    }

    /// Takes rows out, neighbours in one go.
    private mutating func remove(_ ids: [ExchangeID]) {
        let places = ids.compactMap { self.index(of: $0) }.sorted()
        var end = places.count
        while end > 0 {
            var start = end - 1
            while start > 0, places[start - 1] == places[start] - 1 { start -= 1 }
            self.rows.remove(places[start]..<places[end - 1] + 1)
            end = start
        }
    }
}
