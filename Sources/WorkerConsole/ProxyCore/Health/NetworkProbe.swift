import NIOCore
import NIOPosix
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
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let promise = loop.makePromise(of: ProbeOutcome.self)
        let configuration = self.configuration
        let tls = self.tls
        let timer = loop.scheduleTask(in: .nanoseconds(configuration.timeout.nanoseconds)) {
            promise.succeed(ProbeOutcome(code: "", detail: "no answer in time"))
        }
        let isConnected = ConnectedFlag()
        let bootstrap = ClientBootstrap(group: loop)
            .connectTimeout(.nanoseconds(configuration.timeout.nanoseconds + 100_000_000))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if backend.url.scheme == .https {
                        try channel.pipeline.syncOperations.addHandler(tls.handler(for: backend))
                    }
                    let handler = ProbeHandler(
                        backend: backend, configuration: configuration, promise: promise, isConnected: isConnected)
                    try channel.pipeline.syncOperations.addHandler(handler)
                }
            }
        let connecting =
            backend.url.socketPath.map { bootstrap.connect(unixDomainSocketPath: $0) }
            ?? bootstrap.connect(host: backend.url.host, port: backend.url.port)
        connecting.whenFailure { error in
            promise.succeed(ProbeOutcome(code: "L4CON", detail: ConnectFailure.text(of: error)))
        }
        let outcome = (try? await promise.futureResult.get()) ?? ProbeOutcome(code: "L4CON", detail: "not probed")
        timer.cancel()
        connecting.whenSuccess { $0.close(promise: nil) }
        let latency = Duration.nanoseconds(SystemTime.now() - begin)
        let timeoutCode = isConnected.value ? "L7TOUT" : "L4TOUT"
        return HealthProbeResult(
            code: outcome.code.isEmpty ? timeoutCode : outcome.code, detail: outcome.detail, passed: outcome.passed,
            latency: latency, at: SystemTime.wall())
    }
}

/// What a probe found.
struct ProbeOutcome: Sendable, Equatable {
    /// Empty for a time-out, whose code depends on how far it came.
    let code: String
    let detail: String
    var passed = false
}
