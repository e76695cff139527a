import ProxyCore
import TrafficJournal
import WorkerDomain
import WorkerProject

/// The embedded proxy on a loopback port of its own, for as long as a check asks it: nothing of it is recorded.
enum CheckCore {
    /// - Parameters:
    ///   - configuration: The project's, but for where it listens.
    ///   - backend: Where it forwards to.
    /// - Returns: `nil` when it cannot listen.
    static func start(_ configuration: ProxyConfiguration, in backend: Backend) async -> EmbeddedCore? {
        var configuration = configuration
        configuration.listen = [ListenAddress(host: "127.0.0.1", port: 0)]
        configuration.listenTLS = nil
        configuration.captureLimit = 0
        configuration.engine = .epoll
        let server = ProxyServer(
            configuration: configuration, backends: [backend],
            sink: Journal(limits: JournalLimits(exchanges: 64, bytes: 65_536)))
        guard let address = try? await server.start().first else { return nil }
        let url = BackendURL(scheme: .http, host: "127.0.0.1", port: address.port)
        return EmbeddedCore(backend: Backend(name: "embedded", url: url)) { await server.stop() }
    }
}
