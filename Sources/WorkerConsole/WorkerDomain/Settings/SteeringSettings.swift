/// How the backends are steered; every value has a default.
package struct SteeringSettings: Sendable, Equatable {
    /// Which backend gets a request.
    package enum Policy: String, Sendable, Equatable, CaseIterable {
        /// The target of the last switch, whatever the probes say of it.
        case active
        /// In the proportion of the weights.
        case weighted
        case roundRobin = "round-robin"
        case leastConnections = "least-connections"
        case clientHash = "client-hash"
    }

    package var policy = Policy.active
    /// When what still runs on a backend that was switched away from should have ended.
    package var drainTimeout = Duration.seconds(30)
    /// A canary to begin with.
    package var canary: CanaryPlan?
    /// The rule of canaries that a person starts.
    package var canaryRule = CanaryPlan.Guard()
    /// A request from this machine may name its backend in `X-WorkerConsole-Target`.
    package var takesTargetField = false
    /// A backend is probed out of turn when this many of the newest ``passiveWindow`` requests failed; 0 for never.
    package var passiveFailures = 5
    package var passiveWindow = 50

    package init() {}
}
