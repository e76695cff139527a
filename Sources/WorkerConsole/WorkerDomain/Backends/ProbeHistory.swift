/// What is kept of the probes of one backend: the newest, the turns, and the run that goes on.
///
/// A run is counted as it grows, so that its start stays known when its probes are long gone.
package struct ProbeHistory: Sendable, Equatable {
    /// Probes of the same verdict, one after the other, up to the newest.
    package struct Run: Sendable, Equatable {
        package let passed: Bool
        /// The moment of its first probe.
        package let since: WallTime
        package fileprivate(set) var count: Int
    }

    /// The newest probes and turns that are kept.
    package static let limit = 20

    /// The newest 20, oldest first.
    package private(set) var newest: [HealthProbeResult] = []
    /// The newest 20 of those that said something else than the one before, oldest first; the very first one is one.
    package private(set) var turns: [HealthProbeResult] = []
    /// `nil` before the first probe.
    package private(set) var run: Run?

    /// - Parameter probes: Oldest first.
    package init(_ probes: [HealthProbeResult] = []) {
        for probe in probes { self.add(probe) }
    }

    package mutating func add(_ probe: HealthProbeResult) {
        let before = self.newest.last
        if before?.passed != probe.passed || before?.code != probe.code {
            self.turns.append(probe)
            if self.turns.count > Self.limit { self.turns.removeFirst() }
        }
        if self.run?.passed == probe.passed {
            self.run?.count += 1
        } else {
            self.run = Run(passed: probe.passed, since: probe.at, count: 1)
        }
        self.newest.append(probe)
        if self.newest.count > Self.limit { self.newest.removeFirst() }
    }
}
