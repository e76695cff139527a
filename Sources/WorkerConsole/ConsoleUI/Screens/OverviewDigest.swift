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
        /// 95th percentile of the total time of those that ended (nearest rank); `nil` when none did.
        var p95: Duration?
    }

    enum Order: Int, Sendable, CaseIterable { case slowest, busiest, failing }

    /// The newest exchanges that are looked at, and how far back.
    private static let lookBack = 4_000
    private static let span = Duration.seconds(300)
    /// Seconds that ``failures`` covers.
    static let seconds = 60

    private(set) var routes: [Route] = []
    /// Answers of 5xx and exchanges that the backend or the proxy broke, in each of the last 60 seconds, oldest first.
    private(set) var failures = [Int](repeating: 0, count: OverviewDigest.seconds)
    /// When those began that failed within these seconds.
    private var failedAt: [WallTime] = []
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
        for index in list.indices.suffix(Self.lookBack).reversed() {
            let exchange = list[index]
            let age = now.since(exchange.startedAt)
            if age > Self.span { break }
            self.count += 1
            let isFailure = (exchange.status ?? 0) >= 500 || Self.isBroken(exchange)
            if isFailure, age < .seconds(Self.seconds) { self.failedAt.append(exchange.startedAt) }
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
            if !times.isEmpty { route.p95 = times[min(times.count - 1, (times.count * 95 + 99) / 100 - 1)] }
            return route
        }.sorted { Self.comes($0, before: $1, by: order) }
        self.age(to: now)
    }

    /// Moves ``failures`` on to a later moment at which no exchange has come, changed or ended.
    mutating func age(to now: WallTime) {
        guard !self.failedAt.isEmpty else { return }
        self.failures = [Int](repeating: 0, count: Self.seconds)
        self.failedAt.removeAll { now.since($0) >= .seconds(Self.seconds) }
        for moment in self.failedAt {
            self.failures[Self.seconds - 1 - Int(max(.zero, now.since(moment)).components.seconds)] += 1
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
