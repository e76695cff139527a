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

    static let seconds = RecentExchanges.seconds
    /// How far back routes are counted.
    static let minutes = RecentExchanges.minutes

    private var figures: [String: Figures] = [:]

    init() {}

    init(of list: TrafficList, now: WallTime) {
        let recent = RecentExchanges(of: list, now: now) { exchange, facts in
            guard case .backend(let name) = exchange.route else { return nil }
            if let second = facts.second {
                self.figures[name, default: Figures()].note(facts, at: second)
            }
            return name
        }
        for route in recent.routes {
            self.figures[route.owner, default: Figures()].routes.append(
                Route(
                    method: route.method, path: route.path, requests: route.requests, failures: route.failures,
                    refused: route.refused, p95: route.percentile(95)))
        }
        for name in self.figures.keys { self.figures[name]?.routes.sort { Self.comes($0, before: $1) } }
    }

    subscript(name: String) -> Figures { self.figures[name] ?? Figures() }

    /// Nothing is left that grows old.
    var isEmpty: Bool { self.figures.isEmpty }

    private static func comes(_ left: Route, before right: Route) -> Bool {
        if left.failures != right.failures { return left.failures > right.failures }
        if left.refused != right.refused { return left.refused > right.refused }
        if left.requests != right.requests { return left.requests > right.requests }
        return (left.path, left.method) < (right.path, right.method)
    }
}

extension BackendsDigest.Figures {
    fileprivate mutating func note(_ facts: RecentExchanges.Facts, at second: Int) {
        self.requests[second] += 1
        if facts.isFailure { self.failures[second] += 1 }
        if let total = facts.total { self.slowest[second] = max(self.slowest[second] ?? .zero, .nanoseconds(total)) }
    }
}
