/// How backends are connected to.
package struct UpstreamConfiguration: Sendable, Equatable {
    /// An unused connection is closed after this time; below the 5 s after which many servers close it themselves.
    package var idleTimeout = Duration.seconds(4)
    /// Unused connections that are kept, for each backend and event loop.
    package var idleLimit = 256
    /// Connections to one backend from one event loop; more requests wait for one of them.
    package var connectionLimit = 4_096
    /// How long the addresses of a name are used before it is looked up again; zero asks for every connection.
    package var addressLifetime = Duration.seconds(30)
    /// Attempts after the first, where repeating is safe.
    package var retryLimit = 1
    /// TLS settings by backend name; a backend without one is verified against the system's authorities.
    package var tls: [String: BackendTLS] = [:]

    package init() {}
}
