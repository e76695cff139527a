package import WorkerDomain

/// What the probes of one backend add up to. Pure: it performs no I/O and reads no clock.
package struct HealthState: Sendable, Equatable {
    package private(set) var health = BackendHealth.unknown
    package private(set) var history = ProbeHistory()

    package init() {}

    /// A policy may choose it: it is not known to be down. What comes up again waits until that has settled.
    var isUsable: Bool {
        switch self.health {
        case .unknown, .up, .falling: true
        case .rising, .down: false
        }
    }

    /// Counts one probe.
    ///
    /// - Parameters:
    ///   - result: The newest.
    ///   - fall: Failures in a row after which a backend is down.
    ///   - rise: Passes in a row after which it is up again.
    package mutating func add(_ result: HealthProbeResult, fall: Int, rise: Int) {
        self.history.add(result)
        switch (self.health, result.passed) {
        case (.unknown, true), (.up, true), (.falling, true):
            self.health = .up
        case (.unknown, false), (.up, false):
            self.health = fall <= 1 ? .down : .falling(failed: 1, needed: fall)
        case (.falling(let failed, _), false):
            self.health = failed + 1 >= fall ? .down : .falling(failed: failed + 1, needed: fall)
        case (.down, true):
            self.health = rise <= 1 ? .up : .rising(passed: 1, needed: rise)
        case (.rising(let passed, _), true):
            self.health = passed + 1 >= rise ? .up : .rising(passed: passed + 1, needed: rise)
        case (.down, false), (.rising, false):
            self.health = .down
        }
    }
}
