/// How backends are probed. The names and values follow HAProxy's `inter`, `fastinter`, `downinter`, `fall`, `rise`.
package struct HealthConfiguration: Sendable, Equatable {
    /// What a probe does.
    package enum Method: Sendable, Equatable {
        /// Connects, over TLS for an https backend.
        case tcp
        /// Connects and asks for this path; passes with a status from 200 to 499: the backend is there and responds.
        case http(method: String, path: String)
    }

    package var method = Method.tcp
    /// Statuses that pass, for an HTTP probe.
    package var passingStatuses = [200...499]
    /// Between probes of a backend whose state is settled and up.
    package var interval = Duration.seconds(15)
    /// Between probes while the state is changing.
    package var fastInterval = Duration.seconds(2)
    /// Between probes of a backend that is down.
    package var downInterval = Duration.seconds(5)
    package var timeout = Duration.seconds(3)
    /// Failures in a row after which a backend is down.
    package var fall = 3
    /// Passes in a row after which it is up again.
    package var rise = 2
    /// The part of an interval by which it varies at random, so that probes do not fall into step; 0 to 1.
    package var jitter = 0.1

    package init() {}

    /// What a person is shown of it.
    package var summary: HealthCheckSummary {
        let method =
            switch self.method {
            case .tcp: "TCP"
            case .http(let method, let path): "\(method) \(path)"
            }
        return HealthCheckSummary(method: method, interval: self.interval, fall: self.fall, rise: self.rise)
    }
}
