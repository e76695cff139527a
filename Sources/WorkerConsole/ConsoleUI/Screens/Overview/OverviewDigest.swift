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
    }

    /// How much of something there was in each of the last ``seconds``.
    struct Series: Sendable, Equatable {
        private(set) var counts = [Int](repeating: 0, count: OverviewDigest.seconds)
        private var moments: [WallTime] = []

        mutating func add(_ moment: WallTime) { self.moments.append(moment) }

        mutating func age(to now: WallTime) {
            guard !self.moments.isEmpty else { return }
            self.counts = [Int](repeating: 0, count: OverviewDigest.seconds)
            self.moments.removeAll { now.since($0) >= .seconds(OverviewDigest.seconds) }
            for moment in self.moments {
                let age = Int(max(.zero, now.since(moment)).components.seconds)
                self.counts[OverviewDigest.seconds - 1 - age] += 1
            }
        }
    }

    /// What one backend was sent.
    struct Load: Sendable, Equatable {
        var requests = Series()
        var failures = Series()
    }

    enum Order: Int, Sendable, CaseIterable { case slowest, busiest, failing }

    /// The newest exchanges that are looked at, and how far back.
    private static let lookBack = 4_000
    private static let span = Duration.seconds(300)
    /// Seconds that ``failures`` covers.
    static let seconds = 60

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
        struct Key: Hashable { let method: String, path: String }
        struct Group { var route: Route, times: [Duration] = [] }
        var groups: [Group] = []
        var places: [Key: Int] = [:]
        // Most request lines come again and again: reading one and finding its pattern costs far more than finding it
        // here. No place for one without a method.
        var lines: [ArraySlice<UInt8>: Int?] = [:]
        var clients: [Substring: Client] = [:]
        for index in list.indices.suffix(Self.lookBack).reversed() {
            let exchange = list[index]
            let age = now.since(exchange.startedAt)
            if age > Self.span { break }
            self.count += 1
            let isFailure = (exchange.status ?? 0) >= 500 || Self.isBroken(exchange)
            let isRecent = age < .seconds(Self.seconds)
            if isFailure, isRecent { self.failing.add(exchange.startedAt) }
            if isRecent, case .backend(let name) = exchange.route {
                self.loads[name, default: Load()].requests.add(exchange.startedAt)
                if isFailure { self.loads[name, default: Load()].failures.add(exchange.startedAt) }
            }
            let address = Self.address(of: exchange.downstream)
            clients[address, default: Client(address: String(address))].requests += 1
            if isFailure || (exchange.status ?? 0) >= 400 { clients[address]?.errors += 1 }
            clients[address]?.bytes += exchange.responseBody.totalBytes
            let line = exchange.requestLineBytes
            let place =
                lines[line]
                ?? {
                    let (method, target) = exchange.requestLine
                    var place: Int?
                    if !method.isEmpty {
                        let path = Self.pattern(of: Exchange.path(of: target))
                        let key = Key(method: method, path: path)
                        place = places[key] ?? groups.count
                        places[key] = place
                        if place == groups.count { groups.append(Group(route: Route(method: method, path: path))) }
                    }
                    lines[line] = .some(place)
                    return place
                }()
            guard let place else { continue }
            groups[place].route.requests += 1
            if isFailure || (exchange.status ?? 0) >= 400 { groups[place].route.errors += 1 }
            if isFailure { groups[place].route.failures += 1 }
            if exchange.ending?.cause == .completed, let total = exchange.timers.total {
                groups[place].times.append(total)
            }
        }
        self.routes = groups.map { group in
            var route = group.route
            let times = group.times.sorted()
            func rank(_ percent: Int) -> Duration? {
                times.isEmpty ? nil : times[max(0, min(times.count - 1, (times.count * percent + 99) / 100 - 1))]
            }
            (route.p50, route.p95, route.p99) = (rank(50), rank(95), rank(99))
            return route
        }.sorted { Self.comes($0, before: $1, by: order) }
        self.clients = clients.values.sorted {
            ($1.requests, $0.address) < ($0.requests, $1.address)
        }
        self.age(to: now)
    }

    /// An address without its port: `127.0.0.1`, `[::1]`.
    private static func address(of downstream: String) -> Substring {
        downstream.lastIndex(of: ":").map { downstream[..<$0] } ?? downstream[...]
    }

    /// Moves what is counted by seconds on to a later moment at which no exchange has come, changed or ended.
    mutating func age(to now: WallTime) {
        self.failing.age(to: now)
        for name in self.loads.keys {
            self.loads[name]?.requests.age(to: now)
            self.loads[name]?.failures.age(to: now)
        }
    }

    /// Ended for a reason that is not the client's.
    private static func isBroken(_ exchange: Exchange) -> Bool {
        guard let cause = exchange.ending?.cause else { return false }
        return cause != .completed && cause != .clientAborted
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

    /// The path with `:id` for segments of digits only, and for those of 8 or more hexadecimal digits and dashes.
    static func pattern(of path: Substring) -> String {
        path.prefix(512).split(separator: "/", omittingEmptySubsequences: false).map { segment -> String in
            var digits = 0
            var isHexadecimal = !segment.isEmpty
            for byte in segment.utf8 {
                switch byte {
                case 0x30...0x39: digits += 1
                case 0x61...0x66, 0x41...0x46, 0x2D: break
                default: isHexadecimal = false
                }
            }
            let isName = isHexadecimal && digits > 0 && (digits == segment.utf8.count || segment.utf8.count >= 8)
            return isName ? ":id" : String(segment)
        }.joined(separator: "/")
    }
}
