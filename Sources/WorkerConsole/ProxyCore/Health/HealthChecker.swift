import Synchronization
package import WorkerDomain

/// Probes every backend of a registry again and again, whenever somebody asks, and when requests fail.
///
/// It reports and never cuts: with one backend left, a wrong verdict would take everything down.
package final class HealthChecker: Sendable {
    /// How backends are probed.
    private struct Manner: Sendable {
        var configuration: HealthConfiguration
        var probe: any HealthProbe
    }

    private let registry: BackendRegistry
    private let manner: Mutex<Manner>
    private let clock: any Clock<Duration>
    private let jitter: @Sendable () -> Double
    private let schedule = Mutex(ProbeSchedule())
    private let pause = Mutex(Pause())
    private let alarms: AsyncStream<String>
    private let alarm: AsyncStream<String>.Continuation

    /// The waiting between two looks at what is due.
    private struct Pause {
        var sleep: Task<Void, Never>?
        /// Something has changed since the last look.
        var isOver = false
    }

    /// Looks once a second while something other than a probe has its time: drains, canaries, faults.
    private static let tick: Int64 = 1_000_000_000
    /// Longer than any interval between probes.
    private static let longestPause: Int64 = 3_600_000_000_000

    /// - Parameters:
    ///   - registry: Whose backends are probed; it gets the results. Its time decides what is due.
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
        self.manner = Mutex(Manner(configuration: configuration, probe: probe ?? NetworkProbe(configuration)))
        self.clock = clock
        self.jitter = jitter
        // A few names are enough: each asks for one probe, however many requests failed.
        let (alarms, alarm) = AsyncStream.makeStream(of: String.self, bufferingPolicy: .bufferingNewest(64))
        self.alarms = alarms
        self.alarm = alarm
        registry.attach(
            check: configuration.summary, prober: { [weak self] name in await self?.probeNow(name) },
            alarm: { name in alarm.yield(name) }, changed: { [weak self] in self?.lookAgain() })
    }

    /// Probes in another manner from now on, every backend soon.
    ///
    /// - Parameters:
    ///   - configuration: How often, and when a verdict changes.
    ///   - probe: Looks once.
    package func use(_ configuration: HealthConfiguration, probe: any HealthProbe) {
        self.manner.withLock { $0 = Manner(configuration: configuration, probe: probe) }
        self.registry.state.withLock { $0.check = configuration.summary }
        self.schedule.withLock { $0.bringAllForward(now: self.now) }
        self.lookAgain()
    }

    private var configuration: HealthConfiguration { self.manner.withLock { $0.configuration } }

    /// Probes until the task is cancelled.
    package func run() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.answerAlarms() }
            await self.probeInTurn()
            group.cancelAll()
        }
    }

    /// Probes the backend of this name, or all of them, and returns when the results are in.
    package func probeNow(_ name: String?) async {
        await withTaskGroup(of: Void.self) { group in
            for backend in self.backends where name == nil || backend.name == name {
                group.addTask { await self.probe(backend) }
            }
        }
    }

    /// A planned probe is on its way.
    var isProbing: Bool { self.schedule.withLock { $0.isRunning } }

    private var backends: [Backend] { self.registry.table.entries.map(\.backend) }

    private var now: Int64 { self.registry.time.now() }

    /// A backend that does not respond keeps no other one waiting.
    private func probeInTurn() async {
        await withDiscardingTaskGroup { group in
            while !Task.isCancelled {
                for backend in self.due() { group.addTask { await self.probeAndPlan(backend) } }
                let wait = self.schedule.withLock { $0.wait(now: self.now) } ?? Self.longestPause
                let limit = self.registry.needsTicks ? Self.tick : Self.longestPause
                await self.sleep(.nanoseconds(min(max(wait, 1_000_000), limit)))
                if Task.isCancelled { break }
                self.registry.tick()
            }
            group.cancelAll()
        }
    }

    /// Waits until the time is over, something has changed, or the task is cancelled.
    private func sleep(_ time: Duration) async {
        let sleep = self.pause.withLock { pause -> Task<Void, Never>? in
            defer { pause.isOver = false }
            guard !pause.isOver else { return nil }
            let clock = self.clock
            let sleep = Task { _ = try? await clock.sleep(for: time) }
            pause.sleep = sleep
            return sleep
        }
        guard let sleep else { return }
        await withTaskCancellationHandler {
            await sleep.value
        } onCancel: {
            sleep.cancel()
        }
        self.pause.withLock { $0.sleep = nil }
    }

    /// A probe has ended, a backend has come, or something has begun that has its time.
    private func lookAgain() {
        let sleep = self.pause.withLock { pause in
            pause.isOver = true
            return pause.sleep
        }
        sleep?.cancel()
    }

    private func answerAlarms() async {
        await withDiscardingTaskGroup { group in
            for await name in self.alarms {
                let distance = self.configuration.fastInterval.nanoseconds
                // At once, or whoever probes in turn would take it for one of its own.
                let due = self.due { $0.bringForward(name, now: self.now, distance: distance) }
                self.lookAgain()
                for backend in due {
                    if backend.name == name { self.registry.noteEarlyProbe(of: name) }
                    group.addTask { await self.probeAndPlan(backend) }
                }
            }
            group.cancelAll()
        }
    }

    /// - Parameter change: Done to the schedule before.
    /// - Returns: Those whose probe starts now.
    private func due(after change: (inout ProbeSchedule) -> Void = { _ in }) -> [Backend] {
        let backends = self.backends
        let names = self.schedule.withLock { schedule in
            change(&schedule)
            return schedule.start(among: backends.map(\.name), now: self.now)
        }
        return backends.filter { names.contains($0.name) }
    }

    private func probeAndPlan(_ backend: Backend) async {
        await self.probe(backend)
        let configuration = self.configuration
        let interval = configuration.interval(after: self.registry.health(of: backend.name).health)
        let wait = interval * (1 + configuration.jitter * self.jitter())
        self.schedule.withLock { $0.finished(backend.name, now: self.now, wait: wait.nanoseconds) }
        self.lookAgain()
    }

    private func probe(_ backend: Backend) async {
        let manner = self.manner.withLock { $0 }
        let result = await manner.probe.probe(backend)
        self.registry.addProbe(
            result, of: backend.name, fall: manner.configuration.fall, rise: manner.configuration.rise)
    }
}

extension BackendRegistry {
    fileprivate func noteEarlyProbe(of name: String) {
        self.state.withLock { self.say(.probedEarly, of: name, in: &$0) }
    }
}
