import WorkerDomain

/// Reads `[health]`, `[balance]`, `[canary]`, the weights and `proxy.target_header`.
extension ConsoleConfigurationReader {
    /// The keys that are read here, dotted.
    static let steeringKeys = [
        "backends.*.weight", "proxy.target_header", "health.method", "health.path", "health.expect",
        "health.interval_ms", "health.fast_ms", "health.down_ms", "health.timeout_ms", "health.fall", "health.rise",
        "health.jitter_percent", "health.passive_failures", "health.passive_window", "balance.policy",
        "balance.drain_ms", "balance.remember", "canary.backend", "canary.percent", "canary.max_5xx_percent",
        "canary.max_slowdown", "canary.min_requests", "canary.hold_ms",
    ]

    private static let methods = ["TCP", "HEAD", "GET", "OPTIONS"]

    mutating func readSteering(into result: inout ConsoleConfiguration) {
        self.readHealth(into: &result.health)
        if let policy = self.value("balance.policy") {
            if let text = policy.string, Self.isPlain(text) {
                result.balance.policy = text
                result.balance.policyPosition = policy.position
            } else {
                self.fail("balance.policy", policy.position, "must be a name like \"active\" or \"weighted\"")
            }
        }
        self.integer("balance.drain_ms", 0...3_600_000, into: &result.balance.drain)
        self.choice("balance.remember", into: &result.balance.remember)
        if let flag = self.value("proxy.target_header") {
            if let value = flag.bool {
                result.takesTargetHeader = value
            } else {
                self.fail("proxy.target_header", flag.position, "must be true or false")
            }
        }
        self.readCanary(into: &result)
    }

    /// The weight of a backend of the file.
    mutating func weight(of name: String, in table: ConfigurationValue) -> Int {
        guard let value = table["weight"] else { return 1 }
        guard let weight = value.integer, (0...1_000).contains(weight) else {
            self.fail("backends.\(name).weight", value.position, "must be a whole number from 0 to 1000")
            return 1
        }
        return weight
    }

    private mutating func readHealth(into health: inout ConsoleConfiguration.Health) {
        if let path = self.value("health.path") {
            if let text = path.string, text.hasPrefix("/"), Self.isPlain(text), text.utf8.count <= 1_024 {
                health.path = text
                health.method = "GET"
            } else {
                self.fail("health.path", path.position, "must be a path like \"/health\"")
            }
        }
        if let method = self.value("health.method") {
            if let text = method.string, Self.methods.contains(text) {
                health.method = text
                if text == "TCP", let path = self.value("health.path") {
                    self.fail("health.path", path.position, "has no meaning while health.method is \"TCP\"")
                }
            } else {
                let names = Self.methods.map { "\"\($0)\"" }.joined(separator: ", ")
                self.fail("health.method", method.position, "must be one of \(names)")
            }
        }
        if let expected = self.value("health.expect") {
            let ranges = (expected.elements ?? [expected]).map { ($0.string ?? $0.number).flatMap(Self.statuses) }
            if !ranges.isEmpty, ranges.allSatisfy({ $0 != nil }) {
                health.expected = ranges.compactMap { $0 }
            } else {
                self.fail(
                    "health.expect", expected.position, "must be a list of statuses like [200, \"3xx\", \"400-404\"]")
            }
        }
        self.integer("health.interval_ms", 100...3_600_000, into: &health.interval)
        self.integer("health.fast_ms", 100...3_600_000, into: &health.fastInterval)
        self.integer("health.down_ms", 100...3_600_000, into: &health.downInterval)
        self.integer("health.timeout_ms", 10...600_000, into: &health.timeout)
        self.integer("health.fall", 1...100, into: &health.fall)
        self.integer("health.rise", 1...100, into: &health.rise)
        self.integer("health.jitter_percent", 0...50, into: &health.jitter)
        self.integer("health.passive_failures", 0...1_000, into: &health.passiveFailures)
        self.integer("health.passive_window", 1...100_000, into: &health.passiveWindow)
        if health.passiveFailures > health.passiveWindow {
            self.fail(
                "health.passive_failures", self.value("health.passive_failures")?.position,
                "can't be more than health.passive_window, which is \(health.passiveWindow)")
            health.passiveFailures = health.passiveWindow
        }
        if health.fastInterval > health.interval {
            self.fail(
                "health.fast_ms", self.value("health.fast_ms")?.position ?? self.value("health.interval_ms")?.position,
                "is \(health.fastInterval) and so longer than health.interval_ms, which is \(health.interval)")
            health.fastInterval = health.interval
        }
    }

    private mutating func readCanary(into result: inout ConsoleConfiguration) {
        self.integer("canary.percent", 1...99, into: &result.canary.percent)
        self.integer("canary.min_requests", 1...1_000_000, into: &result.canary.rule.requests)
        var hold = 30_000
        self.integer("canary.hold_ms", 0...3_600_000, into: &hold)
        result.canary.rule.hold = .milliseconds(hold)
        self.number("canary.max_5xx_percent", 0...100, into: &result.canary.rule.serverErrors)
        self.number("canary.max_slowdown", 0...1_000, into: &result.canary.rule.slowdown)
        guard let backend = self.value("canary.backend") else { return }
        let others = result.backends.map(\.name).filter { $0 != result.active }
        if let name = backend.string, others.contains(name) {
            result.canary.backend = name
        } else {
            let names = others.map { "\"\($0)\"" }.joined(separator: ", ")
            self.fail(
                "canary.backend", backend.position,
                "must name a backend that is not the active one: \(names.isEmpty ? "there is none" : names)")
        }
    }

    private mutating func number(_ key: String, _ range: ClosedRange<Double>, into target: inout Double) {
        guard let value = self.value(key) else { return }
        guard let number = value.number.flatMap({ Double($0) }), range.contains(number) else {
            let (low, high) = (Int(range.lowerBound), Int(range.upperBound))
            return self.fail(key, value.position, "must be a number from \(low) to \(high)")
        }
        target = number
    }

    /// `200`, `2xx` or `200-399`.
    static func statuses(_ text: String) -> ClosedRange<Int>? {
        func status(_ part: some StringProtocol) -> Int? {
            guard part.utf8.count == 3, let number = Int(part), (100...599).contains(number) else { return nil }
            return number
        }
        if text.hasSuffix("xx"), let first = status(text.dropLast(2) + "00") { return first...(first + 99) }
        let parts = text.split(separator: "-", omittingEmptySubsequences: false).map { status($0) }
        switch parts.count {
        case 1: return parts[0].map { $0...$0 }
        case 2:
            guard let low = parts[0], let high = parts[1], low <= high else { return nil }
            return low...high
        default: return nil
        }
    }
}
