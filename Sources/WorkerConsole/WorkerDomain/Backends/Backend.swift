/// One named place that requests can be forwarded to.
package struct Backend: Sendable, Hashable {
    /// Unique within a configuration: 1 to 64 of `A–Z a–z 0–9 . _ -`.
    package let name: String
    package let url: BackendURL
    /// Its part of the requests where the policy weighs, against the other backends' weights; 0 to 1,000.
    package var weight = 1

    package init(name: String, url: BackendURL, weight: Int = 1) {
        self.name = name
        self.url = url
        self.weight = weight
    }

    /// Its certificate is not verified: whoever is on the path can read and change everything. Shown as a warning.
    package var isInsecure = false
}

/// What the health checks say of a backend.
package enum BackendHealth: Sendable, Equatable {
    /// Not probed yet.
    case unknown
    case up
    /// Failed before and responds again: `passed` of `needed` probes in a row.
    case rising(passed: Int, needed: Int)
    /// Answered before and fails now: `failed` of `needed` probes in a row; still used.
    case falling(failed: Int, needed: Int)
    case down
}

/// The result of one probe.
package struct HealthProbeResult: Sendable, Equatable {
    /// Reason codes of HAProxy (configuration manual, "agent and health check status"): `L4CON`, `L4TOUT`, `L6RSP`, `L7STS`, `L7OK`, ….
    package let code: String
    /// One line for a person: `connection refused`, `200 in 12 ms`.
    package let detail: String
    package let passed: Bool
    package let latency: Duration
    package let at: WallTime

    package init(code: String, detail: String, passed: Bool, latency: Duration, at: WallTime) {
        self.code = code
        self.detail = detail
        self.passed = passed
        self.latency = latency
        self.at = at
    }
}

/// A backend with everything that is known of it now.
package struct BackendStatus: Sendable, Equatable {
    package let backend: Backend
    /// New requests go here.
    package var isActive: Bool
    package var health: BackendHealth
    package var history: ProbeHistory
    /// Exchanges that are with it now.
    package var inFlight: Int
    /// Exchanges that were sent to it since the start.
    package var requests: Int
    /// Of those, how many ended without a response of its own.
    package var failures: Int
    /// Responses of its own from 500 to 599.
    package var serverErrors = 0
    /// Percent of new requests that it is meant to get; `nil` where the policy decides request by request.
    package var share: Int?
    /// It gets no new requests until it is put back.
    package var isHeldBack = false
    /// When its health last settled as up or down.
    package var healthSince: WallTime?
    /// When what it still serves should have ended.
    package var drainDeadline: WallTime?
    /// What is made to go wrong with it now.
    package var fault: BackendFault?

    package init(
        backend: Backend, isActive: Bool = false, health: BackendHealth = .unknown, probes: [HealthProbeResult] = [],
        inFlight: Int = 0, requests: Int = 0, failures: Int = 0
    ) {
        self.backend = backend
        self.isActive = isActive
        self.health = health
        self.history = ProbeHistory(probes)
        self.inFlight = inFlight
        self.requests = requests
        self.failures = failures
    }

    /// The newest 20 probes, oldest first.
    package var probes: [HealthProbeResult] {
        get { self.history.newest }
        set { self.history = ProbeHistory(newValue) }
    }

    /// It was switched away from and still serves what it had begun.
    package var isDraining: Bool { !self.isActive && self.inFlight > 0 && (self.share ?? 0) == 0 }
}

/// One change of the active backend.
package struct BackendSwitch: Sendable, Equatable {
    /// `nil` when no backend was active before.
    package let from: String?
    package let to: String
    package let at: WallTime
    /// The operating system's user.
    package let by: String
    /// What it was done for: `undo`, `canary finished`; empty when nobody said.
    package let why: String

    package init(from: String?, to: String, at: WallTime, by: String, why: String = "") {
        self.from = from
        self.to = to
        self.at = at
        self.by = by
        self.why = why
    }
}

/// All backends at one moment, in configured order.
package struct BackendsSnapshot: Sendable, Equatable {
    package var backends: [BackendStatus]
    /// Newest last.
    package var switches: [BackendSwitch]
    /// The name of the policy that chooses: `active`, `weighted`, ….
    package var policy = "active"
    package var canary: CanaryStatus?
    /// The rule of canaries that are started from now on.
    package var canaryRule = CanaryPlan.Guard()
    /// Newest last; the newest 200 are kept.
    package var events: [BackendEvent] = []
    /// How backends are probed.
    package var check: HealthCheckSummary?

    package init(backends: [BackendStatus] = [], switches: [BackendSwitch] = []) {
        self.backends = backends
        self.switches = switches
    }

    /// The backend that new requests go to; `nil` when none is configured.
    package var active: BackendStatus? { self.backends.first { $0.isActive } }
}

/// How backends are probed, in the values that a person chose.
package struct HealthCheckSummary: Sendable, Equatable {
    /// `TCP`, or `HEAD /health`.
    package var method: String
    package var interval: Duration
    package var fall: Int
    package var rise: Int

    package init(method: String, interval: Duration, fall: Int, rise: Int) {
        self.method = method
        self.interval = interval
        self.fall = fall
        self.rise = rise
    }
}
