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
        let configuration = self.configuration
        return await self.onLoop(of: backend) { place, tls, done in
            ProbeHandler(backend, configuration, on: place.loop) { done(.success($0)) }
                .begin(to: backend.url.endpoint, with: place.connector, tls: tls)
        }.mapFailure { ProbeOutcome(code: $0.code, detail: $0.reason) }
    }

    /// Runs something on the loop of all probes, until it reports.
    private func onLoop<Outcome: Sendable>(
        of backend: Backend,
        _ begin:
            @escaping @Sendable (
                ProbeLoop.Place, TLSSession?, @escaping (Result<Outcome, CheckRequestFailure>) -> Void
            ) -> Void
    ) async -> Result<Outcome, CheckRequestFailure> {
        let tls = self.tls
        let place: LoopBound<ProbeLoop.Place>
        do throws(TransportError) {
            place = try await ProbeLoop.shared.place()
        } catch {
            return .failure(CheckRequestFailure(code: "L4CON", reason: "not probed: \(error)"))
        }
        let outcome: Result<Outcome, CheckRequestFailure>? = await place.submit { place, continuation in
            let session: TLSSession?
            do {
                session = backend.url.scheme == .https ? try tls.session(for: backend) : nil
            } catch {
                continuation.resume(returning: .failure(CheckRequestFailure(code: "L6RSP", reason: "\(error)")))
                return
            }
            begin(place, session) { continuation.resume(returning: $0) }
        }
        return outcome ?? .failure(CheckRequestFailure(code: "L4CON", reason: "not probed"))
    }

    /// Sends one request to a backend on a connection of its own, past the proxy.
    ///
    /// - Parameters:
    ///   - backend: Who is asked; with its own TLS settings.
    ///   - request: Redirects are not followed.
    ///   - timeout: For all of it, from the name to the last byte.
    ///   - bodyLimit: More of the body is not read.
    /// - Returns: The response, or why there is none.
    package func ask(
        _ backend: Backend, _ request: CheckRequest, timeout: Duration = .seconds(3), bodyLimit: Int = 262_144
    ) async -> Result<CheckResponse, CheckRequestFailure> {
        await self.onLoop(of: backend) { place, tls, done in
            DirectRequest(backend, request, bodyLimit: bodyLimit, on: place.loop, done)
                .begin(with: place.connector, tls: tls, timeout: timeout.nanoseconds)
        }
    }
}

extension Result {
    /// The value, or what is made of the failure.
    fileprivate func mapFailure(_ make: (Failure) -> Success) -> Success {
        switch self {
        case .success(let value): value
        case .failure(let error): make(error)
        }
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
