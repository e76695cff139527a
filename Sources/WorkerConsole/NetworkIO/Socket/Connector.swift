/// Makes the connections of one event loop to other places: looks names up and races their addresses.
package final class Connector {
    private unowned let loop: EventLoop
    private let addresses: AddressCache

    /// - Parameters:
    ///   - loop: Whose connections they are.
    ///   - addresses: Knows the addresses of names; all loops share one.
    package init(loop: EventLoop, addresses: AddressCache) {
        self.loop = loop
        self.addresses = addresses
    }

    /// Begins to connect.
    /// - Parameters:
    ///   - endpoint: Where to.
    ///   - timeout: Nanoseconds for looking up and connecting; TLS is not part of it.
    ///   - tls: Makes the TLS of the connection, called once when the connection stands; `nil` speaks none.
    ///   - done: Called at most once, later on the loop. Whoever gets a connection starts or closes it: the handshake of
    ///     TLS begins with the start, and what has arrived until then is not lost.
    /// - Returns: The attempt, which need not be kept.
    @discardableResult
    package func connect(
        to endpoint: Endpoint, timeout: Int64, tls: @escaping () -> TLSSession? = { nil },
        _ done: @escaping (Result<Connection, TransportError>) -> Void
    ) -> ConnectAttempt {
        let attempt = ConnectAttempt(loop: self.loop, timeout: timeout, tls: tls, done)
        switch endpoint {
        case .address(let address): attempt.race(address)
        case .name(let host, let port):
            self.addresses.addresses(of: host, port: port, on: self.loop) { [weak attempt] answer in
                attempt?.race(host, answer)
            }
        }
        return attempt
    }
}
