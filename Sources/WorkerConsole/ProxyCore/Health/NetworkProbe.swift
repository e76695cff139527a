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

    /// Starts the event loop of all probes, which the first probe would do otherwise.
    package static func prepare() async { _ = try? await ProbeLoop.shared.place() }

    package func probe(_ backend: Backend) async -> HealthProbeResult {
        let begin = SystemTime.now()
        let outcome = await self.outcome(of: backend)
        return HealthProbeResult(
            code: outcome.code, detail: outcome.detail, passed: outcome.passed,
            latency: .nanoseconds(SystemTime.now() - begin), at: SystemTime.wall())
    }

    private func outcome(of backend: Backend) async -> ProbeOutcome {
        let (configuration, tls) = (self.configuration, self.tls)
        let place: LoopBound<ProbeLoop.Place>
        do throws(TransportError) {
            place = try await ProbeLoop.shared.place()
        } catch {
            return ProbeOutcome(code: "L4CON", detail: "not probed: \(error)")
        }
        let outcome: ProbeOutcome? = await place.submit { place, continuation in
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

/// The event loop of all probes: it starts with the first probe that finds what it needs, and lives as long as the process.
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
    private var starting: Task<Result<LoopBound<Place>, TransportError>, Never>?

    /// - Throws: `.noDescriptors` above all; the next call tries again.
    func place() async throws(TransportError) -> LoopBound<Place> {
        let starting = self.starting ?? Task { await Self.start() }
        self.starting = starting
        let result = await starting.value
        if case .failure = result, self.starting == starting { self.starting = nil }
        return try result.get()
    }

    private static func start() async -> Result<LoopBound<Place>, TransportError> {
        do throws(TransportError) {
            return .success(try await LoopThread.start(name: "wc-probes", engine: .epoll) { Place($0) }.value)
        } catch {
            return .failure(error)
        }
    }
}
