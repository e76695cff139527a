import TrafficJournal
import WorkerDomain

/// The newest kept exchanges of the last minutes, looked through once and put together by their routes.
struct RecentExchanges {
    /// What an exchange is to a digest.
    struct Facts {
        /// Since it began; never below zero.
        let age: Duration
        /// A response of 5xx, or an end that was not the client's doing.
        let isFailure: Bool
        /// A response of 4xx that is no failure.
        let isRefused: Bool
        /// Its total time; `nil` unless it was completed.
        let total: Duration?
    }

    /// Exchanges of one owner with one method and path; segments that name one thing (numbers, digests) count as the
    /// same.
    struct Route {
        let owner: String
        let method: String
        let path: String
        fileprivate(set) var requests = 0
        fileprivate(set) var failures = 0
        fileprivate(set) var refused = 0
        /// In ascending order.
        fileprivate var times: [Duration] = []

        /// A percentile of the total time of those that were completed (nearest rank); `nil` when none was.
        func percentile(_ percent: Int) -> Duration? {
            let (times, rank) = (self.times, (self.times.count * percent + 99) / 100)
            return times.isEmpty ? nil : times[max(0, min(times.count, rank) - 1)]
        }
    }

    /// How far back exchanges are looked at.
    static let minutes = 5
    /// The part of it that is counted by seconds.
    static let seconds = 60
    /// The newest exchanges that are looked at.
    private static let lookBack = 4_000

    /// Those with a method, in the order of their newest exchange.
    private(set) var routes: [Route] = []
    /// Exchanges that were looked at.
    private(set) var count = 0

    /// - Parameters:
    ///   - list: What is kept.
    ///   - now: The moment that ages are counted from.
    ///   - owner: Takes note of an exchange, the newest first, and says whose routes it counts for; `nil` for nobody's.
    init(of list: TrafficList, now: WallTime, owner: (Exchange, Facts) -> String?) {
        var places = Places()
        for index in list.indices.suffix(Self.lookBack).reversed() {
            guard self.take(list[index], now: now, owner: owner, places: &places) else { break }
        }
        for index in self.routes.indices { self.routes[index].times.sort() }
    }

    /// Where the routes stand, by what names them.
    private struct Places {
        struct Line: Hashable { let owner: String, bytes: ArraySlice<UInt8> }
        struct Name: Hashable { let owner: String, method: String, path: String }
        var named: [Name: Int] = [:]
        // Most request lines come again and again: reading one and finding its pattern costs far more than finding it
        // here. No place for one without a method.
        var known: [Line: Int?] = [:]
    }

    /// - Returns: Whether the exchange is recent enough; those before it are older.
    private mutating func take(
        _ exchange: Exchange, now: WallTime, owner: (Exchange, Facts) -> String?, places: inout Places
    ) -> Bool {
        let age = max(.zero, now.since(exchange.startedAt))
        if age > .seconds(60 * Self.minutes) { return false }
        self.count += 1
        let facts = Self.facts(of: exchange, age: age)
        guard let owner = owner(exchange, facts) else { return true }
        let line = Places.Line(owner: owner, bytes: exchange.requestLineBytes)
        let place = places.known[line] ?? self.place(of: exchange, line, in: &places)
        if let place { self.routes[place].note(facts) }
        return true
    }

    private mutating func place(of exchange: Exchange, _ line: Places.Line, in places: inout Places) -> Int? {
        let (method, target) = exchange.requestLine
        var place: Int?
        if !method.isEmpty {
            let path = RoutePattern.pattern(of: Exchange.path(of: target))
            let name = Places.Name(owner: line.owner, method: method, path: path)
            place = places.named[name] ?? self.routes.count
            places.named[name] = place
            if place == self.routes.count {
                self.routes.append(Route(owner: line.owner, method: method, path: path))
            }
        }
        places.known[line] = .some(place)
        return place
    }

    private static func facts(of exchange: Exchange, age: Duration) -> Facts {
        let cause = exchange.ending?.cause
        let isBroken = cause.map { $0 != .completed && $0 != .clientAborted } ?? false
        let status = exchange.status ?? 0
        let isFailure = status >= 500 || isBroken
        return Facts(
            age: age, isFailure: isFailure, isRefused: !isFailure && status >= 400,
            total: cause == .completed ? exchange.timers.total : nil)
    }
}

extension RecentExchanges.Route {
    fileprivate mutating func note(_ facts: RecentExchanges.Facts) {
        self.requests += 1
        if facts.isFailure { self.failures += 1 }
        if facts.isRefused { self.refused += 1 }
        if let total = facts.total { self.times.append(total) }
    }
}
