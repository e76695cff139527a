import TrafficJournal
import WorkerDomain

/// What the kept exchanges of the last minutes say of each backend.
struct BackendsDigest: Sendable, Equatable {
    /// Exchanges of one method and path; segments that name one thing count as the same.
    struct Route: Sendable, Equatable {
        let method: String
        let path: String
        var requests = 0
        /// Responses of 5xx, and exchanges that the backend or the proxy broke.
        var failures = 0
        /// Responses of 4xx.
        var refused = 0
        /// 95th percentile of the total time of those that ended (nearest rank); `nil` when none did.
        var p95: Duration?
    }

    /// Of one backend.
    struct Figures: Sendable, Equatable {
        /// In each of the last 60 seconds, oldest first.
        fileprivate(set) var requests = [Int](repeating: 0, count: BackendsDigest.seconds)
        fileprivate(set) var failures = [Int](repeating: 0, count: BackendsDigest.seconds)
        /// The longest total time of those that began in each second; `nil` where none ended.
        fileprivate(set) var slowest = [Duration?](repeating: nil, count: BackendsDigest.seconds)
        /// Those with failures first, then those that refused, then the busiest.
        fileprivate(set) var routes: [Route] = []

        var isEmpty: Bool { self.routes.isEmpty && self.requests.allSatisfy { $0 == 0 } }
    }

    static let seconds = 60
    /// How far back routes are counted.
    static let minutes = 5
    /// The newest exchanges that are looked at.
    private static let lookBack = 4_000

    private var figures: [String: Figures] = [:]

    init() {}

    init(of list: TrafficList, now: WallTime) {
        struct Key: Hashable { let backend: String, line: ArraySlice<UInt8> }
        struct Place: Hashable { let backend: String, method: String, path: String }
        var groups: [(backend: String, route: Route, times: [Duration])] = []
        var places: [Place: Int] = [:]
        // Reading a request line and finding its pattern costs far more than finding it here.
        var known: [Key: Int?] = [:]
        for index in list.indices.suffix(Self.lookBack).reversed() {
            let exchange = list[index]
            let age = max(.zero, now.since(exchange.startedAt))
            if age > .seconds(60 * Self.minutes) { break }
            guard case .backend(let name) = exchange.route else { continue }
            let isFailure = (exchange.status ?? 0) >= 500 || Self.isBroken(exchange)
            let total = exchange.ending?.cause == .completed ? exchange.timers.total : nil
            if age < .seconds(Self.seconds) {
                let second = Self.seconds - 1 - Int(age.components.seconds)
                self.figures[name, default: Figures()].note(isFailure: isFailure, total, at: second)
            }
            let key = Key(backend: name, line: exchange.requestLineBytes)
            let place =
                known[key]
                ?? {
                    let (method, target) = exchange.requestLine
                    var place: Int?
                    if !method.isEmpty {
                        let path = OverviewDigest.pattern(of: Exchange.path(of: target))
                        let whole = Place(backend: name, method: method, path: path)
                        place = places[whole] ?? groups.count
                        places[whole] = place
                        if place == groups.count { groups.append((name, Route(method: method, path: path), [])) }
                    }
                    known[key] = .some(place)
                    return place
                }()
            guard let place else { continue }
            groups[place].route.requests += 1
            if isFailure {
                groups[place].route.failures += 1
            } else if (exchange.status ?? 0) >= 400 {
                groups[place].route.refused += 1
            }
            if let total { groups[place].times.append(total) }
        }
        for group in groups {
            var route = group.route
            let times = group.times.sorted()
            if !times.isEmpty { route.p95 = times[min(times.count - 1, (times.count * 95 + 99) / 100 - 1)] }
            self.figures[group.backend, default: Figures()].routes.append(route)
        }
        for name in self.figures.keys { self.figures[name]?.routes.sort { Self.comes($0, before: $1) } }
    }

    subscript(name: String) -> Figures { self.figures[name] ?? Figures() }

    /// Nothing is left that grows old.
    var isEmpty: Bool { self.figures.isEmpty }

    private static func isBroken(_ exchange: Exchange) -> Bool {
        guard let cause = exchange.ending?.cause else { return false }
        return cause != .completed && cause != .clientAborted
    }

    private static func comes(_ left: Route, before right: Route) -> Bool {
        if left.failures != right.failures { return left.failures > right.failures }
        if left.refused != right.refused { return left.refused > right.refused }
        if left.requests != right.requests { return left.requests > right.requests }
        return (left.path, left.method) < (right.path, right.method)
    }
}

extension BackendsDigest.Figures {
    fileprivate mutating func note(isFailure: Bool, _ total: Duration?, at second: Int) {
        self.requests[second] += 1
        if isFailure { self.failures[second] += 1 }
        if let total { self.slowest[second] = max(self.slowest[second] ?? .zero, total) }
    }
}
