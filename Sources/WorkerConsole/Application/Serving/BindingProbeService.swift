import ServiceLifecycle
import WorkerDomain

/// Probes every binding at the start and then every 15 seconds.
struct BindingProbeService: Service {
    let worker: any WorkerStatusSource
    let interval = Duration.seconds(15)

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await self.worker.probeBindings()
                try await Task.sleep(for: self.interval)
            }
        }
    }
}
