package import WorkerDomain

/// What the kept exchanges of the last minutes say beyond the journal's own figures.
package struct TrafficDigest: Sendable, Equatable {
    /// Exchanges of one method and path; segments that name one thing (numbers, digests) count as the same.
    package struct Route: Sendable, Equatable {
        package let method: String
        package let path: String
        package let requests: Int
        /// Responses of 4xx and 5xx, and exchanges that broke.
        package let errors: Int
        /// Of these, what was not the client's doing.
        package let failures: Int
        /// Percentiles of the total time of those that ended (nearest rank); `nil` when none did.
        package let p50: Duration?
        package let p95: Duration?
        package let p99: Duration?
    }

    /// Exchanges of one address, whatever its port.
    package struct Client: Sendable, Equatable {
        package let address: String
        package fileprivate(set) var requests = 0
        /// Responses of 4xx and 5xx, and exchanges that broke.
        package fileprivate(set) var errors = 0
        /// Of the bodies of responses.
        package fileprivate(set) var bytes = 0
    }

    /// How much of something there was in each of the last ``seconds``.
    package struct Series: Sendable, Equatable {
        /// Oldest first.
        package private(set) var counts = [Int](repeating: 0, count: TrafficDigest.seconds)
        private var moments: [WallTime] = []

        fileprivate mutating func add(_ moment: WallTime) { self.moments.append(moment) }

        fileprivate mutating func age(to now: WallTime) {
            guard !self.moments.isEmpty else { return }
            self.counts = [Int](repeating: 0, count: TrafficDigest.seconds)
            self.moments.removeAll { moment in
                let age = Int(max(0, now.nanoseconds(since: moment)) / 1_000_000_000)
                guard age < TrafficDigest.seconds else { return true }
                self.counts[TrafficDigest.seconds - 1 - age] += 1
                return false
            }
        }
    }

    /// What one backend was sent.
    package struct Load: Sendable, Equatable {
        package fileprivate(set) var requests = Series()
        package fileprivate(set) var failures = Series()

        package init() {}
    }

    package enum Order: Int, Sendable, CaseIterable { case slowest, busiest, failing }

    /// Seconds that ``failures`` covers.
    package static let seconds = RecentExchanges.seconds

    package private(set) var routes: [Route] = []
    package private(set) var clients: [Client] = []
    /// By the name of the backend.
    package private(set) var loads: [String: Load] = [:]
    /// Responses of 5xx and exchanges that the backend or the proxy broke, in each of the last 60 seconds, oldest first.
    package var failures: [Int] { self.failing.counts }
    private var failing = Series()
    /// Exchanges that were looked at.
    package private(set) var count = 0

    /// Of nothing.
    package init() {}

    /// - Parameters:
    ///   - list: What is kept.
    ///   - now: The moment that ages are counted from.
    ///   - order: Of the routes.
    package init(of list: TrafficList, now: WallTime, order: Order) {
        var clients: [Client] = []
        var addresses = ByteNumbers()
        var address: [UInt8] = []
        let recent = RecentExchanges(of: list, now: now) { exchange, facts in
            let isRecent = facts.second != nil
            if facts.isFailure, isRecent { self.failing.add(exchange.startedAt) }
            if isRecent, case .backend(let name) = exchange.route {
                self.loads[name, default: Load()].requests.add(exchange.startedAt)
                if facts.isFailure { self.loads[name, default: Load()].failures.add(exchange.startedAt) }
            }
            Self.write(addressOf: exchange.downstream, to: &address)
            let place = addresses.number(of: address)
            if place == clients.count { clients.append(Client(address: String(decoding: address, as: UTF8.self))) }
            clients[place].requests += 1
            if facts.isFailure || facts.isRefused { clients[place].errors += 1 }
            clients[place].bytes += exchange.responseBody.totalBytes
            return ""
        }
        self.count = recent.count
        self.routes = recent.routes.map { route in
            Route(
                method: route.method, path: route.path, requests: route.requests,
                errors: route.failures + route.refused, failures: route.failures, p50: route.percentile(50),
                p95: route.percentile(95), p99: route.percentile(99))
        }.sorted { Self.comes($0, before: $1, by: order) }
        self.clients = clients.sorted { ($1.requests, $0.address) < ($0.requests, $1.address) }
        self.age(to: now)
    }

    /// Of an address without its port: `127.0.0.1`, `[::1]`.
    private static func write(addressOf downstream: String, to address: inout [UInt8]) {
        address.removeAll(keepingCapacity: true)
        address.append(contentsOf: downstream.utf8)
        if let colon = address.lastIndex(of: UInt8(ascii: ":")) { address.removeSubrange(colon...) }
    }

    /// Moves what is counted by seconds on to a later moment at which no exchange has come, changed or ended.
    package mutating func age(to now: WallTime) {
        self.failing.age(to: now)
        for name in self.loads.keys {
            self.loads[name]?.requests.age(to: now)
            self.loads[name]?.failures.age(to: now)
        }
    }

    private static func comes(_ left: Route, before right: Route, by order: Order) -> Bool {
        switch order {
        case .slowest:
            let times = (left.p95 ?? .zero, right.p95 ?? .zero)
            if times.0 != times.1 { return times.0 > times.1 }
        case .busiest: break
        case .failing:
            let counts = (left.failures, right.failures)
            if counts.0 != counts.1 { return counts.0 > counts.1 }
            if left.errors != right.errors { return left.errors > right.errors }
        }
        if left.requests != right.requests { return left.requests > right.requests }
        return (left.path, left.method) < (right.path, right.method)
    }
}
