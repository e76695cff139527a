import Executors
package import WorkerDomain

/// The newest kept exchanges of the last minutes, looked through once and put together by their routes.
package struct RecentExchanges {
    /// What an exchange is to a digest.
    package struct Facts {
        /// In which of the last ``RecentExchanges/seconds`` it began, 0 the oldest; `nil` before them.
        package let second: Int?
        /// A response of 5xx, or an end that was not the client's doing.
        package let isFailure: Bool
        /// A response of 4xx that is no failure.
        package let isRefused: Bool
        /// Its total time in nanoseconds; `nil` unless it was completed.
        package let total: Int64?
    }

    /// Exchanges of one owner with one method and path; segments that name one thing (numbers, digests) count as the
    /// same.
    package struct Route {
        package let owner: String
        package let method: String
        package let path: String
        package fileprivate(set) var requests = 0
        package fileprivate(set) var failures = 0
        package fileprivate(set) var refused = 0
        /// Nanoseconds, in ascending order.
        fileprivate var times: [Int64] = []

        /// A percentile of the total time of those that were completed (nearest rank); `nil` when none was.
        package func percentile(_ percent: Int) -> Duration? {
            let (times, rank) = (self.times, (self.times.count * percent + 99) / 100)
            return times.isEmpty ? nil : .nanoseconds(times[max(0, min(times.count, rank) - 1)])
        }
    }

    /// How far back exchanges are looked at.
    package static let minutes = 5
    /// The part of it that is counted by seconds.
    package static let seconds = 60
    /// The newest exchanges that are looked at.
    private static let lookBack = 4_000

    /// Those with a method, in the order of their newest exchange.
    package private(set) var routes: [Route] = []
    /// Exchanges that were looked at.
    package private(set) var count = 0

    /// - Parameters:
    ///   - list: What is kept.
    ///   - now: The moment that ages are counted from.
    ///   - owner: Takes note of an exchange, the newest first, and says whose routes it counts for; `nil` for nobody's.
    package init(of list: TrafficList, now: WallTime, owner: (Exchange, Facts) -> String?) {
        var names = RouteNames()
        for index in list.indices.suffix(Self.lookBack).reversed() {
            guard self.take(list[index], now: now, owner: owner, names: &names) else { break }
            giveWay()
        }
        for index in self.routes.indices { self.routes[index].times.sort() }
    }

    /// - Returns: Whether the exchange is recent enough; those before it are older.
    private mutating func take(
        _ exchange: Exchange, now: WallTime, owner: (Exchange, Facts) -> String?, names: inout RouteNames
    ) -> Bool {
        let age = max(0, now.nanoseconds(since: exchange.startedAt))
        if age > Int64(60 * Self.minutes) * 1_000_000_000 { return false }
        self.count += 1
        let facts = Self.facts(of: exchange, age: age)
        guard let owner = owner(exchange, facts), let place = names.number(of: exchange.requestHead, owner: owner)
        else { return true }
        if place == self.routes.count {
            self.routes.append(Route(owner: owner, method: names.newest.method, path: names.newest.path))
        }
        self.routes[place].note(facts)
        return true
    }

    private static func facts(of exchange: Exchange, age: Int64) -> Facts {
        let cause = exchange.ending?.cause
        let isBroken = cause.map { $0 != .completed && $0 != .clientAborted } ?? false
        let status = exchange.status ?? 0
        let isFailure = status >= 500 || isBroken
        let seconds = Int(age / 1_000_000_000)
        let total = exchange.timers.totalNanoseconds
        return Facts(
            second: seconds < Self.seconds ? Self.seconds - 1 - seconds : nil, isFailure: isFailure,
            isRefused: !isFailure && status >= 400, total: cause == .completed && total != .min ? total : nil)
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
