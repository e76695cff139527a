import Synchronization
import WorkerDomain

/// Probes every backend of a registry again and again, and whenever somebody asks.
///
/// It reports and never cuts: with one backend left, a wrong verdict would take everything down.
package final class HealthChecker: Sendable {
    private let registry: BackendRegistry
    private let configuration: HealthConfiguration
    private let probe: any HealthProbe
    private let clock: any Clock<Duration>
    private let jitter: @Sendable () -> Double

    /// - Parameters:
    ///   - registry: Whose backends are probed; it gets the results.
    ///   - configuration: How often, and when a verdict changes.
    ///   - probe: Looks once; `nil` for the network.
    ///   - clock: Waits between probes.
    ///   - jitter: A number from -1 to 1, another one each time.
    package init(
        registry: BackendRegistry, configuration: HealthConfiguration = HealthConfiguration(),
        probe: (any HealthProbe)? = nil, clock: any Clock<Duration> = ContinuousClock(),
        jitter: @escaping @Sendable () -> Double = { Double.random(in: -1...1) }
    ) {
        self.registry = registry
        self.configuration = configuration
        self.probe = probe ?? NetworkProbe(configuration)
        self.clock = clock
        self.jitter = jitter
        registry.attach { [weak self] name in await self?.probeNow(name) }
    }

    /// Probes until the task is cancelled.
    package func run() async {
        var waits: [String: Duration] = [:]
        while !Task.isCancelled {
            let backends = self.registry.table.entries.map(\.backend)
            let due = backends.filter { (waits[$0.name] ?? .zero) <= .zero }
            await self.probe(due)
            for backend in due { waits[backend.name] = self.wait(of: backend.name) }
            // A backend that is added meanwhile is seen within a second.
            let step = min(waits.values.min() ?? .seconds(1), .seconds(1))
            guard (try? await self.sleep(step)) != nil else { return }
            for name in waits.keys { waits[name, default: .zero] -= step }
        }
    }

    /// Probes the backend of this name, or all of them, and returns when the results are in.
    package func probeNow(_ name: String?) async {
        await self.probe(self.registry.table.entries.map(\.backend).filter { name == nil || $0.name == name })
    }

    private func probe(_ backends: [Backend]) async {
        await withTaskGroup(of: Void.self) { group in
            for backend in backends {
                group.addTask {
                    let result = await self.probe.probe(backend)
                    self.registry.addProbe(
                        result, of: backend.name, fall: self.configuration.fall, rise: self.configuration.rise)
                }
            }
        }
    }

    private func wait(of name: String) -> Duration {
        let interval = self.configuration.interval(after: self.registry.health(of: name).health)
        return max(.milliseconds(1), interval * (1 + self.configuration.jitter * self.jitter()))
    }

    private func sleep(_ duration: Duration) async throws {
        try await self.clock.sleep(for: duration)
    }
}
