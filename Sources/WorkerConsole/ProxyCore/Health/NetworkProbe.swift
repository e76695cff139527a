import NetworkIO
package import WorkerDomain

/// Probes over the network, with HAProxy's reason codes.
package struct NetworkProbe: HealthProbe {
    private let configuration: HealthConfiguration
    private let tls: TLSContexts

    /// - Parameters:
    ///   - configuration: What to ask, and how long to wait for it.
    ///   - tls: TLS settings by backend name, as the proxy itself uses them.
    package init(_ configuration: HealthConfiguration, tls: [String: BackendTLS] = [:]) {
        self.configuration = configuration
        self.tls = TLSContexts(tls)
    }

    package func probe(_ backend: Backend) async -> HealthProbeResult {
        let begin = SystemTime.now()
        let outcome = await self.outcome(of: backend)
        return HealthProbeResult(
            code: outcome.code, detail: outcome.detail, passed: outcome.passed,
            latency: .nanoseconds(SystemTime.now() - begin), at: SystemTime.wall())
    }

    private func outcome(of backend: Backend) async -> ProbeOutcome {
        let (configuration, tls) = (self.configuration, self.tls)
        let outcome: ProbeOutcome? = await ProbeLoop.shared.place().submit { place, continuation in
            let session: TLSSession?
            do {
                session = backend.url.scheme == .https ? try tls.session(for: backend) : nil
            } catch {
                continuation.resume(returning: ProbeOutcome(code: "L6RSP", detail: "\(error)"))
                return
            }
            ProbeHandler(backend, configuration, on: place.loop) { continuation.resume(returning: $0) }
                .begin(to: backend.url.endpoint, with: place.connector, tls: session)
        }
        return outcome ?? ProbeOutcome(code: "L4CON", detail: "not probed")
    }
}

/// The event loop of all probes: it starts with the first probe and lives as long as the process.
private actor ProbeLoop {
    /// What belongs to the loop.
    final class Place {
        let loop: EventLoop
        let connector: Connector

        init(_ loop: EventLoop) {
            self.loop = loop
            // A probe asks for the addresses anew each time: whether the name has any is part of what it finds out.
            self.connector = Connector(loop: loop, addresses: AddressCache(lifetime: 0))
        }
    }

    static let shared = ProbeLoop()
    private var starting: Task<LoopBound<Place>, Never>?

    func place() async -> LoopBound<Place> {
        if let starting = self.starting { return await starting.value }
        let starting = Task {
            await LoopThread.start(name: "wc-probes", engine: .epoll) { Place($0) }.value
        }
        self.starting = starting
        return await starting.value
    }
}
