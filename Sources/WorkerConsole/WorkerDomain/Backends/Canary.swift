/// A share of the clients that is sent to a second backend, and when to take it back.
package struct CanaryPlan: Sendable, Equatable {
    /// When a canary is taken back by itself.
    package struct Guard: Sendable, Equatable {
        /// Percent of responses that are 5xx or fail, above which the rule is broken.
        package var serverErrors = 2.0
        /// Times the other side's p95 above which the rule is broken; 0 for no such rule.
        package var slowdown = 2.0
        /// Requests that the canary must have had in the window before it is judged.
        package var requests = 20
        /// How long the rule must be broken; it is announced when that begins.
        package var hold = Duration.seconds(30)

        package init() {}
    }

    /// The backend that gets the share.
    package let target: String
    /// 1 to 99.
    package let percent: Int
    package let rule: Guard

    package init(target: String, percent: Int, rule: Guard = Guard()) {
        self.target = target
        self.percent = min(max(percent, 1), 99)
        self.rule = rule
    }
}

/// What one side of a canary has done since the canary began.
package struct CanarySide: Sendable, Equatable {
    package let name: String
    /// Responses and failures.
    package var count: Int
    /// Of these, 5xx and failures.
    package var serverErrors: Int
    /// From the request sent to the head of the response; `nil` without a response.
    package var p50: Duration?
    package var p95: Duration?

    package init(name: String, count: Int = 0, serverErrors: Int = 0, p50: Duration? = nil, p95: Duration? = nil) {
        self.name = name
        self.count = count
        self.serverErrors = serverErrors
        self.p50 = p50
        self.p95 = p95
    }

    /// 0 to 100; `nil` without a request.
    package var errorPercent: Double? {
        self.count == 0 ? nil : Double(self.serverErrors) * 100 / Double(self.count)
    }
}

/// Why a canary is about to be taken back.
package enum CanaryBreach: Sendable, Equatable {
    case serverErrors(percent: Double, limit: Double)
    case slow(p95: Duration, limit: Duration)
}

/// A running canary.
package struct CanaryStatus: Sendable, Equatable {
    package let plan: CanaryPlan
    package let startedAt: WallTime
    /// The backend that keeps the rest.
    package var stable: CanarySide
    package var canary: CanarySide
    /// What the guard has found; `nil` while the rule is kept.
    package var breach: CanaryBreach?
    /// When it will be taken back unless the breach ends.
    package var rollsBackAt: WallTime?

    package init(
        plan: CanaryPlan, startedAt: WallTime, stable: CanarySide, canary: CanarySide, breach: CanaryBreach? = nil,
        rollsBackAt: WallTime? = nil
    ) {
        self.plan = plan
        self.startedAt = startedAt
        self.stable = stable
        self.canary = canary
        self.breach = breach
        self.rollsBackAt = rollsBackAt
    }
}
