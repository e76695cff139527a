/// What is refused because it is too much.
package struct ProxyLimits: Sendable, Equatable {
    /// Bytes of the request line; more gets 414.
    package var requestLine = 16_384
    /// Bytes of a request head or of the head of a response; more gets 431 or 502.
    package var head = 65_536
    /// Bytes of a request body; more gets 413. 100 MB, as on Cloudflare's smaller plans.
    package var body = 100_000_000
    /// Client connections at one time; what comes above gets 503.
    package var connections = 10_000
    /// Exchanges on one client connection; the last one closes it.
    package var exchangesPerConnection = 1_000_000

    package init() {}
}
