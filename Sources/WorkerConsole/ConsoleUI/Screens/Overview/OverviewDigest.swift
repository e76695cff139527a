import TrafficJournal
import WorkerDomain

/// What the kept exchanges of the last minutes say beyond the journal's own figures.
struct OverviewDigest: Sendable, Equatable {
    /// Exchanges of one method and path; segments that name one thing (numbers, digests) count as the same.
    struct Route: Sendable, Equatable {
        let method: String
        let path: String
        var requests = 0
        /// Answers of 4xx and 5xx, and exchanges that broke.
        var errors = 0
        /// Of these, what was not the client's doing.
        var failures = 0
        /// Percentiles of the total time of those that ended (nearest rank); `nil` when none did.
        var p50: Duration?
        var p95: Duration?
        var p99: Duration?
    }

    /// Exchanges of one address, whatever its port.
    struct Client: Sendable, Equatable {
        let address: String
        var requests = 0
        /// Responses of 4xx and 5xx, and exchanges that broke.
        var errors = 0
        /// Of the bodies of responses.
        var bytes = 0

        mutating func note(isError: Bool, bytes: Int) {
            self.requests += 1
            if isError { self.errors += 1 }
            self.bytes += bytes
        }
    }

    /// How much of something there was in each of the last ``seconds``.
    struct Series: Sendable, Equatable {
        private(set) var counts = [Int](repeating: 0, count: OverviewDigest.seconds)
        private var moments: [WallTime] = []

        mutating func add(_ moment: WallTime) { self.moments.append(moment) }

        mutating func age(to now: WallTime) {
            guard !self.moments.isEmpty else { return }
            self.counts = [Int](repeating: 0, count: OverviewDigest.seconds)
            self.moments.removeAll { moment in
                let age = Int(max(0, now.nanoseconds(since: moment)) / 1_000_000_000)
                guard age < OverviewDigest.seconds else { return true }
                self.counts[OverviewDigest.seconds - 1 - age] += 1
                return false
            }
        }
    }

    /// What one backend was sent.
    struct Load: Sendable, Equatable {
        var requests = Series()
        var failures = Series()
    }

    enum Order: Int, Sendable, CaseIterable { case slowest, busiest, failing }

    /// Seconds that ``failures`` covers.
    static let seconds = RecentExchanges.seconds

    private(set) var routes: [Route] = []
    private(set) var clients: [Client] = []
    /// By the name of the backend.
    private(set) var loads: [String: Load] = [:]
    /// Responses of 5xx and exchanges that the backend or the proxy broke, in each of the last 60 seconds, oldest first.
    var failures: [Int] { self.failing.counts }
    private var failing = Series()
    /// Exchanges that were looked at.
    private(set) var count = 0

    init() {}

    init(of list: TrafficList, now: WallTime, order: Order) {
        var clients: [Substring: Client] = [:]
        let recent = RecentExchanges(of: list, now: now) { exchange, facts in
            let isRecent = facts.second != nil
            if facts.isFailure, isRecent { self.failing.add(exchange.startedAt) }
            if isRecent, case .backend(let name) = exchange.route {
                self.loads[name, default: Load()].requests.add(exchange.startedAt)
                if facts.isFailure { self.loads[name, default: Load()].failures.add(exchange.startedAt) }
            }
            let address = Self.address(of: exchange.downstream)
            clients[address, default: Client(address: String(address))].note(
                isError: facts.isFailure || facts.isRefused, bytes: exchange.responseBody.totalBytes)
            return ""
        }
        self.count = recent.count
        self.routes = recent.routes.map { route in
            Route(
                method: route.method, path: route.path, requests: route.requests,
                errors: route.failures + route.refused, failures: route.failures, p50: route.percentile(50),
                p95: route.percentile(95), p99: route.percentile(99))
        }.sorted { Self.comes($0, before: $1, by: order) }
        self.clients = clients.values.sorted {
            ($1.requests, $0.address) < ($0.requests, $1.address)
        }
        self.age(to: now)
    }

    /// An address without its port: `127.0.0.1`, `[::1]`.
    private static func address(of downstream: String) -> Substring {
        downstream.utf8.lastIndex(of: UInt8(ascii: ":")).map { downstream[..<$0] } ?? downstream[...]
    }

    /// Moves what is counted by seconds on to a later moment at which no exchange has come, changed or ended.
    mutating func age(to now: WallTime) {
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
