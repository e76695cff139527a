import WorkerDomain

/// One side's responses over a time.
struct SideTally: Sendable, Equatable {
    var count = 0
    var serverErrors = 0
    var latency = LatencyHistogram(precision: .sixteenth)

    /// Counts a request with its time to the head of the response, `nil` when none came.
    mutating func add(isServerError: Bool, duration: Duration?) {
        self.count += 1
        if isServerError { self.serverErrors += 1 }
        if let duration { self.latency.record(nanoseconds: duration.nanoseconds) }
    }

    mutating func add(_ other: SideTally) {
        self.count += other.count
        self.serverErrors += other.serverErrors
        self.latency.add(other.latency)
    }
}

/// One side's responses since the begin, and those of the last half minute by itself.
struct SideRecord: Sendable, Equatable {
    /// The guard looks at six slices of five seconds.
    private static let slice: Int64 = 5_000_000_000
    private static let slices = 6
    private(set) var total = SideTally()
    private var recent: [(number: Int64, tally: SideTally)] = []

    static func == (left: Self, right: Self) -> Bool {
        left.total == right.total && left.recent.elementsEqual(right.recent, by: ==)
    }

    /// Counts a request at a moment in nanoseconds of the monotonic clock.
    mutating func add(isServerError: Bool, duration: Duration?, now: Int64) {
        self.total.add(isServerError: isServerError, duration: duration)
        let number = now / Self.slice
        if self.recent.last?.number != number {
            self.recent.append((number, SideTally()))
            if self.recent.count > Self.slices { self.recent.removeFirst() }
        }
        self.recent[self.recent.count - 1].tally.add(isServerError: isServerError, duration: duration)
    }

    func window(now: Int64) -> SideTally {
        var sum = SideTally()
        let oldest = now / Self.slice - Int64(Self.slices) + 1
        for slice in self.recent where slice.number >= oldest { sum.add(slice.tally) }
        return sum
    }
}

/// Decides when a canary is taken back. Pure: it performs no I/O and reads no clock.
struct CanaryGuard: Sendable, Equatable {
    /// What has changed; said once.
    enum Verdict: Sendable, Equatable {
        case nothing
        case warned(CanaryBreach)
        case recovered
        case rollBack(CanaryBreach)
    }

    let rule: CanaryPlan.Guard
    private(set) var breach: CanaryBreach?
    /// Nanoseconds of the monotonic clock; `nil` while the rule is kept.
    private(set) var brokenSince: Int64?

    init(_ rule: CanaryPlan.Guard) {
        self.rule = rule
    }

    mutating func judge(stable: SideTally, canary: SideTally, now: Int64) -> Verdict {
        // Too few requests say nothing: neither that the rule is broken nor that it is kept again.
        let found = canary.count >= self.rule.requests ? self.breach(stable, canary) : self.breach
        guard let found else {
            defer { (self.breach, self.brokenSince) = (nil, nil) }
            return self.breach == nil ? .nothing : .recovered
        }
        self.breach = found
        guard let since = self.brokenSince else {
            self.brokenSince = now
            return .warned(found)
        }
        return now - since >= self.rule.hold.nanoseconds ? .rollBack(found) : .nothing
    }

    private func breach(_ stable: SideTally, _ canary: SideTally) -> CanaryBreach? {
        let percent = Double(canary.serverErrors) * 100 / Double(max(1, canary.count))
        if percent > self.rule.serverErrors { return .serverErrors(percent: percent, limit: self.rule.serverErrors) }
        guard self.rule.slowdown > 0, stable.latency.count >= self.rule.requests,
            let usual = stable.latency.percentile(95), let p95 = canary.latency.percentile(95)
        else { return nil }
        // Below a few milliseconds a ratio says nothing that a client could feel.
        let limit = max(usual * self.rule.slowdown, .milliseconds(5))
        return p95 > limit ? .slow(p95: p95, limit: limit) : nil
    }
}

extension CanaryGuard {
    /// Nanoseconds of the monotonic clock when it will act unless the breach ends.
    var actsAt: Int64? { self.brokenSince.map { $0 + self.rule.hold.nanoseconds } }
}
