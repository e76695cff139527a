import ProxyCore
import WorkerDomain

extension Session {
    /// Between two looks at the bindings.
    private static let bindingInterval = Duration.seconds(15)

    /// Probes bindings and backends while `foreground` runs; then ends everything, the last one started first.
    ///
    /// The proxy lets running exchanges finish until the deadline of the settings has passed. What is still running
    /// then, or when another signal says to end, is cut and recorded as ended by the shutdown.
    /// - Parameters:
    ///   - signals: Says when to wait no longer.
    ///   - foreground: The console, or waiting for a signal.
    /// - Throws: What `foreground` throws, after everything has ended.
    func run<Failure: Error>(
        signals: SignalWatch, foreground: @Sendable () async throws(Failure) -> Void
    ) async throws(Failure) {
        let hurry = signals.events(keepingPast: false)
        let bindings = Task { await self.probeBindings() }
        let health = Task { await self.health.run() }
        let project = Task { await self.project?.run() }
        let outcome = await Result(of: foreground)
        project.cancel()
        await project.value
        await self.drain(hurry)
        health.cancel()
        await health.value
        bindings.cancel()
        await bindings.value
        try outcome.get()
    }

    /// Probes every binding at once and then every 15 seconds, until the task is cancelled.
    private func probeBindings() async {
        repeat {
            await self.worker.probeBindings()
            do { try await Task.sleep(for: Self.bindingInterval) } catch { return }
        } while !Task.isCancelled
    }

    private func drain(_ hurry: AsyncStream<SignalWatch.Event>) async {
        self.worker.update { $0.state = .draining }
        let (ends, end) = AsyncStream.makeStream(of: Void.self)
        let (server, deadline) = (self.server, self.settings.drainTimeout)
        // Left alone when the other one is first: what it waits for is ended by `stop`.
        Task {
            await server.drain(deadline: deadline)
            end.yield()
        }
        let hurrying = Task {
            for await event in hurry where event == .end {
                end.yield()
                return
            }
        }
        for await _ in ends { break }
        hurrying.cancel()
        await server.stop()
    }
}
