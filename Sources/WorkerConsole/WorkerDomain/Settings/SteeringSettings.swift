/// How the backends are steered; every value has a default.
package struct SteeringSettings: Sendable, Equatable {
    /// The name of the policy that chooses, one of those that the proxy knows.
    package var policy = "active"
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
